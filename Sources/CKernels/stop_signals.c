#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

#include "kernels.h"

enum { FREE, BEING_FILLED, FILLED, PLACES = 64, LONGEST_PATH = 4096 };

static atomic_int received, watchers, is_ending;
static struct {
  atomic_int state;
  char path[LONGEST_PATH];
} unfinished[PLACES];

// Calls nothing that a signal handler may not.
static void end(int number) {
  int none = 0;
  if (watchers > 0 && atomic_compare_exchange_strong(&received, &none, number)) return;
  is_ending = 1;
  for (int i = 0; i < PLACES; i++)
    if (unfinished[i].state == FILLED) unlink(unfinished[i].path);
  signal(number, SIG_DFL);
  raise(number);
}

void kernels_end_cleanly_on_signals(void) {
  const int numbers[] = {SIGINT, SIGTERM, SIGHUP};
  sigset_t handled;
  sigemptyset(&handled);
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
    struct sigaction old, action = {.sa_handler = end, .sa_flags = SA_RESTART};
    sigfillset(&action.sa_mask);
    // Under nohup, or in the background of a shell, some are to be ignored.
    if (sigaction(numbers[i], 0, &old) != 0 || old.sa_handler == SIG_IGN) continue;
    sigaction(numbers[i], &action, 0);
    sigaddset(&handled, numbers[i]);
  }
  // A thread of the program that started this one may have had them blocked.
  pthread_sigmask(SIG_UNBLOCK, &handled, 0);
}

void kernels_watch_for_signals(int change) { watchers += change; }

int kernels_signal_received(void) { return atomic_load_explicit(&received, memory_order_relaxed); }

int kernels_begin_file(const char *path) {
  size_t length = strlen(path);
  if (length >= LONGEST_PATH) return -1;
  for (int i = 0; i < PLACES; i++) {
    int state = FREE;
    if (!atomic_compare_exchange_strong(&unfinished[i].state, &state, BEING_FILLED)) continue;
    if (is_ending) return -1;  // the handler reads what is there
    memcpy(unfinished[i].path, path, length + 1);
    unfinished[i].state = FILLED;
    return i;
  }
  return -1;
}

void kernels_end_file(int place) {
  if (place >= 0) unfinished[place].state = FREE;
}
