// What the vector loops share: run-time dispatch and branchless polynomials that vectorise.
#pragma once
#include <stddef.h>
#include <stdint.h>
#include <string.h>

// Each loop is compiled for three processors; the loader picks one: so early that the thread sanitizer is not there yet.
#if defined(__x86_64__) && defined(__linux__) && !__has_feature(thread_sanitizer)
#define VECTOR __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define VECTOR
#endif
#define INLINE static inline __attribute__((always_inline))

// Sums may be regrouped into vector lanes, products and sums fused.
#define FAST_SUMS _Pragma("clang fp reassociate(on) contract(fast)")
#define VECTORISE _Pragma("clang loop vectorize(enable)")

INLINE float absolute(float x) { return __builtin_elementwise_abs(x); }
INLINE float larger(float a, float b) { return a > b ? a : b; }
INLINE float smaller(float a, float b) { return a < b ? a : b; }

// exp(x) for x <= 0 to about 1e-7 relative; below -87 it stays at exp(-87).
// x = n ln 2 + r with |r| <= ln 2 / 2, exp(r) by its Taylor series to r^7, 2^n by its exponent bits.
INLINE float exponential_of_negative(float x) {
  x = larger(x, -87.0f);
  const float shift = 12582912.0f;  // 1.5 * 2^23: adding it rounds to an integer
  float shifted = x * 1.44269504f + shift;
  float n = shifted - shift;
  float r = (x - n * 0.693359375f) + n * 2.12194440e-4f;
  float p = 1.0f / 5040;
  p = p * r + 1.0f / 720;
  p = p * r + 1.0f / 120;
  p = p * r + 1.0f / 24;
  p = p * r + 1.0f / 6;
  p = p * r + 0.5f;
  p = p * r + 1.0f;
  p = p * r + 1.0f;
  int32_t bits = ((int32_t)n + 127) << 23;
  float power;
  memcpy(&power, &bits, sizeof power);
  return p * power;
}

// log(1 + u) for 0 <= u <= 1 to about 1e-7 relative: 2 atanh(s) with s = u / (2 + u) <= 1/3.
INLINE float log_one_plus(float u) {
  float s = u / (2.0f + u), q = s * s;
  float p = 1.0f / 15;
  p = p * q + 1.0f / 13;
  p = p * q + 1.0f / 11;
  p = p * q + 1.0f / 9;
  p = p * q + 1.0f / 7;
  p = p * q + 1.0f / 5;
  p = p * q + 1.0f / 3;
  p = p * q + 1.0f;
  return 2.0f * s * p;
}

// 1 / (1 + exp(-z)), given u = exp(-|z|): never overflows.
INLINE float sigmoid_from(float z, float u) { return (z >= 0 ? 1.0f : u) / (1.0f + u); }

// Rows of `size` values for each thread at least: eight thousand take less time than waking one.
INLINE size_t grain_of(size_t size) { return size < 8192 ? 8192 / (size ? size : 1) : 1; }
