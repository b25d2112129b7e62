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

// The gradients with whole panels, the sources by tiles, and one panel's gradients for each part.
size_t kernels_dense_workspace(struct kernels_dense w) {
  size_t gradients = w.outputs % PANEL ? w.batch * panels_of(w.outputs) * PANEL : 0;
  return gradients + tiles_in(w.inputs) * wide_loops()->rows * w.batch + w.parts * w.batch * PANEL;
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

// A part of the inputs: their gradients, and their sources for what comes next.
static void source_part(int part, int parts, void *pointer) {
  const struct dense_work *w = pointer;
  const struct kernels_dense *layer = &w->layer;
  const struct wide_loops *loops = wide_loops();
  size_t tiles = tiles_in(layer->inputs), panels = panels_of(layer->inputs), p = (size_t)part, all = (size_t)parts;
  if (layer->source_gradients && panels * p / all < panels * (p + 1) / all) {
    size_t first = panels * p / all * PANEL, last = panels * (p + 1) / all * PANEL;
    loops->dense_source_gradient(layer, w->gradients, w->stride, first, last < layer->inputs ? last : layer->inputs);
  }
  loops->dense_pack(layer, w->packed, tiles * p / all, tiles * (p + 1) / all);
}

static void weight_gradient(int part, int parts, void *pointer) {
  const struct dense_work *w = pointer;
  size_t panels = panels_of(w->layer.outputs);
  size_t start = panels * (size_t)part / (size_t)parts, end = panels * ((size_t)part + 1) / (size_t)parts;
  wide_loops()->dense_weight_gradient(&w->layer, w->packed, w->panels + (size_t)part * w->layer.batch * PANEL, w->adam,
                                      start, end);
}

void kernels_dense_backward(struct kernels_dense layer, const struct kernels_adam *adam_of_weights,
                            const struct kernels_adam *adam_of_bias) {
  struct dense_work work = {.layer = layer, .adam = adam_of_weights, .packed = layer.workspace,
                            .gradients = layer.destination_gradients, .stride = layer.outputs};
  if (layer.outputs % PANEL) {
    work.stride = panels_of(layer.outputs) * PANEL;
    for (size_t n = 0; n < layer.batch; n++) {
      float *to = layer.workspace + n * work.stride;
      memcpy(to, layer.destination_gradients + n * layer.outputs, layer.outputs * sizeof(float));
      memset(to + layer.outputs, 0, (work.stride - layer.outputs) * sizeof(float));
    }
    work.gradients = layer.workspace;
    work.packed += layer.batch * work.stride;
  }
  work.panels = work.packed + tiles_in(layer.inputs) * wide_loops()->rows * layer.batch;
  size_t panels = panels_of(layer.outputs), threads = (size_t)kernels_threads();
  kernels_parallel(layer.inputs < 2 * PANEL * threads ? 1 : (int)threads, &work, source_part);
  kernels_parallel((int)(layer.parts < panels ? layer.parts : panels), &work, weight_gradient);
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
