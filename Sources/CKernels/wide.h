// The loops that exist for several kinds of processors, and what they are told alike.
#pragma once
#include "kernels.h"
#include "products.h"
#include "vector.h"
#include "vector_kernels.h"

// A dense layer's rows at a time, so that those of a few hundred inputs stay in the second-level cache.
enum { PANEL = KERNELS_PANEL, MOST_ROWS = 256 };

struct wide_loops {
  const char *instructions;
  size_t rows;  // of a tile
  void (*dense_forward)(const struct kernels_dense *w, size_t first, size_t last, size_t first_row, size_t last_row);
  void (*dense_source_gradient)(const struct kernels_dense *w, const float *gradients, size_t stride, size_t first,
                                size_t last);
  void (*dense_pack)(const struct kernels_dense *w, float *packed, size_t first, size_t last);
  void (*dense_weight_gradient)(const struct kernels_dense *w, const float *packed, float *panel,
                                const struct kernels_adam *adam, size_t first, size_t last);
  void (*convolve)(const struct kernels_convolution *w, size_t first, size_t last, float *work);
  void (*correlate)(const struct kernels_convolution *w, size_t first, size_t last, float *work, float *sums);
  void (*correlate_few)(const struct kernels_convolution *w, size_t first, size_t last, float *work, float *sums);
  void (*winograd)(const struct kernels_convolution *w, size_t first, size_t last, float *work);
  void (*winograd_correlate)(const struct kernels_convolution *w, size_t first, size_t last, float *work, float *sums);
};

// Those of this processor.
const struct wide_loops *wide_loops(void);

INLINE size_t panels_of(size_t outputs) { return (outputs + PANEL - 1) / PANEL; }

// What a convolution's windows reach of its image, margins included.
INLINE size_t reach_of(const struct kernels_convolution *w, size_t rows) { return (rows - 1) * w->stride + w->size; }
INLINE size_t padded_columns(const struct kernels_convolution *w) { return (w->out_width - 1) * w->stride + w->size; }
INLINE int needs_margins(const struct kernels_convolution *w) {
  return w->dilation > 1 || w->before_rows || w->before_columns || reach_of(w, w->out_height) > w->height ||
         padded_columns(w) != w->width;
}

// Rows of one image that a part of the work makes at most: all of them where each part has whole images.
INLINE size_t rows_of_part(const struct kernels_convolution *w) {
  size_t rows = (w->images * w->out_height + w->parts - 1) / w->parts;
  return rows < w->out_height ? rows : w->out_height;
}

// Few filters behind many channels are dot products along a window's row: panels would be mostly padding.
INLINE int is_dotted(const struct kernels_convolution *w) {
  return w->filters < PANEL / 2 && w->size * w->channels % PANEL == 0;
}

// A tile of 4×4 output pixels.
struct tile {
  size_t image, row, column;
};
INLINE size_t tiles_of(const struct kernels_convolution *w) {
  return (w->out_height + 3) / 4 * ((w->out_width + 3) / 4);
}
INLINE struct tile tile_at(const struct kernels_convolution *w, size_t number) {
  size_t each = tiles_of(w), across = (w->out_width + 3) / 4, rest = number % each;
  return (struct tile){number / each, rest / across * 4, rest % across * 4};
}
// Tiles at a time: their points and results fill about half of the second-level cache.
INLINE size_t winograd_group(const struct kernels_convolution *w) {
  size_t group = 3600 / (w->channels + w->filters) / 12 * 12;
  return group < 24 ? 24 : group > 96 ? 96 : group;
}
// From one point's values to the next one's: an odd number of cache lines, so that a tile's 36 points do not fall on one
// another in the first-level cache.
INLINE size_t apart_of(size_t group, size_t channels) { return group * channels + PANEL; }
// For the kernel's gradient more: there its sums are read and written once a group.
INLINE size_t winograd_gradient_group(const struct kernels_convolution *w) {
  size_t group = 10800 / (w->channels + w->filters) / 12 * 12;
  return group < 72 ? 72 : group > 96 ? 96 : group;
}
