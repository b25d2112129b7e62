"""The peers' side of the benchmarks: Keras, PyTorch, JAX, onnxruntime and OpenVINO at the same work as `tiddu-bench`, in the same words.

    peers images FILE.npz                                   makes the images that all train on
    peers train-step --framework torch --model report-final --batch 32 --threads 2 --steps 200 --rounds 5 --warm-up 4
        --images FILE.npz
    peers restore --framework torch --model report-final --threads 2 --rounds 5 --images FILE.npz
    peers gemm --threads 2

Each prints one JSON object a line. `--warm-up` counts rounds that are run and not reported. With `--wait`, every line
on standard input starts one reported round (the first one: set-up and warm-up before it), so that compare.py can run
several programs in turn. Threads are settled before a framework is imported.
"""

import argparse
import importlib
import os
import sys

from models import CORRECTORS, MODELS, STEPS_A_CALL

TRAINING = ["keras-default", "keras", "keras-tuned", "torch-default", "torch", "torch-channels-last", "torch-compile",
            "jax", "jax-scan"]
RESTORING = ["keras", "torch", "onnxruntime", "openvino"]
SEVERAL_STEPS_A_CALL = ("keras-tuned", "jax-scan")


def read_arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("images").add_argument("file")
    for name, frameworks in (("train-step", TRAINING), ("restore", RESTORING), ("gemm", None)):
        command = commands.add_parser(name)
        command.add_argument("--threads", type=int, default=2)
        if frameworks:
            command.add_argument("--framework", choices=frameworks, required=True)
            command.add_argument("--images", required=True)
            command.add_argument("--rounds", type=int, default=5)
        if name == "restore":
            command.add_argument("--model", choices=CORRECTORS, default="report-final")
        if name == "train-step":
            command.add_argument("--model", choices=MODELS, default="report-final")
            command.add_argument("--batch", type=int, default=32)
            command.add_argument("--steps", type=int, default=200)
            command.add_argument("--warm-up", type=int, default=4)
            command.add_argument("--wait", action="store_true")
    options = parser.parse_args()
    if (options.command == "train-step" and options.framework in SEVERAL_STEPS_A_CALL
            and options.steps % STEPS_A_CALL):
        parser.error(f"--steps must be a multiple of {STEPS_A_CALL}")
    return options


def settle_threads(threads, framework):
    for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ[name] = str(threads)
    if threads == 1 and framework.startswith("jax"):
        os.environ["XLA_FLAGS"] = os.environ.get("XLA_FLAGS", "") + " --xla_cpu_multi_thread_eigen=false"


def main():
    options = read_arguments()
    if options.command == "images":
        return importlib.import_module("images").make_images(options.file)
    if options.command == "train-step" and options.wait and not sys.stdin.readline():
        return
    settle_threads(options.threads, getattr(options, "framework", "torch"))
    if options.command == "gemm":
        return importlib.import_module("with_torch").gemm(options)
    module = "onnx" if options.framework in ("onnxruntime", "openvino") else options.framework.split("-")[0]
    side = importlib.import_module("with_" + module)
    if options.command == "train-step":
        return side.train(options)
    importlib.import_module("restoring").report_restoring(options, side.restorers(options))


if __name__ == "__main__":
    main()
