#!/usr/bin/env python3
"""SIGKILL at random moments, a terminal that closes, folders that may not be written, files that vanish or change, a clock that jumps.

    Tests/Robustness/kills.py [--tiddu .build/release/tiddu] [--kills 100] [--seed 1] [--only NAME]

Needs cc and a built tiddu. A command that is killed leaves each of its files whole or not at all; gone on with or started again, again and
again, it ends with the bytes of one that was never killed. Prints a table, and every breach; ends with 1 if there is one.
"""
import argparse
import os
import pathlib
import pty
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import states

ROOT = pathlib.Path(__file__).resolve().parents[2]
breaches = []


def breach(text):
    breaches.append(text)
    print(f"BREACH {text}", flush=True)


def files(*patterns):
    """The state of a folder: these files' digests."""
    return lambda _, folder: states.files(folder, *patterns)


# Name, its share of the kills, the command, what it makes; how it goes on where that is another command, once which file is there.
COMMANDS = [
    ("train", 25, "train --subset 3000 --epochs 6 --threads 1 --quiet --into out", files("out/*.safetensors"), ("out/config.yaml", "train --resume out --quiet")),
    ("search", 20, "search space.yaml --subset 1000 --quiet --into out.sqlite", states.study, None),
    ("reproduce", 10, "reproduce --into out --quiet", states.reproduction, None),
    ("read", 15, "read page.png --csv --show out.png --quiet", files("out.png"), None),
    ("distort", 15, "distort d.npz --recipe report-multiple --into out.npz --quiet", files("out.npz"), None),
    ("export", 15, "export tiddu-small --into out.onnx --quiet", files("out.onnx"), None),
]


class Run:
    def __init__(self, inputs):
        self.inputs = inputs

    def start(self, folder, command, **more):
        for path in self.inputs.iterdir():
            if not (folder / path.name).exists():
                shutil.copy(path, folder)
        environment = dict(os.environ, TIDDU_MODELS=str(ROOT / "Models")) | more.pop("extra", {})
        more = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True} | more
        return subprocess.Popen([program, *command.split()], cwd=folder, env=environment, **more)

    def finish(self, folder, command, **more):
        process = self.start(folder, command, **more)
        output, errors = process.communicate(timeout=1800)
        return process.returncode, output, errors


def next_command(command, going_on, folder):
    return going_on[1] if going_on and (folder / going_on[0]).exists() else command


def kills(run, row, count, generator):
    name, _, command, state, going_on = row
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        start = time.monotonic()
        status, _, errors = run.finish(folder, command)
        seconds = time.monotonic() - start
        expected = state(program, folder)
    if status != 0:
        return breach(f"{name}: {errors}")
    done = chains = 0
    while done < count:
        with tempfile.TemporaryDirectory() as folder:
            folder = pathlib.Path(folder)
            # Some eight a chain, where it goes on.
            for _ in range(min(8, count - done)):
                process = run.start(folder, next_command(command, going_on, folder))
                time.sleep(generator.random() * seconds * (0.5 if going_on or name in ("search", "reproduce") else 1))
                if process.poll() is not None:
                    break
                process.kill()
                process.communicate()
                done += 1
                if going_on is None and name not in ("search", "reproduce"):
                    for file, bytes in state(program, folder).items():
                        if bytes != expected[file]:
                            breach(f"{name}: {file} is half-written after a kill")
            status, _, errors = run.finish(folder, next_command(command, going_on, folder))
            if status != 0 or state(program, folder) != expected:
                breach(f"{name}: after kills status {status}, {errors.strip()[:300]} {'and other files' if status == 0 else ''}")
            chains += 1
    print(f"| {name} | {seconds:.1f} | {done} | {chains} |", flush=True)


def closing_terminal(run):
    """The terminal of a training goes away: status 129 or the signal's, and it goes on to the same bytes."""
    command = "train --subset 3000 --epochs 6 --threads 1 --into out"
    with tempfile.TemporaryDirectory() as whole, tempfile.TemporaryDirectory() as folder:
        whole, folder = pathlib.Path(whole), pathlib.Path(folder)
        run.finish(whole, command)
        master, slave = pty.openpty()
        process = run.start(folder, command, stdin=slave, stdout=slave, stderr=slave, text=False,
                            preexec_fn=lambda: (os.setsid(), __import__("fcntl").ioctl(0, __import__("termios").TIOCSCTTY, 0)))
        os.close(slave)
        time.sleep(1.5)
        os.close(master)
        status = process.wait(60)
        if status not in (129, -signal.SIGHUP, 74):
            breach(f"closing terminal: status {status}")
        status, _, errors = run.finish(folder, next_command(command, COMMANDS[0][4], folder))
        if status != 0 or states.files(folder, "out/*.safetensors") != states.files(whole, "out/*.safetensors"):
            breach(f"closing terminal: and again: status {status}, {errors[:300]}")


def no_writing(run):
    """A folder that may not be written: an error of the system, nothing made. (As nobody, since root may do all.)"""
    for name, _, command, state, _ in COMMANDS:
        with tempfile.TemporaryDirectory() as folder:
            folder = pathlib.Path(folder)
            for path in run.inputs.iterdir():
                shutil.copy(path, folder)
            folder.chmod(0o555)
            user = {"user": 65534, "group": 65534, "extra_groups": []} if os.geteuid() == 0 else {}
            status, _, errors = run.finish(folder, command, **user)
            folder.chmod(0o755)
            if status != 74 or "ermission" not in errors or state(program, folder) not in ({}, {"rows": []}, {"report": None}):
                breach(f"{name} where nothing may be written: status {status}, {errors.strip()[:300]}")


def changing_inputs(run, generator):
    """A file that vanishes, shrinks or grows while it is read: an error of ours or a result, never a crash."""
    for turn in range(24):
        with tempfile.TemporaryDirectory() as folder:
            folder = pathlib.Path(folder)
            process = run.start(folder, "data convert d.csv out.npz --quiet")
            time.sleep(generator.random() * 0.3)
            path = folder / "d.csv"
            if turn % 3 == 0:
                path.unlink()
            elif turn % 3 == 1:
                os.truncate(path, generator.randrange(path.stat().st_size))
            else:
                path.write_bytes(generator.randbytes(path.stat().st_size + 100_000))
            _, errors = process.communicate(timeout=60)
            if process.returncode not in (0, 65, 74) or (process.returncode and not errors.startswith("tiddu: ")):
                breach(f"a changing file, turn {turn}: status {process.returncode}, {errors.strip()[:300]}")
            if process.returncode and (folder / "out.npz").exists():
                breach(f"a changing file, turn {turn}: a result in spite of an error")


def jumping_clock(run, shim):
    """The clock of the day jumps by years, forwards and backwards, at every look at it."""
    for name, _, command, state, _ in COMMANDS:
        if name == "reproduce":
            continue
        with tempfile.TemporaryDirectory() as whole, tempfile.TemporaryDirectory() as folder:
            whole, folder = pathlib.Path(whole), pathlib.Path(folder)
            run.finish(whole, command)
            status, _, errors = run.finish(folder, command, extra={"LD_PRELOAD": str(shim), "CLOCK": "jumps"})
            if status != 0 or state(program, folder) != state(program, whole):
                breach(f"{name} by a jumping clock: status {status}, {errors.strip()[:300]}")


def main():
    global program
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--tiddu", default=str(ROOT / ".build/release/tiddu"))
    arguments.add_argument("--kills", type=int, default=100)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--only", default="")
    options = arguments.parse_args()
    program = os.path.abspath(options.tiddu)
    generator = random.Random(options.seed)
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        folder.chmod(0o755)
        shim, inputs = folder / "faults.so", folder / "inputs"
        subprocess.run(["cc", "-O1", "-Wall", "-Werror", "-shared", "-fPIC", "-o", shim, ROOT / "Tests/Robustness/faults.c", "-ldl"], check=True)
        inputs.mkdir()
        for command in ("data synthesize --into d.npz --count 20000", "data synthesize --into d.csv --count 2000"):
            subprocess.run([program, *command.split(), "--quiet"], cwd=inputs, check=True)
        shutil.copy(ROOT / "Documentation/twenty-digits.png", inputs / "page.png")
        (inputs / "space.yaml").write_text(states.SPACE.format(epochs=3))
        run = Run(inputs)
        print("| command | seconds | kills | chains |\n|---|---|---|---|")
        for row in COMMANDS:
            if options.only in row[0]:
                kills(run, row, round(row[1] * options.kills / 100), generator)
        if not options.only:
            closing_terminal(run)
            no_writing(run)
            changing_inputs(run, generator)
            jumping_clock(run, shim)
        print(f"{len(breaches)} breaches")
        sys.exit(1 if breaches else 0)


main()
