#include "kernels.h"
#include "vector.h"
#include "vector_kernels.h"

// Products between pictures of many channels and pictures of one. Primitives that block channels compute sixteen where one
// is wanted; these loops go along a row with all channels of a block side by side.

enum { BLOCK = 16, TILE = 64 };

// Columns of the single picture whose partner under tap `tap` lies inside the other.
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

static VECTOR void gather_row(const struct kernels_single *s, size_t picture, size_t row) {
  FAST_SUMS
  size_t taps = s->size * s->size;
  for (size_t start = 0; start < s->single_width; start += TILE) {
    float sums[TILE][BLOCK] = {{0}};
    for (size_t block = 0; block < s->blocks; block++) {
      for (size_t k = 0; k < s->size; k++) {
        size_t other;
        if (!row_of(s, row, k, &other)) continue;
        const float *line = s->many + ((picture * s->blocks + block) * s->height + other) * s->width * BLOCK;
        for (size_t l = 0; l < s->size; l++) {
          size_t first, last;
          columns_of(s, l, &first, &last);
          first = first > start ? first : start, last = last < start + TILE ? last : start + TILE;
          const float *restrict weights = s->packed + (block * taps + k * s->size + l) * BLOCK;
          for (size_t column = first; column < last; column++) {
            const float *restrict in = line + (column + l - s->before_columns) * BLOCK;
            VECTORISE for (size_t c = 0; c < BLOCK; c++) sums[column - start][c] += in[c] * weights[c];
          }
        }
      }
    }
    float *out = s->single + (picture * s->single_height + row) * s->single_width;
    for (size_t column = start; column < s->single_width && column < start + TILE; column++) {
      float sum = s->bias ? *s->bias : 0;
      VECTORISE for (size_t c = 0; c < BLOCK; c++) sum += sums[column - start][c];
      out[column] = sum;
    }
  }
}

static void gather_rows(size_t start, size_t end, void *pointer) {
  const struct kernels_single *s = pointer;
  for (size_t row = start; row < end; row++) gather_row(s, row / s->single_height, row % s->single_height);
}

void kernels_single_gather(struct kernels_single work, int mirrored) {
  pack(&work, mirrored);
  kernels_parallel_ranges(work.pictures * work.single_height, 8, &work, gather_rows);
}

// One plane of the many-channel gradient: every pixel gets the weighted values of the single pixels that looked at it.
static VECTOR void scatter_plane(const struct kernels_single *s, size_t plane) {
  size_t taps = s->size * s->size, picture = plane / s->blocks, block = plane % s->blocks;
  float *out = s->many_gradients + plane * s->height * s->width * BLOCK;
  memset(out, 0, s->height * s->width * BLOCK * sizeof(float));
  for (size_t row = 0; row < s->single_height; row++) {
    const float *in = s->single + (picture * s->single_height + row) * s->single_width;
    for (size_t k = 0; k < s->size; k++) {
      size_t other;
      if (!row_of(s, row, k, &other)) continue;
      for (size_t l = 0; l < s->size; l++) {
        size_t first, last;
        columns_of(s, l, &first, &last);
        const float *restrict weights = s->packed + (block * taps + k * s->size + l) * BLOCK;
        float *line = out + (other * s->width + l - s->before_columns) * BLOCK;
        for (size_t column = first; column < last; column++) {
          float value = in[column];
          VECTORISE for (size_t c = 0; c < BLOCK; c++) line[column * BLOCK + c] += value * weights[c];
        }
      }
    }
  }
}

static void scatter_planes(size_t start, size_t end, void *pointer) {
  for (size_t plane = start; plane < end; plane++) scatter_plane(pointer, plane);
}

void kernels_single_scatter(struct kernels_single work) {
  pack(&work, 0);
  kernels_parallel_ranges(work.pictures * work.blocks, 1, &work, scatter_planes);
}

// One row of taps of one block, over all pictures: by one thread, in their order.
static VECTOR void correlate_taps(const struct kernels_single *s, size_t block, size_t k) {
  for (size_t l = 0; l < s->size; l++) {
    float sums[BLOCK] = {0};
    size_t first, last;
    columns_of(s, l, &first, &last);
    for (size_t row = 0; row < s->pictures * s->single_height; row++) {
      size_t picture = row / s->single_height, other;
      if (!row_of(s, row % s->single_height, k, &other)) continue;
      const float *many = s->many + ((picture * s->blocks + block) * s->height + other) * s->width * BLOCK;
      const float *single = s->single + row * s->single_width;
      for (size_t column = first; column < last; column++) {
        const float *restrict in = many + (column + l - s->before_columns) * BLOCK;
        VECTORISE for (size_t c = 0; c < BLOCK; c++) sums[c] += in[c] * single[column];
      }
    }
    size_t rest = s->channels - block * BLOCK;
    memcpy(s->kernel_gradients + (k * s->size + l) * s->channels + block * BLOCK, sums,
           (rest < BLOCK ? rest : BLOCK) * sizeof(float));
  }
}

static void correlate(size_t start, size_t end, void *pointer) {
  const struct kernels_single *s = pointer;
  for (size_t item = start; item < end; item++) correlate_taps(s, item / s->size, item % s->size);
}

void kernels_single_correlate(struct kernels_single work) {
  kernels_parallel_ranges(work.blocks * work.size, 1, &work, correlate);
}
