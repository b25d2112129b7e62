// Arrays of floats in HDF5 files: a file in memory is read by a process of its own, and one is made in memory.
//
// HDF5's library is written for files that one trusts; damaged ones can crash it. The process that reads is a copy of this
// one that ends after it: where the library fails, that process does, and its limits on memory and time are its alone.
#ifndef HDF5_FILES_H
#define HDF5_FILES_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

// What the reading process sends, one after the other: a kind, then for each kind what stands beside it. Integers are
// 64 bits, of this machine; texts are a length and bytes.
enum {
  HDF5_FILES_ARRAY = 1,   // text: its path; rank; extents; floats
  HDF5_FILES_NAME = 2,    // text: a group's path; text: its attribute `name`
  HDF5_FILES_PROBLEM = 3, // text: what is wrong
  HDF5_FILES_END = 4,     // all has been sent
};

// Begins to read `bytes` in a process of its own. Returns the descriptor to read from, to be closed by the caller, or -1
// with `errno`; `process` is to be waited for.
int hdf5_files_begin(const void *bytes, size_t count, pid_t *process);

struct hdf5_files_entry {
  const char *path;
  // Of a group: its attribute `name`, and no array; otherwise null.
  const char *name;
  size_t rank;
  const uint64_t *extents;
  const float *values;
};

// Makes a file with these arrays and groups in memory. Returns 0, or -1 where the library refuses; `bytes` is to be freed.
int hdf5_files_make(const struct hdf5_files_entry *entries, size_t count, void **bytes, size_t *size);

// The library's own version.
void hdf5_files_version(uint32_t *major, uint32_t *minor, uint32_t *release);

#endif
