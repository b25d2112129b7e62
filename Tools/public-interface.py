#!/usr/bin/env python3
"""Lists what the library promises: the public declarations of the product Tiddu's modules, and which lack a comment.

Reads the symbol graphs of a release build (`swift symbolgraph-extract`). Fails where there are more than MOST or one is
undocumented.
"""

import glob
import json
import pathlib
import subprocess
import sys
import tempfile

MOST = 200
MODULES = ["Support", "ImageSets", "Distortions", "NeuralNetworks", "Restoration", "Evaluation", "Figures", "Interchange"]
root = pathlib.Path(__file__).resolve().parents[1]


def symbols(module, folder):
    headers = [*glob.glob(f"{root}/Sources/CLibraries/*/"), f"{root}/.build/checkouts/Yams/Sources/CYaml/include",
               f"{root}/.build/checkouts/GRDB.swift/Sources/GRDBSQLite",
               "/usr/include/hdf5/serial", "/usr/include/cairo", "/usr/include/leptonica"]
    maps = [path for path in glob.glob(f"{root}/.build/release/C*.build/module.modulemap")
            if pathlib.Path(path).parent.stem in ("CKernels", "CHDF5Files", "CYaml", "GRDBSQLite")]
    command = ["swift", "symbolgraph-extract", "-module-name", module, "-I", f"{root}/.build/release/Modules",
               "-target", "x86_64-unknown-linux-gnu", "-minimum-access-level", "public",
               "-skip-synthesized-members", "-output-dir", folder]
    for place in headers:
        command += ["-I", place, "-Xcc", f"-I{place}"]
    for path in maps:
        command += ["-Xcc", f"-fmodule-map-file={path}"]
    subprocess.run(command, check=True)
    with open(f"{folder}/{module}.symbols.json") as file:
        symbols = json.load(file)["symbols"]
    # What the compiler adds to a conformance is not declared by anybody.
    made = {"init(from:)", "encode(to:)", "init(rawValue:)", "hash(into:)", "rawValue"}
    return [symbol for symbol in symbols if symbol["pathComponents"][-1] not in made]


total, bare = 0, []
with tempfile.TemporaryDirectory() as folder:
    for module in MODULES:
        own = symbols(module, folder)
        names = sorted(".".join(symbol["pathComponents"]) for symbol in own)
        bare += [f"{module}.{'.'.join(s['pathComponents'])}" for s in own if "docComment" not in s]
        total += len(names)
        if "--list" in sys.argv:
            print(*(f"{module}.{name}" for name in names), sep="\n")
        print(f"{module}: {len(names)}")
print(f"{total} public declarations, {len(bare)} without a comment")
print(*sorted(bare), sep="\n")
sys.exit(1 if total > MOST or bare else 0)
