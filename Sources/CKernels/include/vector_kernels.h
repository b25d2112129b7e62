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

// Images in any layout: for each image `blocks` planes of `pixels` pixels, `inner` channels of a pixel side by side;
// where channels < blocks * inner, the last ones are padding.
struct kernels_planes {
  size_t images, blocks, pixels, inner, channels;
};
// Adds bias[channel] to every pixel; and each channel's sum over all pixels of all images.
void kernels_add_channels(float *values, const float *bias, struct kernels_planes planes);
void kernels_sum_channels(const float *values, float *sums, struct kernels_planes planes);

// Max-pooling of planes, and enlarging them (where `size` is the factor and target is size times as high and wide).
struct kernels_pooling {
  const float *source;
  float *target;
  float *source_gradients;
  const float *target_gradients;
  uint8_t *places;  // which pixel of each window was the largest; may be null forward
  size_t planes, inner, height, width, output_height, output_width;
  size_t size, stride, before_rows, before_columns;  // of the windows, and the margin above and left
};
void kernels_max_pool(struct kernels_pooling work);
void kernels_max_pool_backward(struct kernels_pooling work);
void kernels_enlarge(struct kernels_pooling work);
void kernels_enlarge_backward(struct kernels_pooling work);

// Convolutions of stride 1 between images of many channels, 16 side by side in `blocks` planes, and images of one:
//   gather     single[i,j] = bias + sum over k, l, c of many[i + k - before, j + l - before, c] * kernel[k,l,c]
//   scatter    many_gradients, the same sum's derivatives by many, times single; all of it is overwritten
//   correlate  kernel_gradients[k,l,c], the sum over all images of many times single
// `mirrored` takes the kernel's taps backwards.
struct kernels_single {
  const float *many;
  float *many_gradients, *single;
  const float *bias;    // may be null
  const float *kernel;  // (size, size, channels)
  float *kernel_gradients;
  float *packed;  // room for blocks * size * size * 16
  size_t images, blocks, channels, height, width, single_height, single_width;
  size_t size, before_rows, before_columns;
};
void kernels_single_gather(struct kernels_single work, int mirrored);
void kernels_single_scatter(struct kernels_single work);
void kernels_single_correlate(struct kernels_single work);

// target += source; and `width` columns of each row from one matrix into another.
void kernels_add(float *target, const float *source, size_t count);
void kernels_copy_columns(float *target, size_t target_stride, const float *source, size_t source_stride, size_t width,
                          size_t rows);

// Sets each value to 0 with probability `rate` (a multiple of 2^-16) and divides the others by 1 - rate. Image i takes
// its random bits from the stream with i added to its index.
struct kernels_stream;
void kernels_drop(float *target, const float *source, size_t images, size_t size, float rate,
                  const struct kernels_stream *stream);
