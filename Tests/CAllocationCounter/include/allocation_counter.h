// Counts the heap allocations of the calling thread while asked to: other tests run beside it, and the other threads of
// a step run nothing but C loops. In a test executable this stands in front of the C library's functions.
#pragma once

// 0 in a build with sanitizers, which have allocation functions of their own.
int allocation_counter_works(void);
void allocation_counter_start(void);
long allocation_counter_stop(void);
