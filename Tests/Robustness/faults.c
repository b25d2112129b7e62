// Makes the n-th call of one system function fail: LD_PRELOAD this, with
//   FAULT=write:28:3       the third write fails with errno 28 (ENOSPC)
//   FAULT=write:short:3    the third write writes half of what it is given
//   FAULT=write:again:3    the third write is interrupted once (EINTR)
//   FAULT=write:dies:3     the process is killed before the third write
// With CLOCK=jumps the clock of the day jumps by up to ten years at every look at it.
// Where it happened, the file FAULT_REPORT is made. Calls of other processes and libraries count, too; those within libc do not.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

static char wanted[32];
static int code, shortens, dies, number;
static atomic_int calls;

__attribute__((constructor)) static void begin(void) {
  const char *fault = getenv("FAULT");
  char how[16] = "";
  if (!fault || sscanf(fault, "%31[a-z0-9]:%15[a-z0-9]:%d", wanted, how, &number) != 3) {
    wanted[0] = 0;
    return;
  }
  shortens = !strcmp(how, "short"), dies = !strcmp(how, "dies");
  code = !strcmp(how, "again") ? EINTR : atoi(how);
}

// Whether this call is the one.
static int strikes(const char *name) {
  if (strcmp(name, wanted) || atomic_fetch_add(&calls, 1) + 1 != number) return 0;
  const char *report = getenv("FAULT_REPORT");
  if (report) {
    int file = (int)syscall(SYS_open, report, O_WRONLY | O_CREAT, 0600);
    if (file >= 0) syscall(SYS_close, file);
  }
  if (dies) raise(SIGKILL);
  errno = code;
  return 1;
}

#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

// How many bytes of a call of `name` go through; -1 where it fails.
static ssize_t allowed(const char *name, size_t count) {
  if (!strikes(name)) return (ssize_t)count;
  if (!shortens) return -1;
  return (ssize_t)(count > 1 ? count / 2 : count);
}

ssize_t write(int file, const void *bytes, size_t count) {
  ssize_t part = allowed("write", count);
  return part < 0 ? -1 : NEXT(write)(file, bytes, (size_t)part);
}

ssize_t pwrite(int file, const void *bytes, size_t count, off_t offset) {
  ssize_t part = allowed("write", count);
  return part < 0 ? -1 : NEXT(pwrite)(file, bytes, (size_t)part, offset);
}

ssize_t read(int file, void *bytes, size_t count) {
  ssize_t part = allowed("read", count);
  return part < 0 ? -1 : NEXT(read)(file, bytes, (size_t)part);
}

ssize_t pread(int file, void *bytes, size_t count, off_t offset) {
  ssize_t part = allowed("read", count);
  return part < 0 ? -1 : NEXT(pread)(file, bytes, (size_t)part, offset);
}

int open(const char *path, int flags, ...) {
  va_list more;
  va_start(more, flags);
  mode_t mode = va_arg(more, mode_t);
  va_end(more);
  return strikes("open") ? -1 : NEXT(open)(path, flags, mode);
}

int open64(const char *path, int flags, ...) {
  va_list more;
  va_start(more, flags);
  mode_t mode = va_arg(more, mode_t);
  va_end(more);
  return strikes("open") ? -1 : NEXT(open64)(path, flags, mode);
}

int openat(int folder, const char *path, int flags, ...) {
  va_list more;
  va_start(more, flags);
  mode_t mode = va_arg(more, mode_t);
  va_end(more);
  return strikes("open") ? -1 : NEXT(openat)(folder, path, flags, mode);
}

int fsync(int file) { return strikes("fsync") ? -1 : NEXT(fsync)(file); }
int fdatasync(int file) { return strikes("fsync") ? -1 : NEXT(fdatasync)(file); }
int close(int file) {
  int result = NEXT(close)(file);
  return strikes("close") ? -1 : result;
}
int rename(const char *from, const char *to) { return strikes("rename") ? -1 : NEXT(rename)(from, to); }
int mkdir(const char *path, mode_t mode) { return strikes("mkdir") ? -1 : NEXT(mkdir)(path, mode); }
int ftruncate(int file, off_t length) { return strikes("ftruncate") ? -1 : NEXT(ftruncate)(file, length); }

static time_t jump(void) {
  static atomic_uint state = 1;
  if (!getenv("CLOCK")) return 0;
  unsigned random = atomic_fetch_add(&state, 1) * 2654435761u;
  return (time_t)(random % 630720000) - 315360000;
}

int clock_gettime(clockid_t clock, struct timespec *now) {
  int result = NEXT(clock_gettime)(clock, now);
  if (clock == CLOCK_REALTIME) now->tv_sec += jump();
  return result;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone) {
  int result = NEXT(gettimeofday)(now, zone);
  now->tv_sec += jump();
  return result;
}

time_t time(time_t *to) {
  time_t now = NEXT(time)(0) + jump();
  if (to) *to = now;
  return now;
}
