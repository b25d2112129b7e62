"""How fast a framework restores."""

import time

from rounds import say


def report_restoring(options, restore, images):
    """Many images: the best of three batch sizes over 10,240 of them. One image: the median call, array to array."""
    for _ in range(options.rounds):
        rates = {}
        for batch in (256, 1024, 10240):
            restore(images[:batch])
            start = time.perf_counter()
            for first in range(0, 10240, batch):
                restore(images[first:first + batch])
            rates[batch] = 10240 / (time.perf_counter() - start)
        best = max(rates, key=rates.get)
        say(framework=options.framework, what="restore-many", threads=options.threads, batch=best,
            images_per_second=round(rates[best]))
        one, times = images[:1], []
        for _ in range(500):
            start = time.perf_counter()
            restore(one)
            times.append(time.perf_counter() - start)
        say(framework=options.framework, what="restore-one", threads=options.threads,
            microseconds=round(1e6 * sorted(times)[len(times) // 2], 1))
