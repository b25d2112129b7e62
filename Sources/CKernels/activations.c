#include "vector.h"
#include "vector_kernels.h"

VECTOR void kernels_relu(float *values, size_t count) {
  VECTORISE for (size_t i = 0; i < count; i++) values[i] = larger(values[i], 0);
}

VECTOR void kernels_relu_backward(float *restrict gradients, const float *restrict outputs, size_t count) {
  VECTORISE for (size_t i = 0; i < count; i++) gradients[i] = outputs[i] > 0 ? gradients[i] : 0;
}

VECTOR void kernels_sigmoid(float *values, size_t count) {
  VECTORISE for (size_t i = 0; i < count; i++) {
    float z = values[i];
    values[i] = sigmoid_from(z, exponential_of_negative(-absolute(z)));
  }
}

VECTOR void kernels_sigmoid_backward(float *restrict gradients, const float *restrict outputs, size_t count) {
  VECTORISE for (size_t i = 0; i < count; i++) gradients[i] *= outputs[i] * (1 - outputs[i]);
}

VECTOR void kernels_softmax(float *values, size_t count) {
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

VECTOR void kernels_softmax_backward(float *restrict gradients, const float *restrict outputs, size_t count) {
  FAST_SUMS
  float dot = 0;
  VECTORISE for (size_t i = 0; i < count; i++) dot += gradients[i] * outputs[i];
  VECTORISE for (size_t i = 0; i < count; i++) gradients[i] = outputs[i] * (gradients[i] - dot);
}
