"""Runs benchmark programs and collects what they print."""

from comparison.worker import Missing, Worker, command, progress


def train(plan, only, tiddu):
    """By framework, {"ms_per_step": [a round each], "loss": [the same], "memory": …}, or why there is none."""
    arguments = ["--model", plan.model, "--batch", plan.batch, "--threads", plan.threads, "--steps", plan.steps,
                 "--rounds", plan.rounds, "--warm-up", plan.warm_up, "--wait"]
    workers, found = {}, {}
    for framework in plan.taking_part(only):
        try:
            workers[framework] = Worker(command(framework, "train-step", arguments, tiddu), plan.threads)
            found[framework] = {"ms_per_step": [], "loss": [], "memory": None}
        except Missing as reason:
            found[framework] = str(reason)
    for number in range(plan.rounds):
        for framework in list(workers):
            progress(f"{plan.model}, batch {plan.batch}, threads {plan.threads}, round {number + 1} of {plan.rounds}: "
                     f"{framework}")
            try:
                take_turn(workers[framework], found[framework], last=number + 1 == plan.rounds)
            except Missing as reason:
                found[framework] = str(reason)
                workers.pop(framework).end()
    for worker in workers.values():
        worker.end()
    return found


def take_turn(worker, found, last):
    line = worker.turn()
    for name in ("ms_per_step", "loss"):
        found[name].append(line[name])
    if last:
        line = worker.line()
        found["memory"] = {name: line[name] for name in ("set_up_memory_mb", "peak_memory_mb")}


def once(framework, what, threads, arguments, tiddu):
    """Everything that a program prints, or the reason why it prints nothing."""
    progress(f"{what}, threads {threads}: {framework}")
    try:
        worker = Worker(command(framework, what, ["--threads", threads, *arguments], tiddu), threads)
        try:
            return worker.all_lines()
        finally:
            worker.end()
    except Missing as reason:
        return str(reason)


def best_gemm(threads, tiddu):
    """GFLOP/s of the best large product that anything here manages, and all that was measured."""
    lines = {name: once(name, "gemm", threads, [], tiddu) for name in ("tiddu", "torch")}
    rates = [line["gflops"] for found in lines.values() if isinstance(found, list) for line in found]
    return {"best": max(rates, default=None), "measured": lines}
