"""Prints what was measured."""

import statistics

from comparison.plans import RESTORING, TRAINING
from peers.models import MODELS

NOTES = """
least and median of the rounds; × tiddu: least over least (median over median); a step's arithmetic: forward, gradients
of weights, and of the inputs of all layers but the first, as direct convolutions (Winograd's need less, so that their
share can be over 100 %); share: of the best large product; MB: the most in memory from set-up on, and how much of it
came after set-up"""


def show_training(plan, found, best_gemm):
    heading = f"{plan.model}, batch {plan.batch}, {plural(plan.threads, 'thread')}"
    print(f"\n{heading:48} {'least':>8} {'median':>8}  {'× tiddu':>15}  {'GFLOP/s':>8} {'share':>6}"
          f"  {'MB':>6} {'after':>6}")
    ours = found.get("tiddu")
    ours = ours["ms_per_step"] if isinstance(ours, dict) else None
    for framework, figures in found.items():
        if isinstance(figures, str):
            print(f"  {TRAINING[framework]:46} missing: {figures}")
            continue
        rounds = figures["ms_per_step"]
        least, median = min(rounds), statistics.median(rounds)
        ratio = f"{least / min(ours):.2f} ({median / statistics.median(ours):.2f})" if ours else ""
        rate = MODELS[plan.model].operations(plan.batch) / least / 1e6
        share = f"{100 * rate / best_gemm:4.0f} %" if best_gemm else ""
        print(f"  {TRAINING[framework]:46} {least:8.3f} {median:8.3f}  {ratio:>15}  {rate:8.0f} {share:>6}"
              f"  {memory(figures['memory'])}")


def memory(found):
    peak = found["peak_memory_mb"]
    return f"{peak:6.0f} {peak - found['set_up_memory_mb']:6.0f}"


def show_restoring(model, threads, lines):
    heading = f"restoring with {model}, {plural(threads, 'thread')}"
    print(f"\n{heading:44}{'many: images/s':>16}  {'one: µs':>8}")
    for framework, found in lines.items():
        if isinstance(found, str):
            print(f"  {RESTORING[framework]:42} missing: {found}")
            continue
        many = max((line["images_per_second"] for line in found if line.get("what") == "restore-many"), default=None)
        one = min((line["microseconds"] for line in found if line.get("what") == "restore-one"), default=None)
        print(f"  {RESTORING[framework]:42} {many or '–':>8}  {one or '–':>8}")


def show_gemm(threads, found):
    names = ", ".join(f"{n}: {r}" if isinstance(r, str) else n for n, r in found["measured"].items())
    print(f"\nbest large product, {plural(threads, 'thread')}: {found['best'] or '–'} GFLOP/s  ({names})", end="")


def plural(count, noun):
    return f"{count} {noun}{'s' if count > 1 else ''}"
