#include "kernels.h"
#include "vector.h"
#include "vector_kernels.h"

static VECTOR int32_t adam_update(float *restrict parameters, const float *restrict gradients, float *restrict first_moments,
                        float *restrict second_moments, size_t count, float alpha, float beta1, float beta2,
                        float epsilon) {
#pragma clang fp contract(fast)
  int32_t overflow = 0;
  VECTORISE for (size_t i = 0; i < count; i++) {
    float g = gradients[i];
    float m = first_moments[i] + (g - first_moments[i]) * (1 - beta1);
    float v = second_moments[i] + (g * g - second_moments[i]) * (1 - beta2);
    first_moments[i] = m;
    second_moments[i] = v;
    float updated = parameters[i] - alpha * m / (__builtin_elementwise_sqrt(v) + epsilon);
    parameters[i] = updated;
    overflow |= updated - updated != 0;
  }
  return overflow;
}

enum { LINE = 16 };  // floats in a cache line: no two threads write to one

static void update(const struct kernels_adam *work, size_t start, size_t end) {
  int32_t overflow = adam_update(work->parameters + start, work->gradients + start, work->first_moments + start,
                                 work->second_moments + start, end - start, work->alpha, work->beta1, work->beta2,
                                 work->epsilon);
  if (overflow) __atomic_store_n(work->overflow, 1, __ATOMIC_RELAXED);
}

static void update_lines(size_t start, size_t end, void *pointer) { update(pointer, start * LINE, end * LINE); }

void kernels_adam_update(struct kernels_adam work, size_t count) {
  kernels_parallel_ranges(count / LINE, 1024, &work, update_lines);
  update(&work, count / LINE * LINE, count);
}
