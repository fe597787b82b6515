"""Many who act at the same moment: threads that start together, and what became of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from threading import Barrier
from typing import Generic, TypeVar

from django.db import connection

from trial.refusals import Refusal

T = TypeVar("T")
R = TypeVar("R")


@dataclass
class Outcome(Generic[R]):
    """What was answered, what was refused and what failed, by the name of the refusal or error."""

    done: list[R] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)
    failed: Counter[str] = field(default_factory=Counter)


def at_once(threads: int, act: Callable[[T], R], what: Iterable[T]) -> Outcome[R]:
    """Let so many threads, which start together, take from the heap until it is empty."""
    heap: SimpleQueue[T] = SimpleQueue()
    for one in what:
        heap.put(one)
    start = Barrier(threads)
    with ThreadPoolExecutor(threads) as pool:
        parts = list(pool.map(lambda _: _work(heap, act, start), range(threads)))
    whole: Outcome[R] = Outcome()
    for part in parts:
        whole.done += part.done
        whole.refused += part.refused
        whole.failed += part.failed
    return whole


def _work(heap: SimpleQueue[T], act: Callable[[T], R], start: Barrier) -> Outcome[R]:
    outcome: Outcome[R] = Outcome()
    connection.ensure_connection()
    start.wait()
    try:
        while True:
            one = heap.get_nowait()
            try:
                outcome.done.append(act(one))
            except Refusal as refusal:
                outcome.refused[type(refusal).__name__] += 1
            except Exception as error:  # whatever went wrong is a finding
                outcome.failed[type(error).__name__] += 1
    except Empty:
        return outcome
    finally:
        connection.close()
