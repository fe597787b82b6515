"""What the benchmark prints."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from benchmarks.randomize.clients import Measured

PGBENCH, SERVICE, AGAINST = "pgbench, same statements", "service call", "service call, other checkout"
HTTP, NAIVE, BARE = "over HTTP", "naive, asks who may", "naive, asks nothing"
STEPS: tuple[tuple[str, str, dict[str, bool]], ...] = (
    (SERVICE, "service", {}),
    (HTTP, "http", {}),
    (NAIVE, "naive", {"asks": True}),
    (BARE, "naive", {"asks": False}),
)

Round = Mapping[str, Measured]


def in_short(number: int, found: Round) -> str:
    """One line a round: the rates."""
    return f"round {number}: " + ", ".join(f"{name} {one.rate:.0f}/s" for name, one in found.items())


def table(rounds: Sequence[Round]) -> str:
    """A line for each way to randomize; how long it takes is in milliseconds."""
    head = f"{'':29}{'per second':>17}{'of pgbench':>19}{'of naive':>19}{'p50':>7}{'p95':>7}"
    lines = [head + f"{'doubled':>9}{'failed':>8}"]
    for name in rounds[0]:
        latencies = sorted(latency for found in rounds for latency in found[name].latencies)
        lines.append(
            f"{name:29}{_range((found[name].rate for found in rounds), 0):>17}"
            f"{_range(_ratios(rounds, name, PGBENCH), 2):>19}{_range(_ratios(rounds, name, NAIVE), 2):>19}"
            f"{_quantile(latencies, 0.5):7.0f}{_quantile(latencies, 0.95):7.0f}"
            f"{sum(found[name].doubled for found in rounds):9}"
            f"{sum(sum(found[name].failed.values()) for found in rounds):8}"
        )
    return "\n".join(lines)


def profile(found: Mapping[str, Any]) -> str:
    """Where the time of one service call goes, with nobody else there."""
    head = f"one call alone: {found['milliseconds']:.1f} ms, of which {found['processor']:.1f} ms in Python"
    return "\n".join([head, *(f"{100 * share:5.1f} % {part}" for part, share in found["shares"].items())])


def _ratios(rounds: Sequence[Round], name: str, other: str) -> list[float]:
    return [found[name].rate / found[other].rate for found in rounds]


def _range(values: Iterable[float], digits: int) -> str:
    found = sorted(values)
    middle, least, most = (f"{value:.{digits}f}" for value in (statistics.median(found), found[0], found[-1]))
    return f"{middle} ({least}-{most})"


def _quantile(ordered: Sequence[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
