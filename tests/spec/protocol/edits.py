"""Draws a broken protocol as a small difference from the good example, and the one line it must give.

An edit is a block between empty lines:

    # why it is wrong
    @ where to begin looking, a line's beginning; may be left out
    - what stands there; several lines are one piece
    + what is put in its place; none: the piece is cut out
    = key: reason; several lines are one
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
EXAMPLES = ROOT / "examples"
GOOD = (EXAMPLES / "reassure.toml").read_text(encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Edit:
    """One broken protocol."""

    why: str
    broken: str
    line: str


def edits(drawn: str) -> list[Edit]:
    """The broken protocols of a drawing."""
    return [_edit(block.splitlines()) for block in drawn.strip().split("\n\n")]


def _edit(lines: list[str]) -> Edit:
    said = {mark: _said(lines, mark) for mark in "#@-+="}
    start = GOOD.index(said["@"][0]) if said["@"] else 0
    old, new = "\n".join(said["-"]), "\n".join(said["+"])
    begin = GOOD.find(old, start)
    assert begin >= 0, f"the example no longer has {old!r}"
    if not said["+"]:
        old += "\n"
    return Edit(said["#"][0], GOOD[:begin] + new + GOOD[begin + len(old) :], " ".join(said["="]))


def _said(lines: list[str], mark: str) -> list[str]:
    return [line[2:] for line in lines if line[:1] == mark]


def edited(old: str, new: str, text: str = GOOD) -> str:
    """The good example with one piece replaced."""
    assert old in text
    return text.replace(old, new, 1)
