"""The questionnaires that can be asked: one file a version beside this module, never edited afterwards.

A correction is a new file with a new version, because scores that were computed must stay computable.
"""

from __future__ import annotations

import re
from functools import cache
from importlib import resources

from instruments.model import Instrument
from instruments.reading import read


class UnknownInstrument(LookupError):
    """There is no such questionnaire, or not in this version."""


def load(code: str, version: str | None = None) -> Instrument:
    """The questionnaire of this code, in this version or the newest; `UnknownInstrument` if there is none."""
    versions = _catalogue().get(code, ())
    for instrument in versions:
        if version in (None, instrument.version):
            return instrument
    wanted = code[:20] if version is None else f"{code[:20]} {version[:20]}"
    raise UnknownInstrument(f"{wanted!r} is not in the catalogue of {', '.join(_catalogue())}")


def all() -> tuple[Instrument, ...]:
    """Every version of every questionnaire, by code, the newest version first."""
    return tuple(instrument for versions in _catalogue().values() for instrument in versions)


@cache
def _catalogue() -> dict[str, tuple[Instrument, ...]]:
    """By code, the versions of each, newest first."""
    files = sorted(resources.files(__name__).iterdir(), key=lambda file: file.name)
    found = [read(file.name, file.read_bytes()) for file in files if file.name.endswith(".toml")]
    found.sort(key=lambda instrument: newness(instrument.version), reverse=True)
    codes = sorted({instrument.code for instrument in found})
    return {code: tuple(instrument for instrument in found if instrument.code == code) for code in codes}


def newness(version: str) -> tuple[tuple[int, str], ...]:
    """A key that orders versions as people do: 1, 1.2, 1.10, 2, 2.1, 2.1a."""
    parts = re.findall(r"[0-9]+|[a-z]+", version)
    return tuple((int(part), "") if part.isdigit() else (-1, part) for part in parts)
