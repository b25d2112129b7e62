#!/usr/bin/env python3
"""In which order the system is asked to write, by strace: bytes are synced before a file gets its name, its folder before the program ends.

    Tests/Robustness/order.py [--tiddu .build/release/tiddu]

Needs strace and a built tiddu. For each command: no file is renamed over another while bytes of it are not synced, nothing is written under
its last name but databases (whose own journals guard them) and locks, and at the end no folder has a change that was not synced. Prints
a table, and every breach; ends with 1 if there is one.
"""
import argparse
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import states

ROOT = pathlib.Path(__file__).resolve().parents[2]
COMMANDS = [
    "data synthesize --into d.npz --count 50",
    "data convert d.npz out.csv",
    "distort d.npz --recipe report-multiple --into out.npz",
    "distort d.npz --recipe report-multiple --into folder",
    "restore tiddu-small d.npz --into restored.npz",
    "read page.jpg --csv --show out.png",
    "export tiddu-small --into out.onnx",
    "train --subset 100 --epochs 2 --into run",
    "train --resume run --epochs 3",
    "figure curves run --into curves.svg",
    "search space.yaml --subset 100 --into study.sqlite",
    "reproduce --into reproduced",
]
CALL = re.compile(r"(\w+)\((.*)\)\s+= (-?\d+)")
GUARDED = re.compile(r"\.sqlite(-journal|-wal|-shm)?$|lock$")


def calls(trace):
    """Name, arguments and result of each call that succeeded, those that threads interrupted put together."""
    begun = {}
    for line in trace.read_text(errors="replace").splitlines():
        thread, _, rest = line.partition(" ")
        rest = rest.strip()
        if rest.endswith("<unfinished ...>"):
            begun[thread] = rest.removesuffix("<unfinished ...>")
            continue
        resumed = re.match(r"<\.\.\. \w+ resumed>(.*)", rest)
        match = CALL.match(begun.pop(thread, "") + resumed[1] if resumed else rest)
        if match and int(match[3]) >= 0:
            yield match[1], match[2]


def check(folder, trace):
    """Calls of fsync, renames, and what is wrong."""
    unsynced, changed, wrong, synced, renamed = set(), {}, [], 0, 0

    def own(path):
        path = os.path.normpath(os.path.join(folder, path))
        return path if path.startswith(folder + "/") or path == folder else None

    for name, arguments in calls(trace):
        # Pipes, sockets and eventfds have names without a slash.
        described = re.match(r"\d+<(/[^>]*)>", arguments)
        path = own(described[1]) if described else None
        if name in ("write", "pwrite64", "writev", "pwritev", "ftruncate") and path:
            unsynced.add(path)
            if ".tiddu-" not in path and not GUARDED.search(path):
                wrong.append(f"{path} is written under its last name")
        elif name in ("fsync", "fdatasync") and path:
            synced += 1
            unsynced.discard(path)
            changed.pop(path, None)
        elif name.startswith("rename"):
            old, new = [own(one) for one in re.findall(r"\"([^\"]*)\"", arguments)]
            renamed += 1
            if old in unsynced:
                wrong.append(f"{new} gets its name before its bytes are synced")
            changed.setdefault(os.path.dirname(new), []).append(new)
        elif name.startswith("mkdir"):
            new = own(re.search(r"\"([^\"]*)\"", arguments)[1])
            if new:
                changed.setdefault(os.path.dirname(new), []).append(new)
    wrong += [f"{name} may be lost with the power" for names in changed.values() for name in names if os.path.exists(name)]
    return synced, renamed, wrong


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--tiddu", default=str(ROOT / ".build/release/tiddu"))
    program, breaches = os.path.abspath(arguments.parse_args().tiddu), []
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as elsewhere:
        folder, trace = os.path.realpath(folder), pathlib.Path(elsewhere) / "trace"
        shutil.copy(ROOT / "Documentation/photograph.jpg", f"{folder}/page.jpg")
        pathlib.Path(f"{folder}/space.yaml").write_text(states.SPACE.format(epochs=1))
        print("| command | fsync | rename | breaches |\n|---|---|---|---|")
        for command in COMMANDS:
            subprocess.run(["strace", "-f", "-qq", "-y", "-s", "0", "-o", trace, "-e", "trace=write,pwrite64,writev,pwritev,ftruncate,fsync,fdatasync,"
                            "/rename.*,/mkdir.*", program, *command.split(), "--quiet"], cwd=folder, check=True, stdout=subprocess.DEVNULL,
                           env=dict(os.environ, TIDDU_MODELS=str(ROOT / "Models")))
            synced, renamed, wrong = check(folder, trace)
            print(f"| `{command}` | {synced} | {renamed} | {len(wrong)} |", flush=True)
            breaches += [f"{command}: {one}" for one in wrong]
    print(*breaches, sep="\n")
    sys.exit(1 if breaches else 0)


main()
