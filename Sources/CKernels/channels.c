#include "kernels.h"
#include "vector.h"
#include "vector_kernels.h"

// One number for each channel: a bias added to every pixel, and the sum over all pixels that its gradient is.

struct channels {
  float *values;
  const float *bias;
  float *sums;
  size_t images, blocks, pixels, inner, channels;
};

static VECTOR void add_to_pixels(float *restrict values, const float *restrict bias, size_t pixels, size_t inner) {
  for (size_t pixel = 0; pixel < pixels; pixel++) {
    VECTORISE for (size_t c = 0; c < inner; c++) values[pixel * inner + c] += bias[c];
  }
}

static VECTOR void sum_pixels(const float *restrict values, float *restrict sums, size_t pixels, size_t inner) {
  for (size_t pixel = 0; pixel < pixels; pixel++) {
    VECTORISE for (size_t c = 0; c < inner; c++) sums[c] += values[pixel * inner + c];
  }
}

INLINE size_t width_of(const struct channels *w, size_t block) {
  size_t rest = w->channels - block * w->inner;
  return rest < w->inner ? rest : w->inner;
}

static void add_planes(size_t start, size_t end, void *pointer) {
  const struct channels *w = pointer;
  for (size_t plane = start; plane < end; plane++) {
    size_t block = plane % w->blocks;
    float *values = w->values + plane * w->pixels * w->inner;
    const float *bias = w->bias + block * w->inner;
    float padded[16] = {0};
    if (width_of(w, block) < w->inner) {  // only blocks of up to 16 have padding behind
      memcpy(padded, bias, width_of(w, block) * sizeof(float));
      bias = padded;
    }
    add_to_pixels(values, bias, w->pixels, w->inner);
  }
}

// A block of channels is summed by one thread, image by image: the same bits however many threads there are.
static void sum_blocks(size_t start, size_t end, void *pointer) {
  const struct channels *w = pointer;
  for (size_t block = start; block < end; block++) {
    float padded[16] = {0};
    size_t width = width_of(w, block);
    float *sums = width < w->inner ? padded : w->sums + block * w->inner;
    memset(sums, 0, w->inner * sizeof(float));
    for (size_t image = 0; image < w->images; image++) {
      sum_pixels(w->values + (image * w->blocks + block) * w->pixels * w->inner, sums, w->pixels, w->inner);
    }
    if (sums == padded) memcpy(w->sums + block * w->inner, padded, width * sizeof(float));
  }
}

void kernels_add_channels(float *values, const float *bias, struct kernels_planes p) {
  struct channels work = {values, bias, 0, p.images, p.blocks, p.pixels, p.inner, p.channels};
  kernels_parallel_ranges(p.images * p.blocks, grain_of(p.pixels * p.inner), &work, add_planes);
}

void kernels_sum_channels(const float *values, float *sums, struct kernels_planes p) {
  struct channels work = {(float *)values, 0, sums, p.images, p.blocks, p.pixels, p.inner, p.channels};
  kernels_parallel_ranges(p.blocks, 1, &work, sum_blocks);
}
