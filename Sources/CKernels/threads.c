#include "kernels.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

// libgomp's stable ABI. The toolchain's clang brings no OpenMP runtime of its own, and `-fopenmp=libgomp` silently
// runs serially; these calls put our loops on the very threads that oneDNN uses.
void GOMP_parallel(void (*body)(void *), void *data, unsigned threads, unsigned flags);
int omp_get_thread_num(void);
int omp_get_num_threads(void);
int omp_get_max_threads(void);
void omp_set_num_threads(int count);

struct work {
  int parts;
  void *data;
  void (*body)(int, int, void *);
};

// A nested region may get fewer threads than it asked for: each thread then takes several parts.
static void run_parts(void *pointer) {
  struct work *work = pointer;
  int threads = omp_get_num_threads();
  for (int part = omp_get_thread_num(); part < work->parts; part += threads) work->body(part, work->parts, work->data);
}

void kernels_parallel(int parts, void *data, void (*body)(int part, int parts, void *data)) {
  struct work work = {parts, data, body};
  if (parts <= 1) {
    body(0, 1, data);
    return;
  }
  GOMP_parallel(run_parts, &work, (unsigned)parts, 0);
}

struct ranges {
  size_t count;
  void *data;
  void (*body)(size_t, size_t, void *);
};

static void run_range(int part, int parts, void *pointer) {
  struct ranges *work = pointer;
  size_t start = work->count * part / parts, end = work->count * (part + 1) / parts;
  if (start < end) work->body(start, end, work->data);
}

void kernels_parallel_ranges(size_t count, size_t grain, void *data, void (*body)(size_t, size_t, void *)) {
  size_t parts = count / (grain ? grain : 1), threads = (size_t)kernels_threads();
  if (parts > threads) parts = threads;
  struct ranges work = {count, data, body};
  kernels_parallel(parts > 1 ? (int)parts : 1, &work, run_range);
}

int kernels_threads(void) { return omp_get_max_threads(); }

static void flush_denormals(int part, int parts, void *data) {
  (void)part, (void)parts, (void)data;
#if defined(__x86_64__)
  _mm_setcsr(_mm_getcsr() | 0x8040);  // FTZ and DAZ
#elif defined(__aarch64__)
  uint64_t fpcr;
  __asm__ volatile("mrs %0, fpcr" : "=r"(fpcr));
  __asm__ volatile("msr fpcr, %0" ::"r"(fpcr | (1u << 24)));
#endif
}

void kernels_use_threads(int count) {
  omp_set_num_threads(count);
  kernels_parallel(count, 0, flush_denormals);
}
