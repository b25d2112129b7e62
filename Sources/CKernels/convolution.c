#include "wide.h"

// Convolutions shared out to threads by images or, where there are few, by parts of them.

size_t kernels_convolution_packed(struct kernels_convolution w) {
  size_t taps = w.winograd ? 36 : w.size * w.size;
  return taps * w.channels * (is_dotted(&w) ? w.filters : panels_of(w.filters) * PANEL);
}

// A group of tiles, or a part's rows with margins and a strip of `pixels` for the last filters.
INLINE size_t workspace_of(const struct kernels_convolution *w, size_t group, size_t rows, size_t pixels) {
  size_t floats = w->winograd ? 36 * (apart_of(group, w->channels) + apart_of(group, w->filters))
                              : reach_of(w, rows) * padded_columns(w) * w->channels + pixels * PANEL;
  return (floats + 15) / 16 * 16;
}

size_t kernels_convolution_workspace(struct kernels_convolution w) {
  return workspace_of(&w, winograd_group(&w), rows_of_part(&w), w.out_width);
}

size_t kernels_convolution_gradient_workspace(struct kernels_convolution w) {
  return workspace_of(&w, winograd_gradient_group(&w), w.out_height, w.out_height * w.out_width);
}

// Where a tap stands in the kernel and in its gradient.
INLINE size_t place_of(const struct kernels_convolution *w, size_t tap, size_t channel, size_t filter) {
  size_t own = w->mirrored ? w->size * w->size - 1 - tap : tap;
  return own * w->tap_stride + channel * w->channel_stride + filter * w->filter_stride;
}

INLINE float tap_of(const struct kernels_convolution *w, size_t tap, size_t channel, size_t filter) {
  float value = w->kernel[place_of(w, tap, channel, filter)];
  return w->slopes ? w->slopes[filter] * value : value;
}

// Lavin and Gray's G, 6×3: a kernel's row of three taps at the six points.
static const float points_of_taps[6][3] = {
    {1.0f / 4, 0, 0},
    {-1.0f / 6, -1.0f / 6, -1.0f / 6},
    {-1.0f / 6, 1.0f / 6, -1.0f / 6},
    {1.0f / 24, 1.0f / 12, 1.0f / 6},
    {1.0f / 24, -1.0f / 12, 1.0f / 6},
    {0, 0, 1},
};

// Channels start ..< end. The taps of sixteen filters side by side, so that the loops vectorise.
static VECTOR void pack_winograd(const struct kernels_convolution *w, size_t start, size_t end) {
  size_t panels = w->filters / PANEL;
  for (size_t channel = start; channel < end; channel++) {
    for (size_t panel = 0; panel < panels; panel++) {
      float taps[9][PANEL], half[18][PANEL];
      for (size_t tap = 0; tap < 9; tap++)
        for (size_t o = 0; o < PANEL; o++) taps[tap][o] = tap_of(w, tap, channel, panel * PANEL + o);
      for (size_t i = 0; i < 18; i++)
        for (size_t o = 0; o < PANEL; o++) {
          const float *g = points_of_taps[i / 3];
          half[i][o] = g[0] * taps[i % 3][o] + g[1] * taps[3 + i % 3][o] + g[2] * taps[6 + i % 3][o];
        }
      for (size_t i = 0; i < 36; i++)
        for (size_t o = 0; o < PANEL; o++) {
          const float *g = points_of_taps[i % 6], (*row)[PANEL] = half + i / 6 * 3;
          w->packed[((i * panels + panel) * w->channels + channel) * PANEL + o] =
              g[0] * row[0][o] + g[1] * row[1][o] + g[2] * row[2][o];
        }
    }
  }
}

// (panels, KH, KW · C, 16), or for few filters (filters, KH, KW · C).
static void pack_direct(const struct kernels_convolution *w, size_t start, size_t end) {
  size_t taps = w->size * w->size, panels = panels_of(w->filters);
  for (size_t channel = start; channel < end; channel++)
    for (size_t tap = 0; tap < taps; tap++) {
      size_t place = tap * w->channels + channel;
      if (is_dotted(w)) {
        for (size_t o = 0; o < w->filters; o++) w->packed[o * taps * w->channels + place] = tap_of(w, tap, channel, o);
        continue;
      }
      for (size_t o = 0; o < panels * PANEL; o++)
        w->packed[(o / PANEL * taps * w->channels + place) * PANEL + o % PANEL] =
            o < w->filters ? tap_of(w, tap, channel, o) : 0;
    }
}

static void pack_channels(size_t start, size_t end, void *pointer) {
  const struct kernels_convolution *w = pointer;
  (w->winograd ? pack_winograd : pack_direct)(w, start, end);
}

void kernels_convolution_pack(struct kernels_convolution work) {
  kernels_parallel_ranges(work.channels, grain_of(work.size * work.size * work.filters), &work, pack_channels);
}

// What is shared out begins here, counted in tiles or rows of the output, or in images.
INLINE size_t first_of(const struct kernels_convolution *w, int part, size_t each) {
  return w->images * each * (size_t)part / w->parts;
}

static void forward_part(int part, int parts, void *pointer) {
  (void)parts;
  const struct kernels_convolution *w = pointer;
  float *work = w->workspace + (size_t)part * kernels_convolution_workspace(*w);
  size_t each = w->winograd ? tiles_of(w) : w->out_height;
  (w->winograd ? wide_loops()->winograd : wide_loops()->convolve)(w, first_of(w, part, each),
                                                                  first_of(w, part + 1, each), work);
}

void kernels_convolution_forward(struct kernels_convolution work) {
  kernels_parallel((int)work.parts, &work, forward_part);
}

static void gradient_part(int part, int parts, void *pointer) {
  (void)parts;
  const struct kernels_convolution *w = pointer;
  const struct wide_loops *loops = wide_loops();
  size_t size = kernels_convolution_packed(*w);
  float *work = w->workspace + (size_t)part * kernels_convolution_gradient_workspace(*w);
  float *sums = w->sums + (size_t)part * size;
  memset(sums, 0, size * sizeof(float));
  size_t each = w->winograd ? tiles_of(w) : 1;
  (w->winograd ? loops->winograd_correlate : is_dotted(w) ? loops->correlate_few : loops->correlate)(
      w, first_of(w, part, each), first_of(w, part + 1, each), work, sums);
}

INLINE float *gradient_of(const struct kernels_convolution *w, size_t tap, size_t channel, size_t filter) {
  return w->kernel_gradients + place_of(w, tap, channel, filter);
}

// The parts' sums together, sixteen filters of one point (or tap), always in the same order.
INLINE void sum_parts(const struct kernels_convolution *w, size_t place, float *restrict to) {
  size_t size = kernels_convolution_packed(*w);
  memcpy(to, w->sums + place, PANEL * sizeof(float));
  for (size_t part = 1; part < w->parts; part++)
    for (size_t o = 0; o < PANEL; o++) to[o] += w->sums[part * size + place + o];
}

static VECTOR void unpack_winograd(const struct kernels_convolution *w, size_t start, size_t end) {
  size_t panels = w->filters / PANEL;
  for (size_t channel = start; channel < end; channel++) {
    for (size_t panel = 0; panel < panels; panel++) {
      float points[36][PANEL], half[18][PANEL];
      for (size_t i = 0; i < 36; i++) sum_parts(w, ((i * panels + panel) * w->channels + channel) * PANEL, points[i]);
      memset(half, 0, sizeof half);
      for (size_t i = 0; i < 36; i++)
        for (size_t b = 0; b < 3; b++)
          for (size_t o = 0; o < PANEL; o++) half[i / 6 * 3 + b][o] += points_of_taps[i % 6][b] * points[i][o];
      for (size_t tap = 0; tap < 9; tap++) {
        float sum[PANEL] = {0};
        for (size_t i = 0; i < 6; i++)
          for (size_t o = 0; o < PANEL; o++) sum[o] += points_of_taps[i][tap / 3] * half[i * 3 + tap % 3][o];
        for (size_t o = 0; o < PANEL; o++) *gradient_of(w, tap, channel, panel * PANEL + o) = sum[o];
      }
    }
  }
}

static void unpack_direct(const struct kernels_convolution *w, size_t start, size_t end) {
  size_t taps = w->size * w->size, panels = panels_of(w->filters), size = kernels_convolution_packed(*w);
  for (size_t channel = start; channel < end; channel++)
    for (size_t tap = 0; tap < taps; tap++) {
      if (is_dotted(w)) {
        for (size_t o = 0; o < w->filters; o++) {
          float sum = 0;
          for (size_t part = 0; part < w->parts; part++)
            sum += w->sums[part * size + (o * taps + tap) * w->channels + channel];
          *gradient_of(w, tap, channel, o) = sum;
        }
        continue;
      }
      size_t row = tap / w->size, place = tap % w->size * w->channels + channel, line = w->size * w->channels;
      for (size_t panel = 0; panel < panels; panel++) {
        float sum[PANEL];
        sum_parts(w, ((row * panels + panel) * line + place) * PANEL, sum);
        for (size_t o = 0; o < PANEL && panel * PANEL + o < w->filters; o++)
          *gradient_of(w, tap, channel, panel * PANEL + o) = sum[o];
      }
    }
}

static void unpack_channels(size_t start, size_t end, void *pointer) {
  const struct kernels_convolution *w = pointer;
  (w->winograd ? unpack_winograd : unpack_direct)(w, start, end);
}

void kernels_convolution_kernel_gradient(struct kernels_convolution work) {
  kernels_parallel((int)work.parts, &work, gradient_part);
  kernels_parallel_ranges(work.channels, grain_of(work.size * work.size * work.filters), &work, unpack_channels);
}
