"""Reading 10,000 image files: tiddu-bench beside Pillow, OpenCV and libvips, in turns, in one run.

    python3 Benchmarks/read_images.py [--count 10000] [--side 28] [--runs 5] [--bench .build/release/tiddu-bench]

The files are made first, by Pillow, of noise on a ramp: PNG, JPEG and TIFF (LZW), grey, `side` pixels square. Every reader
ends with one array of all images; peers read with one thread and with one a core. Prints JSON: images a second, of the
fastest and of the median run.
"""
import argparse
import concurrent.futures
import json
import os
import statistics
import subprocess
import tempfile
import time

import numpy as np
from PIL import Image


def make(folder, ending, count, side):
    generator = np.random.default_rng(1)
    ramp = np.linspace(0, 200, side)[None, :] * np.ones((side, 1))
    options = {"tif": {"compression": "tiff_lzw"}, "jpg": {"quality": 90}, "png": {}}[ending]
    for number in range(count):
        pixels = np.clip(ramp + generator.normal(20, 8, (side, side)), 0, 255).astype(np.uint8)
        Image.fromarray(pixels).save(f"{folder}/{number:05}.{ending}", **options)


def readers(folder, bench):
    paths = sorted(os.path.join(folder, name) for name in os.listdir(folder))

    def timed(read_one, threads):
        def run():
            start = time.perf_counter()
            if threads == 1:
                np.stack([read_one(path) for path in paths])
            else:
                with concurrent.futures.ThreadPoolExecutor(threads) as pool:
                    np.stack(list(pool.map(read_one, paths, chunksize=64)))
            return time.perf_counter() - start
        return run

    def tiddu():
        output = subprocess.run([bench, "read-images", "--folder", folder, "--runs", "1"], check=True, capture_output=True)
        return json.loads(output.stdout)["seconds"][0]

    found = {"tiddu": tiddu}
    ones = {"Pillow": lambda path: np.asarray(Image.open(path))}
    try:
        import cv2

        cv2.setNumThreads(1)
        ones["OpenCV"] = lambda path: cv2.imread(path, cv2.IMREAD_GRAYSCALE)
    except ImportError:
        pass
    try:
        import pyvips

        ones["libvips"] = lambda path: pyvips.Image.new_from_file(path, access="sequential").numpy()
    except ImportError:
        pass
    for name, one in ones.items():
        found[name] = timed(one, 1)
        found[f"{name}, {os.cpu_count()} threads"] = timed(one, os.cpu_count())
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--side", type=int, default=28)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--bench", default=".build/release/tiddu-bench")
    options = parser.parse_args()
    results = {}
    for ending in ["png", "jpg", "tif"]:
        with tempfile.TemporaryDirectory() as folder:
            make(folder, ending, options.count, options.side)
            found = readers(folder, options.bench)
            seconds = {name: [] for name in found}
            for _ in range(options.runs):
                for name, read in found.items():
                    seconds[name].append(read())
            results[ending] = {
                name: {"best": round(options.count / min(values)), "median": round(options.count / statistics.median(values))}
                for name, values in seconds.items()
            }
    print(json.dumps({"count": options.count, "side": options.side, "cores": os.cpu_count(), "images_per_second": results}, indent=2))


if __name__ == "__main__":
    main()
