#!/usr/bin/env python3
"""Mutation testing: makes small changes in Sources, and sees whether the tests notice them.

    Tools/mutation.py [--count 200] [--modules NeuralNetworks,Distortions,Evaluation] [--seed 1] [--into .build-mutation]

A change is an operator, a constant, a border or a sign in one line. All are compiled at once into a copy of the sources, each behind a
switch that TIDDU_MUTANT turns on, so that one build serves all; changes that do not compile are taken out again. Then the module's
tests run once without a change, and once with each; only where they notice nothing do those of the other modules run, too. A run
that takes six times as long as without a change counts as noticed: it would never end. Prints a line for each change that nobody noticed,
and a table; what was measured is kept, and a run that was broken off goes on.
"""
import argparse
import json
import os
import pathlib
import random
import re
import shutil
import signal
import subprocess
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]
SWAPS = [(" + ", " - "), (" - ", " + "), (" * ", " / "), (" < ", " <= "), (" <= ", " < "), (" > ", " >= "), (" >= ", " > "), (" == ", " != "),
         (" != ", " == "), (" && ", " || "), (" || ", " && ")]
CONSTANT = re.compile(r"(?<![\w.\"$])(\d+)(?![\w.\"]|\.\d)")
# Where one line holds a whole expression: what stands before it, the expression, what follows.
PLACES = [
    re.compile(r"^(\s*(?:let|var) \w+(?:: [\w\[\]?.<>]+)? = (?:try )?)([^{}\"]+?)()$"),
    re.compile(r"^(\s*return (?:try )?)([^{}\"]+?)()$"),
    re.compile(r"^(\s*[\w.\[\]]+ (?:[-+*/]?)= (?:try )?)([^{}\"]+?)()$"),
    re.compile(r"^(\s*(?:if|while|guard) )((?:(?!\blet\b|\bcase\b|\bvar\b|,)[^{}\"])+?)( (?:\{|else \{).*)$"),
]


def changes(line):
    """Each change of one line: the line with a switch in it, for a number that is put in later."""
    code = line.split("//")[0].rstrip()
    if code != line.rstrip() or not code.strip():
        return
    for place in PLACES:
        match = place.match(code)
        if not match:
            continue
        before, expression, after = match.groups()
        if expression.count("(") != expression.count(")") or expression.endswith((",", "(", "=", "+", "-", "?", ":")):
            return
        for old, new in SWAPS:
            for found in re.finditer(re.escape(old), expression):
                yield before, expression, expression[:found.start()] + new + expression[found.end():], after
        for found in CONSTANT.finditer(expression):
            other = str(int(found[1]) + 1)
            yield before, expression, expression[:found.start()] + other + expression[found.end():], after
        return


def candidates(base, module):
    for path in sorted((base / "Sources" / module).rglob("*.swift")):
        for number, line in enumerate(path.read_text().split("\n")):
            for change in changes(line):
                yield module, str(path.relative_to(base)), number, change


def choose(base, modules, count, seed):
    """As many of each module, no two in one line."""
    generator = random.Random(seed)
    chosen = []
    for module in modules:
        lines = {}
        for candidate in candidates(base, module):
            lines.setdefault(candidate[1:3], []).append(candidate)
        places = generator.sample(sorted(lines), min(len(lines), count // len(modules) + 1))
        chosen += [generator.choice(lines[place]) for place in places]
    return sorted(generator.sample(chosen, min(count, len(chosen))), key=lambda one: one[1:3])


SWITCH = """import Foundation

private let chosen = ProcessInfo.processInfo.environment["TIDDU_MUTANT"].flatMap { Int($0) } ?? -1

@inline(never) func isMutated(_ number: Int) -> Bool { number == chosen }
"""


def write(base, source, modules, chosen, refused):
    for module in modules:
        shutil.copytree(base / "Sources" / module, source / "Sources" / module, dirs_exist_ok=True)
        (source / "Sources" / module / "Mutation.swift").write_text(SWITCH)
    files = {}
    for number, (_, path, line, change) in enumerate(chosen):
        if number not in refused:
            files.setdefault(path, []).append((number, line, change))
    for path, here in files.items():
        lines = (source / path).read_text().split("\n")
        for number, line, (before, old, new, after) in here:
            lines[line] = f"{before}isMutated({number}) ? ({new}) : ({old}){after}"
        (source / path).write_text("\n".join(lines))


def build(base, source, modules, chosen):
    """Builds, leaving out what does not compile; gives the numbers of these."""
    refused = set()
    while True:
        write(base, source, modules, chosen, refused)
        result = subprocess.run(["swift", "build", "-c", "release", "--build-tests"], cwd=source, capture_output=True, text=True)
        if result.returncode == 0:
            return refused
        wrong = {(match[1], int(match[2]) - 1) for match in re.finditer(r"(Sources/[^:\s]+):(\d+):\d+: error", result.stdout + result.stderr)}
        new = {number for number, one in enumerate(chosen) if (one[1], one[2]) in wrong} - refused
        if not new:
            raise SystemExit(result.stdout[-4000:] + result.stderr[-4000:])
        refused |= new
        print(f"{len(refused)} of {len(chosen)} do not compile", flush=True)


def run_tests(source, pattern, mutant, limit):
    """Whether they pass, and the seconds they took; the first failure ends it."""
    environment = dict(os.environ, TIDDU_MUTANT=str(mutant), SWIFT_BACKTRACE="enable=no")
    start = time.monotonic()
    (tests,) = (source / ".build" / "release").glob("*.xctest")
    process = subprocess.Popen([tests, "--testing-library", "swift-testing", "--filter", pattern], cwd=source, env=environment,
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", start_new_session=True)
    alarm = threading.Timer(limit, os.killpg, (process.pid, signal.SIGKILL))
    alarm.start()
    failed = any("✘" in line for line in process.stdout)
    alarm.cancel()
    if failed:
        os.killpg(process.pid, signal.SIGKILL)
    return process.wait() == 0 and not failed, time.monotonic() - start


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--count", type=int, default=200)
    arguments.add_argument("--modules", default="NeuralNetworks,Distortions,Evaluation")
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--into", default=".build-mutation")
    options = arguments.parse_args()
    modules = options.modules.split(",")
    # The last commit, so that work can go on meanwhile; what was built of `source` before is built no more where it is the same.
    base, source = ROOT / options.into / "base", ROOT / options.into / "source"
    shutil.rmtree(base, ignore_errors=True)
    for folder in (base, source):
        folder.mkdir(parents=True, exist_ok=True)
        archive = subprocess.run(["git", "archive", "HEAD"], cwd=ROOT, check=True, capture_output=True).stdout
        subprocess.run(["tar", "-x", "-C", folder], input=archive, check=True)

    chosen = choose(base, modules, options.count, options.seed)
    refused = build(base, source, modules, chosen)
    others = "SupportTests|SafetensorsTests|ImageSetsTests|RestorationTests|SearchTests|ReportTests|InterchangeTests"
    seconds = {}
    for pattern in [f"{module}Tests" for module in modules] + [others]:
        passes, seconds[pattern] = run_tests(source, pattern, -1, 1800)
        if not passes:
            raise SystemExit(f"{pattern} fail without any change")
    kept = ROOT / options.into / "results.jsonl"
    known = {tuple(json.loads(line)["change"][:3]): json.loads(line) for line in kept.read_text().split("\n") if line} if kept.exists() else {}
    counts = {module: [0, 0] for module in modules}
    for number, (module, path, line, (before, old, new, after)) in enumerate(chosen):
        if number in refused:
            continue
        key = (path, line, new)
        if key not in known:
            by = None
            for pattern in (f"{module}Tests", others):
                if not run_tests(source, pattern, number, 60 + 6 * seconds[pattern])[0]:
                    by = pattern
                    break
            known[key] = {"change": [path, line, new, old], "noticed by": by}
            with kept.open("a") as file:
                file.write(json.dumps(known[key]) + "\n")
        counts[module][1] += 1
        if known[key]["noticed by"]:
            counts[module][0] += 1
        else:
            print(f"{path}:{line + 1}: nobody notices\n    {before.strip()} {old}\n    {before.strip()} {new}", flush=True)
    print("| module | changes | noticed | share |\n|---|---|---|---|")
    for module, (noticed, all_) in counts.items():
        print(f"| {module} | {all_} | {noticed} | {100 * noticed / max(1, all_):.0f} % |")


if __name__ == "__main__":
    main()
