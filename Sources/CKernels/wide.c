#include "wide.h"

#include <stdlib.h>
#include <strings.h>

// The same loops three times: what differs is how wide a vector is and how many of them are at hand.

#define LOOPS(processor, text)                                                                             \
  static const struct wide_loops loops_##processor = {                                                     \
      text,                        ROWS,                                                                   \
      dense_forward_##processor,   dense_source_gradient_##processor, dense_pack_##processor,              \
      dense_weight_gradient_##processor, convolve_##processor,         correlate_##processor,              \
      correlate_few_##processor,   winograd_##processor,              winograd_correlate_##processor};

#if defined(__x86_64__)

// Without the second, vectors of 512 bits are cut into halves.
#pragma clang attribute push(__attribute__((target("arch=x86-64-v4"))), apply_to = function)
#pragma clang attribute push(__attribute__((min_vector_width(512))), apply_to = function)
#define NAME(x) x##_avx512
#define WIDTH 16
#define ROWS 12
#include "all_loops.h"
LOOPS(avx512, "AVX-512")
#include "all_loops_end.h"
#pragma clang attribute pop
#pragma clang attribute pop

#pragma clang attribute push(__attribute__((target("arch=x86-64-v3"))), apply_to = function)
#define NAME(x) x##_avx2
#define WIDTH 8
#define ROWS 6
#include "all_loops.h"
LOOPS(avx2, "AVX2")
#include "all_loops_end.h"
#pragma clang attribute pop

#endif

#define NAME(x) x##_portable
#define WIDTH 4
#define ROWS 3
#include "all_loops.h"
#if defined(__x86_64__)
LOOPS(portable, "SSE2")
#else
LOOPS(portable, "portable")
#endif
#include "all_loops_end.h"

// 3 for AVX-512, 2 for AVX2, 1 for less: what the environment asks for at most.
static int most_wanted(void) {
  const char *names[] = {"TIDDU_MAX_ISA", "ONEDNN_MAX_CPU_ISA"};
  for (size_t i = 0; i < 2; i++) {
    const char *text = getenv(names[i]);
    if (!text) continue;
    if (!strncasecmp(text, "AVX2", 4)) return 2;
    if (!strncasecmp(text, "SSE", 3)) return 1;
  }
  return 3;
}

static const struct wide_loops *chosen;

const struct wide_loops *wide_loops(void) {
  const struct wide_loops *known = __atomic_load_n(&chosen, __ATOMIC_RELAXED);
  if (known) return known;
  known = &loops_portable;
#if defined(__x86_64__)
  __builtin_cpu_init();
  int most = most_wanted();
  if (most >= 3 && __builtin_cpu_supports("x86-64-v4")) known = &loops_avx512;
  else if (most >= 2 && __builtin_cpu_supports("x86-64-v3")) known = &loops_avx2;
#else
  (void)most_wanted;
#endif
  __atomic_store_n(&chosen, known, __ATOMIC_RELAXED);
  return known;
}

const char *kernels_instructions(void) { return wide_loops()->instructions; }
