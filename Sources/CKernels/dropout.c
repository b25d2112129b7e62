#include "kernels.h"
#include "vector.h"
#include "vector_kernels.h"

// Dropout: 16 random bits a value, a stream an image. The same stream gives the same mask again for the gradient.

struct dropping {
  float *target;
  const float *source;
  size_t size;
  uint32_t threshold;
  float scale;
  struct kernels_stream stream;
};

static VECTOR void drop(float *restrict target, const float *restrict source, const uint16_t *restrict bits, size_t count,
                        uint32_t threshold, float scale) {
  VECTORISE for (size_t i = 0; i < count; i++) target[i] = bits[i] < threshold ? 0 : source[i] * scale;
}

static void drop_images(size_t start, size_t end, void *pointer) {
  const struct dropping *work = pointer;
  enum { WORDS = 512 };
  for (size_t image = start; image < end; image++) {
    struct kernels_stream stream = work->stream;
    stream.counter[1] += (uint32_t)image;
    for (size_t first = 0; first < work->size; first += 2 * WORDS) {
      uint32_t words[WORDS];
      uint16_t bits[2 * WORDS];
      size_t count = work->size - first < 2 * WORDS ? work->size - first : 2 * WORDS;
      kernels_random_words(words, (count + 127) / 128, &stream);
      stream.counter[0] += WORDS / 4;
      memcpy(bits, words, sizeof bits);
      size_t place = image * work->size + first;
      drop(work->target + place, work->source + place, bits, count, work->threshold, work->scale);
    }
  }
}

void kernels_drop(float *target, const float *source, size_t images, size_t size, float rate,
                  const struct kernels_stream *stream) {
  struct dropping work = {target, source, size, (uint32_t)(rate * 65536.0f + 0.5f), 1 / (1 - rate), *stream};
  kernels_parallel_ranges(images, grain_of(size), &work, drop_images);
}
