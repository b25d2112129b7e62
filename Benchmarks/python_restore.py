"""tiddu.restore on 10,000 images from Python, beside onnxruntime running the exported model: in turns, in one run.

    Benchmarks/.venv/bin/python Benchmarks/python_restore.py [--data synthetic] [--count 10000] [--rounds 5] [--tiddu .build/release/tiddu]

Needs the wheel (make wheel) in that environment. Images are bytes, damaged by report-multiple; both take and give NumPy arrays
of bytes, and their answers are compared. onnxruntime is given all images at once, and batches of 250, the better of the
two counting. Prints JSON: images a second, of the fastest and of the median round, and how many pixels differ.
"""
import argparse
import json
import os
import statistics
import subprocess
import tempfile
import time

import numpy as np
import onnxruntime
import tiddu

arguments = argparse.ArgumentParser()
arguments.add_argument("--data", default="synthetic")
arguments.add_argument("--count", type=int, default=10_000)
arguments.add_argument("--rounds", type=int, default=5)
arguments.add_argument("--tiddu", default=".build/release/tiddu")
options = arguments.parse_args()


def session(model, folder):
    path = f"{folder}/{model}.onnx"
    subprocess.run([options.tiddu, "export", model, "--pixels", "uint8", "--into", path], check=True, capture_output=True)
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    name = session.get_inputs()[0].name
    output = session.get_outputs()[0].name
    return lambda images: session.run([output], {name: images})[0]


def in_batches(run, size):
    return lambda images: np.concatenate([run(images[start:start + size]) for start in range(0, len(images), size)])


def seconds(run, images):
    start = time.perf_counter()
    run(images)
    return time.perf_counter() - start


with tempfile.TemporaryDirectory() as folder:
    subprocess.run([options.tiddu, "data", "convert", options.data, f"{folder}/clean.npy", "--part", "test"],
                   check=True, capture_output=True)
    clean = np.load(f"{folder}/clean.npy").reshape(-1, 28, 28, 1)[:options.count]
    damaged = tiddu.distort(clean, "report-multiple", seed=2)
    results = {"images": len(damaged), "cores": len(os.sched_getaffinity(0))}
    for model in ["report-final", "tiddu-small", "tiddu-best"]:
        peer = session(model, folder)
        ways = {"tiddu": tiddu.Restorer(model), "onnxruntime": peer, "onnxruntime, batches of 250": in_batches(peer, 250)}
        answers = {name: way(damaged).astype(int) for name, way in ways.items()}
        times = {name: [] for name in ways}
        for _ in range(options.rounds):
            for name, way in ways.items():
                times[name].append(seconds(way, damaged))
        differing = np.abs(answers["tiddu"] - answers["onnxruntime"])
        results[model] = {
            name: {"fastest": round(len(damaged) / min(each)), "median": round(len(damaged) / statistics.median(each))}
            for name, each in times.items()}
        results[model]["pixels that differ"] = int((differing > 0).sum())
        results[model]["largest difference"] = int(differing.max())
print(json.dumps(results, indent=1))
