// The few loops that want C: threads and vector loops.
#pragma once
#include <stddef.h>
#include <stdint.h>

// Calls body(part, parts, data) once for each part, on the calling thread and its workers; within a body, on the calling
// thread alone. Denormal floats count as zero in it.
void kernels_parallel(int parts, void *data, void (*body)(int part, int parts, void *data));

// Calls body with ranges that together cover 0 ..< count, one a thread; on the calling thread alone where two threads
// would get less than `grain` turns each.
void kernels_parallel_ranges(size_t count, size_t grain, void *data, void (*body)(size_t start, size_t end, void *data));

// The number of threads that the calling thread's work is divided among, at first as many as there are cores; and setting
// it, which starts them: 0, or the errno of the first that did not start.
int kernels_threads(void);
int kernels_use_threads(int count);
// Which of them the calling thread is: 0 outside of a region, and for its caller.
int kernels_thread_number(void);
// How many of them work now: fewer where other programs use the cores.
int kernels_active_threads(void);

// Last resort where neither Swift nor C++ can be refused memory: from now on such an end of the program, by SIGABRT or from
// operator new, writes `text` (kept, not copied) to standard error and exits with `status`; an abort for other reasons
// goes on as before.
void kernels_end_quietly_without_memory(const char *text, int status);

// From now on SIGINT, SIGTERM and SIGHUP, where they are not ignored, remove the files that are begun and not ended, and
// then end the program as they would have. While somebody watches, the first of them is only noted, for him to end by.
void kernels_end_cleanly_on_signals(void);
void kernels_watch_for_signals(int change);  // 1 more, or -1
int kernels_signal_received(void);           // its number; 0 for none
int kernels_begin_file(const char *path);    // a place for kernels_end_file; -1 where there is none, which that takes too
void kernels_end_file(int place);

// A file in memory, to read and write, closed when another program is started in this process; -1 where there is none.
// (Linux' memfd_create, which Swift does not see.)
int kernels_memory_file(const char *name);

// The shared library that this code is part of; 0 where it is part of the program itself.
const char *kernels_library_file(void);

// random.c: a stream of random words as Philox.swift makes it, from block counter[0] on, in chunks of 64 words.
struct kernels_stream {
  uint32_t key[2];
  uint32_t counter[4];
};
void kernels_random_words(uint32_t *words, size_t chunks, const struct kernels_stream *stream);
void kernels_random_normals(float *normals, size_t chunks, const struct kernels_stream *stream);
void kernels_add_normals(uint8_t *pixels, size_t count, float sigma, const struct kernels_stream *stream);
void kernels_add_normals_portable(uint8_t *pixels, size_t count, float sigma, const struct kernels_stream *stream);
struct kernels_gradient {
  float row, column, peak, falloff;
};
void kernels_add_gradient(uint8_t *pixels, size_t height, size_t width, size_t channels, struct kernels_gradient gradient);
