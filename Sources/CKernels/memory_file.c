#define _GNU_SOURCE
#include "kernels.h"

#include <sys/mman.h>

int kernels_memory_file(const char *name) { return memfd_create(name, MFD_CLOEXEC); }
