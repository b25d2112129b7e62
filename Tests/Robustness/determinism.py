#!/usr/bin/env python3
"""The same bytes, again and again: checkpoints, studies, images, figures, reports.

    Tests/Robustness/determinism.py [--tiddu .build/release/tiddu] [--runs 20] [--reports 3] [--only NAME]

Every command runs so often, its files are compared; and between one thread and two, and between the processor's instruction sets, what
is the same and what is not. Prints a table; ends with 1 where two runs alike differ, or what the documentation calls the same does.
"""
import argparse
import csv
import os
import pathlib
import re
import subprocess
import sys
import tempfile

import states

ROOT = pathlib.Path(__file__).resolve().parents[2]
TRAIN = "train --subset 1000 --epochs 2 --into run"
# A name, commands, and whether the number of threads may not change a byte.
COMMANDS = [
    ("train", [TRAIN], False),
    ("train, new distortions each epoch, cosine, validation", [f"{TRAIN} --distort each-epoch --schedule cosine --validation 0.2"], False),
    ("train a convolutional network", ["train --preset report-conv-2-8-bce --subset 200 --epochs 1 --into run"], False),
    ("search", ["search space.yaml --subset 500 --workers 2 --into study.sqlite"], True),
    ("synthesize", ["data synthesize --into made.npz --count 2000"], True),
    ("distort", ["distort d.npz --recipe report-multiple --into out.npz", "distort d.npz --recipe everyday --into out2.npz"], True),
    ("restore", ["restore tiddu-small d.npz --into out.npz", "restore tiddu-best d.npz --into best.npz", "restore few.npz --into pictures"], True),
    ("read", ["read page.png --json --show read.png"], True),
    ("evaluate", ["evaluate tiddu-small --classifier tiddu-reader --subset 100 --json"], True),
    ("export", ["export tiddu-best --into best.onnx"], True),
    ("figures", [TRAIN, "figure all run --classifier tiddu-reader --subset 50 --into figures"], False),
]


def timeless(text):
    """What a command printed or wrote as text, without what the clock says."""
    return re.sub(r'"(\w*(?:seconds|per_second)\w*|begun|ended)"\s*:\s*[^,}\n]+', "", text)


def state(folder, inputs):
    found = {}
    for path in sorted(folder.rglob("*")):
        if not path.is_file() or path.name in inputs or path.name == ".lock" or ".lock" in path.name:
            continue
        name = str(path.relative_to(folder))
        if path.name == "history.csv":
            # The last two columns are times.
            found[name] = [row[:6] for row in csv.reader(path.open())]
        elif path.suffix == ".sqlite":
            found[name] = states.trials(program, path)
        elif path.name in ("report.html", "report.md", "reproduction.json"):
            # They tell of times and of the machine; all their numbers are in report.json.
            continue
        elif path.name == "report.json" or path.parent.name == "parts":
            found[name] = states.report(path)
        else:
            found[name] = states.digest(path)
    return found


def run(commands, inputs, threads, **environment):
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        for path in inputs.iterdir():
            (folder / path.name).write_bytes(path.read_bytes())
        printed = []
        for command in commands:
            result = subprocess.run([program, *command.split()], cwd=folder, capture_output=True, text=True,
                                    env=dict(os.environ, TIDDU_MODELS=str(ROOT / "Models"), OMP_NUM_THREADS=str(threads), **environment))
            if result.returncode != 0:
                sys.exit(f"{command}: {result.stderr}")
            # A search's table tells of times.
            if not command.startswith("search"):
                printed.append(timeless(result.stdout))
        return {"printed": printed} | state(folder, {path.name for path in inputs.iterdir()})


def differing(one, other):
    return sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name))


def main():
    global program
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--tiddu", default=str(ROOT / ".build/release/tiddu"))
    arguments.add_argument("--runs", type=int, default=20)
    arguments.add_argument("--reports", type=int, default=3)
    arguments.add_argument("--only", default="")
    options = arguments.parse_args()
    program, wrong = os.path.abspath(options.tiddu), False
    best = "AVX-512" if " avx512f " in pathlib.Path("/proc/cpuinfo").read_text() else "AVX2 (no AVX-512 here)"
    with tempfile.TemporaryDirectory() as folder:
        inputs = pathlib.Path(folder)
        for command in ("data synthesize --into d.npz --count 200", "data synthesize --into few.npz --count 3"):
            subprocess.run([program, *command.split(), "--quiet"], cwd=inputs, check=True)
        (inputs / "page.png").write_bytes((ROOT / "Documentation/twenty-digits.png").read_bytes())
        (inputs / "space.yaml").write_text(states.SPACE.format(epochs=2))
        print(f"| what | files | runs alike | 1 and 2 threads | {best} and AVX2 | AVX2 and SSE2 |\n|---|---|---|---|---|---|", flush=True)
        rows = [(*row, options.runs) for row in COMMANDS] + [("reproduce", ["reproduce --into out"], False, options.reports)]
        for name, commands, is_independent, count in rows:
            if options.only not in name:
                continue
            first = run(commands, inputs, 2)
            alike = 1 + sum(run(commands, inputs, 2) == first for _ in range(count - 1))
            cells = []
            for is_wanted, other in [(is_independent, run(commands, inputs, 1))] + (
                    [] if name == "reproduce" else [(False, run(commands, inputs, 2, TIDDU_MAX_ISA="AVX2")), (False, None)]):
                if other is None:
                    one, other = run(commands, inputs, 2, TIDDU_MAX_ISA="AVX2"), run(commands, inputs, 2, TIDDU_MAX_ISA="SSE2")
                else:
                    one = first
                names = differing(one, other)
                wrong |= is_wanted and bool(names)
                cells.append("the same" if not names else "differ: " + ", ".join(names[:3]) + (" …" if len(names) > 3 else ""))
            wrong |= alike != count
            print(f"| {name} | {len(first)} | {alike} of {count} | " + " | ".join(cells) + " |", flush=True)
    sys.exit(wrong)


main()
