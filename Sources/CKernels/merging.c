#include "kernels.h"
#include "vector.h"
#include "vector_kernels.h"

struct addition {
  float *target;
  const float *first;  // null: the target itself
  const float *source;
  size_t count;
};

static VECTOR void add_values(float *restrict target, const float *restrict source, size_t count) {
  VECTORISE for (size_t i = 0; i < count; i++) target[i] += source[i];
}

static VECTOR void sum_values(float *restrict target, const float *restrict first, const float *restrict second,
                              size_t count) {
  VECTORISE for (size_t i = 0; i < count; i++) target[i] = first[i] + second[i];
}

enum { CHUNK = 4096 };

static void add_chunks(size_t start, size_t end, void *pointer) {
  struct addition *work = pointer;
  size_t first = start * CHUNK, last = end * CHUNK < work->count ? end * CHUNK : work->count;
  if (work->first) {
    sum_values(work->target + first, work->first + first, work->source + first, last - first);
  } else {
    add_values(work->target + first, work->source + first, last - first);
  }
}

void kernels_add(float *target, const float *source, size_t count) {
  struct addition work = {target, 0, source, count};
  kernels_parallel_ranges((count + CHUNK - 1) / CHUNK, 2, &work, add_chunks);
}

void kernels_sum(float *target, const float *first, const float *second, size_t count) {
  struct addition work = {target, first, second, count};
  kernels_parallel_ranges((count + CHUNK - 1) / CHUNK, 2, &work, add_chunks);
}

static void copy_chunks(size_t start, size_t end, void *pointer) {
  struct addition *work = pointer;
  size_t first = start * CHUNK, last = end * CHUNK < work->count ? end * CHUNK : work->count;
  memcpy(work->target + first, work->source + first, (last - first) * sizeof(float));
}

void kernels_copy(float *target, const float *source, size_t count) {
  struct addition work = {target, 0, source, count};
  kernels_parallel_ranges((count + CHUNK - 1) / CHUNK, 2, &work, copy_chunks);
}

struct copying {
  float *target;
  const float *source;
  size_t target_stride, source_stride, width;
};

static void copy_rows(size_t start, size_t end, void *pointer) {
  struct copying *work = pointer;
  for (size_t row = start; row < end; row++) {
    memcpy(work->target + row * work->target_stride, work->source + row * work->source_stride,
           work->width * sizeof(float));
  }
}

void kernels_copy_columns(float *target, size_t target_stride, const float *source, size_t source_stride, size_t width,
                          size_t rows) {
  struct copying work = {target, source, target_stride, source_stride, width};
  kernels_parallel_ranges(rows, grain_of(width), &work, copy_rows);
}
