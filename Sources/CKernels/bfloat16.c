#include "wide.h"

// A dense layer's forward product from weights and sources of 16 bits, the upper half of a float (bfloat16); sums are floats.
// Processors with AVX512_BF16 multiply and add pairs of them, twice as many in a vector.

#if defined(__x86_64__)
#include <immintrin.h>

#define NARROW __attribute__((target("arch=x86-64-v4,avx512bf16"), min_vector_width(512)))
#define NARROW_INLINE static inline __attribute__((always_inline, target("arch=x86-64-v4,avx512bf16"), min_vector_width(512)))

enum { MOST = 12, PAIRS = 256 };  // rows of a tile; pairs of inputs at a time

struct narrow {
  const uint32_t *source;  // (rows, pairs): two neighbouring inputs of an image
  size_t source_row;
  const uint16_t *weights;  // (pairs, 16, 2)
  float *destination;
  size_t destination_row, pairs;
  int adds;
};

NARROW_INLINE void tile(const struct narrow *o, const uint32_t *source, float *to, const size_t rows) {
  __m512 sums[MOST];
  for (size_t r = 0; r < rows; r++)
    sums[r] = o->adds ? _mm512_loadu_ps(to + r * o->destination_row) : _mm512_setzero_ps();
  for (size_t k = 0; k < o->pairs; k++) {
    __m512bh weights = (__m512bh)_mm512_loadu_si512(o->weights + k * 2 * PANEL);
    for (size_t r = 0; r < rows; r++)
      sums[r] = _mm512_dpbf16_ps(sums[r], (__m512bh)_mm512_set1_epi32((int)source[r * o->source_row + k]), weights);
  }
  for (size_t r = 0; r < rows; r++) _mm512_storeu_ps(to + r * o->destination_row, sums[r]);
}

#define TILE_OF(n) \
  static NARROW void tile_##n(const struct narrow *o, const uint32_t *source, float *to) { tile(o, source, to, n); }
TILE_OF(1) TILE_OF(2) TILE_OF(3) TILE_OF(4) TILE_OF(5) TILE_OF(6) TILE_OF(7) TILE_OF(8) TILE_OF(9) TILE_OF(10) TILE_OF(11)
TILE_OF(12)
static void (*const tiles[MOST + 1])(const struct narrow *, const uint32_t *, float *) = {
    0, tile_1, tile_2, tile_3, tile_4, tile_5, tile_6, tile_7, tile_8, tile_9, tile_10, tile_11, tile_12};

// One image's outputs of a whole panel, in four sums that do not wait for one another.
static NARROW void row_of(const struct kernels_dense *w, size_t panel, size_t image) {
  size_t pairs = (w->inputs + 1) / 2, k = 0;
  const uint32_t *source = (const uint32_t *)w->narrow_source + image * pairs;
  const uint16_t *weights = w->narrow_weights + panel * pairs * 2 * PANEL;
  __m512 sums[4] = {_mm512_loadu_ps(w->bias + panel * PANEL), _mm512_setzero_ps(), _mm512_setzero_ps(), _mm512_setzero_ps()};
  for (; k + 4 <= pairs; k += 4)
    for (size_t s = 0; s < 4; s++)
      sums[s] = _mm512_dpbf16_ps(sums[s], (__m512bh)_mm512_set1_epi32((int)source[k + s]),
                                 (__m512bh)_mm512_loadu_si512(weights + (k + s) * 2 * PANEL));
  for (; k < pairs; k++)
    sums[0] = _mm512_dpbf16_ps(sums[0], (__m512bh)_mm512_set1_epi32((int)source[k]),
                               (__m512bh)_mm512_loadu_si512(weights + k * 2 * PANEL));
  __m512 y = (sums[0] + sums[1]) + (sums[2] + sums[3]);
  _mm512_storeu_ps(w->destination + image * w->outputs + panel * PANEL, w->relu ? _mm512_max_ps(y, _mm512_setzero_ps()) : y);
}

// A row of floats, rounded to the nearest, an even number of them.
static NARROW void narrow_row(const float *from, uint16_t *to, size_t count) {
  for (size_t i = 0; i < count; i += 16) {
    __mmask16 mask = count - i < 16 ? (__mmask16)((1u << (count - i)) - 1) : 0xffff;
    __m256bh narrow = _mm512_cvtneps_pbh(_mm512_maskz_loadu_ps(mask, from + i));
    _mm256_mask_storeu_epi16(to + i, mask, (__m256i)narrow);
  }
  if (count % 2) to[count] = 0;
}

static void forward_narrow(const struct kernels_dense *w, size_t first, size_t last, size_t first_row, size_t last_row) {
  size_t rows = last_row - first_row, pairs = (w->inputs + 1) / 2, count = (rows + MOST - 1) / MOST;
  const uint32_t *source = (const uint32_t *)w->narrow_source + first_row * pairs;
  if (rows == 1)
    for (; first < last; first++) row_of(w, first, first_row);
  for (size_t k = 0; k < pairs; k += PAIRS)
    for (size_t panel = first; panel < last; panel++) {
      float *out = w->destination + first_row * w->outputs + panel * PANEL;
      struct narrow o = {.source = source, .source_row = pairs, .weights = w->narrow_weights + (panel * pairs + k) * 2 * PANEL,
                         .destination_row = w->outputs, .pairs = pairs - k < PAIRS ? pairs - k : PAIRS, .adds = k > 0};
      for (size_t t = 0; t < count; t++) {
        size_t start = rows * t / count, end = rows * (t + 1) / count;
        tiles[end - start](&o, source + start * pairs + k, out + start * w->outputs);
      }
      if (k + PAIRS < pairs) continue;
      const float *bias = w->bias + panel * PANEL;
      for (size_t r = 0; r < rows; r++)
        for (size_t i = 0; i < PANEL; i++) {
          float y = out[r * w->outputs + i] + bias[i];
          out[r * w->outputs + i] = w->relu ? larger(y, 0) : y;
        }
    }
}

static void narrow_images(size_t start, size_t end, void *pointer) {
  const struct kernels_dense *w = pointer;
  for (size_t n = start; n < end; n++)
    narrow_row(w->source + n * w->inputs, w->narrow_source + n * ((w->inputs + 1) / 2 * 2), w->inputs);
}

static void narrow_panels(size_t start, size_t end, void *pointer) {
  const struct kernels_dense *w = pointer;
  for (size_t row = 0; row < w->batch; row += MOST_ROWS)
    forward_narrow(w, start, end, row, w->batch - row < MOST_ROWS ? w->batch : row + MOST_ROWS);
}

int kernels_has_bfloat16(void) {
  __builtin_cpu_init();
  return wide_loops()->rows == MOST && __builtin_cpu_supports("avx512bf16");
}

void kernels_dense_forward_narrow(struct kernels_dense work) {
  kernels_parallel_ranges(work.batch, grain_of(work.inputs), &work, narrow_images);
  kernels_parallel_ranges(work.outputs / PANEL, grain_of(work.inputs * PANEL), &work, narrow_panels);
}

#else

int kernels_has_bfloat16(void) { return 0; }
void kernels_dense_forward_narrow(struct kernels_dense work) { kernels_dense_forward(work); }

#endif

// To the nearest, halves to even.
static uint16_t narrowed(float value) {
  uint32_t bits;
  memcpy(&bits, &value, sizeof bits);
  return (uint16_t)((bits + 0x7fff + (bits >> 16 & 1)) >> 16);
}

void kernels_narrow_panels(const float *panels, uint16_t *narrow, size_t inputs, size_t outputs) {
  size_t pairs = (inputs + 1) / 2;
  for (size_t panel = 0; panel < panels_of(outputs); panel++)
    for (size_t k = 0; k < 2 * pairs; k++)
      for (size_t o = 0; o < PANEL; o++)
        narrow[((panel * pairs + k / 2) * PANEL + o) * 2 + k % 2] =
            k < inputs ? narrowed(panels[(panel * inputs + k) * PANEL + o]) : 0;
}
