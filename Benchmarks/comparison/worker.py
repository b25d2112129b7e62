"""Benchmark programs, each in a process of its own."""

import json
import os
import pathlib
import select
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent.parent
RESULTS = HERE / "results"
IMAGES = RESULTS / "images-with-labels.npz"
PYTHON = HERE / ".venv" / "bin" / "python"
PEERS = HERE / "peers"
PATIENCE = 300  # seconds for one round, set-up and compilation included


class Missing(Exception):
    """A program that cannot be run, and why."""


class Worker:
    """A benchmark program, held back until a line on its standard input lets it go."""

    def __init__(self, command, threads):
        processors = sorted(os.sched_getaffinity(0))[:threads]
        if len(processors) < threads:
            raise Missing(f"{threads} threads wanted, {len(processors)} processors here")
        environment = os.environ | {"OMP_NUM_THREADS": str(threads)}
        self.errors = tempfile.TemporaryFile()
        try:
            self.process = subprocess.Popen(
                [str(word) for word in command], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.errors,
                bufsize=0, env=environment, preexec_fn=lambda: os.sched_setaffinity(0, processors))
        except OSError as error:
            raise Missing(f"{command[0]}: {error.strerror}") from None

    def turn(self):
        """Starts one round and returns what it prints."""
        try:
            self.process.stdin.write(b"\n")
        except BrokenPipeError:
            pass
        return self.line()

    def line(self):
        if not select.select([self.process.stdout], [], [], PATIENCE)[0]:
            self.end()
            raise Missing(f"silent for {PATIENCE} s")
        line = self.process.stdout.readline()
        if not line:
            raise Missing(self.last_words())
        try:
            return json.loads(line)
        except ValueError:
            raise Missing(f"printed {line[:60]!r}") from None

    def all_lines(self):
        lines = []
        while True:
            try:
                lines.append(self.line())
            except Missing:
                if self.process.wait() != 0 or not lines:
                    raise
                return lines

    def last_words(self):
        self.process.wait()
        self.errors.seek(0)
        words = [line for line in self.errors.read().decode(errors="replace").splitlines() if line.strip()]
        return words[-1].strip()[:160] if words else f"ended with status {self.process.returncode} and said nothing"

    def end(self):
        self.process.stdin.close()
        self.process.kill()
        self.process.wait()


def command(framework, what, arguments, tiddu):
    if framework == "tiddu":
        return [tiddu, what, *arguments]
    extra = [] if what == "gemm" else ["--framework", framework, "--images", IMAGES]
    return [PYTHON, PEERS, what, *extra, *arguments]


def progress(text):
    print(f"\r\033[K{text}" if sys.stderr.isatty() else text, end="" if sys.stderr.isatty() else "\n",
          file=sys.stderr, flush=True)
