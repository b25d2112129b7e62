// Winograd's minimal filtering F(4×4, 3×3) (Lavin and Gray 2016): 36 products make the 16 pixels of a tile that direct
// convolution makes with 144. Tiles of 6×6 pixels, 4 apart, are transformed; at each of the 36 points, tiles × channels
// is multiplied by channels × filters; the results are transformed back. The kernel's gradient is the adjoint.

INLINE void NAME(to_points)(const vec *d, vec *o, size_t step) {
  vec p = d[4] - 4 * d[2], q = d[3] - 4 * d[1], r = d[4] - d[2], s = 2 * (d[3] - d[1]);
  o[0] = 4 * d[0] - 5 * d[2] + d[4];
  o[step] = p + q;
  o[2 * step] = p - q;
  o[3 * step] = r + s;
  o[4 * step] = r - s;
  o[5 * step] = 4 * d[1] - 5 * d[3] + d[5];
}

INLINE void NAME(from_points)(const vec *m, vec *o, size_t step) {
  vec a = m[1] + m[2], b = m[1] - m[2], c = m[3] + m[4], d = m[3] - m[4];
  o[0] = m[0] + a + c;
  o[step] = b + 2 * d;
  o[2 * step] = a + 4 * c;
  o[3 * step] = b + 8 * d + m[5];
}

// The transpose of from_points: what a result's gradient is at the points.
INLINE void NAME(gradient_to_points)(const vec *y, vec *o, size_t step) {
  vec a = y[0] + y[2], b = y[1] + y[3], c = y[0] + 4 * y[2], d = 2 * y[1] + 8 * y[3];
  o[0] = y[0];
  o[step] = a + b;
  o[2 * step] = a - b;
  o[3 * step] = c + d;
  o[4 * step] = c - d;
  o[5 * step] = y[3];
}

// A tile of the source, sixteen channels of it, to 36 points that lie `apart` floats apart.
INLINE void NAME(transform_source)(const struct kernels_convolution *w, struct tile t, size_t channel, float *to,
                                   size_t apart) {
  ptrdiff_t top = (ptrdiff_t)t.row - w->before_rows, left = (ptrdiff_t)t.column - w->before_columns;
  const float *image = w->source + t.image * w->height * w->width * w->channels + channel;
  size_t row = w->width * w->channels;
  int is_inside = top >= 0 && left >= 0 && top + 6 <= (ptrdiff_t)w->height && left + 6 <= (ptrdiff_t)w->width;
  for (size_t v = 0; v < PANEL; v += WIDTH) {
    vec half[36];
    const float *from = image + top * (ptrdiff_t)row + left * (ptrdiff_t)w->channels + v;
    if (is_inside) {
      UNROLL for (size_t c = 0; c < 6; c++) {
        vec d[6];
        UNROLL for (size_t r = 0; r < 6; r++) d[r] = LOAD(from + r * row + c * w->channels);
        NAME(to_points)(d, half + c, 6);
      }
    } else {
      for (size_t c = 0; c < 6; c++) {
        vec d[6];
        for (size_t r = 0; r < 6; r++) {
          size_t y = (size_t)(top + (ptrdiff_t)r), x = (size_t)(left + (ptrdiff_t)c);
          d[r] = y < w->height && x < w->width ? LOAD(from + r * row + c * w->channels) : (vec){0};
        }
        NAME(to_points)(d, half + c, 6);
      }
    }
    UNROLL for (size_t r = 0; r < 6; r++) {
      vec points[6];
      NAME(to_points)(half + r * 6, points, 1);
      UNROLL for (size_t c = 0; c < 6; c++) STORE(to + (r * 6 + c) * apart + v, points[c]);
    }
  }
}

// 36 points to a tile of the destination, with bias and ReLU.
INLINE void NAME(transform_result)(const struct kernels_convolution *w, struct tile t, size_t filter, const float *from,
                                   size_t apart) {
  size_t rows = w->out_height - t.row < 4 ? w->out_height - t.row : 4;
  size_t columns = w->out_width - t.column < 4 ? w->out_width - t.column : 4;
  float *to = w->destination + ((t.image * w->out_height + t.row) * w->out_width + t.column) * w->filters + filter;
  for (size_t v = 0; v < PANEL; v += WIDTH) {
    vec half[24], out[16];
    vec bias = w->bias ? LOAD(w->bias + filter + v) : (vec){0};
    UNROLL for (size_t c = 0; c < 6; c++) {
      vec m[6];
      UNROLL for (size_t r = 0; r < 6; r++) m[r] = LOAD(from + (r * 6 + c) * apart + v);
      NAME(from_points)(m, half + c, 6);
    }
    UNROLL for (size_t r = 0; r < 4; r++) NAME(from_points)(half + r * 6, out + r * 4, 1);
    UNROLL for (size_t i = 0; i < 16; i++) {
      out[i] += bias;
      if (w->relu) out[i] = __builtin_elementwise_max(out[i], (vec){0});
    }
    if (rows == 4 && columns == 4) {
      UNROLL for (size_t i = 0; i < 16; i++) STORE(to + (i / 4 * w->out_width + i % 4) * w->filters + v, out[i]);
    } else {
      for (size_t r = 0; r < rows; r++)
        for (size_t c = 0; c < columns; c++) STORE(to + (r * w->out_width + c) * w->filters + v, out[r * 4 + c]);
    }
  }
}

// A tile of the destination's gradient to 36 points.
INLINE void NAME(transform_gradient)(const struct kernels_convolution *w, struct tile t, size_t filter, float *to,
                                     size_t apart) {
  size_t rows = w->out_height - t.row < 4 ? w->out_height - t.row : 4;
  size_t columns = w->out_width - t.column < 4 ? w->out_width - t.column : 4;
  const float *from =
      w->destination_gradients + ((t.image * w->out_height + t.row) * w->out_width + t.column) * w->filters + filter;
  for (size_t v = 0; v < PANEL; v += WIDTH) {
    vec half[24];
    for (size_t c = 0; c < 4; c++) {
      vec y[4];
      UNROLL for (size_t r = 0; r < 4; r++)
        y[r] = r < rows && c < columns ? LOAD(from + (r * w->out_width + c) * w->filters + v) : (vec){0};
      NAME(gradient_to_points)(y, half + c, 4);
    }
    UNROLL for (size_t r = 0; r < 6; r++) {
      vec points[6];
      NAME(gradient_to_points)(half + r * 4, points, 1);
      UNROLL for (size_t c = 0; c < 6; c++) STORE(to + (r * 6 + c) * apart + v, points[c]);
    }
  }
}

// Tiles first ..< last, all images' one behind the other.
static void NAME(winograd)(const struct kernels_convolution *w, size_t first, size_t last, float *work) {
  size_t group = winograd_group(w), panels = w->filters / PANEL;
  size_t apart = apart_of(group, w->channels), far = apart_of(group, w->filters);
  float *points = work, *results = work + 36 * apart;
  for (size_t start = first; start < last; start += group) {
    size_t count = last - start < group ? last - start : group;
    for (size_t t = 0; t < count; t++)
      for (size_t c = 0; c < w->channels; c += PANEL)
        NAME(transform_source)(w, tile_at(w, start + t), c, points + t * w->channels + c, apart);
    for (size_t point = 0; point < 36; point++)
      for (size_t panel = 0; panel < panels; panel++)
        NAME(product)((struct NAME(operands)){
            .a = points + point * apart, .a_row = w->channels, .a_inner = 1,
            .b = w->packed + (point * panels + panel) * w->channels * PANEL, .b_inner = PANEL, .segments = 1,
            .inner = w->channels, .c = results + point * far + panel * PANEL, .c_row = w->filters}, count);
    for (size_t t = 0; t < count; t++)
      for (size_t o = 0; o < w->filters; o += PANEL)
        NAME(transform_result)(w, tile_at(w, start + t), o, results + t * w->filters + o, far);
  }
}

// sums (36, panels, channels, 16) += the gradients at the points, over tiles first ..< last.
static void NAME(winograd_correlate)(const struct kernels_convolution *w, size_t first, size_t last, float *work,
                                     float *sums) {
  size_t group = winograd_gradient_group(w), panels = w->filters / PANEL;
  size_t apart = apart_of(group, w->channels), far = apart_of(group, w->filters);
  float *points = work, *gradients = work + 36 * apart;
  for (size_t start = first; start < last; start += group) {
    size_t count = last - start < group ? last - start : group;
    for (size_t t = 0; t < count; t++) {
      struct tile tile = tile_at(w, start + t);
      for (size_t c = 0; c < w->channels; c += PANEL)
        NAME(transform_source)(w, tile, c, points + t * w->channels + c, apart);
      for (size_t o = 0; o < w->filters; o += PANEL)
        NAME(transform_gradient)(w, tile, o, gradients + t * w->filters + o, far);
    }
    for (size_t point = 0; point < 36; point++)
      for (size_t panel = 0; panel < panels; panel++)
        NAME(product)((struct NAME(operands)){
            .a = points + point * apart, .a_row = 1, .a_inner = w->channels,
            .b = gradients + point * far + panel * PANEL, .b_inner = w->filters, .segments = 1, .inner = count,
            .c = sums + (point * panels + panel) * w->channels * PANEL, .c_row = PANEL, .adds = 1}, w->channels);
  }
}
