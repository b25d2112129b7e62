// What the machine gives: how many cores, and whether others use them.
#pragma once

// Cores that this process may use: those it is bound to, at most what its control group is granted, or OMP_NUM_THREADS.
int machine_cores(void);

// Watches the threads of one pool.
struct machine_view;
struct machine_view *machine_view_make(int count);
void machine_view_free(struct machine_view *view);
// The calling thread is number `number` of the pool.
void machine_view_add(struct machine_view *view, int number);
// How many of them should work, `active` doing so now. Looks some thirty times a second, however often it is asked.
int machine_view_threads(struct machine_view *view, int active);
