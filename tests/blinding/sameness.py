"""The machine's chance and its clock, the same each time: whatever then differs follows from the arm.

This stands in for the stripping of declared-random parts (integrity.md 2): CSRF tokens, session keys, links
and public identifiers come out alike, and a path that drew once more in one arm would be seen.
"""

from __future__ import annotations

import os
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import pytest
from django.utils import timezone


@contextmanager
def same(seed: int, at: datetime) -> Iterator[None]:
    """The operating system's random bytes are drawn from the seed, and it is always `at`."""
    chance, before = random.Random(seed), random.getstate()
    random.seed(seed)  # what the name of a mail is drawn from
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "urandom", chance.randbytes)
        patch.setattr(random, "_urandom", chance.randbytes)  # what `secrets` draws from
        patch.setattr(time, "time", at.timestamp)
        patch.setattr(timezone, "now", lambda: at)
        try:
            yield
        finally:
            random.setstate(before)
