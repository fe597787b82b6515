"""A plain text as paragraphs and lists, so that a page can show it as what it is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import groupby

BULLET = "- "


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, or the items of a list."""

    paragraph: str = ""
    items: tuple[str, ...] = ()


def blocks(text: str) -> tuple[Block, ...]:
    """Paragraphs end at an empty line; lines that begin with "- " in a row are one list. No word is lost."""
    chunks = re.split(r"\n[ \t]*\n", text.replace("\r\n", "\n"))
    return tuple(block for chunk in chunks for block in _split(chunk.strip("\n")))


def _split(chunk: str) -> list[Block]:
    """The runs of bulleted and of other lines."""
    found = []
    for is_list, lines in groupby(chunk.split("\n"), key=lambda line: line.startswith(BULLET)):
        run = list(lines)
        if is_list:
            found.append(Block(items=tuple(line.removeprefix(BULLET) for line in run)))
        elif any(line.strip() for line in run):
            found.append(Block(paragraph="\n".join(run)))
    return found
