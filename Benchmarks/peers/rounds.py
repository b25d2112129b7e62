"""What every framework's side prints, and when."""

import json
import resource
import sys
import time


def say(**values):
    print(json.dumps(values), flush=True)


def peak_memory():
    """The most that this process has had in memory, since `forget_peak_memory` or its start, in MB of 2^20 bytes."""
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)


def forget_peak_memory():
    """Counts anew, beginning with what is in memory now; where the system cannot do that, counts on."""
    try:
        with open("/proc/self/clear_refs", "w") as file:
            file.write("5")
    except OSError:
        pass


class Rounds:
    """Says when a round begins and ends; prints the time of a step, and after the last round the memory.

    Made when all is set up and before the first step. `loss` is whatever the round leaves there."""

    def __init__(self, options):
        self.options = options
        self.total = options.warm_up + options.rounds
        self.index = 0
        self.loss = None
        forget_peak_memory()
        self.set_up_memory = peak_memory()

    def __iter__(self):
        for _ in range(self.total):
            self.begin()
            yield self.options.steps
            self.end()

    def begin(self):
        if self.options.wait and self.index > self.options.warm_up and not sys.stdin.readline():
            sys.exit(0)
        self.start = time.perf_counter()

    def end(self):
        seconds = time.perf_counter() - self.start
        o = self.options
        if self.index >= o.warm_up:
            say(framework=o.framework, model=o.model, batch=o.batch, threads=o.threads, steps=o.steps,
                ms_per_step=round(1e3 * seconds / o.steps, 4), loss=round(self.loss, 5))
        self.index += 1
        if self.index == self.total:
            say(framework=o.framework, what="memory", model=o.model, batch=o.batch, threads=o.threads,
                set_up_memory_mb=self.set_up_memory, peak_memory_mb=peak_memory())
