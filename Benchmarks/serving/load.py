"""Requests a second of `tiddu serve` beside FastAPI with onnxruntime, both with the layers of the same model, one PNG a request.

    Benchmarks/.venv/bin/python Benchmarks/serving/load.py --seconds 60

Needs wrk (Debian), `make service`, Benchmarks/setup.sh. Everything shares this machine's cores: the servers, and wrk."""

import argparse
import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
HERE = pathlib.Path(__file__).parent
PEERS = {"fastapi, each by itself": "0", "fastapi, in batches": "1"}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--models", nargs="+", default=["report-final", "tiddu-small", "tiddu-best"])
    parser.add_argument("--only", choices=["tiddu", "fastapi"])
    options = parser.parse_args()
    print(processor())
    with tempfile.TemporaryDirectory() as folder:
        make_images(folder)
        for model in options.models:
            export(model, folder)
            for _ in range(options.rounds):
                if options.only != "fastapi":
                    report(model, "tiddu serve", tiddu(model), folder, options)
                if options.only != "tiddu":
                    for name, batched in PEERS.items():
                        report(model, name, fastapi(model, folder, batched), folder, options)


def processor():
    for line in open("/proc/cpuinfo"):
        if line.startswith("model name"):
            return line.split(":")[1].strip() + f", {os.cpu_count()} cores"


def make_images(folder):
    """A hundred damaged digits, each a PNG file."""
    tool = str(ROOT / ".build/release/tiddu")
    for words in (["data", "convert", "synthetic", f"{folder}/clean.npz", "--part", "test"],
                  ["distort", f"{folder}/clean.npz", "--recipe", "report-multiple", "--into", f"{folder}/images"]):
        subprocess.run([tool, *words], check=True, stdout=subprocess.DEVNULL)
    flat = pathlib.Path(folder) / "flat"
    flat.mkdir()
    for path in sorted((pathlib.Path(folder) / "images").rglob("*.png"))[::100]:
        path.rename(flat / path.name)


def export(model, folder):
    sys.path.insert(0, str(ROOT / "Benchmarks/peers"))
    from models import CORRECTORS
    from with_torch import export as export_network

    for network in CORRECTORS[model]:
        export_network(network, f"{folder}/{network}.onnx")


def tiddu(model):
    process = subprocess.Popen(
        [ROOT / ".build/release/tiddu-serve", model, "--port", "0"], stdout=subprocess.PIPE, text=True)
    return process, process.stdout.readline().strip() + "restore?expect=report-multiple"


def fastapi(model, folder, batched):
    process = subprocess.Popen(
        [sys.executable, "-m", "uvicorn", "peer:app", "--port", "8193", "--workers", "2", "--log-level", "error",
         "--no-access-log"], cwd=HERE, env={**os.environ, "MODELS": folder, "MODEL": model, "BATCHED": batched}, start_new_session=True)
    return process, "http://127.0.0.1:8193/restore"


def report(model, name, started, folder, options):
    process, address = started
    images = f"{folder}/flat"
    one = sorted(pathlib.Path(images).glob("*.png"))[0].read_bytes()
    wait_for(address, one)
    load(address, images, 3, options.connections)  # to be warm
    before = memory(process.pid)
    result = load(address, images, options.seconds, options.connections)
    after = memory(process.pid)
    os.killpg(process.pid, signal.SIGTERM) if name != "tiddu serve" else process.terminate()
    process.wait()
    time.sleep(1)
    print(json.dumps({"model": model, "server": name, "requests/s": round(result["requests"] / result["seconds"]), "p50 ms": result["p50"],
            "p99 ms": result["p99"], "failed": result["failed"], "MB before": before, "MB after": after}), flush=True)


def wait_for(address, image):
    for _ in range(200):
        try:
            with urllib.request.urlopen(urllib.request.Request(address, image, {"Content-Type": "image/png"})):
                return
        except OSError:
            time.sleep(0.2)
    raise SystemExit(f"{address} does not answer")


def load(address, images, seconds, connections):
    run = subprocess.run(
        ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "10s", "--latency", "-s", HERE / "load.lua", address],
        env={**os.environ, "IMAGES": images}, capture_output=True, text=True, check=True)
    return json.loads(next(line for line in run.stdout.splitlines() if line.startswith("JSON "))[5:])


def memory(pid):
    """Megabytes of a process and its children."""
    children = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True).stdout.split()
    pages = sum(int(pathlib.Path(f"/proc/{one}/statm").read_text().split()[1]) for one in [pid, *children])
    return pages * os.sysconf("SC_PAGESIZE") >> 20


main()
