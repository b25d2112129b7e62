#define _GNU_SOURCE
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kernels.h"
#include "machine.h"

#if defined(__linux__)
#include <linux/futex.h>
#include <sys/syscall.h>
#endif
#if defined(__x86_64__)
#include <immintrin.h>
#endif

// Each thread that computes has workers of its own. A region's parts are bits of one word: whoever is there takes one,
// first the one with its own number, whose data may be in its cache. A worker that sleeps or has lost its core holds
// nobody up unless it has begun a part. How many work is decided while running (machine.c).

enum { BITS = 32, SPINS = 1500 };  // looks before a sleep: some fifty microseconds

struct pool {
  _Atomic uint64_t state;  // the region's number in the upper half, the parts nobody has taken in the lower
  _Atomic uint32_t bell;   // the region's number; sleeping workers wait for it
  _Atomic uint32_t rest;   // parts that are not done
  _Atomic int sleepers, caller_sleeps, active, ends;
  int parts;
  void *data;
  void (*body)(int, int, void *);
  int count;  // the caller and its workers
  int asked;  // how many they were to be
  pthread_t *threads;
  struct machine_view *view;
};

struct worker {
  struct pool *pool;
  int number;
};

static _Thread_local struct pool *own;
static _Thread_local int wanted, is_inside, number_of_thread;
static pthread_key_t at_exit;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void pause_briefly(void) {
#if defined(__x86_64__)
  _mm_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

static void sleep_while(_Atomic uint32_t *word, uint32_t value) {
#if defined(__linux__)
  syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, value, 0, 0, 0);
#else
  if (atomic_load(word) == value) usleep(50);
#endif
}

static void wake(_Atomic uint32_t *word) {
#if defined(__linux__)
  syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, INT_MAX, 0, 0, 0);
#else
  (void)word;
#endif
}

// Denormal floats count as zero: units that stay silent send an optimizer's moments there, and those are several times
// slower. Returns what was set before.
static unsigned long flush_denormals(void) {
#if defined(__x86_64__)
  unsigned before = _mm_getcsr();
  _mm_setcsr(before | 0x8040);
  return before;
#elif defined(__aarch64__)
  unsigned long before;
  __asm__ volatile("mrs %0, fpcr" : "=r"(before));
  __asm__ volatile("msr fpcr, %0" ::"r"(before | (1ul << 24)));
  return before;
#else
  return 0;
#endif
}

static void restore_denormals(unsigned long before) {
#if defined(__x86_64__)
  _mm_setcsr((unsigned)before);
#elif defined(__aarch64__)
  __asm__ volatile("msr fpcr, %0" ::"r"(before));
#else
  (void)before;
#endif
}

// Takes parts of the region `number` until none is left.
static void take_parts(struct pool *pool, uint32_t number, int preferred) {
  for (;;) {
    uint64_t state = atomic_load(&pool->state);
    uint32_t free = (uint32_t)state;
    if ((uint32_t)(state >> BITS) != number || !free) return;
    int bit = preferred < BITS && free >> preferred & 1 ? preferred : __builtin_ctz(free);
    if (!atomic_compare_exchange_weak(&pool->state, &state, state & ~((uint64_t)1 << bit))) continue;
    // The region cannot end before this is done, so that what it says still holds.
    uint32_t done = 0;
    for (int part = bit; part < pool->parts; part += BITS, done++) pool->body(part, pool->parts, pool->data);
    if (atomic_fetch_sub(&pool->rest, done) == done && atomic_load(&pool->caller_sleeps)) wake(&pool->rest);
  }
}

static void *work(void *pointer) {
  struct worker self = *(struct worker *)pointer;
  free(pointer);
  struct pool *pool = self.pool;
  is_inside = 1, number_of_thread = self.number;
  flush_denormals();
  machine_view_add(pool->view, self.number);
  uint32_t seen = 0;
  while (!atomic_load(&pool->ends)) {
    uint32_t number = atomic_load(&pool->bell);
    for (int i = 0; number == seen && i < SPINS && self.number < atomic_load(&pool->active); i++) {
      pause_briefly();
      number = atomic_load(&pool->bell);
    }
    if (number == seen) {
      atomic_fetch_add(&pool->sleepers, 1);
      if (!atomic_load(&pool->ends)) sleep_while(&pool->bell, seen);
      atomic_fetch_sub(&pool->sleepers, 1);
      continue;
    }
    seen = number;
    if (self.number < atomic_load(&pool->active)) take_parts(pool, number, self.number);
  }
  return 0;
}

static void ring(struct pool *pool, uint32_t number) {
  atomic_store(&pool->bell, number);
  if (atomic_load(&pool->sleepers)) wake(&pool->bell);
}

static void end(void *pointer) {
  struct pool *pool = pointer;
  if (!pool) return;
  atomic_store(&pool->ends, 1);
  ring(pool, atomic_load(&pool->bell) + 1);
  for (int i = 1; i < pool->count; i++) pthread_join(pool->threads[i], 0);
  machine_view_free(pool->view);
  free(pool->threads);
  free(pool);
}

// In a child made by fork there are no workers: it makes its own. What the parent's pool holds is left.
static void forget(void) {
  own = 0;
  pthread_setspecific(at_exit, 0);
}

static void make_key(void) {
  pthread_key_create(&at_exit, end);
  pthread_atfork(0, 0, forget);
}

// A pool of `count` threads; with fewer, and the reason in `code`, where not all start.
static struct pool *make(int count, int *code) {
  *code = ENOMEM;
  struct pool *pool = calloc(1, sizeof *pool);
  if (!pool) return 0;
  pool->threads = calloc((size_t)count, sizeof(pthread_t));
  pool->view = machine_view_make(count);
  if (!pool->threads || !pool->view) {
    free(pool->threads);
    machine_view_free(pool->view);
    free(pool);
    return 0;
  }
  pool->asked = count;
  machine_view_add(pool->view, 0);
  for (pool->count = 1, *code = 0; pool->count < count; pool->count++) {
    struct worker *worker = malloc(sizeof *worker);
    if (worker) *worker = (struct worker){pool, pool->count};
    *code = worker ? pthread_create(&pool->threads[pool->count], 0, work, worker) : ENOMEM;
    if (*code) {
      free(worker);
      break;
    }
  }
  atomic_store(&pool->active, pool->count);
  return pool;
}

// The calling thread's pool, as large as it wants; 0, or why it is smaller.
static int prepare(void) {
  int count = kernels_threads(), code = 0;
  if (own && own->asked == count) return 0;
  pthread_once(&once, make_key);
  end(own);
  own = make(count, &code);
  pthread_setspecific(at_exit, own);
  return code;
}

int kernels_threads(void) {
  if (is_inside) return 1;
  if (wanted == 0) wanted = machine_cores();
  return wanted;
}

int kernels_use_threads(int count) {
  if (is_inside) return 0;
  wanted = count < 1 ? 1 : count;
  return wanted > 1 ? prepare() : 0;
}

int kernels_thread_number(void) { return number_of_thread; }

int kernels_active_threads(void) { return own && !is_inside ? atomic_load(&own->active) : 1; }

static void run_alone(int parts, void *data, void (*body)(int, int, void *)) {
  for (int part = 0; part < parts; part++) body(part, parts, data);
}

void kernels_parallel(int parts, void *data, void (*body)(int part, int parts, void *data)) {
  if (is_inside) {
    run_alone(parts, data, body);
    return;
  }
  unsigned long before = flush_denormals();
  if (parts > 1 && kernels_threads() > 1) prepare();
  struct pool *pool = kernels_threads() > 1 ? own : 0;
  is_inside = 1;
  if (parts <= 1 || !pool || atomic_load(&pool->active) < 2) {
    run_alone(parts, data, body);
  } else {
    pool->parts = parts, pool->data = data, pool->body = body;
    uint32_t number = atomic_load(&pool->bell) + 1;
    atomic_store(&pool->rest, (uint32_t)parts);
    uint64_t bits = parts >= BITS ? UINT32_MAX : ((uint64_t)1 << parts) - 1;
    atomic_store(&pool->state, (uint64_t)number << BITS | bits);
    ring(pool, number);
    take_parts(pool, number, 0);
    uint32_t rest;
    for (int i = 0; (rest = atomic_load(&pool->rest)) && i < SPINS; i++) pause_briefly();
    while (rest) {
      atomic_store(&pool->caller_sleeps, 1);
      if ((rest = atomic_load(&pool->rest))) sleep_while(&pool->rest, rest);
      rest = atomic_load(&pool->rest);
    }
    atomic_store(&pool->caller_sleeps, 0);
  }
  is_inside = 0;
  if (pool && pool->count > 1)
    atomic_store(&pool->active, machine_view_threads(pool->view, atomic_load(&pool->active)));
  restore_denormals(before);
}

struct ranges {
  size_t count;
  void *data;
  void (*body)(size_t, size_t, void *);
};

static void run_range(int part, int parts, void *pointer) {
  struct ranges *work = pointer;
  size_t start = work->count * (size_t)part / (size_t)parts, end = work->count * ((size_t)part + 1) / (size_t)parts;
  if (start < end) work->body(start, end, work->data);
}

void kernels_parallel_ranges(size_t count, size_t grain, void *data, void (*body)(size_t, size_t, void *)) {
  size_t parts = count / (grain ? grain : 1), threads = (size_t)kernels_threads();
  if (parts > threads) parts = threads;
  struct ranges work = {count, data, body};
  kernels_parallel(parts > 1 ? (int)parts : 1, &work, run_range);
}
