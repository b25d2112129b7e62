// Counts the heap allocations of this process while asked to, on all threads. In a test executable this stands in
// front of the C library's functions. Calls that oneDNN, OpenMP or the C++ library make for themselves are left out:
// oneDNN allocates a small map of arguments each time that it runs a primitive, and nothing of ours can change that.
#pragma once

// One test counts at a time: others wait in start until it has called stop, on the same thread.
void allocation_counter_start(void);
long allocation_counter_stop(void);
