#define _GNU_SOURCE
#include "machine.h"

#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "kernels.h"

#if defined(__linux__)
#include <sys/syscall.h>
#endif

// A thread that waits for its core makes all others wait at the next region's end. So threads give way: where those of a
// pool waited a fifth of the time for a core, three looks in succession, one less works (one look may have seen threads that
// woke on one core and were not moved apart yet); where a core has been idle, one more. Linux says both: each thread's
// schedstat has the nanoseconds that it was ready and did not run, /proc/stat each core's idle time. Elsewhere the number
// of threads stays.

enum { MOST_CORES = 1024, STAT_SIZE = 1 << 17, LATE_LOOKS = 3 };
static const double look_seconds = 0.03, too_long = 0.2, idle_enough = 0.85, least_patience = 0.12;

struct machine_view {
  int count;
  int *files;        // each thread's schedstat; -1 where there is none
  double looked;     // when the delays were read
  double delay;      // seconds, of all threads together
  int late;          // looks in succession that found it too long
  double idle_since, idle;  // when the idle time was read, and what it was
  double patience;   // seconds of idle time that are waited for before one more works
  double grown;      // when one more was last let in
  char stat[STAT_SIZE];  // the text of /proc/stat, so that nothing is allocated later
};

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

static int quota_of_group(void) {
  char text[64] = {0};
  int file = open("/sys/fs/cgroup/cpu.max", O_RDONLY | O_CLOEXEC);
  if (file < 0) return 0;
  ssize_t count = read(file, text, sizeof text - 1);
  close(file);
  long long quota = 0, period = 0;
  if (count <= 0 || sscanf(text, "%lld %lld", &quota, &period) != 2 || quota <= 0 || period <= 0) return 0;
  return (int)((quota + period - 1) / period);
}

int machine_cores(void) {
  const char *text = getenv("OMP_NUM_THREADS");
  int told = text ? atoi(text) : 0;
  if (told >= 1 && told <= MOST_CORES) return told;
  long cores = sysconf(_SC_NPROCESSORS_ONLN);
#if defined(__linux__)
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) == 0) cores = CPU_COUNT(&set);
  int quota = quota_of_group();
  if (quota >= 1 && quota < cores) cores = quota;
#endif
  return cores < 1 ? 1 : cores > MOST_CORES ? MOST_CORES : (int)cores;
}

struct machine_view *machine_view_make(int count) {
  struct machine_view *view = calloc(1, sizeof *view);
  if (!view) return 0;
  view->files = malloc((size_t)count * sizeof(int));
  if (!view->files) {
    free(view);
    return 0;
  }
  for (int i = 0; i < count; i++) view->files[i] = -1;
  view->count = count, view->patience = least_patience;
  return view;
}

void machine_view_free(struct machine_view *view) {
  if (!view) return;
  for (int i = 0; i < view->count; i++)
    if (view->files[i] >= 0) close(view->files[i]);
  free(view->files);
  free(view);
}

void machine_view_add(struct machine_view *view, int number) {
#if defined(__linux__)
  char path[64];
  snprintf(path, sizeof path, "/proc/self/task/%ld/schedstat", (long)syscall(SYS_gettid));
  __atomic_store_n(&view->files[number], open(path, O_RDONLY | O_CLOEXEC), __ATOMIC_RELEASE);
#else
  (void)view, (void)number;
#endif
}

// Seconds that the pool's threads were ready and did not run.
static double delay_of(struct machine_view *view) {
  double sum = 0;
  for (int i = 0; i < view->count; i++) {
    char text[96];
    int file = __atomic_load_n(&view->files[i], __ATOMIC_ACQUIRE);
    ssize_t count = file < 0 ? 0 : pread(file, text, sizeof text - 1, 0);
    unsigned long long run, delay;
    if (count <= 0) continue;
    text[count] = 0;
    if (sscanf(text, "%llu %llu", &run, &delay) == 2) sum += (double)delay * 1e-9;
  }
  return sum;
}

// Seconds that the cores this process may use have been idle, all together; less than 0 where nobody says so.
static double idle_time(struct machine_view *view) {
#if defined(__linux__)
  int file = open("/proc/stat", O_RDONLY | O_CLOEXEC);
  if (file < 0) return -1;
  size_t length = 0;
  for (ssize_t count; length < STAT_SIZE - 1; length += (size_t)count)
    if ((count = read(file, view->stat + length, STAT_SIZE - 1 - length)) <= 0) break;
  close(file);
  view->stat[length] = 0;
  cpu_set_t set;
  CPU_ZERO(&set);
  int known = sched_getaffinity(0, sizeof set, &set) == 0;
  double sum = -1;
  for (char *line = strchr(view->stat, '\n'); line && !strncmp(line + 1, "cpu", 3); line = strchr(line + 1, '\n')) {
    int core;
    unsigned long long user, nice, system, idle, wait;
    if (sscanf(line + 1, "cpu%d %llu %llu %llu %llu %llu", &core, &user, &nice, &system, &idle, &wait) != 6) continue;
    if (known && (core < 0 || core >= CPU_SETSIZE || !CPU_ISSET(core, &set))) continue;
    sum = (sum < 0 ? 0 : sum) + (double)(idle + wait) / (double)sysconf(_SC_CLK_TCK);
  }
  return sum;
#else
  (void)view;
  return -1;
#endif
}

static void begin(struct machine_view *view, double time) {
  view->looked = time, view->delay = delay_of(view);
}

static void begin_idle(struct machine_view *view, double time) {
  view->idle_since = time, view->idle = idle_time(view);
}

int machine_view_threads(struct machine_view *view, int active) {
  double time = now();
  if (time - view->looked < look_seconds) return active;
  // After a rest what was read before says nothing.
  if (view->looked == 0 || time - view->looked > 1) {
    begin(view, time);
    view->late = 0;
    begin_idle(view, time);
    return active;
  }
  double passed = time - view->looked, waited = delay_of(view) - view->delay;
  begin(view, time);
  view->late = waited > too_long * passed ? view->late + 1 : 0;
  if (active > 1 && view->late >= LATE_LOOKS) {
    view->late = 0;
    // What was let in too early is let in later the next time.
    view->patience = time - view->grown < 2 ? (view->patience < 4 ? 2 * view->patience : 4) : least_patience;
    begin_idle(view, time);
    return active - 1;
  }
  if (active < view->count && time - view->idle_since >= view->patience) {
    double idle = idle_time(view), share = (idle - view->idle) / (time - view->idle_since);
    view->idle_since = time, view->idle = idle;
    if (idle >= 0 && share > idle_enough) {
      view->grown = time;
      return active + 1;
    }
  }
  return active;
}
