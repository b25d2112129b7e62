#!/usr/bin/env python3
"""Times tiddu beside Keras, PyTorch and JAX, prints a table, and keeps every figure under Benchmarks/results.

    python3 Benchmarks/compare.py           all of it, under ten minutes on two quiet cores
    python3 Benchmarks/compare.py --quick   batch 32 on two threads and restoring, about two minutes

Each framework runs in a process of its own on as many processors as it has threads; the processes take turns, round by
round, so that the machine's drift hits all alike. What cannot be run is shown as missing. Needs no packages itself.
"""

import argparse
import datetime
import json
import os
import pathlib
import platform
import select
import statistics
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
RESULTS = HERE / "results"
IMAGES = RESULTS / "images.npz"
PYTHON = HERE / ".venv" / "bin" / "python"
SIZES = [784, 512, 512, 256, 64, 784]
TRAINING = {
    "tiddu": "tiddu",
    "keras-default": "Keras, its defaults",
    "keras": "Keras, XLA",
    "keras-tuned": "Keras, the same, 50 steps a call",
    "torch-default": "PyTorch, its defaults",
    "torch": "PyTorch, fused Adam, flush-to-zero",
    "torch-compile": "PyTorch, the same, torch.compile",
    "jax": "JAX, jit, donated state",
    "jax-scan": "JAX, the same, 50 steps a call",
}
RESTORING = {"tiddu": "tiddu", "keras": "Keras, XLA", "torch": "PyTorch"}
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
    return [PYTHON, HERE / "peers.py", what, *extra, *arguments]


def train(frameworks, batch, threads, plan, options):
    """Milliseconds a step by framework, a list of rounds, or the reason why there are none."""
    steps, warm_up, rounds = plan
    arguments = ["--batch", batch, "--threads", threads, "--steps", steps, "--rounds", rounds, "--warm-up", warm_up,
                 "--wait"]
    workers, times = {}, {}
    for framework in frameworks:
        try:
            workers[framework] = Worker(command(framework, "train-step", arguments, options.tiddu), threads)
            times[framework] = []
        except Missing as reason:
            times[framework] = str(reason)
    for number in range(rounds):
        for framework in list(workers):
            progress(f"batch {batch}, threads {threads}, round {number + 1} of {rounds}: {framework}")
            try:
                times[framework].append(workers[framework].turn()["ms_per_step"])
            except Missing as reason:
                times[framework] = str(reason)
                workers.pop(framework).end()
    for worker in workers.values():
        worker.end()
    return times


def once(framework, what, threads, arguments, options):
    """Everything that a program prints, or the reason why it prints nothing."""
    progress(f"{what}, threads {threads}: {framework}")
    try:
        worker = Worker(command(framework, what, ["--threads", threads, *arguments], options.tiddu), threads)
        try:
            return worker.all_lines()
        finally:
            worker.end()
    except Missing as reason:
        return str(reason)


def flops(batch):
    """Of one training step: forward, the weights' gradients, and the inputs' gradients of all layers but the first,
    2 · batch · weights each; biases, activations, loss and Adam are not counted."""
    weights = [inputs * outputs for inputs, outputs in zip(SIZES, SIZES[1:])]
    return 2 * batch * (3 * sum(weights) - weights[0])


def show_training(batch, threads, times, best_gemm):
    ours = times.get("tiddu")
    print(f"\nbatch {batch}, {threads} thread{'s' if threads > 1 else ''}"
          f"{'':22}{'least':>8} {'median':>8}  {'× tiddu':>15}  {'GFLOP/s':>8} {'share':>6}")
    for framework, rounds in times.items():
        if isinstance(rounds, str):
            print(f"  {TRAINING[framework]:36} missing: {rounds}")
            continue
        least, median = min(rounds), statistics.median(rounds)
        ratio = "" if not isinstance(ours, list) else f"{least / min(ours):.2f} ({median / statistics.median(ours):.2f})"
        rate = flops(batch) / least / 1e6
        share = f"{100 * rate / best_gemm:5.0f} %" if best_gemm else ""
        print(f"  {TRAINING[framework]:36} {least:8.3f} {median:8.3f}  {ratio:>15}  {rate:8.0f} {share}")


def show_restoring(threads, lines):
    print(f"\nrestoring, {threads} threads{'':17}{'many: images/s':>16}  {'one: µs':>8}")
    for framework, found in lines.items():
        if isinstance(found, str):
            print(f"  {RESTORING[framework]:36} missing: {found}")
            continue
        many = max((line["images_per_second"] for line in found if line.get("what") == "restore-many"), default=None)
        one = min((line["microseconds"] for line in found if line.get("what") == "restore-one"), default=None)
        print(f"  {RESTORING[framework]:36} {many or '–':>8}  {one or '–':>8}")


def best_gemm(threads, options):
    """GFLOP/s of the best large product that anything here manages, and all that was measured."""
    lines = {name: once(name, "gemm", threads, [], options) for name in ("tiddu", "torch")}
    rates = [line["gflops"] for found in lines.values() if isinstance(found, list) for line in found]
    return max(rates, default=None), lines


def machine():
    model = platform.processor()
    try:
        with open("/proc/cpuinfo") as file:
            model = next((line.split(":")[1].strip() for line in file if line.startswith("model name")), model)
    except OSError:
        pass
    return {"processor": model, "processors": len(os.sched_getaffinity(0)), "load_before": os.getloadavg()[0]}


def progress(text):
    print(f"\r\033[K{text}" if sys.stderr.isatty() else text, end="" if sys.stderr.isatty() else "\n",
          file=sys.stderr, flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--tiddu", default=HERE.parent / ".build" / "release" / "tiddu-bench", type=pathlib.Path)
    default = [name for name in TRAINING if name != "torch-compile"]
    parser.add_argument("--only", metavar="NAMES", help=f"frameworks, of {','.join(TRAINING)}",
                        type=lambda text: text.split(","), default=default)
    options = parser.parse_args()
    if unknown := set(options.only) - set(TRAINING):
        parser.error(f"--only: unknown {', '.join(sorted(unknown))}")

    RESULTS.mkdir(exist_ok=True)
    if PYTHON.exists() and not IMAGES.exists():
        subprocess.run([PYTHON, HERE / "peers.py", "images", IMAGES], stdout=subprocess.DEVNULL)
    report = {"started": datetime.datetime.now().isoformat(timespec="seconds"), **machine(), "training": []}
    print(f"{report['processor']}, {report['processors']} processors, load {report['load_before']:.2f}")
    if report["load_before"] > 0.5:
        print("Something else is running here: these figures are rough.")
    print("report-final (784-512-512-256-64-784): ms a training step")

    # (batch, threads), (steps a round, rounds of warm-up, rounds): 1,500 steps and more, so that denormals appear
    plans = {(32, 2): (500, 2, 5), (32, 1): (400, 2, 4), (256, 2): (150, 6, 4), (256, 1): (150, 6, 3)}
    if options.quick:
        plans = {(32, 2): (500, 2, 3)}
    report["gemm"] = {}
    for threads in sorted({threads for _, threads in plans}):
        best, lines = best_gemm(threads, options)
        report["gemm"][threads] = {"best": best, "measured": lines}
    for (batch, threads), plan in plans.items():
        times = train(options.only, batch, threads, plan, options)
        progress("")
        show_training(batch, threads, times, report["gemm"][threads]["best"])
        report["training"].append({"batch": batch, "threads": threads, "plan": plan, "ms_per_step": times})
    names = [name for name in RESTORING if name in options.only]
    report["restoring"] = {name: once(name, "restore", 2, ["--rounds", 5], options) for name in names}
    progress("")
    show_restoring(2, report["restoring"])

    for threads, found in report["gemm"].items():
        print(f"\nbest large product, {threads} thread{'s' if threads > 1 else ''}: {found['best'] or '–'} GFLOP/s"
              f"  ({', '.join(f'{n}: {r}' if isinstance(r, str) else n for n, r in found['measured'].items())})", end="")
    print("\nleast and median of the rounds; × tiddu: least over least (median over median); a step's arithmetic is"
          "\n2 · batch · (3 · weights − first layer's weights) operations; share: of the best large product.")
    report["load_after"] = os.getloadavg()[0]
    path = RESULTS / f"{report['started'].replace(':', '')}.json"
    path.write_text(json.dumps(report, indent=1))
    print(f"all figures: {os.path.relpath(path)}")


if __name__ == "__main__":
    main()
