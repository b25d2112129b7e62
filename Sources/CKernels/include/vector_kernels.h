// Vector loops on single values. Each divides its rows among threads by itself, which costs no allocation, and gives the
// same bits however many there are.
#pragma once
#include <stddef.h>
#include <stdint.h>

// Adam as Keras has it: p -= alpha * m / (sqrt(v) + epsilon), alpha = lr * sqrt(1 - beta2^t) / (1 - beta1^t).
struct kernels_adam {
  float *parameters;
  const float *gradients;
  float *first_moments, *second_moments;
  float alpha, beta1, beta2, epsilon;
  // Set to 1, by any thread, where a parameter is not finite afterwards.
  int32_t *overflow;
};
void kernels_adam_update(struct kernels_adam work, size_t count);

// Losses, a row an image. `correct` counts the elements whose target equals (prediction > 1/2) exactly; for the last
// kind it is 1 where the largest output stands at the largest target.
enum kernels_loss_kind {
  KERNELS_BINARY_CROSS_ENTROPY,  // of sigmoid(outputs): outputs are logits; gradients (sigmoid - target) * scale
  KERNELS_SQUARED_ERROR,         // gradients 2 * (output - target) * scale
  KERNELS_CATEGORICAL_CROSS_ENTROPY,  // of softmax(outputs) over the row: gradients (softmax - target) * scale
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

// Max-pooling of images, `inner` channels of a pixel side by side, and enlarging them (where `size` is the factor and
// target is size times as high and wide).
struct kernels_pooling {
  const float *source;
  float *target;
  float *source_gradients;
  const float *target_gradients;
  uint8_t *places;  // which pixel of each window was the largest; may be null forward
  size_t images, inner, height, width, output_height, output_width;
  size_t size, stride, before_rows, before_columns;  // of the windows, and the margin above and left
};
void kernels_max_pool(struct kernels_pooling work);
void kernels_max_pool_backward(struct kernels_pooling work);
void kernels_enlarge(struct kernels_pooling work);
void kernels_enlarge_backward(struct kernels_pooling work);

// target += source, target = first + second, target = source; and `width` columns of each row from one matrix into
// another.
void kernels_add(float *target, const float *source, size_t count);
void kernels_sum(float *target, const float *first, const float *second, size_t count);
void kernels_copy(float *target, const float *source, size_t count);
void kernels_copy_columns(float *target, size_t target_stride, const float *source, size_t source_stride, size_t width,
                          size_t rows);

// Sets each value to 0 with probability `rate` (a multiple of 2^-16) and divides the others by 1 - rate. Image i takes
// its random bits from the stream with i added to its index.
struct kernels_stream;
void kernels_drop(float *target, const float *source, size_t images, size_t size, float rate,
                  const struct kernels_stream *stream);
