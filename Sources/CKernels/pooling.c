#include "kernels.h"
#include "vector.h"
#include "vector_kernels.h"

// Every loop's turn is an image, `inner` channels of a pixel side by side.

struct window {
  size_t first, last;
};

// The rows (or columns) of the input that output `index` looks at, the margin left out.
INLINE struct window window_of(size_t index, size_t stride, size_t size, size_t before, size_t length) {
  size_t start = index * stride, end = start + size;
  start = start > before ? start - before : 0;
  end = end > before ? end - before : 0;
  return (struct window){start, end < length ? end : length};
}

// The largest of each window and which pixel of it that was, counted row by row; the first of equals.
INLINE void largest(const struct kernels_pooling *p, const float *restrict source, float *restrict target,
                    uint8_t *restrict places, size_t inner) {
  for (size_t y = 0; y < p->output_height; y++) {
    struct window rows = window_of(y, p->stride, p->size, p->before_rows, p->height);
    for (size_t x = 0; x < p->output_width; x++) {
      struct window columns = window_of(x, p->stride, p->size, p->before_columns, p->width);
      float *restrict out = target + (y * p->output_width + x) * inner;
      uint8_t *restrict place = places ? places + (y * p->output_width + x) * inner : 0;
      const float *first = source + (rows.first * p->width + columns.first) * inner;
      for (size_t c = 0; c < inner; c++) out[c] = first[c];
      if (place) memset(place, 0, inner);
      uint8_t number = 0;
      for (size_t row = rows.first; row < rows.last; row++) {
        for (size_t column = columns.first; column < columns.last; column++, number++) {
          const float *restrict in = source + (row * p->width + column) * inner;
          if (place) {
            VECTORISE for (size_t c = 0; c < inner; c++) {
              place[c] = in[c] > out[c] ? number : place[c];
              out[c] = in[c] > out[c] ? in[c] : out[c];
            }
          } else {
            VECTORISE for (size_t c = 0; c < inner; c++) out[c] = larger(in[c], out[c]);
          }
        }
      }
    }
  }
}

static VECTOR void largest_of_16(const struct kernels_pooling *p, const float *source, float *target, uint8_t *places) {
  largest(p, source, target, places, 16);
}
static VECTOR void largest_of_any(const struct kernels_pooling *p, const float *source, float *target, uint8_t *places) {
  largest(p, source, target, places, p->inner);
}

// Each window's gradient goes to its largest pixel; the others get nothing from it.
INLINE void give_back(const struct kernels_pooling *p, float *restrict source_gradients,
                      const float *restrict gradients, const uint8_t *restrict places, size_t inner) {
  memset(source_gradients, 0, p->height * p->width * inner * sizeof(float));
  for (size_t y = 0; y < p->output_height; y++) {
    struct window rows = window_of(y, p->stride, p->size, p->before_rows, p->height);
    for (size_t x = 0; x < p->output_width; x++) {
      struct window columns = window_of(x, p->stride, p->size, p->before_columns, p->width);
      const float *restrict gradient = gradients + (y * p->output_width + x) * inner;
      const uint8_t *restrict place = places + (y * p->output_width + x) * inner;
      uint8_t number = 0;
      for (size_t row = rows.first; row < rows.last; row++) {
        for (size_t column = columns.first; column < columns.last; column++, number++) {
          float *restrict out = source_gradients + (row * p->width + column) * inner;
          VECTORISE for (size_t c = 0; c < inner; c++) out[c] += place[c] == number ? gradient[c] : 0;
        }
      }
    }
  }
}

static VECTOR void give_back_16(const struct kernels_pooling *p, float *out, const float *gradients, const uint8_t *places) {
  give_back(p, out, gradients, places, 16);
}
static VECTOR void give_back_any(const struct kernels_pooling *p, float *out, const float *gradients, const uint8_t *places) {
  give_back(p, out, gradients, places, p->inner);
}

static void pool_images(size_t start, size_t end, void *pointer) {
  const struct kernels_pooling *p = pointer;
  size_t size = p->height * p->width * p->inner, output = p->output_height * p->output_width * p->inner;
  for (size_t image = start; image < end; image++) {
    uint8_t *places = p->places ? p->places + image * output : 0;
    (p->inner == 16 ? largest_of_16 : largest_of_any)(p, p->source + image * size, p->target + image * output, places);
  }
}

static void pool_images_backward(size_t start, size_t end, void *pointer) {
  const struct kernels_pooling *p = pointer;
  size_t size = p->height * p->width * p->inner, output = p->output_height * p->output_width * p->inner;
  for (size_t image = start; image < end; image++) {
    (p->inner == 16 ? give_back_16 : give_back_any)(p, p->source_gradients + image * size,
                                                    p->target_gradients + image * output, p->places + image * output);
  }
}

void kernels_max_pool(struct kernels_pooling work) {
  kernels_parallel_ranges(work.images, grain_of(work.height * work.width * work.inner), &work, pool_images);
}

void kernels_max_pool_backward(struct kernels_pooling work) {
  kernels_parallel_ranges(work.images, grain_of(work.height * work.width * work.inner), &work, pool_images_backward);
}

// Enlarging: every pixel becomes a square of `size` by `size`; backward, the sum over that square.

static void enlarge_images(size_t start, size_t end, void *pointer) {
  const struct kernels_pooling *p = pointer;
  size_t inner = p->inner, wide = p->width * p->size;
  for (size_t row = start * p->height; row < end * p->height; row++) {
    const float *in = p->source + row * p->width * inner;
    float *out = p->target + row * p->size * wide * inner;
    for (size_t x = 0; x < p->width; x++) {
      for (size_t s = 0; s < p->size; s++) memcpy(out + (x * p->size + s) * inner, in + x * inner, inner * sizeof(float));
    }
    for (size_t s = 1; s < p->size; s++) memcpy(out + s * wide * inner, out, wide * inner * sizeof(float));
  }
}

static VECTOR void add_row(float *restrict out, const float *restrict in, size_t count) {
  VECTORISE for (size_t i = 0; i < count; i++) out[i] += in[i];
}

static void enlarge_images_backward(size_t start, size_t end, void *pointer) {
  const struct kernels_pooling *p = pointer;
  size_t inner = p->inner, wide = p->width * p->size;
  for (size_t row = start * p->height; row < end * p->height; row++) {
    float *out = p->source_gradients + row * p->width * inner;
    memset(out, 0, p->width * inner * sizeof(float));
    const float *in = p->target_gradients + row * p->size * wide * inner;
    for (size_t s = 0; s < p->size; s++, in += wide * inner) {
      for (size_t x = 0; x < wide; x++) add_row(out + x / p->size * inner, in + x * inner, inner);
    }
  }
}

void kernels_enlarge(struct kernels_pooling work) {
  kernels_parallel_ranges(work.images, grain_of(work.height * work.width * work.inner), &work, enlarge_images);
}

void kernels_enlarge_backward(struct kernels_pooling work) {
  kernels_parallel_ranges(work.images, grain_of(work.height * work.width * work.inner), &work, enlarge_images_backward);
}
