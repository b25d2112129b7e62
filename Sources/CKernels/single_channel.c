#include "kernels.h"
#include "vector.h"
#include "vector_kernels.h"

// Products between images of many channels and images of one. Primitives that block channels compute sixteen where one
// is wanted; these loops go along a row with all channels of a block side by side.

enum { BLOCK = 16, TILE = 64, MOST_TAPS = 256 };

// A block's channels of one pixel, or of one tap; in memory they need not be aligned.
typedef float lanes __attribute__((vector_size(BLOCK * sizeof(float))));
typedef lanes lanes_in_memory __attribute__((aligned(4), may_alias));

#define LANES(pointer) (*(const lanes_in_memory *)(pointer))

INLINE float sum_of(const lanes *values) {
  float sum = 0;
  for (size_t c = 0; c < BLOCK; c++) sum += (*values)[c];
  return sum;
}

// Columns of the single image whose partner under tap `tap` lies inside the other.
INLINE void columns_of(const struct kernels_single *s, size_t tap, size_t *first, size_t *last) {
  size_t end = s->width + s->before_columns > tap ? s->width + s->before_columns - tap : 0;
  *first = s->before_columns > tap ? s->before_columns - tap : 0;
  *last = end < s->single_width ? end : s->single_width;
}

// The many-channel row that single row `row` meets under tap `tap`; false where it lies outside.
INLINE int row_of(const struct kernels_single *s, size_t row, size_t tap, size_t *other) {
  if (row + tap < s->before_rows || row + tap - s->before_rows >= s->height) return 0;
  *other = row + tap - s->before_rows;
  return 1;
}

// (blocks, taps, BLOCK) from (taps, channels), zeros behind the last channel; `mirrored` takes the taps backwards.
static void pack(const struct kernels_single *s, int mirrored) {
  size_t taps = s->size * s->size;
  for (size_t block = 0; block < s->blocks; block++) {
    for (size_t tap = 0; tap < taps; tap++) {
      const float *from = s->kernel + (mirrored ? taps - 1 - tap : tap) * s->channels;
      for (size_t c = 0; c < BLOCK; c++) {
        size_t channel = block * BLOCK + c;
        s->packed[(block * taps + tap) * BLOCK + c] = channel < s->channels ? from[channel] : 0;
      }
    }
  }
}

// Adds one row of taps to the sums of columns start ..< end: in the middle all taps at once, at the borders those inside.
INLINE void gather_taps(const struct kernels_single *s, const float *line, const float *weights, lanes *sums, size_t start,
                        size_t end, size_t size) {
  size_t unused, from, to;
  columns_of(s, 0, &from, &unused);
  columns_of(s, size - 1, &unused, &to);
  for (size_t column = start; column < end; column++) {
    const float *in = line + (column - s->before_columns) * BLOCK;
    lanes sum = sums[column - start];
    if (column >= from && column < to) {
      for (size_t l = 0; l < size; l++) sum += LANES(in + l * BLOCK) * LANES(weights + l * BLOCK);
    } else {
      for (size_t l = 0; l < size; l++) {
        if (column + l >= s->before_columns && column + l - s->before_columns < s->width) {
          sum += LANES(in + l * BLOCK) * LANES(weights + l * BLOCK);
        }
      }
    }
    sums[column - start] = sum;
  }
}

INLINE void gather_row(const struct kernels_single *s, size_t image, size_t row, size_t size) {
  FAST_SUMS
  for (size_t start = 0; start < s->single_width; start += TILE) {
    size_t end = start + TILE < s->single_width ? start + TILE : s->single_width;
    lanes sums[TILE];
    for (size_t column = start; column < end; column++) sums[column - start] = (lanes){0};
    for (size_t block = 0; block < s->blocks; block++) {
      for (size_t k = 0; k < size; k++) {
        size_t other;
        if (!row_of(s, row, k, &other)) continue;
        const float *line = s->many + ((image * s->blocks + block) * s->height + other) * s->width * BLOCK;
        gather_taps(s, line, s->packed + (block * size + k) * size * BLOCK, sums, start, end, size);
      }
    }
    float *out = s->single + (image * s->single_height + row) * s->single_width;
    for (size_t column = start; column < end; column++) {
      out[column] = sum_of(&sums[column - start]) + (s->bias ? *s->bias : 0);
    }
  }
}

static VECTOR void gather_row_of_3(const struct kernels_single *s, size_t image, size_t row) {
  gather_row(s, image, row, 3);
}
static VECTOR void gather_row_of_any(const struct kernels_single *s, size_t image, size_t row) {
  gather_row(s, image, row, s->size);
}

static void gather_rows(size_t start, size_t end, void *pointer) {
  const struct kernels_single *s = pointer;
  for (size_t row = start; row < end; row++) {
    (s->size == 3 ? gather_row_of_3 : gather_row_of_any)(s, row / s->single_height, row % s->single_height);
  }
}

void kernels_single_gather(struct kernels_single work, int mirrored) {
  pack(&work, mirrored);
  kernels_parallel_ranges(work.images * work.single_height, 8, &work, gather_rows);
}

// One row of the many-channel gradient: every pixel gets the weighted values of the single pixels that looked at it.
INLINE void scatter_row(const struct kernels_single *s, size_t image, size_t block, size_t row, size_t size) {
  FAST_SUMS
  const float *packed = s->packed + block * size * size * BLOCK;
  float *out = s->many_gradients + ((image * s->blocks + block) * s->height + row) * s->width * BLOCK;
  for (size_t column = 0; column < s->width; column++) {
    lanes sum = {0};
    for (size_t k = 0; k < size; k++) {
      // Single pixel (i, j) looks at (i + k - before, j + l - before).
      size_t i = row + s->before_rows - k;
      if (row + s->before_rows < k || i >= s->single_height) continue;
      const float *in = s->single + (image * s->single_height + i) * s->single_width;
      for (size_t l = 0; l < size; l++) {
        size_t j = column + s->before_columns - l;
        if (column + s->before_columns < l || j >= s->single_width) continue;
        sum += in[j] * LANES(packed + (k * size + l) * BLOCK);
      }
    }
    memcpy(out + column * BLOCK, &sum, sizeof sum);
  }
}

static VECTOR void scatter_plane_of_3(const struct kernels_single *s, size_t plane) {
  for (size_t row = 0; row < s->height; row++) scatter_row(s, plane / s->blocks, plane % s->blocks, row, 3);
}
static VECTOR void scatter_plane_of_any(const struct kernels_single *s, size_t plane) {
  for (size_t row = 0; row < s->height; row++) scatter_row(s, plane / s->blocks, plane % s->blocks, row, s->size);
}

static void scatter_planes(size_t start, size_t end, void *pointer) {
  const struct kernels_single *s = pointer;
  for (size_t plane = start; plane < end; plane++) (s->size == 3 ? scatter_plane_of_3 : scatter_plane_of_any)(s, plane);
}

void kernels_single_scatter(struct kernels_single work) {
  pack(&work, 0);
  kernels_parallel_ranges(work.images * work.blocks, 1, &work, scatter_planes);
}

// One tap row of one block, over all images: by one thread, in their order.
INLINE void correlate_taps(const struct kernels_single *s, size_t block, size_t k, size_t size) {
  FAST_SUMS
  lanes sums[MOST_TAPS];
  for (size_t l = 0; l < size; l++) sums[l] = (lanes){0};
  for (size_t row = 0; row < s->images * s->single_height; row++) {
    size_t image = row / s->single_height, other;
    if (!row_of(s, row % s->single_height, k, &other)) continue;
    const float *many = s->many + ((image * s->blocks + block) * s->height + other) * s->width * BLOCK;
    const float *single = s->single + row * s->single_width;
    for (size_t l = 0; l < size; l++) {
      size_t first, last;
      columns_of(s, l, &first, &last);
      const float *in = many + (l - s->before_columns) * BLOCK;
      lanes sum = sums[l];
      for (size_t column = first; column < last; column++) sum += LANES(in + column * BLOCK) * single[column];
      sums[l] = sum;
    }
  }
  size_t rest = s->channels - block * BLOCK;
  for (size_t l = 0; l < size; l++) {
    memcpy(s->kernel_gradients + (k * size + l) * s->channels + block * BLOCK, &sums[l],
           (rest < BLOCK ? rest : BLOCK) * sizeof(float));
  }
}

static VECTOR void correlate_3_taps(const struct kernels_single *s, size_t block, size_t k) {
  correlate_taps(s, block, k, 3);
}
static VECTOR void correlate_any_taps(const struct kernels_single *s, size_t block, size_t k) {
  correlate_taps(s, block, k, s->size);
}

static void correlate(size_t start, size_t end, void *pointer) {
  const struct kernels_single *s = pointer;
  for (size_t item = start; item < end; item++) {
    (s->size == 3 ? correlate_3_taps : correlate_any_taps)(s, item / s->size, item % s->size);
  }
}

void kernels_single_correlate(struct kernels_single work) {
  kernels_parallel_ranges(work.blocks * work.size, 1, &work, correlate);
}
