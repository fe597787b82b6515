"""Commands: each calls a service and returns a sentence, or refuses its input in one line."""

from __future__ import annotations

import sys
from typing import NoReturn

from trial.models import Membership


def refuse(*lines: str) -> NoReturn:
    """End the command with these lines on standard error, as they are, and exit status 2.

    `CommandError` would put its own name before the line.
    """
    for line in lines:
        print(line, file=sys.stderr)
    raise SystemExit(2)


def member(study: str, username: str) -> Membership:
    """The membership of this member in this study; a name that is not there is refused."""
    found = Membership.objects.filter(study__code=study, member__username=username)
    membership = found.select_related("study", "member").first()
    if membership is None:
        refuse(f"{username}: nobody of this name works in a study {study}")
    return membership
