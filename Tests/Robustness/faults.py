#!/usr/bin/env python3
"""Every fault made to happen: the n-th call of a system function fails, writes short, is interrupted, or the process dies there, for all n.

    Tests/Robustness/faults.py [--tiddu .build/release/tiddu] [--only NAME]

Needs cc and a built tiddu. After each fault: a status of 0 means the very files that there are without it; another status is one of
sysexits.h, says why, and leaves what stood there before, whole, and nothing half-written; what writes short or is interrupted
changes nothing; and the same command, run again, ends with the same bytes. Where power is lost, all that was not synced is gone, too, and
after a command that said it was done nothing may be. Commands that take long are struck at the 1st, 2nd, 4th, 7th, ... call, each half as
far again. Prints a table, and every breach; ends with 1 if there is one.
"""
import argparse
import concurrent.futures
import errno
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

import states

ROOT = pathlib.Path(__file__).resolve().parents[2]
FAULTS = {
    "write": [errno.ENOSPC, errno.EIO, "short", "again", "dies", "power"],
    "read": [errno.EIO, "short", "again"],
    "open": [errno.EMFILE, errno.EACCES, errno.EIO],
    "fsync": [errno.EIO, "dies", "power"],
    "rename": [errno.EIO, "dies", "power"],
    "mkdir": [errno.ENOSPC],
    "ftruncate": [errno.EIO],
    "exit": ["power"],
}
# A name, the command, the files that it makes or what tells their state, what goes on with it after a fault, if not the same command, and
# whether it takes long.
SCENARIOS = [
    ("distort", "distort d.npz --recipe report-multiple --into out.npz", ["out.npz"], None, False),
    ("distort to a folder", "distort few.npz --recipe report-multiple --into out", ["out"], None, False),
    ("convert", "data convert d.npz out.csv", ["out.csv"], None, False),
    ("restore an image", "restore tiddu-small one.png --resize --into out.png", ["out.png"], None, False),
    ("restore to a folder", "restore tiddu-small few.npz --into out", ["out"], None, False),
    ("read", "read page.jpg --csv --show out.png", ["out.png"], None, True),
    ("export", "export tiddu-small --into out.onnx", ["out.onnx"], None, False),
    ("train", "train --subset 100 --epochs 2 --threads 1 --quiet --into out", ["out/best.safetensors", "out/last.safetensors"],
     "train --resume out --quiet", False),
    ("search", "search space.yaml --subset 100 --threads 1 --quiet --into out.sqlite", states.study, None, True),
]
STATUSES = {64, 65, 70, 71, 74}


def digest(path):
    """Of a file, or of a folder's files but for those that a kill leaves under a temporary name; None where there is nothing."""
    if path.is_dir():
        return frozenset((str(one.relative_to(path)), digest(one)) for one in path.rglob("*") if one.is_file() and ".tiddu-" not in one.name)
    return states.digest(path) if path.exists() else None


class Case:
    def __init__(self, program, shim, inputs, scenario):
        self.program, self.shim, self.inputs = program, shim, inputs
        self.name, self.command, self.outputs, self.again, self.is_long = scenario
        with tempfile.TemporaryDirectory() as folder:
            self.run(folder, self.command)
            self.expected = self.state(folder)

    def run(self, folder, command, fault=None):
        for path in self.inputs.iterdir():
            if not (pathlib.Path(folder) / path.name).exists():
                shutil.copy(path, folder)
        environment = dict(os.environ, TIDDU_MODELS=str(ROOT / "Models"))
        if fault:
            environment |= {"LD_PRELOAD": str(self.shim), "FAULT": fault, "FAULT_REPORT": f"{folder}/.struck",
                            "FAULT_FOLDER": os.path.realpath(folder)}
        return subprocess.run([self.program, *command.split()], cwd=folder, env=environment, capture_output=True, text=True, timeout=120)

    def state(self, folder):
        if callable(self.outputs):
            return self.outputs(self.program, folder)
        return [digest(pathlib.Path(folder) / name) for name in self.outputs]

    def is_half_written(self, state):
        """Whether an output is neither nothing, nor what there should be, nor some of its files. What goes on shows it by that."""
        if self.again or callable(self.outputs):
            return False
        return not all(self.is_whole(*one) for one in zip(state, self.expected))

    @staticmethod
    def is_whole(state, expected):
        """Nothing, what there should be, or some of its files."""
        return state in (None, expected) or isinstance(state, frozenset) and state <= expected

    def left_over(self, folder):
        """Files that are neither inputs nor below an output."""
        if callable(self.outputs):
            return []
        own = {name.split("/")[0] for name in self.outputs} | {path.name for path in self.inputs.iterdir()} | {".struck"}
        own |= {f"{name.split('/')[0]}-labels.csv" for name in self.outputs} | {"labels.csv"}
        return [path.name for path in pathlib.Path(folder).iterdir() if path.name not in own]

    def breach(self, call, how, number):
        """What is wrong after this fault, or None; False where there are fewer calls."""
        with tempfile.TemporaryDirectory() as folder:
            result = self.run(folder, self.command, f"{call}:{how}:{number}")
            if not (pathlib.Path(folder) / ".struck").exists():
                return False
            state = self.state(folder)
            text = f"{self.name}, {call} {number} {how}: status {result.returncode}, {result.stderr.strip()[:200]}"
            if result.returncode == 0:
                if state != self.expected:
                    return f"{text}: said to be done, and the files are others"
                return None
            if how in ("short", "again"):
                return f"{text}: should have gone on"
            if call == "exit":
                return None if state == self.expected else f"{text}: said to be done, and a loss of power takes it back"
            is_dead = how in ("dies", "power")
            if not is_dead and (result.returncode not in STATUSES or not result.stderr.startswith("tiddu: ")):
                return f"{text}: no status and message of ours"
            if not is_dead and result.returncode in (64, 65):
                return f"{text}: blames the user or the file for what the system refused"
            if not is_dead and self.left_over(folder):
                return f"{text}: left {self.left_over(folder)}"
            if self.is_half_written(state):
                return f"{text}: half-written"
            going_on = self.again if self.again and (pathlib.Path(folder) / "out/config.yaml").exists() else self.command
            after = self.run(folder, going_on)
            if after.returncode != 0 or self.state(folder) != self.expected:
                return f"{text}: and again: status {after.returncode}, {after.stderr.strip()[:200]}, {'other' if after.returncode == 0 else 'no'} files"
            return None


def strike(case, call, how):
    count, number, breaches = 0, 1, []
    while (found := case.breach(call, how, number)) is not False:
        count += 1
        number += number // 2 + 1 if case.is_long else 1
        if found:
            breaches.append(found)
    return case.name, call, how, count, breaches


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--tiddu", default=str(ROOT / ".build/release/tiddu"))
    arguments.add_argument("--only", default="")
    options = arguments.parse_args()
    program = os.path.abspath(options.tiddu)
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        shim, inputs = folder / "faults.so", folder / "inputs"
        subprocess.run(["cc", "-O1", "-Wall", "-Werror", "-shared", "-fPIC", "-o", shim, ROOT / "Tests/Robustness/faults.c", "-ldl"], check=True)
        inputs.mkdir()
        shutil.copy(ROOT / "Documentation/photograph.jpg", inputs / "page.jpg")
        (inputs / "space.yaml").write_text(states.SPACE.format(epochs=1))
        for command in ("data synthesize --into d.npz --count 50", "data synthesize --into few.npz --count 3", "data synthesize --into one.png --count 1"):
            subprocess.run([program, *command.split(), "--quiet"], cwd=inputs, check=True)
        rows = {}
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            jobs = []
            for scenario in SCENARIOS:
                if options.only in scenario[0]:
                    case = Case(program, shim, inputs, scenario)
                    jobs += [pool.submit(strike, case, call, how) for call, ways in FAULTS.items() for how in ways]
            all_breaches = []
            for job in jobs:
                name, call, how, count, breaches = job.result()
                rows.setdefault(name, {}).setdefault(call, []).append(count)
                all_breaches += breaches
        print("| command | " + " | ".join(FAULTS) + " |\n|---" + "|---" * len(FAULTS) + "|")
        for name, calls in rows.items():
            print(f"| {name} | " + " | ".join(str(sum(calls[call])) for call in FAULTS) + " |")
        print(*all_breaches, sep="\n")
        print(f"{sum(sum(map(sum, calls.values())) for calls in rows.values())} faults, {len(all_breaches)} breaches")
        sys.exit(1 if all_breaches else 0)


main()
