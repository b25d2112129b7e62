#!/usr/bin/env python3
"""Times whole processes: `tiddu --help`, and `tiddu restore` of one image. Wants a model of tiddu-small.

    python3 Benchmarks/startup.py runs/small image.png
"""

import pathlib
import subprocess
import sys
import tempfile
import time

TIDDU = pathlib.Path(__file__).resolve().parent.parent / ".build" / "release" / "tiddu"


def times(command, runs=15):
    """Milliseconds, in order."""
    found = []
    for _ in range(runs):
        start = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        found.append(1e3 * (time.perf_counter() - start))
    return sorted(found)


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    model, image = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        for name, arguments in (("--help", ["--help"]),
                                ("restore", ["restore", model, image, "--into", f"{folder}/out.png"])):
            found = times([TIDDU, *arguments])
            print(f"{name}: least {found[0]:.1f}, median {found[len(found) // 2]:.1f} ms")


if __name__ == "__main__":
    main()
