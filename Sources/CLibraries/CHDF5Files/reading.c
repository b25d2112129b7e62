// For close_range.
#define _GNU_SOURCE
#include "hdf5_files.h"

#include <errno.h>
#include <hdf5.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <unistd.h>

// Of all arrays together; with what the library takes besides, under a gibibyte.
static const uint64_t most_numbers = 1 << 27;
static const size_t deepest = 32;

struct reading {
  int descriptor;
  uint64_t numbers;
};

static void send_bytes(struct reading *reading, const void *bytes, size_t count) {
  for (const char *rest = bytes; count > 0;) {
    ssize_t sent = write(reading->descriptor, rest, count);
    if (sent < 0 && errno == EINTR) continue;
    // Whoever wanted it is gone.
    if (sent <= 0) _exit(1);
    rest += sent;
    count -= (size_t)sent;
  }
}

static void send_number(struct reading *reading, uint64_t number) { send_bytes(reading, &number, sizeof number); }

static void send_text(struct reading *reading, const char *text) {
  send_number(reading, strlen(text));
  send_bytes(reading, text, strlen(text));
}

static void fail(struct reading *reading, const char *problem) {
  send_number(reading, HDF5_FILES_PROBLEM);
  send_text(reading, problem);
  _exit(1);
}

static void send_array(struct reading *reading, hid_t dataset, const char *path) {
  hid_t space = H5Dget_space(dataset), type = H5Dget_type(dataset);
  hsize_t extents[H5S_MAX_RANK];
  int rank = H5Sget_simple_extent_dims(space, extents, NULL);
  if (rank < 0) fail(reading, "an array without extents");
  // Optimizers' counters and the like are no weights.
  if (H5Tget_class(type) != H5T_FLOAT || rank > 8) return;
  uint64_t count = 1;
  for (int axis = 0; axis < rank; axis++) {
    if (extents[axis] > most_numbers) fail(reading, "an array of more than 2^27 numbers");
    count *= extents[axis];
    if (count > most_numbers) fail(reading, "an array of more than 2^27 numbers");
  }
  reading->numbers += count;
  if (reading->numbers > most_numbers) fail(reading, "arrays of more than 2^27 numbers in all");
  float *values = calloc(count ? count : 1, sizeof *values);
  if (!values) fail(reading, "more than there is memory for");
  if (count > 0 && H5Dread(dataset, H5T_NATIVE_FLOAT, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) < 0)
    fail(reading, "an array whose numbers cannot be read");
  send_number(reading, HDF5_FILES_ARRAY);
  send_text(reading, path);
  send_number(reading, (uint64_t)rank);
  for (int axis = 0; axis < rank; axis++) send_number(reading, extents[axis]);
  send_bytes(reading, values, count * sizeof *values);
  free(values);
  H5Tclose(type);
  H5Sclose(space);
}

// Keras writes there what a layer is called.
static void send_name(struct reading *reading, hid_t group, const char *path) {
  if (H5Aexists(group, "name") <= 0) return;
  hid_t attribute = H5Aopen(group, "name", H5P_DEFAULT), type = H5Aget_type(attribute);
  if (H5Tis_variable_str(type) > 0) {
    hid_t text = H5Tcopy(H5T_C_S1);
    H5Tset_size(text, H5T_VARIABLE);
    H5Tset_cset(text, H5Tget_cset(type));
    char *name = NULL;
    if (H5Aread(attribute, text, &name) >= 0 && name) {
      send_number(reading, HDF5_FILES_NAME);
      send_text(reading, path);
      send_text(reading, name);
    }
    H5Tclose(text);
  }
  H5Tclose(type);
  H5Aclose(attribute);
}

static void send_group(struct reading *reading, hid_t group, const char *path, size_t depth) {
  if (depth > deepest) fail(reading, "groups within groups without end");
  send_name(reading, group, path);
  H5G_info_t info;
  if (H5Gget_info(group, &info) < 0) fail(reading, "a group that cannot be read");
  for (hsize_t index = 0; index < info.nlinks; index++) {
    char name[256], whole[4096];
    ssize_t length = H5Lget_name_by_idx(group, ".", H5_INDEX_NAME, H5_ITER_INC, index, name, sizeof name, H5P_DEFAULT);
    if (length <= 0 || length >= (ssize_t)sizeof name) fail(reading, "a name that cannot be read");
    int all = snprintf(whole, sizeof whole, "%s%s%s", path, *path ? "/" : "", name);
    if (all < 0 || all >= (int)sizeof whole) fail(reading, "a path of more than 4,095 bytes");
    // Links out of the file are not followed.
    H5L_info_t link;
    if (H5Lget_info(group, name, &link, H5P_DEFAULT) < 0) fail(reading, "a link that cannot be read");
    if (link.type != H5L_TYPE_HARD) continue;
    hid_t object = H5Oopen(group, name, H5P_DEFAULT);
    if (object < 0) fail(reading, "an object that cannot be read");
    H5I_type_t kind = H5Iget_type(object);
    if (kind == H5I_GROUP) send_group(reading, object, whole, depth + 1);
    if (kind == H5I_DATASET) send_array(reading, object, whole);
    H5Oclose(object);
  }
}

static void read_file(const void *bytes, size_t count, int descriptor) {
  struct reading reading = {.descriptor = descriptor};
  H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
  hid_t access = H5Pcreate(H5P_FILE_ACCESS);
  H5Pset_fapl_core(access, 1 << 16, 0);
  H5Pset_file_image(access, (void *)bytes, count);
  hid_t file = H5Fopen("image", H5F_ACC_RDONLY, access);
  if (file < 0) fail(&reading, "no HDF5 file, one that is cut short, or one of a later version");
  hid_t root = H5Gopen2(file, "/", H5P_DEFAULT);
  if (root < 0) fail(&reading, "a file without a root");
  send_group(&reading, root, "", 0);
  send_number(&reading, HDF5_FILES_END);
}

// 1.5 GiB more than this process has now, and a fifth of a second of computing and a second for each 10 MB: damaged files can send the
// library round for ever.
static void limit(size_t count) {
  struct rlimit limit = {RLIM_INFINITY, RLIM_INFINITY};
  long pages = 0;
  FILE *statm = fopen("/proc/self/statm", "r");
  if (statm && fscanf(statm, "%ld", &pages) == 1)
    limit.rlim_cur = limit.rlim_max = (rlim_t)pages * (rlim_t)sysconf(_SC_PAGESIZE) + count + ((rlim_t)3 << 29);
  if (statm) fclose(statm);
  setrlimit(RLIMIT_AS, &limit);
  suseconds_t micros = (suseconds_t)(200000 + count / 10);
  struct itimerval time = {.it_value = {.tv_sec = micros / 1000000, .tv_usec = micros % 1000000}};
  setitimer(ITIMER_PROF, &time, NULL);
  limit.rlim_cur = limit.rlim_max = 0;
  setrlimit(RLIMIT_CORE, &limit);
}

int hdf5_files_begin(const void *bytes, size_t count, pid_t *process) {
  int ends[2];
  if (pipe(ends) != 0) return -1;
  *process = fork();
  if (*process < 0) {
    int code = errno;
    close(ends[0]);
    close(ends[1]);
    errno = code;
    return -1;
  }
  if (*process == 0) {
    // A crash here is expected of damaged files, and nobody else's: no handler of the program's is to tell of it.
    int signals[] = {SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL, SIGPIPE, SIGTERM, SIGINT, SIGHUP, SIGPROF};
    for (size_t index = 0; index < sizeof signals / sizeof *signals; index++) signal(signals[index], SIG_DFL);
    close(STDERR_FILENO);
#ifdef __linux__
    // Locks, sockets and pipes of the program's must not stay open by what lives in here.
    if (ends[1] > STDERR_FILENO + 1) close_range(STDERR_FILENO + 1, (unsigned)ends[1] - 1, 0);
    close_range((unsigned)ends[1] + 1, ~0U, 0);
#else
    close(ends[0]);
#endif
    limit(count);
    read_file(bytes, count, ends[1]);
    _exit(0);
  }
  close(ends[1]);
  return ends[0];
}
