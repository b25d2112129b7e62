// Whether adding gradients up in parts, while the rest is still being computed, is faster than all at once after it.
// Documentation/Scaling.md says what came of it, and why the trainer adds them up at once.
//
//     mpicc -O3 -march=native -ffast-math Benchmarks/overlap.c -o overlap && mpirun -n 2 ./overlap
#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>

enum { ROUNDS = 200, LAYERS = 4, FLOATS = 1 << 18 };

static const int counts[LAYERS] = {401920, 262656, 131328, 67408};  // report-final's, 863,312 in all
static float numbers[FLOATS];
static volatile float result;

// Some 0.07 ms of arithmetic, as a layer's backward.
static void compute(void) {
  float sum = 0;
  for (int round = 0; round < 4; round++) {
    __asm__ volatile("" ::: "memory");
    for (int i = 0; i < FLOATS; i++) sum += numbers[i] * numbers[i];
  }
  result = sum;
}

static void in_turn(float *gradients) {
  for (int layer = 0; layer < LAYERS; layer++) compute();
  MPI_Allreduce(MPI_IN_PLACE, gradients, 863312, MPI_FLOAT, MPI_SUM, MPI_COMM_WORLD);
}

static void overlapped(float *gradients) {
  MPI_Request requests[LAYERS];
  for (int layer = 0; layer < LAYERS; layer++) {
    compute();
    MPI_Iallreduce(MPI_IN_PLACE, gradients, counts[layer], MPI_FLOAT, MPI_SUM, MPI_COMM_WORLD, requests + layer);
    gradients += counts[layer];
    // Open MPI gets on only when it is called.
    for (int done, started = 0; started <= layer; started++) MPI_Test(requests + started, &done, MPI_STATUS_IGNORE);
  }
  MPI_Waitall(LAYERS, requests, MPI_STATUSES_IGNORE);
}

static int ascending(const void *a, const void *b) {
  return (*(const double *)a > *(const double *)b) - (*(const double *)a < *(const double *)b);
}

static void measure(const char *name, void (*body)(float *), float *gradients) {
  int rank;
  double times[ROUNDS];
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  for (int round = 0; round < ROUNDS; round++) {
    MPI_Barrier(MPI_COMM_WORLD);
    double start = MPI_Wtime();
    body(gradients);
    times[round] = MPI_Wtime() - start;
  }
  qsort(times, ROUNDS, sizeof *times, ascending);
  if (rank == 0) printf("%s: least %.0f us, median %.0f us\n", name, times[0] * 1e6, times[ROUNDS / 2] * 1e6);
}

int main(int count, char **arguments) {
  MPI_Init(&count, &arguments);
  float *gradients = calloc(863312, sizeof *gradients);
  for (int i = 0; i < FLOATS; i++) numbers[i] = (float)i;
  for (int round = 0; round < 3; round++) {
    measure("in turn", in_turn, gradients);
    measure("overlapped", overlapped, gradients);
  }
  MPI_Finalize();
}
