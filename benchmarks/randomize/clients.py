"""Many clients at once: processes that start together and share one heap of work."""

from __future__ import annotations

import multiprocessing
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

Act = Callable[[int], object]


@dataclass(frozen=True, slots=True)
class Measured:
    """What one measurement found; `doubled` counts the slots that were given more than once."""

    seconds: float
    latencies: Sequence[float]  # of each randomization, in milliseconds
    failed: Mapping[str, int] = field(default_factory=dict)
    doubled: int = 0

    @property
    def rate(self) -> float:
        """Randomizations per second."""
        return len(self.latencies) / self.seconds


def at_once(clients: int, begin: Callable[[], Act], number: int) -> dict[str, object]:
    """Let so many processes act on 0, 1, ... until the number is reached; what came of it, for JSON.

    `begin` is called in each of them before the clock starts, to connect, and returns what to do. The caller
    holds no connection, since processes are forked.
    """
    forked = multiprocessing.get_context("fork")
    done, start, next_one = forked.SimpleQueue(), forked.Barrier(clients), forked.Value("l", 0)

    def work() -> None:
        act, latencies, failed = begin(), [], Counter[str]()
        start.wait()
        began = time.monotonic()
        while True:
            with next_one.get_lock():
                index, next_one.value = next_one.value, next_one.value + 1
            if index >= number:
                break
            before = time.monotonic()
            try:
                act(index)
                latencies.append(1000 * (time.monotonic() - before))
            except Exception as error:  # whatever went wrong is a finding
                failed[type(error).__name__] += 1
        done.put((began, time.monotonic(), latencies, failed))

    workers = [forked.Process(target=work) for _ in range(clients)]
    for worker in workers:
        worker.start()
    parts = [done.get() for _ in workers]
    for worker in workers:
        worker.join()
    return {
        "seconds": max(end for _, end, _, _ in parts) - min(began for began, _, _, _ in parts),
        "latencies": [latency for _, _, latencies, _ in parts for latency in latencies],
        "failed": sum((failed for _, _, _, failed in parts), Counter()),
    }
