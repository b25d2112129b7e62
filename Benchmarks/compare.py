#!/usr/bin/env python3
"""Times tiddu beside Keras, PyTorch, JAX, onnxruntime and OpenVINO, prints a table, and keeps every figure under Benchmarks/results.

    python3 Benchmarks/compare.py           all of it, some twenty minutes on two quiet cores
    python3 Benchmarks/compare.py --quick   batch 32 on two threads and restoring, about eight minutes
    python3 Benchmarks/compare.py --avx2    everybody held to AVX2, as far as they can be
    python3 Benchmarks/compare.py --models report-final,report-classifier --only tiddu,torch

Each framework runs in a process of its own on as many processors as it has threads; the processes take turns, round by
round, so that the machine's drift hits all alike. What cannot be run is shown as missing. Needs no packages itself.
"""

import argparse
import datetime
import json
import os
import pathlib
import platform
import subprocess

from comparison.measuring import best_gemm, once, train
from comparison.plans import CORRECTORS, RESTORING, TRAINING, chosen_plans
from comparison.tables import NOTES, show_gemm, show_restoring, show_training
from comparison.worker import HERE, IMAGES, PEERS, PYTHON, RESULTS, progress
from peers.models import CORRECTORS as PARTS
from peers.models import MODELS

# What holds each to AVX2 on a processor with AVX-512; onnxruntime's own kernels cannot be held.
AVX2 = {"TIDDU_MAX_ISA": "AVX2", "ONEDNN_MAX_CPU_ISA": "AVX2", "DNNL_MAX_CPU_ISA": "AVX2",
        "ATEN_CPU_CAPABILITY": "avx2", "MKL_ENABLE_INSTRUCTIONS": "AVX2", "XLA_FLAGS": "--xla_cpu_max_isa=AVX2"}


def read_arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--avx2", action="store_true")
    parser.add_argument("--tiddu", default=HERE.parent / ".build" / "release" / "tiddu-bench", type=pathlib.Path)
    parser.add_argument("--models", metavar="NAMES", help=f"of {','.join(MODELS)}; all, if not given",
                        type=lambda text: text.split(","), default=list(MODELS))
    parser.add_argument("--only", metavar="NAMES", type=lambda text: text.split(","), default=[],
                        help=f"frameworks, of {','.join(TRAINING | RESTORING)}; if not given, those that plans.py names")
    options = parser.parse_args()
    for name, known in (("models", MODELS), ("only", TRAINING | RESTORING)):
        if unknown := set(getattr(options, name)) - set(known):
            parser.error(f"--{name}: unknown {', '.join(sorted(unknown))}")
    return options


def machine():
    model = platform.processor()
    try:
        with open("/proc/cpuinfo") as file:
            model = next((line.split(":")[1].strip() for line in file if line.startswith("model name")), model)
    except OSError:
        pass
    return {"processor": model, "processors": len(os.sched_getaffinity(0)), "load_before": os.getloadavg()[0]}


def measure_training(plans, options, report):
    for threads in sorted({plan.threads for plan in plans}):
        report["gemm"][threads] = best_gemm(threads, options.tiddu)
    told = set()
    for plan in plans:
        found = train(plan, options.only, options.tiddu)
        progress("")
        if plan.model not in told:
            print(f"\n{plan.model} ({MODELS[plan.model].summary}): ms a training step")
            told.add(plan.model)
        show_training(plan, found, report["gemm"][plan.threads]["best"])
        report["training"].append({**plan._asdict(), "found": found})


def main():
    options = read_arguments()
    if options.avx2:
        os.environ.update(AVX2)
    RESULTS.mkdir(exist_ok=True)
    if PYTHON.exists() and not IMAGES.exists():
        subprocess.run([PYTHON, PEERS, "images", IMAGES], stdout=subprocess.DEVNULL)
    report = {"started": datetime.datetime.now().isoformat(timespec="seconds"), **machine(), "avx2": options.avx2,
              "training": [], "gemm": {}, "restoring": {}}
    print(f"{report['processor']}, {report['processors']} processors, load {report['load_before']:.2f}"
          + (", held to AVX2 (onnxruntime cannot be)" if options.avx2 else ""))
    if report["load_before"] > 0.5:
        print("Something else is running here: these figures are rough.")

    measure_training(chosen_plans(options.models, options.quick), options, report)
    for model, frameworks in CORRECTORS.items():
        if not set(PARTS[model]) <= set(options.models):
            continue
        names = [name for name in frameworks if name in (options.only or frameworks)]
        arguments = ["--model", model, "--rounds", 3]
        report["restoring"][model] = {name: once(name, "restore", 2, arguments, options.tiddu) for name in names}
        progress("")
        show_restoring(model, 2, report["restoring"][model])
    for threads, found in report["gemm"].items():
        show_gemm(threads, found)
    print(NOTES)
    report["load_after"] = os.getloadavg()[0]
    report["seconds"] = (datetime.datetime.now() - datetime.datetime.fromisoformat(report["started"])).seconds
    path = RESULTS / f"{report['started'].replace(':', '')}.json"
    path.write_text(json.dumps(report, indent=1))
    print(f"all figures: {os.path.relpath(path)}")


if __name__ == "__main__":
    main()
