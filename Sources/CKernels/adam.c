#include "kernels.h"
#include "vector.h"
#include "vector_kernels.h"

static VECTOR void adam_update(float *restrict parameters, const float *restrict gradients, float *restrict first_moments,
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

enum { LINE = 16 };  // floats in a cache line: no two threads write to one

static void update_lines(size_t start, size_t end, void *pointer) {
  struct kernels_adam *work = pointer;
  start *= LINE, end *= LINE;
  adam_update(work->parameters + start, work->gradients + start, work->first_moments + start,
              work->second_moments + start, end - start, work->alpha, work->beta1, work->beta2, work->epsilon);
}

void kernels_adam_update(struct kernels_adam work, size_t count) {
  kernels_parallel_ranges(count / LINE, 1024, &work, update_lines);
  size_t rest = count % LINE, start = count - rest;
  adam_update(work.parameters + start, work.gradients + start, work.first_moments + start,
              work.second_moments + start, rest, work.alpha, work.beta1, work.beta2, work.epsilon);
}
