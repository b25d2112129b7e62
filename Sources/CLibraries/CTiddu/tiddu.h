// Tiddu's C interface: correct, classify and distort images in memory.
//
// Functions that can fail answer with 0 or an exit status of sysexits.h (64 a wrong argument, 65 wrong data, 70 and 71 no
// means to compute, 74 a file) and put what is wrong and what to do about it, as UTF-8, into *message, which is freed by
// tiddu_free; message may be null. All may be called by several threads at once; those that use one model come one after the
// other, each on all cores. A child made by fork may use them, too, where no other thread was in one of them meanwhile.
#ifndef TIDDU_H
#define TIDDU_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct tiddu_restorer tiddu_restorer;
typedef struct tiddu_classifier tiddu_classifier;

enum { TIDDU_UINT8 = 0, TIDDU_FLOAT32 = 1 };

// Images of one size: (N, H, W, C), contiguous. Grey ones have one channel, 0 for paper and 255 for ink, as in MNIST; colour
// ones three. Floats are from 0 to 1.
typedef struct tiddu_images {
  const void *pixels;
  int64_t count, height, width, channels;
  int32_t type;
} tiddu_images;

// What a model of two parts says of an image.
typedef struct tiddu_finding {
  int32_t undone;      // what was done to the image: the number of a tiddu_orientation_name, 0 for nothing
  float probability;   // of that, 0...1
  int32_t is_changed;  // 0 where the image needs nothing, or its orientation is not sure enough
} tiddu_finding;

// The version of the library, such as "0.1.0".
const char *tiddu_version(void);
void tiddu_free(void *memory);

// Threads that the calling thread computes with; by default one a core.
int tiddu_use_threads(int32_t count, char **message);

// model: a file, a run's folder, or the name of a model that comes with Tiddu; expecting: a recipe's name or file that says how
// the images come to be as they are, or null.
int tiddu_open_restorer(const char *model, const char *expecting, tiddu_restorer **restorer, char **message);
void tiddu_close_restorer(tiddu_restorer *restorer);

// Whether it says what it undid.
int tiddu_finds_orientations(const tiddu_restorer *restorer);

// How an image lies, by its number from 0 to 7: "upright", "rotation-90"; null for others.
const char *tiddu_orientation_name(int32_t number);

// Writes as many pixels of the same type into `restored`, which may be the images' own memory. only_if_sure: images whose
// orientation is less probable are left as they are; 0 leaves none. findings: null, or room for one an image.
int tiddu_restore(const tiddu_restorer *restorer, const tiddu_images *images, float only_if_sure, void *restored,
                  tiddu_finding *findings, char **message);

int tiddu_open_classifier(const char *model, tiddu_classifier **classifier, char **message);
void tiddu_close_classifier(tiddu_classifier *classifier);

int64_t tiddu_class_count(const tiddu_classifier *classifier);
// Lives as long as the classifier; null for others.
const char *tiddu_class_name(const tiddu_classifier *classifier, int64_t number);

// probabilities: room for (N, classes) numbers.
int tiddu_classify(const tiddu_classifier *classifier, const tiddu_images *images, float *probabilities, char **message);

// recipe: a built-in recipe's name, a YAML file, or YAML of more than one line. What becomes of an image depends on seed, epoch and
// its number alone; the first one's is `first`. Floats are rounded to bytes before.
int tiddu_distort(const char *recipe, const tiddu_images *images, uint64_t seed, int64_t epoch, int64_t first, void *distorted,
                  char **message);

#ifdef __cplusplus
}
#endif
#endif
