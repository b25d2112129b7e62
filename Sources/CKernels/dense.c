#include "wide.h"

// A dense layer's products, shared out to threads: forward by panels of outputs (or by images where there are few), the
// source's gradient by inputs, the weights' by panels. No thread adds to another's sums.

struct dense_work {
  struct kernels_dense layer;
  const struct kernels_adam *adam;
  float *packed, *panels;
  const float *gradients;
  size_t stride;
};

INLINE size_t tiles_in(size_t inputs) {
  size_t rows = wide_loops()->rows;
  return (inputs + rows - 1) / rows;
}

// The gradients with whole panels, the sources by tiles, and one panel's gradients for each thread.
size_t kernels_dense_workspace(size_t batch, size_t inputs, size_t outputs) {
  size_t gradients = outputs % PANEL ? batch * panels_of(outputs) * PANEL : 0;
  return gradients + tiles_in(inputs) * wide_loops()->rows * batch + (size_t)kernels_threads() * batch * PANEL;
}

static void forward(const struct kernels_dense *w, size_t first, size_t last, size_t first_row, size_t last_row) {
  for (size_t row = first_row; row < last_row; row += MOST_ROWS)
    wide_loops()->dense_forward(w, first, last, row, last_row - row < MOST_ROWS ? last_row : row + MOST_ROWS);
}

static void forward_panels(size_t start, size_t end, void *pointer) {
  const struct kernels_dense *w = pointer;
  forward(w, start, end, 0, w->batch);
}

static void forward_images(size_t start, size_t end, void *pointer) {
  const struct kernels_dense *w = pointer;
  forward(w, 0, panels_of(w->outputs), start, end);
}

void kernels_dense_forward(struct kernels_dense work) {
  size_t panels = panels_of(work.outputs);
  if (panels >= 2 * (size_t)kernels_threads()) {
    kernels_parallel_ranges(panels, grain_of(work.inputs * PANEL), &work, forward_panels);
  } else {
    kernels_parallel_ranges(work.batch, 16, &work, forward_images);
  }
}

static void source_gradient(size_t start, size_t end, void *pointer) {
  const struct dense_work *w = pointer;
  size_t last = end * PANEL < w->layer.inputs ? end * PANEL : w->layer.inputs;
  wide_loops()->dense_source_gradient(&w->layer, w->gradients, w->stride, start * PANEL, last);
}

void kernels_dense_source_gradient(struct kernels_dense layer) {
  struct dense_work work = {.layer = layer, .gradients = layer.destination_gradients, .stride = layer.outputs};
  if (layer.outputs % PANEL) {
    work.stride = panels_of(layer.outputs) * PANEL;
    for (size_t n = 0; n < layer.batch; n++) {
      float *to = layer.workspace + n * work.stride;
      memcpy(to, layer.destination_gradients + n * layer.outputs, layer.outputs * sizeof(float));
      memset(to + layer.outputs, 0, (work.stride - layer.outputs) * sizeof(float));
    }
    work.gradients = layer.workspace;
  }
  kernels_parallel_ranges(panels_of(layer.inputs), grain_of(work.stride * PANEL), &work, source_gradient);
}

static void pack_tiles(size_t start, size_t end, void *pointer) {
  const struct dense_work *w = pointer;
  wide_loops()->dense_pack(&w->layer, w->packed, start, end);
}

static void weight_gradient(int part, int parts, void *pointer) {
  const struct dense_work *w = pointer;
  size_t panels = panels_of(w->layer.outputs);
  size_t start = panels * (size_t)part / (size_t)parts, end = panels * ((size_t)part + 1) / (size_t)parts;
  wide_loops()->dense_weight_gradient(&w->layer, w->packed, w->panels + (size_t)part * w->layer.batch * PANEL, w->adam,
                                      start, end);
}

void kernels_dense_weight_gradient(struct kernels_dense layer, const struct kernels_adam *adam_of_weights,
                                   const struct kernels_adam *adam_of_bias) {
  size_t gradients = layer.outputs % PANEL ? layer.batch * panels_of(layer.outputs) * PANEL : 0;
  struct dense_work work = {.layer = layer, .adam = adam_of_weights, .packed = layer.workspace + gradients};
  work.panels = work.packed + tiles_in(layer.inputs) * wide_loops()->rows * layer.batch;
  kernels_parallel_ranges(tiles_in(layer.inputs), grain_of(layer.batch * wide_loops()->rows), &work, pack_tiles);
  size_t threads = (size_t)kernels_threads(), panels = panels_of(layer.outputs);
  kernels_parallel((int)(threads < panels ? threads : panels), &work, weight_gradient);
  if (adam_of_bias) kernels_adam_update(*adam_of_bias, panels * PANEL);
}

void kernels_to_panels(const float *rows, float *panels, size_t inputs, size_t outputs) {
  memset(panels, 0, panels_of(outputs) * inputs * PANEL * sizeof(float));
  for (size_t i = 0; i < inputs; i++)
    for (size_t o = 0; o < outputs; o++) panels[(o / PANEL * inputs + i) * PANEL + o % PANEL] = rows[i * outputs + o];
}

void kernels_from_panels(const float *panels, float *rows, size_t inputs, size_t outputs) {
  for (size_t i = 0; i < inputs; i++)
    for (size_t o = 0; o < outputs; o++) rows[i * outputs + o] = panels[(o / PANEL * inputs + i) * PANEL + o % PANEL];
}
