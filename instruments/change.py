"""Change within a person: how much better a score became, and whether that is enough to matter.

A minimal important change applies to one person's change. It is no yardstick for a difference between arms
(domain.md 3.0, rule 7).
"""

from __future__ import annotations

from instruments.model import Mic, ScoreRule


def improvement(rule: ScoreRule, before: float, after: float) -> float:
    """How many points better the later score is; negative when it is worse."""
    for value in (before, after):
        if not rule.minimum <= value <= rule.maximum:
            raise ValueError(f"{rule.code}: {value} is not between {rule.minimum:g} and {rule.maximum:g}")
    return before - after if rule.higher_is_worse else after - before


def is_responder(rule: ScoreRule, before: float, after: float, mic: Mic | None = None) -> bool:
    """Whether the person improved by the minimal important change or more.

    `mic` is the change that the protocol names; without it, the first one of the rule. A percentage is of
    the first score; who starts at 0 on a scale of complaints cannot respond. `ValueError` when the
    rule has no agreed change, or a score is outside its range.
    """
    chosen = mic if mic is not None else _preferred(rule)
    better = improvement(rule, before, after)
    if chosen.points is not None:
        return better >= chosen.points
    assert chosen.percent is not None  # a Mic has exactly one of the two
    return better > 0 and 100 * better >= chosen.percent * before


def _preferred(rule: ScoreRule) -> Mic:
    if not rule.mics:
        raise ValueError(f"{rule.code}: no minimal important change has been agreed on")
    return rule.mics[0]
