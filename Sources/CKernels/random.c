// Counter-based random numbers in bulk, and the noise made of them.
//
// The bytes must be the same on every processor: nothing here but integers and +, -, *, / and square root on floats,
// each correctly rounded by IEEE 754, never fused, never reordered, and no call of libm.
#include "kernels.h"
#include "vector.h"

#pragma clang fp contract(off) reassociate(off)

enum { LANES = 16, CHUNK = 4 * LANES };

// One chunk of a stream: the words of 16 Philox blocks (10 rounds, as in Philox.swift), word-major: first the 16 first
// words, then the 16 second ones, and so on. Word-major keeps each block in one vector lane.
INLINE void make_words(const struct kernels_stream *stream, uint32_t chunk, uint32_t words[CHUNK]) {
#pragma clang loop vectorize(enable) interleave(disable)
  for (uint32_t lane = 0; lane < LANES; lane++) {
    uint32_t c0 = stream->counter[0] + chunk * LANES + lane;
    uint32_t c1 = stream->counter[1], c2 = stream->counter[2], c3 = stream->counter[3];
    uint32_t k0 = stream->key[0], k1 = stream->key[1];
#pragma clang loop unroll(full)
    for (int round = 0; round < 10; round++) {
      uint64_t a = (uint64_t)c0 * 0xD2511F53u;
      uint64_t b = (uint64_t)c2 * 0xCD9E8D57u;
      c0 = (uint32_t)(b >> 32) ^ c1 ^ k0;
      c1 = (uint32_t)b;
      c2 = (uint32_t)(a >> 32) ^ c3 ^ k1;
      c3 = (uint32_t)a;
      k0 += 0x9E3779B9u;
      k1 += 0xBB67AE85u;
    }
    words[lane] = c0;
    words[LANES + lane] = c1;
    words[2 * LANES + lane] = c2;
    words[3 * LANES + lane] = c3;
  }
}

// log(u) for u in [2^-32, 1]: exponent and mantissa m in [sqrt(1/2), sqrt(2)), then 2 artanh((m - 1) / (m + 1)).
INLINE float logarithm(float u) {
  union {
    float value;
    int32_t bits;
  } number = {u};
  int32_t exponent = (number.bits - 0x3F3504F3) >> 23;
  number.bits -= (int32_t)((uint32_t)exponent << 23);
  float s = (number.value - 1) / (number.value + 1);
  float s2 = s * s;
  float series = 2 + s2 * (2.0f / 3 + s2 * (2.0f / 5 + s2 * (2.0f / 7 + s2 * (2.0f / 9))));
  return (float)exponent * 0.69314718f + s * series;
}

// Two words to two independent normal deviates (Box and Muller 1958). The first word's upper 31 bits make the radius,
// at most sqrt(-2 log 2^-32) = 6.66; the second's two upper bits a quadrant and the rest the angle in it, from -45 to
// 45 degrees, where sine and cosine are short Taylor sums.
INLINE void box_muller(uint32_t first, uint32_t second, float *x, float *y) {
  float u = ((float)(int32_t)(first >> 1) + 0.5f) * 0x1p-31f;
  float radius = __builtin_elementwise_sqrt(-2 * logarithm(u));
  float angle = (float)(int32_t)(second << 2) * (0x1p-32f * 1.57079633f);
  float a2 = angle * angle;
  float sine = angle * (1 + a2 * (-1.0f / 6 + a2 * (1.0f / 120 + a2 * (-1.0f / 5040 + a2 * (1.0f / 362880)))));
  float cosine = 1 + a2 * (-1.0f / 2 + a2 * (1.0f / 24 + a2 * (-1.0f / 720 + a2 * (1.0f / 40320))));
  uint32_t quadrant = second >> 30;
  float across = quadrant & 1 ? -sine : cosine;
  float up = quadrant & 1 ? cosine : sine;
  *x = radius * (quadrant & 2 ? -across : across);
  *y = radius * (quadrant & 2 ? -up : up);
}

// Words become deviates in place of their order: word j of a block and word j + 1 make the deviates j and j + 1.
INLINE void make_normals(const struct kernels_stream *stream, uint32_t chunk, float normals[CHUNK]) {
  uint32_t words[CHUNK];
  make_words(stream, chunk, words);
#pragma clang loop vectorize(enable) interleave(disable)
  for (int lane = 0; lane < LANES; lane++) {
    box_muller(words[lane], words[LANES + lane], &normals[lane], &normals[LANES + lane]);
    box_muller(words[2 * LANES + lane], words[3 * LANES + lane], &normals[2 * LANES + lane], &normals[3 * LANES + lane]);
  }
}

// Clamped to 0...255 and rounded, halves up. Anything that is not a number becomes 0.
INLINE uint8_t pixel(float value) {
  value = value > 0 ? value : 0;
  value = value < 255 ? value : 255;
  return (uint8_t)(int32_t)(value + 0.5f);
}

INLINE void add_normals(
    uint8_t *pixels, size_t count, float sigma, const struct kernels_stream *stream) {
  float normals[CHUNK];
  for (size_t start = 0; start < count; start += CHUNK) {
    make_normals(stream, (uint32_t)(start / CHUNK), normals);
    size_t rest = count - start < CHUNK ? count - start : CHUNK;
    for (size_t i = 0; i < rest; i++) pixels[start + i] = pixel((float)pixels[start + i] + sigma * normals[i]);
  }
}

VECTOR void kernels_random_words(uint32_t *words, size_t chunks, const struct kernels_stream *stream) {
  for (size_t chunk = 0; chunk < chunks; chunk++) make_words(stream, (uint32_t)chunk, words + chunk * CHUNK);
}

VECTOR void kernels_random_normals(float *normals, size_t chunks, const struct kernels_stream *stream) {
  for (size_t chunk = 0; chunk < chunks; chunk++) make_normals(stream, (uint32_t)chunk, normals + chunk * CHUNK);
}

VECTOR void kernels_add_normals(
    uint8_t *pixels, size_t count, float sigma, const struct kernels_stream *stream) {
  add_normals(pixels, count, sigma, stream);
}

void kernels_add_normals_portable(uint8_t *pixels, size_t count, float sigma, const struct kernels_stream *stream) {
  add_normals(pixels, count, sigma, stream);
}

VECTOR void kernels_add_gradient(
    uint8_t *pixels, size_t height, size_t width, size_t channels, struct kernels_gradient gradient) {
  for (size_t row = 0; row < height; row++) {
    float down = (float)(int32_t)row - gradient.row;
    uint8_t *line = pixels + row * width * channels;
    for (size_t channel = 0; channel < channels; channel++) {
#pragma clang loop vectorize(enable)
      for (size_t column = 0; column < width; column++) {
        float right = (float)(int32_t)column - gradient.column;
        float distance = __builtin_elementwise_sqrt(down * down + right * right);
        uint8_t *place = line + column * channels + channel;
        *place = pixel((float)*place + gradient.peak / (1 + gradient.falloff * distance));
      }
    }
  }
}
