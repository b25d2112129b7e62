#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "kernels.h"

static const char *last_word;
static int last_status;
static struct sigaction usual_action;

static void end_for_want_of_memory(void) {
  if (write(STDERR_FILENO, last_word, strlen(last_word)) < 0) {
  }
  _exit(last_status);
}

// Whether the process has a limit on its memory, or a request of moderate size is refused. Async-signal-safe.
static int is_short_of_memory(void) {
  struct rlimit limit;
  if (getrlimit(RLIMIT_AS, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY) return 1;
  if (getrlimit(RLIMIT_DATA, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY) return 1;
  void *place = mmap(0, (size_t)64 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (place == MAP_FAILED) return 1;
  munmap(place, (size_t)64 << 20);
  return 0;
}

static void on_abort(int number) {
  if (is_short_of_memory()) end_for_want_of_memory();
  sigaction(number, &usual_action, 0);
  raise(number);
}

void kernels_end_quietly_without_memory(const char *text, int status) {
  last_word = text;
  last_status = status;
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = on_abort;
  action.sa_flags = SA_NODEFER;
  sigaction(SIGABRT, &action, &usual_action);
  // C++'s operator new asks this before it throws, and nobody in a C API would catch what it throws.
  void (*(*set_new_handler)(void (*)(void)))(void) =
      (void (*(*)(void (*)(void)))(void))dlsym(RTLD_DEFAULT, "_ZSt15set_new_handlerPFvvE");
  if (set_new_handler) set_new_handler(end_for_want_of_memory);
}
