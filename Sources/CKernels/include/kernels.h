// The few loops that want C: threads shared with oneDNN, and vector loops that oneDNN has no primitive for.
#pragma once
#include <stddef.h>
#include <stdint.h>

// Calls body(part, parts, data) once for each part, on the OpenMP threads that oneDNN uses too.
void kernels_parallel(int parts, void *data, void (*body)(int part, int parts, void *data));

// Number of OpenMP threads of the calling thread's regions; and setting it, with denormals flushed on all of them.
int kernels_threads(void);
void kernels_use_threads(int count);
