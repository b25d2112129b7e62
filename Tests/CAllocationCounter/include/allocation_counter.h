// Counts the heap allocations of the calling thread while asked to: other tests run beside it, and the other threads of
// a step run nothing but C loops. In a test executable this stands in front of the C library's functions. Calls that
// oneDNN, OpenMP or the C++ library make for themselves are left out: oneDNN allocates a small map of arguments each time
// that it runs a primitive, and nothing of ours can change that.
#pragma once

void allocation_counter_start(void);
long allocation_counter_stop(void);
