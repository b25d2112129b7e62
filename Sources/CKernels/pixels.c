#include "vector.h"
#include "vector_kernels.h"

VECTOR void kernels_pixels_to_floats(const uint8_t *restrict pixels, float *restrict floats, size_t count) {
  VECTORISE for (size_t i = 0; i < count; i++) floats[i] = (float)pixels[i] / 255.0f;
}

VECTOR void kernels_floats_to_pixels(const float *restrict floats, uint8_t *restrict pixels, size_t count) {
  VECTORISE for (size_t i = 0; i < count; i++) {
    float x = floats[i] > 0 ? floats[i] : 0;  // also for not-a-number
    pixels[i] = (uint8_t)(smaller(x, 1) * 255.0f + 0.5f);
  }
}
