#include "kernels.h"
#include "vector.h"
#include "vector_kernels.h"

// max(z, 0) - z t + log(1 + exp(-|z|)): exact for large |z|, where sigmoid-then-log gives infinity.
static VECTOR struct kernels_row_loss binary_cross_entropy(const float *restrict logits, const float *restrict targets,
                                                    float *restrict gradients, size_t count, float scale) {
  FAST_SUMS
  float sum = 0;
  int32_t correct = 0;
  if (gradients) {
    VECTORISE for (size_t i = 0; i < count; i++) {
      float z = logits[i], t = targets[i];
      float u = exponential_of_negative(-absolute(z));
      sum += larger(z, 0) - z * t + log_one_plus(u);
      correct += t == (z > 0 ? 1.0f : 0.0f);
      gradients[i] = (sigmoid_from(z, u) - t) * scale;
    }
  } else {
    VECTORISE for (size_t i = 0; i < count; i++) {
      float z = logits[i], t = targets[i];
      float u = exponential_of_negative(-absolute(z));
      sum += larger(z, 0) - z * t + log_one_plus(u);
      correct += t == (z > 0 ? 1.0f : 0.0f);
    }
  }
  return (struct kernels_row_loss){sum, correct};
}

static VECTOR struct kernels_row_loss squared_error(const float *restrict predictions, const float *restrict targets,
                                             float *restrict gradients, size_t count, float scale) {
  FAST_SUMS
  float sum = 0;
  int32_t correct = 0;
  VECTORISE for (size_t i = 0; i < count; i++) {
    float error = predictions[i] - targets[i];
    sum += error * error;
    correct += targets[i] == (predictions[i] > 0.5f ? 1.0f : 0.0f);
  }
  if (gradients) {
    VECTORISE for (size_t i = 0; i < count; i++) gradients[i] = (predictions[i] - targets[i]) * (2 * scale);
  }
  return (struct kernels_row_loss){sum, correct};
}

static void measure_rows(size_t start, size_t end, void *pointer) {
  struct kernels_loss *work = pointer;
  for (size_t row = start; row < end; row++) {
    size_t offset = row * work->size;
    float *gradients = work->gradients ? work->gradients + offset : 0;
    work->rows[row] = work->kind == KERNELS_BINARY_CROSS_ENTROPY
                          ? binary_cross_entropy(work->outputs + offset, work->targets + offset, gradients, work->size,
                                                 work->scale)
                          : squared_error(work->outputs + offset, work->targets + offset, gradients, work->size,
                                          work->scale);
  }
}

void kernels_measure_loss(struct kernels_loss work, size_t rows) {
  kernels_parallel_ranges(rows, grain_of(work.size), &work, measure_rows);
}

VECTOR float kernels_penalty(const float *restrict values, float *restrict gradients, size_t count, float l1, float l2,
                             float scale) {
  FAST_SUMS
  float absolutes = 0, squares = 0;
  VECTORISE for (size_t i = 0; i < count; i++) {
    absolutes += absolute(values[i]);
    squares += values[i] * values[i];
  }
  if (gradients) {
    VECTORISE for (size_t i = 0; i < count; i++) {
      float x = values[i];
      float sign = (x > 0 ? 1.0f : 0.0f) - (x < 0 ? 1.0f : 0.0f);
      gradients[i] += (l1 * sign + 2 * l2 * x) * scale;
    }
  }
  return l1 * absolutes + l2 * squares;
}
