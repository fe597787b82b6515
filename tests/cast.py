"""The cast of the tests, and how far somebody has come: all of it through the services, nothing past them.

Ann, Bob and Dan each coordinate a site; Ida writes reports, Kim certifies them, Finn keeps the seal, Cal
analyses, Mona monitors, Paul leads the study. A participant is taken one step further by each of
`screened`, `checked`, `consented`, `with_baseline`, `certified`, `randomized`, which call the step before.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from instruments import catalogue
from trial import vault
from trial.models import Membership, Participant, Role, Site, Study
from trial.models.allocation import Sealing
from trial.services import (
    allocation,
    assessment,
    ceremony,
    consent,
    delivery,
    deviation,
    link,
    report,
    screening,
)
from trial.services import study as studies
from trial.services.act import Operator
from trial.wording.draft import Finding

AT = datetime(2031, 3, 3, 10, tzinfo=UTC)  # a Monday
SEED = hashlib.sha256(b"the cast").digest()
PROTOCOL = Path(__file__).resolve().parent.parent / "examples" / "reassure.toml"
PASSWORD = "a long enough pass phrase"  # of a member who was given one

COORDINATORS = {"01": "ann", "02": "bob", "03": "dan"}
OTHERS = {
    Role.AUTHOR: "ida",
    Role.CERTIFIER: "kim",
    Role.CUSTODIAN: "finn",
    Role.STATISTICIAN: "cal",
    Role.MONITOR: "mona",
    Role.INVESTIGATOR: "paul",
}
FINDINGS = (Finding("disc-bulge", "L4/5"), Finding("disc-degeneration", "L5/S1"))
TEXTS = {
    "factual": (
        "Your MRI of the lower back.\n\nWhat was seen:\n"
        "- L4/5: a bulge of the disc.\n- L5/S1: wear of the disc.\n\nSigned by the hospital."
    ),
    "reassuring": (
        "Your MRI of the lower back.\n\nNothing here is dangerous:\n"
        "- Most people of your age have discs like these.\n- Your back is strong.\n\nSigned by the hospital."
    ),
}


# The study and its staff ---------------------------------------------------------------------------


def loaded_study(
    path: Path = PROTOCOL, *, at: datetime = AT, replace: Mapping[str, str] | None = None
) -> Study:
    """The study of a protocol file, in which some words may be replaced by others, and its staff."""
    text = path.read_text()
    for old, new in (replace or {}).items():
        assert old in text
        text = text.replace(old, new)
    study = studies.load(data=text.encode(), source=path.name, at=at)
    names = {site.code: COORDINATORS.get(site.code, f"coordinator{site.code}") for site in study.sites.all()}
    for site in study.sites.all():
        member(study, names[site.code], Role.COORDINATOR, site, at=at)
    for role, name in OTHERS.items():
        member(study, name, role, at=at)
    return study


def sealed_study(
    path: Path = PROTOCOL,
    *,
    seed: bytes = SEED,
    at: datetime = AT,
    replace: Mapping[str, str] | None = None,
) -> tuple[Study, dict[int, Membership]]:
    """A study that can randomize, and by the key of each site its coordinator."""
    study = loaded_study(path, at=at, replace=replace)
    seal(study, seed, at=at)
    study.refresh_from_db()
    coordinators = study.memberships.filter(role=Role.COORDINATOR).select_related("member", "site")
    return study, {membership.site_id: membership for membership in coordinators if membership.site_id}


def seal(study: Study, seed: bytes = SEED, *, at: datetime = AT) -> str:
    """The seed ceremony of Finn and Cal, whose shares both follow from `seed`; returns the commitment."""
    give_shares(study, seed, at=at)
    return allocation.seal(by=who(study, "finn"), at=at)


def give_shares(study: Study, seed: bytes = SEED, *, at: datetime = AT) -> tuple[bytes, bytes]:
    """The ceremony up to the sealing; returns the server's and the statistician's share."""
    cal, first, second = who(study, "cal"), seed, hashlib.sha256(seed).digest()
    ceremony.begin(share=first, by=who(study, "finn"), at=at)
    ceremony.promise(commitment=ceremony.promised(study.code, second), by=cal, at=at)
    ceremony.give(share=second, by=cal, at=at)
    return first, second


def secret(study: Study) -> bytes:
    """The sealed secret, which nobody in a trial ever sees."""
    return vault.unseal(Sealing.objects.get(study=study).sealed_seed)


def member(study: Study, name: str, role: Role, site: Site | None = None, *, at: datetime = AT) -> Membership:
    """A person of this name in this role; the user name is the name."""
    person = studies.create_sign_in(username=_username(study, name), name=name.title(), password=None)
    return studies.add_member(member=person, role=role, site=site, by=Operator(study), at=at)


def _username(study: Study, name: str) -> str:
    """In a second study the same names work under others, since nobody's is given twice."""
    return name if Study.objects.count() == 1 else f"{name}.{study.code.lower()}"


def who(study: Study, name: str) -> Membership:
    """The member of this name; it shares the study's row, so that both see what happens to it."""
    found = study.memberships.select_related("member", "site").get(member__name=name.title())
    found.study = study
    return found


# How far a participant has come --------------------------------------------------------------------


def fresh(participant: Participant) -> Participant:
    """The participant as the database has it now, without anything that was read before."""
    return Participant.objects.select_related("study", "site").get(pk=participant.pk)


def screened(
    by: Membership, *, at: datetime = AT, failing: str = "", name: str = "", other_person: bool = False
) -> Participant:
    """Somebody whom this coordinator assessed; eligible, unless a criterion is named that fails.

    The first person is Pat Example; the next ones have names of their own.
    """
    assert by.site is not None
    answers = {criterion.id: criterion.kind == "inclusion" for criterion in by.study.protocol.eligibility}
    if failing:
        answers[failing] = not answers[failing]
    return screening.screen(
        site=by.site,
        name=name or _nobody_yet(by.study),
        email="pat@example.org",
        birth_year=1980,
        sex="F",
        answers=answers,
        other_person=other_person,
        by=by,
        at=at,
    )


def _nobody_yet(study: Study) -> str:
    number = Participant.objects.filter(study=study).count()
    return f"Pat Example {number + 1}" if number else "Pat Example"


def checked(by: Membership, *, at: datetime = AT, flags: tuple[str, ...] = (), **person: str) -> Participant:
    """... whose MRI the radiologist looked at for red flags."""
    participant = screened(by, at=at, **person)
    finding = "A critical finding" if flags else ""
    kim = who(by.study, "kim")
    screening.check_red_flags(participant=participant, flags=flags, finding=finding, by=kim, at=at)
    return fresh(participant)


def consented(by: Membership, *, at: datetime = AT, **person: str) -> Participant:
    """... and who takes part."""
    participant = checked(by, at=at, **person)
    consent.record(participant=participant, version=by.study.protocol.consent.version, by=by, at=at)
    return fresh(participant)


def with_baseline(by: Membership, *, at: datetime = AT, high: bool = False, **person: str) -> Participant:
    """... who answered all of the baseline: at the lower end, or at the upper one if `high`."""
    participant = consented(by, at=at, **person)
    answer(participant, participant.study.protocol.baseline.code, at=at, high=high)
    return fresh(participant)


def certified(
    by: Membership,
    *,
    at: datetime = AT,
    high: bool = False,
    texts: Mapping[str, str] | None = None,
    **person: str,
) -> Participant:
    """... and whose report has a certified version for each arm: ready to be randomized."""
    participant = with_baseline(by, at=at, high=high, **person)
    write_report(participant, by.study, at=at, texts=texts)
    return fresh(participant)


def randomized(
    by: Membership,
    *,
    at: datetime = AT,
    high: bool = False,
    texts: Mapping[str, str] | None = None,
    **person: str,
) -> Participant:
    """... and who has an arm, which nobody is told."""
    participant = certified(by, at=at, high=high, texts=texts, **person)
    allocation.randomize(participant=participant, by=by, at=at)
    return fresh(participant)


# Single acts ---------------------------------------------------------------------------------------


def write_report(
    participant: Participant, study: Study, *, at: datetime = AT, texts: Mapping[str, str] | None = None
) -> None:
    """Enter the report; Ida writes a version for each arm, Kim certifies them."""
    ida, kim = who(study, "ida"), who(study, "kim")
    report.enter(
        participant=participant, original="L4/5: bulge. L5/S1: worn.", findings=FINDINGS, by=ida, at=at
    )
    for arm in study.protocol.arms:
        text = (texts or TEXTS).get(arm.code, f"The report in the wording {arm.code}.")
        version = report.write(participant=participant, wording=arm.code, text=text, by=ida, at=at)
        report.certify(version=version, sha256=version.sha256, by=kim, at=at)


def answers(instrument: str, *, high: bool = False) -> dict[str, int]:
    """An answer to each item: the lowest, or the highest if `high`."""
    items = catalogue.load(instrument).items
    return {item.code: item.maximum if high else item.minimum for item in items}


def answer(participant: Participant, visit: str, *, at: datetime = AT, high: bool = False) -> None:
    """Answer every questionnaire of a visit and send it in."""
    for instrument in participant.study.protocol.visit(visit).instruments:
        given = answers(instrument, high=high)
        assessment.answer(visit=visit, instrument=instrument, given=given, by=participant, at=at)
        assessment.submit(visit=visit, instrument=instrument, by=participant, at=at)


def token(participant: Participant, *, at: datetime = AT) -> str:
    """The token of a new link of the participant."""
    return link.make(participant, at).rstrip("/").rpartition("/")[2]


def read_report(participant: Participant, *, at: datetime = AT) -> str:
    """The participant opens their report."""
    return delivery.read(by=participant, at=at)


def flagged(participant: Participant, by: Membership, *, at: datetime = AT) -> None:
    """The coordinator records that the participant should not have been randomized."""
    deviation.flag_error(participant=participant, reason="Had surgery last month.", by=by, at=at)
