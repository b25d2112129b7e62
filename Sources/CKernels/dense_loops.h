// A dense layer's three products, on the panels or inputs of one thread.

enum { NAME(DEPTH) = 256 };  // inputs at a time: a panel's part and the sources' stay in the first-level cache

// One image's outputs of a whole panel, in four sums each that are added at the end: none waits for another, and what
// counts is how fast weights come.
static void NAME(dense_row)(const struct kernels_dense *w, size_t panel, size_t image) {
  vec sums[4][VECTORS] = {0};
  const float *source = w->source + image * w->inputs, *weights = w->weights + panel * w->inputs * PANEL;
  size_t k = 0;
  for (; k + 4 <= w->inputs; k += 4)
    UNROLL for (size_t s = 0; s < 4; s++) {
      vec x = source[k + s] - (vec){0};
      UNROLL for (size_t v = 0; v < VECTORS; v++)
        sums[s][v] = __builtin_elementwise_fma(x, LOAD(weights + (k + s) * PANEL + v * WIDTH), sums[s][v]);
    }
  for (; k < w->inputs; k++)
    UNROLL for (size_t v = 0; v < VECTORS; v++) sums[0][v] += source[k] * LOAD(weights + k * PANEL + v * WIDTH);
  float *out = w->destination + image * w->outputs + panel * PANEL;
  UNROLL for (size_t v = 0; v < VECTORS; v++) {
    vec y = (sums[0][v] + sums[1][v]) + (sums[2][v] + sums[3][v]) + LOAD(w->bias + panel * PANEL + v * WIDTH);
    STORE(out + v * WIDTH, w->relu ? __builtin_elementwise_max(y, (vec){0}) : y);
  }
}

// Bias and ReLU for a whole panel.
INLINE void NAME(finish_panel)(const struct kernels_dense *w, size_t panel, float *out, size_t rows) {
  const float *bias = w->bias + panel * PANEL;
  for (size_t r = 0; r < rows; r++)
    UNROLL for (size_t v = 0; v < PANEL; v += WIDTH) {
      vec y = LOAD(out + r * w->outputs + v) + LOAD(bias + v);
      STORE(out + r * w->outputs + v, w->relu ? __builtin_elementwise_max(y, (vec){0}) : y);
    }
}

// The last panel where it has fewer outputs than 16: its sums go by way of `edge`.
static void NAME(last_panel)(const struct kernels_dense *w, size_t panel, struct NAME(operands) o, size_t rows,
                             int is_last) {
  size_t width = w->outputs - panel * PANEL;
  const float *bias = w->bias + panel * PANEL;
  int adds = o.adds;
  o.c_row = PANEL, o.adds = 1;
  for (size_t r = 0; r < rows; r += ROWS) {
    float edge[ROWS * PANEL] = {0};
    size_t height = rows - r < ROWS ? rows - r : ROWS;
    float *to = o.c + r * w->outputs;
    if (adds)
      for (size_t i = 0; i < height; i++) memcpy(edge + i * PANEL, to + i * w->outputs, width * sizeof(float));
    NAME(tiles)[height](&o, o.a + r * o.a_row, edge);
    for (size_t i = 0; i < height; i++)
      for (size_t q = 0; q < width; q++) {
        float y = edge[i * PANEL + q] + (is_last ? bias[q] : 0);
        to[i * w->outputs + q] = is_last && w->relu ? larger(y, 0) : y;
      }
  }
}

// At most MOST_ROWS rows.
static void NAME(dense_forward)(const struct kernels_dense *w, size_t first, size_t last, size_t first_row,
                                size_t last_row) {
  size_t rows = last_row - first_row;
  if (rows == 1)
    for (; first < last && (first + 1) * PANEL <= w->outputs; first++) NAME(dense_row)(w, first, first_row);
  // Rows that lie 4096 bytes apart would push one another out of the first-level cache.
  int crowds = w->inputs % 1024 == 0 && rows > 8;
  float apart[crowds ? rows * (NAME(DEPTH) + PANEL) : 1];
  for (size_t k = 0; k < w->inputs; k += NAME(DEPTH)) {
    size_t depth = w->inputs - k < NAME(DEPTH) ? w->inputs - k : NAME(DEPTH);
    int is_last = k + depth == w->inputs;
    struct NAME(operands) o = {
        .a = w->source + first_row * w->inputs + k, .a_row = w->inputs, .a_inner = 1, .b_inner = PANEL, .segments = 1,
        .inner = depth, .c_row = w->outputs, .adds = k > 0};
    if (crowds) {
      for (size_t r = 0; r < rows; r++)
        memcpy(apart + r * (NAME(DEPTH) + PANEL), o.a + r * w->inputs, depth * sizeof(float));
      o.a = apart, o.a_row = NAME(DEPTH) + PANEL;
    }
    for (size_t panel = first; panel < last; panel++) {
      o.b = w->weights + (panel * w->inputs + k) * PANEL;
      o.c = w->destination + first_row * w->outputs + panel * PANEL;
      if ((panel + 1) * PANEL > w->outputs) {
        NAME(last_panel)(w, panel, o, rows, is_last);
      } else {
        NAME(product)(o, rows);
        if (is_last) NAME(finish_panel)(w, panel, o.c, rows);
      }
    }
  }
}

// dx[n][i] for first <= i < last: W's row i lies in pieces of 16, one in each panel. `gradients` has `stride` columns, a
// multiple of 16, zeros behind the last output.
static void NAME(dense_source_gradient)(const struct kernels_dense *w, const float *gradients, size_t stride, size_t first,
                                        size_t last) {
  struct NAME(dots) d = {
      .a = gradients, .a_row = stride, .a_segment = PANEL, .b = w->weights + first * PANEL, .b_row = PANEL,
      .b_segment = w->inputs * PANEL, .c = w->source_gradients + first, .c_row = w->inputs, .segments = stride / PANEL,
      .inner = PANEL};
  NAME(dot_product)(d, w->batch, last - first);
}

// The sources of ROWS inputs at a time, image by image: (tiles, N, ROWS).
static void NAME(dense_pack)(const struct kernels_dense *w, float *packed, size_t first, size_t last) {
  for (size_t tile = first; tile < last; tile++) {
    size_t start = tile * ROWS, width = w->inputs - start < ROWS ? w->inputs - start : ROWS;
    float *to = packed + tile * w->batch * ROWS;
    for (size_t n = 0; n < w->batch; n++)
      for (size_t i = 0; i < width; i++) to[n * ROWS + i] = w->source[n * w->inputs + start + i];
  }
}

INLINE void NAME(adam_line)(const struct kernels_adam *a, const float *restrict gradients, size_t place, size_t count) {
#pragma clang fp contract(fast)
  float *restrict first = a->first_moments + place, *restrict second = a->second_moments + place;
  float *restrict weights = a->parameters + place;
  const float epsilon = a->epsilon;
  const vec rise = (1 - a->beta1) - (vec){0}, rise2 = (1 - a->beta2) - (vec){0}, alpha = a->alpha - (vec){0};
  vec nothing = {0};  // as long as every weight is finite; NaN then
  for (size_t i = 0; i < count; i += WIDTH) {
    vec g = LOAD(gradients + i), m = LOAD(first + i), v = LOAD(second + i);
    m = __builtin_elementwise_fma(g - m, rise, m);
    v = __builtin_elementwise_fma(g * g - v, rise2, v);
    STORE(first + i, m);
    STORE(second + i, v);
    vec updated = LOAD(weights + i) - alpha * m / (__builtin_elementwise_sqrt(v) + epsilon);
    STORE(weights + i, updated);
    nothing += updated - updated;
  }
  int32_t overflow = 0;
  UNROLL for (int lane = 0; lane < WIDTH; lane++) overflow |= nothing[lane] != 0;
  if (overflow) __atomic_store_n(a->overflow, 1, __ATOMIC_RELAXED);
}

// Asks for what Adam will want of a tile, so that it comes while the tile is made.
INLINE void NAME(fetch)(const struct kernels_adam *a, size_t place, size_t count) {
  for (size_t i = 0; i < count; i += PANEL) {
    __builtin_prefetch(a->first_moments + place + i, 1);
    __builtin_prefetch(a->second_moments + place + i, 1);
    __builtin_prefetch(a->parameters + place + i, 1);
  }
}

// dW of panels first ..< last, tile by tile; Adam follows while a tile is in the first-level cache.
static void NAME(dense_weight_gradient)(const struct kernels_dense *w, const float *packed, float *panel_gradients,
                                        const struct kernels_adam *adam, size_t first, size_t last) {
  for (size_t panel = first; panel < last; panel++) {
    size_t width = w->outputs - panel * PANEL < PANEL ? w->outputs - panel * PANEL : PANEL;
    float *sums = w->bias_gradients + panel * PANEL;
    memset(sums, 0, PANEL * sizeof(float));
    for (size_t n = 0; n < w->batch; n++) {
      const float *from = w->destination_gradients + n * w->outputs + panel * PANEL;
      float *to = panel_gradients + n * PANEL;
      if (width < PANEL) memset(to, 0, PANEL * sizeof(float));
      memcpy(to, from, width * sizeof(float));
      UNROLL for (size_t v = 0; v < PANEL; v += WIDTH) STORE(sums + v, LOAD(sums + v) + LOAD(to + v));
    }
    for (size_t start = 0; start < w->inputs; start += ROWS) {
      size_t height = w->inputs - start < ROWS ? w->inputs - start : ROWS, place = (panel * w->inputs + start) * PANEL;
      float tile[ROWS * PANEL];
      if (adam) NAME(fetch)(adam, place + ROWS * PANEL, ROWS * PANEL);
      float *to = adam ? tile : w->weight_gradients + place;
      NAME(tiles)[height](&(struct NAME(operands)){.a_row = 1, .a_inner = ROWS, .b = panel_gradients, .b_inner = PANEL,
          .segments = 1, .inner = w->batch, .c_row = PANEL}, packed + start * w->batch, to);
      if (adam) NAME(adam_line)(adam, tile, place, height * PANEL);
    }
  }
}
