"""First drafts of a report's versions from its findings. A person edits, another certifies.

The sentences are our own. The share of pain-free people with a finding is from Brinjikji et al., AJNR
2015;36:811 (33 studies, 3,110 people), for the decade nearest below the age; no share is quoted for a
finding or an age that is not in that table. A draft says "common in people without pain", never
"unrelated to your pain": several of these findings are also more common in people with pain
(Brinjikji et al., AJNR 2015;36:2394).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

Wording = Literal["factual", "reassuring"]

LEVELS = ("L1/2", "L2/3", "L3/4", "L4/5", "L5/S1")
GRADES = ("mild", "moderate", "severe")
SIDES = ("left", "right", "both", "central")


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of finding: its name for each wording, and how common it is without pain (per cent)."""

    factual: str
    reassuring: str
    prevalence: Mapping[int, int]


def _by_decade(*shares: int) -> Mapping[int, int]:
    return dict(zip(range(20, 90, 10), shares, strict=True))


KINDS: Mapping[str, Kind] = {
    "disc-degeneration": Kind(
        "degeneration of the disc", "age-related change of the disc", _by_decade(37, 52, 68, 80, 88, 93, 96)
    ),
    "disc-signal-loss": Kind(
        "loss of signal in the disc", "less water in the disc", _by_decade(17, 33, 54, 73, 86, 94, 97)
    ),
    "disc-height-loss": Kind(
        "loss of height of the disc", "a slightly flatter disc", _by_decade(24, 34, 45, 56, 67, 76, 84)
    ),
    "disc-bulge": Kind(
        "bulge of the disc", "a disc that is a little wider", _by_decade(30, 40, 50, 60, 69, 77, 84)
    ),
    "disc-protrusion": Kind(
        "protrusion of the disc", "a small bump of the disc", _by_decade(29, 31, 33, 36, 38, 40, 43)
    ),
    "annular-fissure": Kind(
        "annular fissure (a tear in the ring of the disc)",
        "a small gap in the ring of the disc",
        _by_decade(19, 20, 22, 23, 25, 27, 29),
    ),
    "facet-degeneration": Kind(
        "degeneration of the facet joints",
        "age-related change of the small joints",
        _by_decade(4, 9, 18, 32, 50, 69, 83),
    ),
    "spondylolisthesis": Kind(
        "slipping of one vertebra on the next (spondylolisthesis)",
        "one vertebra that sits a little further forward",
        _by_decade(3, 5, 8, 14, 23, 35, 50),
    ),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding of a lumbar MRI; ValueError names the part that is not known."""

    kind: str
    level: str
    side: str = ""
    grade: str = ""

    def __post_init__(self) -> None:
        for name, value, known in (
            ("kind", self.kind, tuple(KINDS)),
            ("level", self.level, LEVELS),
            ("side", self.side, ("", *SIDES)),
            ("grade", self.grade, ("", *GRADES)),
        ):
            if value not in known:
                raise ValueError(f"{name}: {value!r} is not one of {', '.join(filter(None, known))}")


def prevalence(kind: str, age: int) -> int | None:
    """Per cent of pain-free people of about this age with the finding; None outside the table."""
    return KINDS[kind].prevalence.get(age // 10 * 10)


NEXT_STEPS = (
    "What you can do: keep moving, as much as your pain allows. Talk with your doctor about this report and "
    "about what helps you."
)
SAFETY_NET = (
    "Please see a doctor at once if you lose control of your bladder or bowel, if the skin between your legs "
    "goes numb, if a leg gets weaker, or if you have fever, weight loss or strong pain at night."
)


def _where(finding: Finding) -> str:
    side = {"": "", "both": " on both sides", "central": " in the middle"}.get(finding.side)
    return f"at {finding.level}" + (f" on the {finding.side}" if side is None else side)


def _factual(finding: Finding, age: int) -> str:
    name = KINDS[finding.kind].factual
    graded = f"{finding.grade} {name}" if finding.grade else name
    return f"{graded[0].upper()}{graded[1:]} {_where(finding)}."


def _reassuring(finding: Finding, age: int) -> str:
    name = KINDS[finding.kind].reassuring
    graded = f"{name} ({finding.grade})" if finding.grade else name
    share = prevalence(finding.kind, age)
    common = f" About {share} in 100 people of your age without pain have this too." if share else ""
    return f"{graded[0].upper()}{graded[1:]} {_where(finding)}.{common}"


SENTENCES: Mapping[str, tuple[str, Callable[[Finding, int], str], str]] = {
    "factual": (
        "Your MRI shows these findings:",
        _factual,
        "The findings describe the structure of your lower back as it was on the day of the MRI.",
    ),
    "reassuring": (
        "Your MRI was read with care. It shows changes that many people have as the years go by:",
        _reassuring,
        "Findings like these are common in people without pain. Backs often get better with time.",
    ),
}


def draft(wording: str, findings: Sequence[Finding], age: int) -> str:
    """A first text in this wording: the findings, the same next steps and the same safety net in all."""
    opening, sentence, closing = SENTENCES[wording]
    lines = [f"- {sentence(finding, age)}" for finding in findings]
    if not lines:
        opening, lines = "Your MRI shows no findings that need to be described.", []
    return "\n\n".join(filter(None, [opening, "\n".join(lines), closing, NEXT_STEPS, SAFETY_NET]))
