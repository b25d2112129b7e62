"""Reading a Kaggle CSV of images: tiddu-bench beside polars and pandas, in turns, in one run.

    python3 Benchmarks/read_csv.py train.csv [--runs 5] [--bench .build/release/tiddu-bench]

Each reader runs with its defaults and, where it can be told, with bytes as the columns' type. What tiddu reads is a
finished set of images; the others stop at their tables. Prints JSON: seconds, the smallest and the median.
"""
import argparse
import json
import os
import statistics
import subprocess
import time


def timed(read):
    start = time.perf_counter()
    read()
    return time.perf_counter() - start


def readers(path, bench):
    """The name of each reader and a function that reads once and returns the seconds."""
    with open(path, "rb") as file:
        names = file.readline().decode().strip().split(",")

    def tiddu():
        # Its own clock, one run a process: starting the process is no part of reading.
        output = subprocess.run([bench, "read-csv", "--file", path, "--runs", "1"], check=True, capture_output=True).stdout
        return json.loads(output)["seconds"][0]

    found = {"tiddu": tiddu}
    try:
        import polars

        columns = {name: polars.UInt8 for name in names if name.startswith("pixel")}
        found[f"polars {polars.__version__}"] = lambda: timed(lambda: polars.read_csv(path))
        found[f"polars {polars.__version__}, uint8"] = lambda: timed(
            lambda: polars.read_csv(path, schema_overrides=columns)
        )
    except ImportError:
        pass
    try:
        import pandas

        columns_of_bytes = {name: "uint8" for name in names if name.startswith("pixel")}
        found[f"pandas {pandas.__version__}"] = lambda: timed(lambda: pandas.read_csv(path))
        found[f"pandas {pandas.__version__}, uint8"] = lambda: timed(lambda: pandas.read_csv(path, dtype=columns_of_bytes))
    except ImportError:
        pass
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("path")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--bench", default=".build/release/tiddu-bench")
    options = parser.parse_args()
    found = readers(options.path, options.bench)
    seconds = {name: [] for name in found}
    for _ in range(options.runs):
        for name, read in found.items():
            seconds[name].append(read())
    results = {
        name: {"minimum": round(min(values), 4), "median": round(statistics.median(values), 4)}
        for name, values in seconds.items()
    }
    print(json.dumps({
        "bytes": os.path.getsize(options.path), "cores": os.cpu_count(), "runs": options.runs, "seconds": results,
    }, indent=2))


if __name__ == "__main__":
    main()
