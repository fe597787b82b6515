"""What somebody who sees all past arms of a stratum can guess about the next (integrity.md 1d)."""

from __future__ import annotations

from collections.abc import Sequence

from randomization.ratio import Ratio, lagging, scaled


def convergence_guesses(counts: Sequence[int], ratio: Ratio) -> tuple[int, ...]:
    """The arms that Blackwell and Hodges' guesser holds to be due, one as good as the other.

    The arm furthest behind its part (Ann Math Stat 1957;28:449); among equals the one with the largest part.
    """
    behind = lagging(scaled(counts, ratio))
    largest = max(ratio[arm] for arm in behind)
    return tuple(arm for arm in behind if ratio[arm] == largest)
