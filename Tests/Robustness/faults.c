// Makes the n-th call of one system function fail: LD_PRELOAD this, with
//   FAULT=write:28:3       the third write fails with errno 28 (ENOSPC)
//   FAULT=write:short:3    the third write writes half of what it is given
//   FAULT=write:again:3    the third write is interrupted once (EINTR)
//   FAULT=write:dies:3     the process is killed before the third write
//   FAULT=write:power:3    the same, and what was not synced is lost: bytes, new files, renames; FAULT=exit:power:1 after all is done
// With CLOCK=jumps the clock of the day jumps by up to ten years at every look at it.
// Power concerns the files below FAULT_FOLDER. Where it happened, the file FAULT_REPORT is made. Calls of other processes and libraries count, too; those within libc do not.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <pthread.h>
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
static int code, shortens, dies, loses, number;
static atomic_int calls;
static const char *watched;

#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

// What a loss of power would take back: a file's bytes since its last fsync, and what became of names since that of their folder.
enum { MOST = 8192 };
static struct file {
  dev_t device;
  ino_t inode;
  off_t synced;
  int descriptor;
} files[MOST];
static struct change {
  char from[512], to[512], before[512];
} changes[MOST];
static int file_count, change_count;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static int is_watched(const char *path) {
  char whole[PATH_MAX], parent[PATH_MAX];
  if (!loses || !watched || strlen(path) >= 512) return 0;
  snprintf(parent, sizeof parent, "%s", path);
  return realpath(dirname(parent), whole) && !strncmp(whole, watched, strlen(watched));
}

// Before bytes go into a file: how many of its bytes are safe. SQLite's own files keep older bytes under newer ones, in its journal.
static void note_write(int descriptor) {
  struct stat now;
  if (!loses || fstat(descriptor, &now) || !S_ISREG(now.st_mode)) return;
  pthread_mutex_lock(&mutex);
  for (int i = 0; i < file_count; i++)
    if (files[i].device == now.st_dev && files[i].inode == now.st_ino) goto end;
  if (file_count < MOST) files[file_count++] = (struct file){now.st_dev, now.st_ino, now.st_size, (int)syscall(SYS_dup, descriptor)};
end:
  pthread_mutex_unlock(&mutex);
}

static void note_sync(int descriptor) {
  struct stat now, folder;
  if (!loses || fstat(descriptor, &now)) return;
  pthread_mutex_lock(&mutex);
  for (int i = 0; i < file_count; i++)
    if (files[i].device == now.st_dev && files[i].inode == now.st_ino) files[i].synced = now.st_size;
  for (int i = 0; i < change_count && S_ISDIR(now.st_mode); i++) {
    char parent[512];
    strcpy(parent, changes[i].to);
    if (!stat(dirname(parent), &folder) && folder.st_dev == now.st_dev && folder.st_ino == now.st_ino) changes[i].to[0] = 0;
  }
  pthread_mutex_unlock(&mutex);
}

// `from` is NULL where a file or folder is new.
static void note_change(const char *from, const char *to) {
  if (!is_watched(to)) return;
  pthread_mutex_lock(&mutex);
  struct change *one = &changes[change_count < MOST - 1 ? change_count++ : change_count];
  *one = (struct change){0};
  char folder[512], whole[PATH_MAX], name[512];
  strcpy(folder, to), strcpy(name, to);
  // Paths are relative to a folder that may be another one later.
  snprintf(one->to, 512, "%s/%s", realpath(dirname(folder), whole), basename(name));
  if (from) {
    strcpy(folder, from), strcpy(name, from);
    snprintf(one->from, 512, "%s/%s", realpath(dirname(folder), whole), basename(name));
    snprintf(name, 512, "%.400s.tiddu-before-%d", one->to, change_count);
    strcpy(one->before, name);
    if (link(one->to, one->before)) one->before[0] = 0;
  }
  pthread_mutex_unlock(&mutex);
}

static void lose_power(void) {
  for (int i = change_count - 1; i >= 0; i--) {
    struct change *one = &changes[i];
    if (!one->to[0]) continue;
    if (!one->from[0] && unlink(one->to)) rmdir(one->to);
    if (one->from[0]) NEXT(rename)(one->to, one->from);
    if (one->before[0]) NEXT(rename)(one->before, one->to);
  }
  for (int i = 0; i < file_count; i++)
    if (syscall(SYS_ftruncate, files[i].descriptor, files[i].synced)) continue;
}

__attribute__((constructor)) static void begin(void) {
  const char *fault = getenv("FAULT");
  char how[16] = "";
  if (!fault || sscanf(fault, "%31[a-z0-9]:%15[a-z0-9]:%d", wanted, how, &number) != 3) {
    wanted[0] = 0;
    return;
  }
  shortens = !strcmp(how, "short"), loses = !strcmp(how, "power"), dies = loses || !strcmp(how, "dies");
  watched = getenv("FAULT_FOLDER");
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
  if (loses) lose_power();
  if (dies) raise(SIGKILL);
  errno = code;
  return 1;
}

// How many bytes of a call of `name` go through; -1 where it fails.
static ssize_t allowed(const char *name, size_t count) {
  if (!strikes(name)) return (ssize_t)count;
  if (!shortens) return -1;
  return (ssize_t)(count > 1 ? count / 2 : count);
}

ssize_t write(int file, const void *bytes, size_t count) {
  ssize_t part = allowed("write", count);
  note_write(file);
  return part < 0 ? -1 : NEXT(write)(file, bytes, (size_t)part);
}

// Programs built for large files, as SQLite is, call these by other names.
#define PWRITE(name)                                                          \
  ssize_t name(int file, const void *bytes, size_t count, off_t offset) {     \
    ssize_t part = allowed("write", count);                                   \
    note_write(file);                                                         \
    return part < 0 ? -1 : NEXT(name)(file, bytes, (size_t)part, offset);     \
  }
PWRITE(pwrite)
PWRITE(pwrite64)

ssize_t read(int file, void *bytes, size_t count) {
  ssize_t part = allowed("read", count);
  return part < 0 ? -1 : NEXT(read)(file, bytes, (size_t)part);
}

#define PREAD(name)                                                       \
  ssize_t name(int file, void *bytes, size_t count, off_t offset) {       \
    ssize_t part = allowed("read", count);                                \
    return part < 0 ? -1 : NEXT(name)(file, bytes, (size_t)part, offset); \
  }
PREAD(pread)
PREAD(pread64)

static void note_open(const char *path, int flags) {
  if (flags & O_CREAT && access(path, F_OK)) note_change(0, path);
}

#define OPEN(name)                                       \
  int name(const char *path, int flags, ...) {           \
    va_list more;                                        \
    va_start(more, flags);                               \
    mode_t mode = va_arg(more, mode_t);                  \
    va_end(more);                                        \
    if (strikes("open")) return -1;                      \
    note_open(path, flags);                              \
    return NEXT(name)(path, flags, mode);                \
  }
OPEN(open)
OPEN(open64)

#define OPENAT(name)                                     \
  int name(int folder, const char *path, int flags, ...) { \
    va_list more;                                        \
    va_start(more, flags);                               \
    mode_t mode = va_arg(more, mode_t);                  \
    va_end(more);                                        \
    if (strikes("open")) return -1;                      \
    if (folder == AT_FDCWD) note_open(path, flags);      \
    return NEXT(name)(folder, path, flags, mode);        \
  }
OPENAT(openat)
OPENAT(openat64)

#define FSYNC(name)                        \
  int name(int file) {                     \
    if (strikes("fsync")) return -1;       \
    note_sync(file);                       \
    return NEXT(name)(file);               \
  }
FSYNC(fsync)
FSYNC(fdatasync)

int close(int file) {
  int result = NEXT(close)(file);
  return strikes("close") ? -1 : result;
}

int rename(const char *from, const char *to) {
  if (strikes("rename")) return -1;
  note_change(from, to);
  return NEXT(rename)(from, to);
}

int mkdir(const char *path, mode_t mode) {
  if (strikes("mkdir")) return -1;
  if (access(path, F_OK)) note_change(0, path);
  return NEXT(mkdir)(path, mode);
}

#define FTRUNCATE(name)                                                           \
  int name(int file, off_t length) {                                              \
    if (strikes("ftruncate")) return -1;                                          \
    note_write(file);                                                             \
    return NEXT(name)(file, length);                                              \
  }
FTRUNCATE(ftruncate)
FTRUNCATE(ftruncate64)

// The program has said what it has to say.
__attribute__((destructor)) static void end(void) { strikes("exit"); }

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
