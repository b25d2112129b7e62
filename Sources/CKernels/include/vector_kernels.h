// Vector loops that oneDNN has no primitive for. All are serial and give the same bits however the work is divided
// among threads; callers divide it.
#pragma once
#include <stddef.h>
#include <stdint.h>

// Adam as Keras has it: p -= alpha * m / (sqrt(v) + epsilon), alpha = lr * sqrt(1 - beta2^t) / (1 - beta1^t).
void kernels_adam(float *restrict parameters, const float *restrict gradients, float *restrict first_moments,
                  float *restrict second_moments, size_t count, float alpha, float beta1, float beta2, float epsilon);

// One row of a loss. `correct` counts the elements whose target equals (prediction > 1/2) exactly.
struct kernels_loss {
  float sum;
  int32_t correct;
};
// Binary cross-entropy of sigmoid(logits): sum over elements; gradients (may be null) = (sigmoid - target) * scale.
struct kernels_loss kernels_binary_cross_entropy(const float *restrict logits, const float *restrict targets,
                                                 float *restrict gradients, size_t count, float scale);
// Squared error: sum over elements; gradients (may be null) = 2 * (prediction - target) * scale.
struct kernels_loss kernels_squared_error(const float *restrict predictions, const float *restrict targets,
                                          float *restrict gradients, size_t count, float scale);

// Activations, forward in place; backward turns dy into dx in place, given the outputs y.
void kernels_relu(float *values, size_t count);
void kernels_relu_backward(float *restrict gradients, const float *restrict outputs, size_t count);
void kernels_sigmoid(float *values, size_t count);
void kernels_sigmoid_backward(float *restrict gradients, const float *restrict outputs, size_t count);
void kernels_softmax(float *values, size_t count);
void kernels_softmax_backward(float *restrict gradients, const float *restrict outputs, size_t count);

// Penalty l1 * sum |x| + l2 * sum x^2; its derivative times `scale` is added to gradients (may be null).
float kernels_penalty(const float *restrict values, float *restrict gradients, size_t count, float l1, float l2,
                      float scale);

// Pixels to 0...1 and back, rounded and clamped; not-a-number becomes 0.
void kernels_pixels_to_floats(const uint8_t *restrict pixels, float *restrict floats, size_t count);
void kernels_floats_to_pixels(const float *restrict floats, uint8_t *restrict pixels, size_t count);
