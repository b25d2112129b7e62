"""How fast a framework restores."""

import time

from rounds import say

IMAGES = 10_000
# The best of these for 2,000 images is taken for all.
BATCHES, TRIAL = (32, 128, 512, 2_000), 2_000


def report_restoring(options, restorers):
    """Many images: of each network the best of several batch sizes, and the time of all networks together. One image:
    the median call, array to array, likewise."""
    rates, calls = [], []
    for restore, images in restorers:
        best = max(BATCHES, key=lambda batch: rate(restore, images[:TRIAL], batch, 2))
        rates.append(rate(restore, images[:IMAGES], best, options.rounds))
        calls.append(min(median_call(restore, images[:1]) for _ in range(options.rounds)))
    say(framework=options.framework, what="restore-many", model=options.model, threads=options.threads,
        images_per_second=round(1 / sum(1 / rate for rate in rates)), parts=[round(rate) for rate in rates])
    say(framework=options.framework, what="restore-one", model=options.model, threads=options.threads,
        microseconds=round(sum(calls), 1), parts=[round(call, 1) for call in calls])


def rate(restore, images, batch, rounds):
    """Images a second in the best round."""
    restore(images[:batch])
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        for first in range(0, len(images), batch):
            restore(images[first:first + batch])
        times.append(time.perf_counter() - start)
    return len(images) / min(times)


def median_call(restore, one):
    times = []
    for _ in range(500):
        start = time.perf_counter()
        restore(one)
        times.append(time.perf_counter() - start)
    return 1e6 * sorted(times)[len(times) // 2]
