#include <mpi/mpi.h>

// Swift sees neither macros nor MPI's predefined handles, so every call that wants one stands here. All return MPI's
// error code.

static const int cmpi_success = MPI_SUCCESS;
static const int cmpi_any_rank = MPI_ANY_SOURCE, cmpi_any_tag = MPI_ANY_TAG;

static inline int cmpi_start(void) {
  int provided;
  int code = MPI_Init_thread(0, 0, MPI_THREAD_FUNNELED, &provided);
  if (code != MPI_SUCCESS) return code;
  return MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN);
}

static inline int cmpi_rank(int *rank) { return MPI_Comm_rank(MPI_COMM_WORLD, rank); }
static inline int cmpi_size(int *size) { return MPI_Comm_size(MPI_COMM_WORLD, size); }
static inline int cmpi_abort(int status) { return MPI_Abort(MPI_COMM_WORLD, status); }

// How many ranks run on this machine.
static inline int cmpi_local_size(int *size) {
  MPI_Comm local;
  int code = MPI_Comm_split_type(MPI_COMM_WORLD, MPI_COMM_TYPE_SHARED, 0, MPI_INFO_NULL, &local);
  if (code != MPI_SUCCESS) return code;
  code = MPI_Comm_size(local, size);
  MPI_Comm_free(&local);
  return code;
}

static inline int cmpi_sum_floats(float *values, int count) {
  return MPI_Allreduce(MPI_IN_PLACE, values, count, MPI_FLOAT, MPI_SUM, MPI_COMM_WORLD);
}
static inline int cmpi_sum_doubles(double *values, int count) {
  return MPI_Allreduce(MPI_IN_PLACE, values, count, MPI_DOUBLE, MPI_SUM, MPI_COMM_WORLD);
}
static inline int cmpi_least(int *value) {
  return MPI_Allreduce(MPI_IN_PLACE, value, 1, MPI_INT, MPI_MIN, MPI_COMM_WORLD);
}
static inline int cmpi_broadcast(void *bytes, int count, int root) {
  return MPI_Bcast(bytes, count, MPI_BYTE, root, MPI_COMM_WORLD);
}
static inline int cmpi_gather_counts(const int *own, int *all) {
  return MPI_Allgather(own, 1, MPI_INT, all, 1, MPI_INT, MPI_COMM_WORLD);
}
static inline int cmpi_gather(const void *own, int count, void *all, const int *counts, const int *places) {
  return MPI_Allgatherv(own, count, MPI_BYTE, all, counts, places, MPI_BYTE, MPI_COMM_WORLD);
}

static inline int cmpi_begin_send(const void *bytes, int count, int rank, int tag, MPI_Request *request) {
  return MPI_Isend(bytes, count, MPI_BYTE, rank, tag, MPI_COMM_WORLD, request);
}
static inline int cmpi_is_done(MPI_Request *request, int *done) { return MPI_Test(request, done, MPI_STATUS_IGNORE); }

// Whether a message waits, and whose it is.
static inline int cmpi_look(int rank, int tag, int *found, int *source, int *found_tag, int *count) {
  MPI_Status status;
  int code = MPI_Iprobe(rank, tag, MPI_COMM_WORLD, found, &status);
  if (code != MPI_SUCCESS || !*found) return code;
  *source = status.MPI_SOURCE;
  *found_tag = status.MPI_TAG;
  return MPI_Get_count(&status, MPI_BYTE, count);
}
static inline int cmpi_receive(void *bytes, int count, int rank, int tag) {
  return MPI_Recv(bytes, count, MPI_BYTE, rank, tag, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
}
static inline int cmpi_explain(int code, char *text, int *length) { return MPI_Error_string(code, text, length); }
static const int cmpi_longest_text = MPI_MAX_ERROR_STRING;
