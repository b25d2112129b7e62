// Dense layers, convolutions and batch normalization on images (N, H, W, C), row-major. All of them are products of one
// small tile that stays in registers; see tile_loops.h. Work is divided among threads so that no sum depends on how many
// there are, but for the sums over images of a convolution's kernel gradient: those are made part by part.
#pragma once
#include <stddef.h>
#include <stdint.h>

// Columns of weights that lie side by side: (outputs / 16, inputs, 16), zeros behind the last output.
enum { KERNELS_PANEL = 16 };

// One step of Adam, as in vector_kernels.h, for the weights that a gradient belongs to.
struct kernels_adam;

// y (N, O) = x (N, I) · W + b, W in panels.
struct kernels_dense {
  size_t batch, inputs, outputs;
  size_t parts;  // that the panels are divided into for the weights' gradient
  const float *source, *weights, *bias;
  float *destination;
  int relu;  // forward applies max(0, ·)
  const float *destination_gradients;
  float *source_gradients;  // may be null
  float *weight_gradients, *bias_gradients;
  float *workspace;  // of kernels_dense_workspace() floats
  const uint16_t *narrow_weights;  // for kernels_dense_forward_narrow: (outputs / 16, pairs of inputs, 16, 2)
  uint16_t *narrow_source;         // room for (batch, pairs of inputs, 2)
};
size_t kernels_dense_workspace(struct kernels_dense work);
void kernels_dense_forward(struct kernels_dense work);
// The same from weights and sources rounded to 16 bits (bfloat16), where the processor has products of them and the outputs
// are a multiple of 16; and such weights from panels.
int kernels_has_bfloat16(void);
void kernels_dense_forward_narrow(struct kernels_dense work);
void kernels_narrow_panels(const float *panels, uint16_t *narrow, size_t inputs, size_t outputs);
// The gradients of x, made with the weights as they are, and then those of W and b; with `adam` (made for the start of W and of b) both are updated at once, and W's gradient is
// not written.
void kernels_dense_backward(struct kernels_dense work, const struct kernels_adam *adam_of_weights,
                            const struct kernels_adam *adam_of_bias);
// Rows (inputs, outputs) to panels, and back.
void kernels_to_panels(const float *rows, float *panels, size_t inputs, size_t outputs);
void kernels_from_panels(const float *panels, float *rows, size_t inputs, size_t outputs);

// A convolution of images (N, H, W, C) to (N, H', W', O) with a kernel (KH, KW, C, O):
//   y[i, j, o] = b[o] + sum over k, l, c of x[stride i + k - before, stride j + l - before, c] · W[k, l, c, o]
// Between the source's pixels there may be zeros: `dilation` - 1 in each direction, as a transposed convolution has them.
struct kernels_convolution {
  size_t images, parts;  // the output's rows or tiles are shared out to as many parts, each done by one thread
  size_t height, width, channels, out_height, out_width, filters;
  size_t size, stride, dilation;
  ptrdiff_t before_rows, before_columns;
  // The kernel's strides by tap, channel and filter, and whether its taps are read backwards.
  size_t tap_stride, channel_stride, filter_stride;
  int mirrored;
  const float *slopes;  // of the filters: what packing multiplies their taps by; may be null
  int winograd;  // F(4×4, 3×3), for 3×3 kernels of stride 1 and multiples of 16 channels and filters
  const float *source, *kernel, *bias;  // bias may be null
  float *destination;
  int relu;
  const float *destination_gradients;
  float *kernel_gradients;
  float *packed;     // of kernels_convolution_packed() floats
  float *workspace;  // `parts` times kernels_convolution_workspace() floats, or those for the gradient
  float *sums;       // `parts` times kernels_convolution_packed() floats; for the kernel's gradient alone
};
size_t kernels_convolution_packed(struct kernels_convolution work);
size_t kernels_convolution_workspace(struct kernels_convolution work);
size_t kernels_convolution_gradient_workspace(struct kernels_convolution work);
// Lays the kernel out as the loops want it; once for weights that do not change, else before each run.
void kernels_convolution_pack(struct kernels_convolution work);
void kernels_convolution_forward(struct kernels_convolution work);
void kernels_convolution_kernel_gradient(struct kernels_convolution work);

// Batch normalization of `pixels` rows of `channels` values: y = scale · (x - mean) / sqrt(variance + epsilon) + shift.
struct kernels_normalization {
  size_t pixels, channels;
  float epsilon;
  int relu;  // y = max(0, y)
  const float *source, *scale, *shift;
  float *mean, *variance;
  float *destination;
  const float *destination_gradients;
  float *source_gradients;  // may be null
  float *scale_gradients, *shift_gradients;
  float *sums;  // room for KERNELS_SUM_PARTS · 2 · channels floats
};
enum { KERNELS_SUM_PARTS = 16 };
void kernels_measure_statistics(struct kernels_normalization work);
void kernels_normalize(struct kernels_normalization work);
void kernels_normalize_backward(struct kernels_normalization work);
// sums[c], of all pixels' values; `workspace` has room for KERNELS_SUM_PARTS · 2 · channels floats.
void kernels_sum_channels(const float *values, float *sums, size_t pixels, size_t channels, float *workspace);

// The instructions that the loops were made for: "AVX-512", "AVX2", "SSE2" or "portable". ONEDNN_MAX_CPU_ISA or
// TIDDU_MAX_ISA, set to AVX2 or SSE2, asks for less than the processor has.
const char *kernels_instructions(void);
