#include "kernels.h"
#include "products.h"
#include "vector.h"
#include "vector_kernels.h"

// Batch normalization. Sums over all pixels are made in sixteen parts, added in order: the same bits for any number of
// threads.

enum { PARTS = KERNELS_SUM_PARTS };

// A part's sums, 0, the place of its first value, and how many pixels it has.
INLINE float *begin_part(const struct kernels_normalization *w, size_t part, size_t *place, size_t *count) {
  size_t first = w->pixels * part / PARTS;
  *place = first * w->channels;
  *count = w->pixels * (part + 1) / PARTS - first;
  return memset(w->sums + part * 2 * w->channels, 0, 2 * w->channels * sizeof(float));
}

// first[c] += x, or (x - mean)²; and for gradients first[c] += dy, second[c] += dy · (x - mean). With `y` a gradient
// counts only where y > 0.
static VECTOR void sum_values(const float *restrict x, float *restrict first, size_t pixels, size_t channels) {
  for (size_t p = 0; p < pixels; p++) VECTORISE for (size_t c = 0; c < channels; c++) first[c] += x[p * channels + c];
}

static VECTOR void sum_squares(const float *restrict x, const float *restrict mean, float *restrict first, size_t pixels,
                               size_t channels) {
  for (size_t p = 0; p < pixels; p++)
    VECTORISE for (size_t c = 0; c < channels; c++) {
      float d = x[p * channels + c] - mean[c];
      first[c] += d * d;
    }
}

INLINE void sum_gradients(const float *restrict x, const float *restrict dy, const float *restrict y,
                          const float *restrict mean, float *restrict first, float *restrict second, size_t pixels,
                          size_t channels) {
  for (size_t p = 0; p < pixels; p++)
    VECTORISE for (size_t c = 0; c < channels; c++) {
      float g = !y || y[p * channels + c] > 0 ? dy[p * channels + c] : 0;
      first[c] += g;
      second[c] += g * (x[p * channels + c] - mean[c]);
    }
}

// The same function twice, with and without ReLU, or the loop would not vectorise.
static VECTOR void sum_gradients_of_linear(const float *x, const float *dy, const float *mean, float *first, float *second,
                                           size_t pixels, size_t channels) {
  sum_gradients(x, dy, 0, mean, first, second, pixels, channels);
}
static VECTOR void sum_gradients_of_relu(const float *x, const float *dy, const float *y, const float *mean, float *first,
                                         float *second, size_t pixels, size_t channels) {
  sum_gradients(x, dy, y, mean, first, second, pixels, channels);
}

static void sum_part(size_t start, size_t end, void *pointer) {
  const struct kernels_normalization *w = pointer;
  for (size_t part = start; part < end; part++) {
    size_t place, count;
    float *sums = begin_part(w, part, &place, &count);
    sum_values(w->source + place, sums, count, w->channels);
  }
}

static void sum_part_of_squares(size_t start, size_t end, void *pointer) {
  const struct kernels_normalization *w = pointer;
  for (size_t part = start; part < end; part++) {
    size_t place, count;
    float *sums = begin_part(w, part, &place, &count);
    sum_squares(w->source + place, w->mean, sums, count, w->channels);
  }
}

static void sum_part_of_gradients(size_t start, size_t end, void *pointer) {
  const struct kernels_normalization *w = pointer;
  for (size_t part = start; part < end; part++) {
    size_t place, count;
    float *sums = begin_part(w, part, &place, &count);
    const float *x = w->source + place, *dy = w->destination_gradients + place;
    if (w->relu) {
      sum_gradients_of_relu(x, dy, w->destination + place, w->mean, sums, sums + w->channels, count, w->channels);
    } else {
      sum_gradients_of_linear(x, dy, w->mean, sums, sums + w->channels, count, w->channels);
    }
  }
}

INLINE float total(const struct kernels_normalization *w, size_t channel) {
  float sum = 0;
  for (size_t part = 0; part < PARTS; part++) sum += w->sums[part * 2 * w->channels + channel];
  return sum;
}

void kernels_sum_channels(const float *values, float *sums, size_t pixels, size_t channels, float *workspace) {
  struct kernels_normalization work = {.pixels = pixels, .channels = channels, .source = values, .sums = workspace};
  kernels_parallel_ranges(PARTS, pixels * channels < 16384 ? PARTS : 1, &work, sum_part);
  for (size_t c = 0; c < channels; c++) sums[c] = total(&work, c);
}

void kernels_measure_statistics(struct kernels_normalization work) {
  size_t grain = work.pixels * work.channels < 16384 ? PARTS : 1;
  kernels_parallel_ranges(PARTS, grain, &work, sum_part);
  for (size_t c = 0; c < work.channels; c++) work.mean[c] = total(&work, c) / (float)work.pixels;
  kernels_parallel_ranges(PARTS, grain, &work, sum_part_of_squares);
  for (size_t c = 0; c < work.channels; c++) work.variance[c] = total(&work, c) / (float)work.pixels;
}

// y = slope · x + offset, or dx = slope · dy + pull · x + offset, for each channel.
static VECTOR void apply(const float *restrict x, float *restrict y, const float *restrict slope,
                         const float *restrict offset, float least, size_t pixels, size_t channels) {
  for (size_t p = 0; p < pixels; p++)
    VECTORISE for (size_t c = 0; c < channels; c++)
      y[p * channels + c] = larger(slope[c] * x[p * channels + c] + offset[c], least);
}

INLINE void apply_gradient(const float *restrict x, const float *restrict dy, const float *restrict y, float *restrict dx,
                           const float *restrict slope, const float *restrict pull, const float *restrict mean,
                           const float *restrict offset, size_t pixels, size_t channels) {
  for (size_t p = 0; p < pixels; p++)
    VECTORISE for (size_t c = 0; c < channels; c++) {
      size_t i = p * channels + c;
      float g = !y || y[i] > 0 ? dy[i] : 0;
      dx[i] = slope[c] * (g - offset[c] - pull[c] * (x[i] - mean[c]));
    }
}

static VECTOR void apply_gradient_of_linear(const float *x, const float *dy, float *dx, const float *slope,
                                            const float *pull, const float *mean, const float *offset, size_t pixels,
                                            size_t channels) {
  apply_gradient(x, dy, 0, dx, slope, pull, mean, offset, pixels, channels);
}
static VECTOR void apply_gradient_of_relu(const float *x, const float *dy, const float *y, float *dx, const float *slope,
                                          const float *pull, const float *mean, const float *offset, size_t pixels,
                                          size_t channels) {
  apply_gradient(x, dy, y, dx, slope, pull, mean, offset, pixels, channels);
}

static void normalize_pixels(size_t start, size_t end, void *pointer) {
  const struct kernels_normalization *w = pointer;
  apply(w->source + start * w->channels, w->destination + start * w->channels, w->sums, w->sums + w->channels,
        w->relu ? 0 : -__builtin_inff(), end - start, w->channels);
}

INLINE float deviation(const struct kernels_normalization *w, size_t c) {
  return __builtin_elementwise_sqrt(w->variance[c] + w->epsilon);
}

void kernels_normalize(struct kernels_normalization work) {
  for (size_t c = 0; c < work.channels; c++) {
    work.sums[c] = work.scale[c] / deviation(&work, c);
    work.sums[work.channels + c] = work.shift[c] - work.mean[c] * work.sums[c];
  }
  kernels_parallel_ranges(work.pixels, grain_of(work.channels), &work, normalize_pixels);
}

static void gradient_pixels(size_t start, size_t end, void *pointer) {
  const struct kernels_normalization *w = pointer;
  size_t place = start * w->channels, n = w->channels;
  const float *x = w->source + place, *dy = w->destination_gradients + place;
  float *dx = w->source_gradients + place;
  if (w->relu) {
    apply_gradient_of_relu(x, dy, w->destination + place, dx, w->sums, w->sums + n, w->mean, w->sums + 2 * n, end - start, n);
  } else {
    apply_gradient_of_linear(x, dy, dx, w->sums, w->sums + n, w->mean, w->sums + 2 * n, end - start, n);
  }
}

// dx = scale / deviation · (dy - mean of dy - (x - mean) / variance · mean of dy · (x - mean))
void kernels_normalize_backward(struct kernels_normalization work) {
  size_t n = work.channels;
  kernels_parallel_ranges(PARTS, work.pixels * n < 16384 ? PARTS : 1, &work, sum_part_of_gradients);
  for (size_t c = 0; c < n; c++) {
    work.shift_gradients[c] = total(&work, c);
    work.scale_gradients[c] = total(&work, n + c) / deviation(&work, c);
  }
  if (!work.source_gradients) return;
  for (size_t c = 0; c < n; c++) {
    work.sums[c] = work.scale[c] / deviation(&work, c);
    work.sums[n + c] = work.scale_gradients[c] / deviation(&work, c) / (float)work.pixels;
    work.sums[2 * n + c] = work.shift_gradients[c] / (float)work.pixels;
  }
  kernels_parallel_ranges(work.pixels, grain_of(n), &work, gradient_pixels);
}
