// The tile that all products are made of. Compiled once for each kind of processor (wide.c): WIDTH floats in a vector,
// ROWS rows of a tile, so that a tile's sums and what they are made from stay in registers. NAME(x) is x_<processor>.

typedef float NAME(vec) __attribute__((vector_size(WIDTH * sizeof(float)), aligned(4), may_alias));
#define vec NAME(vec)
#define VECTORS (PANEL / WIDTH)
#define LOAD(place) (*(const vec *)(place))
#define STORE(place, value) (*(vec *)(place) = (value))
#define UNROLL _Pragma("clang loop unroll(full)")

// c[r][0..<16] = (or += where `adds`) the sum over s and k of a[r, s, k] · b[s, k][0..<16].
struct NAME(operands) {
  const float *a;
  size_t a_row, a_segment, a_inner;
  const float *b;
  size_t b_segment, b_inner;
  float *c;
  size_t c_row;
  size_t segments, inner;
  int adds;
};

INLINE void NAME(tile)(const struct NAME(operands) *o, const float *a, float *c, const size_t rows) {
  vec sums[ROWS][VECTORS];
  UNROLL for (size_t r = 0; r < rows; r++)
    UNROLL for (size_t v = 0; v < VECTORS; v++) sums[r][v] = o->adds ? LOAD(c + r * o->c_row + v * WIDTH) : (vec){0};
  for (size_t s = 0; s < o->segments; s++) {
    const float *left = a + s * o->a_segment, *right = o->b + s * o->b_segment;
    // Three rows from each of these: more would be computed anew in every turn.
    const float *middle = left + 4 * o->a_row, *low = left + 8 * o->a_row;
    const size_t row_1 = o->a_row, row_3 = 3 * o->a_row;
    for (size_t k = 0; k < o->inner; k++, right += o->b_inner) {
      vec row[VECTORS];
      UNROLL for (size_t v = 0; v < VECTORS; v++) row[v] = LOAD(right + v * WIDTH);
      UNROLL for (size_t r = 0; r < rows; r++) {
        const float *base = r < 4 ? left : r < 8 ? middle : low;
        vec x = base[r % 4 == 3 ? row_3 : r % 4 * row_1] - (vec){0};
        UNROLL for (size_t v = 0; v < VECTORS; v++) sums[r][v] = __builtin_elementwise_fma(x, row[v], sums[r][v]);
      }
      left += o->a_inner, middle += o->a_inner, low += o->a_inner;
    }
  }
  UNROLL for (size_t r = 0; r < rows; r++)
    UNROLL for (size_t v = 0; v < VECTORS; v++) STORE(c + r * o->c_row + v * WIDTH, sums[r][v]);
}

#define TILE_OF(n) \
  static void NAME(tile_##n)(const struct NAME(operands) *o, const float *a, float *c) { NAME(tile)(o, a, c, n); }
TILE_OF(1) TILE_OF(2) TILE_OF(3)
#if ROWS > 3
TILE_OF(4) TILE_OF(5) TILE_OF(6)
#endif
#if ROWS > 6
TILE_OF(7) TILE_OF(8) TILE_OF(9) TILE_OF(10) TILE_OF(11) TILE_OF(12)
#endif
#undef TILE_OF

static void (*const NAME(tiles)[ROWS + 1])(const struct NAME(operands) *, const float *, float *) = {
    0, NAME(tile_1), NAME(tile_2), NAME(tile_3),
#if ROWS > 3
    NAME(tile_4), NAME(tile_5), NAME(tile_6),
#endif
#if ROWS > 6
    NAME(tile_7), NAME(tile_8), NAME(tile_9), NAME(tile_10), NAME(tile_11), NAME(tile_12),
#endif
};

// Any number of rows, in tiles of about equal height: small ones do not fill the processor's pipelines.
INLINE void NAME(product)(struct NAME(operands) o, size_t rows) {
  size_t count = (rows + ROWS - 1) / ROWS;
  for (size_t t = 0; t < count; t++) {
    size_t start = rows * t / count, end = rows * (t + 1) / count;
    NAME(tiles)[end - start](&o, o.a + start * o.a_row, o.c + start * o.c_row);
  }
}

// Adds neighbours `d` lanes apart, of two vectors at once: where a lane's number has bit d it is b's sum, else a's. After
// all d = 1, 2, 4 … each lane is a whole sum, of the vector that the bits of its number name. A vector's sum is made in the
// same order wherever it stands.
#define FOLD(a, b, low, high) (__builtin_shufflevector(a, b, low) + __builtin_shufflevector(a, b, high))
#if WIDTH == 16
#define LOW_1 0, 16, 2, 18, 4, 20, 6, 22, 8, 24, 10, 26, 12, 28, 14, 30
#define HIGH_1 1, 17, 3, 19, 5, 21, 7, 23, 9, 25, 11, 27, 13, 29, 15, 31
#define LOW_2 0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29
#define HIGH_2 2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27, 14, 15, 30, 31
#define LOW_4 0, 1, 2, 3, 16, 17, 18, 19, 8, 9, 10, 11, 24, 25, 26, 27
#define HIGH_4 4, 5, 6, 7, 20, 21, 22, 23, 12, 13, 14, 15, 28, 29, 30, 31
#define LOW_8 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23
#define HIGH_8 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31
#elif WIDTH == 8
#define LOW_1 0, 8, 2, 10, 4, 12, 6, 14
#define HIGH_1 1, 9, 3, 11, 5, 13, 7, 15
#define LOW_2 0, 1, 8, 9, 4, 5, 12, 13
#define HIGH_2 2, 3, 10, 11, 6, 7, 14, 15
#define LOW_4 0, 1, 2, 3, 8, 9, 10, 11
#define HIGH_4 4, 5, 6, 7, 12, 13, 14, 15
#else
#define LOW_1 0, 4, 2, 6
#define HIGH_1 1, 5, 3, 7
#define LOW_2 0, 1, 4, 5
#define HIGH_2 2, 3, 6, 7
#endif

// c[r][q] = the sum over s and k of a[r, s, k] · b[q, s, k], both contiguous in k; `inner` is a multiple of 16.
struct NAME(dots) {
  const float *a;
  size_t a_row, a_segment;
  const float *b;
  size_t b_row, b_segment;
  float *c;
  size_t c_row;
  size_t segments, inner;
};
enum { NAME(DOT_ROWS) = WIDTH == 16 ? 4 : 3, NAME(DOT_COLUMNS) = WIDTH == 16 ? 6 : 4 };
#define DOT_ROWS NAME(DOT_ROWS)
#define DOT_COLUMNS NAME(DOT_COLUMNS)

INLINE void NAME(dot_tile)(const struct NAME(dots) *d, const float *a, const float *b, float *c, const size_t rows,
                           const size_t columns) {
  vec sums[DOT_ROWS][DOT_COLUMNS];
  UNROLL for (size_t r = 0; r < rows; r++) UNROLL for (size_t q = 0; q < columns; q++) sums[r][q] = (vec){0};
  for (size_t s = 0; s < d->segments; s++) {
    const float *left = a + s * d->a_segment, *right = b + s * d->b_segment;
    for (size_t k = 0; k < d->inner; k += WIDTH) {
      vec x[DOT_ROWS];
      UNROLL for (size_t r = 0; r < rows; r++) x[r] = LOAD(left + r * d->a_row + k);
      UNROLL for (size_t q = 0; q < columns; q++) {
        vec y = LOAD(right + q * d->b_row + k);
        UNROLL for (size_t r = 0; r < rows; r++) sums[r][q] = __builtin_elementwise_fma(x[r], y, sums[r][q]);
      }
    }
  }
  UNROLL for (size_t q = 0; q < columns; q += 4) {
    vec row[4] = {0};
#define SUM(n) (q + n < columns ? sums[r][q + n] : (vec){0})
    UNROLL for (size_t r = 0; r < rows; r++) {
      vec even = FOLD(SUM(0), SUM(1), LOW_1, HIGH_1), odd = FOLD(SUM(2), SUM(3), LOW_1, HIGH_1);
      row[r] = FOLD(even, odd, LOW_2, HIGH_2);
    }
#undef SUM
    float totals[16];
#if WIDTH == 16
    vec half = FOLD(row[0], row[1], LOW_4, HIGH_4), rest = FOLD(row[2], row[3], LOW_4, HIGH_4);
    STORE(totals, FOLD(half, rest, LOW_8, HIGH_8));
#elif WIDTH == 8
    STORE(totals, FOLD(row[0], row[1], LOW_4, HIGH_4));
    STORE(totals + 8, FOLD(row[2], row[3], LOW_4, HIGH_4));
#else
    UNROLL for (size_t r = 0; r < 4; r++) STORE(totals + 4 * r, row[r]);
#endif
    UNROLL for (size_t r = 0; r < rows; r++)
      memcpy(c + r * d->c_row + q, totals + 4 * r, (columns - q < 4 ? columns - q : 4) * sizeof(float));
  }
}

#define DOTS_OF(n, m)                                                                                        \
  static void NAME(dots_##n##_##m)(const struct NAME(dots) *d, const float *a, const float *b, float *c) { \
    NAME(dot_tile)(d, a, b, c, n, m);                                                                        \
  }
#if WIDTH == 16
#define DOTS_IN_ROWS(m) DOTS_OF(1, m) DOTS_OF(2, m) DOTS_OF(3, m) DOTS_OF(4, m)
#define DOT_ROW(m) {NAME(dots_1_##m), NAME(dots_2_##m), NAME(dots_3_##m), NAME(dots_4_##m)}
DOTS_IN_ROWS(5) DOTS_IN_ROWS(6)
#else
#define DOTS_IN_ROWS(m) DOTS_OF(1, m) DOTS_OF(2, m) DOTS_OF(3, m)
#define DOT_ROW(m) {NAME(dots_1_##m), NAME(dots_2_##m), NAME(dots_3_##m)}
#endif
DOTS_IN_ROWS(1) DOTS_IN_ROWS(2) DOTS_IN_ROWS(3) DOTS_IN_ROWS(4)
static void (*const NAME(dot_tiles)[DOT_COLUMNS][DOT_ROWS])(const struct NAME(dots) *, const float *, const float *,
                                                            float *) = {
    DOT_ROW(1), DOT_ROW(2), DOT_ROW(3), DOT_ROW(4),
#if WIDTH == 16
    DOT_ROW(5), DOT_ROW(6),
#endif
};
#undef DOTS_OF
#undef DOTS_IN_ROWS
#undef DOT_ROW

// Any number of rows and columns; the columns' b stays in cache while all rows pass.
INLINE void NAME(dot_product)(struct NAME(dots) d, size_t rows, size_t columns) {
  for (size_t q = 0; q < columns; q += DOT_COLUMNS) {
    size_t width = columns - q < DOT_COLUMNS ? columns - q : DOT_COLUMNS;
    for (size_t r = 0; r < rows; r += DOT_ROWS) {
      size_t height = rows - r < DOT_ROWS ? rows - r : DOT_ROWS;
      NAME(dot_tiles)[width - 1][height - 1](&d, d.a + r * d.a_row, d.b + q * d.b_row, d.c + r * d.c_row + q);
    }
  }
}
