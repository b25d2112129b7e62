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

// log(sum of exp(z - largest)) + largest - z of the target: exact for large |z|.
static VECTOR struct kernels_row_loss categorical_cross_entropy(const float *restrict logits,
                                                                const float *restrict targets,
                                                                float *restrict gradients, size_t count, float scale) {
  FAST_SUMS
  size_t guess = 0, truth = 0;
  for (size_t i = 1; i < count; i++) {
    if (logits[i] > logits[guess]) guess = i;
    if (targets[i] > targets[truth]) truth = i;
  }
  float largest = logits[guess], sum = 0, loss = 0, weight = 0;
  for (size_t i = 0; i < count; i++) {
    sum += exponential_of_negative(logits[i] - largest);
    loss += targets[i] * (largest - logits[i]);
    weight += targets[i];
  }
  if (gradients) {
    for (size_t i = 0; i < count; i++) {
      gradients[i] = (exponential_of_negative(logits[i] - largest) / sum * weight - targets[i]) * scale;
    }
  }
  return (struct kernels_row_loss){loss + weight * __builtin_logf(sum), guess == truth};
}

static struct kernels_row_loss measure_row(const struct kernels_loss *work, size_t offset) {
  const float *outputs = work->outputs + offset, *targets = work->targets + offset;
  float *gradients = work->gradients ? work->gradients + offset : 0;
  switch (work->kind) {
    case KERNELS_BINARY_CROSS_ENTROPY:
      return binary_cross_entropy(outputs, targets, gradients, work->size, work->scale);
    case KERNELS_SQUARED_ERROR: return squared_error(outputs, targets, gradients, work->size, work->scale);
    case KERNELS_CATEGORICAL_CROSS_ENTROPY:
      return categorical_cross_entropy(outputs, targets, gradients, work->size, work->scale);
  }
}

static void measure_rows(size_t start, size_t end, void *pointer) {
  struct kernels_loss *work = pointer;
  for (size_t row = start; row < end; row++) work->rows[row] = measure_row(work, row * work->size);
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
