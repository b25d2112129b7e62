// Vector loops that oneDNN has no primitive for. Each divides its rows among OpenMP's threads by itself, which costs no
// allocation, and gives the same bits however many there are.
#pragma once
#include <stddef.h>
#include <stdint.h>

// Adam as Keras has it: p -= alpha * m / (sqrt(v) + epsilon), alpha = lr * sqrt(1 - beta2^t) / (1 - beta1^t).
struct kernels_adam {
  float *parameters;
  const float *gradients;
  float *first_moments, *second_moments;
  float alpha, beta1, beta2, epsilon;
};
void kernels_adam_update(struct kernels_adam work, size_t count);

// Losses, a row a picture. `correct` counts the elements whose target equals (prediction > 1/2) exactly.
enum kernels_loss_kind {
  KERNELS_BINARY_CROSS_ENTROPY,  // of sigmoid(outputs): outputs are logits; gradients (sigmoid - target) * scale
  KERNELS_SQUARED_ERROR,         // gradients 2 * (output - target) * scale
};
struct kernels_row_loss {
  float sum;
  int32_t correct;
};
struct kernels_loss {
  enum kernels_loss_kind kind;
  const float *outputs, *targets;
  float *gradients;  // may be null
  size_t size;
  float scale;
  struct kernels_row_loss *rows;
};
void kernels_measure_loss(struct kernels_loss work, size_t rows);

// Activations, rows of `size` values: forward in place; backward turns dy into dz in place, given the outputs y.
enum kernels_activation { KERNELS_RELU, KERNELS_SIGMOID, KERNELS_SOFTMAX };
void kernels_activate(enum kernels_activation kind, float *values, size_t rows, size_t size);
void kernels_activate_backward(enum kernels_activation kind, float *gradients, const float *outputs, size_t rows,
                               size_t size);

// Penalty l1 * sum |x| + l2 * sum x^2; its derivative times `scale` is added to gradients (may be null).
float kernels_penalty(const float *restrict values, float *restrict gradients, size_t count, float l1, float l2,
                      float scale);

// Pixels to 0...1 and back, rounded and clamped; not-a-number becomes 0.
void kernels_pixels_to_floats(const uint8_t *restrict pixels, float *restrict floats, size_t count);
void kernels_floats_to_pixels(const float *restrict floats, uint8_t *restrict pixels, size_t count);
