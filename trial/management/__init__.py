"""Commands: each calls a service and returns a sentence, or refuses its input in one line."""

from __future__ import annotations

import sys
from typing import NoReturn


def refuse(*lines: str) -> NoReturn:
    """End the command with these lines on standard error, as they are, and exit status 2.

    `CommandError` would put its own name before the line.
    """
    for line in lines:
        print(line, file=sys.stderr)
    raise SystemExit(2)
