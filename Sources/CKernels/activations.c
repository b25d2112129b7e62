#include "kernels.h"
#include "vector.h"
#include "vector_kernels.h"

static VECTOR void relu_row(float *values, size_t count) {
  VECTORISE for (size_t i = 0; i < count; i++) values[i] = larger(values[i], 0);
}

static VECTOR void relu_backward(float *restrict gradients, const float *restrict outputs, size_t count) {
  VECTORISE for (size_t i = 0; i < count; i++) gradients[i] = outputs[i] > 0 ? gradients[i] : 0;
}

static VECTOR void sigmoid_row(float *values, size_t count) {
  VECTORISE for (size_t i = 0; i < count; i++) {
    float z = values[i];
    values[i] = sigmoid_from(z, exponential_of_negative(-absolute(z)));
  }
}

static VECTOR void sigmoid_backward(float *restrict gradients, const float *restrict outputs, size_t count) {
  VECTORISE for (size_t i = 0; i < count; i++) gradients[i] *= outputs[i] * (1 - outputs[i]);
}

static VECTOR void softmax_row(float *values, size_t count) {
  FAST_SUMS
  float largest = values[0], sum = 0;
  for (size_t i = 1; i < count; i++) largest = larger(largest, values[i]);
  VECTORISE for (size_t i = 0; i < count; i++) {
    values[i] = exponential_of_negative(values[i] - largest);
    sum += values[i];
  }
  float share = 1 / sum;
  VECTORISE for (size_t i = 0; i < count; i++) values[i] *= share;
}

static VECTOR void softmax_backward(float *restrict gradients, const float *restrict outputs, size_t count) {
  FAST_SUMS
  float dot = 0;
  VECTORISE for (size_t i = 0; i < count; i++) dot += gradients[i] * outputs[i];
  VECTORISE for (size_t i = 0; i < count; i++) gradients[i] = outputs[i] * (gradients[i] - dot);
}

struct work {
  enum kernels_activation kind;
  float *values;
  const float *outputs;  // null forward
  size_t size;
};

static void run_rows(size_t start, size_t end, void *pointer) {
  struct work *work = pointer;
  for (size_t row = start; row < end; row++) {
    float *values = work->values + row * work->size;
    const float *outputs = work->outputs ? work->outputs + row * work->size : 0;
    switch (work->kind) {
      case KERNELS_RELU: outputs ? relu_backward(values, outputs, work->size) : relu_row(values, work->size); break;
      case KERNELS_SIGMOID:
        outputs ? sigmoid_backward(values, outputs, work->size) : sigmoid_row(values, work->size);
        break;
      case KERNELS_SOFTMAX:
        outputs ? softmax_backward(values, outputs, work->size) : softmax_row(values, work->size);
        break;
    }
  }
}

void kernels_activate(enum kernels_activation kind, float *values, size_t rows, size_t size) {
  struct work work = {kind, values, 0, size};
  kernels_parallel_ranges(rows, grain_of(size), &work, run_rows);
}

void kernels_activate_backward(enum kernels_activation kind, float *gradients, const float *outputs, size_t rows,
                               size_t size) {
  struct work work = {kind, gradients, outputs, size};
  kernels_parallel_ranges(rows, grain_of(size), &work, run_rows);
}
