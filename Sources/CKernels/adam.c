#include "vector.h"
#include "vector_kernels.h"

VECTOR void kernels_adam(float *restrict parameters, const float *restrict gradients, float *restrict first_moments,
                         float *restrict second_moments, size_t count, float alpha, float beta1, float beta2,
                         float epsilon) {
#pragma clang fp contract(fast)
  VECTORISE for (size_t i = 0; i < count; i++) {
    float g = gradients[i];
    float m = first_moments[i] + (g - first_moments[i]) * (1 - beta1);
    float v = second_moments[i] + (g * g - second_moments[i]) * (1 - beta2);
    first_moments[i] = m;
    second_moments[i] = v;
    parameters[i] -= alpha * m / (__builtin_elementwise_sqrt(v) + epsilon);
  }
}
