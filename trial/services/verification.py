"""Checking a study's records against each other, and against what was sealed and what was witnessed.

Chain, checkpoints and the sealed secret each see what the others cannot (integrity.md 5.6). Runs inside the
wall and tells no arm: only that something does not fit, and where.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from itertools import count, zip_longest

from randomization import commitment as sealing
from randomization.config import rule_of
from randomization.design import Stratum, slots
from randomization.encoding import canon
from randomization.minimization import Minimization
from trial import vault
from trial.models import Assessment, AuditEvent, Participant, ReportVersion, Study
from trial.models.allocation import Allocation, Sealing, StratumPointer
from trial.services import allocation, assessment, checkpoint, ledger
from trial.services.report import text_hash


def first_fault(study: Study, notes: Iterable[str] = ()) -> str | None:
    """One line that names the first thing that does not fit, or None when everything does.

    `notes` are checkpoints that were kept elsewhere, beside those in the folder.
    """
    for check in CHECKS:
        if fault := next(check(study), None):
            return fault
    return next(_witnesses(study, notes), None)


def _chain(study: Study) -> Iterator[str]:
    """The chain holds up to its head."""
    if fault := ledger.first_fault(study):
        yield fault


def _protocol(study: Study) -> Iterator[str]:
    """The protocol's bytes are those that the study began with."""
    loaded = AuditEvent.objects.get(study=study, action=AuditEvent.Action.LOADED)
    found = hashlib.sha256(bytes(study.protocol_file)).hexdigest()
    if not found == study.protocol_sha256 == loaded.body["protocol_sha256"]:
        yield f"entry {loaded.seq}: the protocol is not the one that the study began with"


def _sealing(study: Study) -> Iterator[str]:
    """What was sealed is what was published, and follows from the shares and the protocol."""
    sealed = Sealing.objects.filter(study=study).first()
    event = AuditEvent.objects.filter(study=study, action=AuditEvent.Action.SEALED).first()
    if sealed is not None and event is not None:
        yield from _published(study, sealed, event)
    elif sealed is not None or event is not None:
        yield "the allocation is sealed in one of the ledger and the database, not in both"


def _published(study: Study, sealed: Sealing, event: AuditEvent) -> Iterator[str]:
    config, seed = allocation.config_of(study), vault.unseal(sealed.sealed_seed)
    parts = allocation.shares(study)
    follows = sealing.seed_from_shares(study.code, config, *parts, sealed.beacon.encode()) == seed
    opens = sealing.commitment(config, seed).hex() == sealed.commitment == event.body["commitment"]
    if not (follows and opens and vault.unseal(sealed.sealed_config) == canon(dict(config))):
        yield f"entry {event.seq}: what is sealed is not what was published"


def _allocations(study: Study) -> Iterator[str]:
    """Every randomization in the ledger is an allocation, in the same order, with the same leaf."""
    randomized = AuditEvent.objects.filter(study=study, action=AuditEvent.Action.RANDOMIZED)
    rows = Allocation.objects.filter(study=study).order_by("pk").select_related("participant")
    for event, row in zip_longest(randomized, rows):
        if event is None:
            yield f"the allocation of {row.participant.code} is not in the ledger"
        elif row is None:
            yield f"entry {event.seq}: {event.object} has no allocation"
        elif (event.object, event.body["leaf"]) != (row.participant.code, row.leaf):
            yield f"entry {event.seq}: the allocation beside it is another"
    marked = Participant.objects.filter(study=study, randomized_at__isnull=False).count()
    if marked != randomized.count():
        yield f"{marked} participants are marked as randomized, the ledger has {randomized.count()}"


def _draws(study: Study) -> Iterator[str]:
    """Every allocation is the next one that the sealed secret gives, and no slot was left out."""
    sealed = Sealing.objects.filter(study=study).first()
    if sealed is None:
        return
    seed = vault.unseal(sealed.sealed_seed)
    due, gaps = _next_arm(study, seed), _gaps(study)
    used = dict.fromkeys(allocation.pointers(study), 0)
    rows = Allocation.objects.filter(study=study).order_by("pk").select_related("participant")
    events = AuditEvent.objects.filter(study=study, action=AuditEvent.Action.RANDOMIZED)
    for row, event in zip(rows, events, strict=True):
        stratum = json.loads(row.stratum)
        burned = sum(slots for entry, slots in gaps if entry < event.seq)
        place, slot, arm = due(stratum, burned)
        used[place] += 1
        leaf = sealing.leaf(seed, stratum, row.slot, arm).hex()
        if (row.slot, vault.unseal_arm(row.sealed_arm), row.leaf) != (slot, arm, leaf):
            yield f"the allocation of {row.participant.code} is not the one that the sealed secret gives"
    burned = sum(slots for _, slots in gaps)
    pointers = dict(StratumPointer.objects.filter(study=study).values_list("stratum", "used"))
    if any(pointers.get(place, 0) != number + burned for place, number in used.items()):
        yield "the count of used slots is not that of the allocations"


def _gaps(study: Study) -> list[tuple[int, int]]:
    """Where records were lost: the entry that says so, and how many slots of each stratum it burned."""
    closed = AuditEvent.objects.filter(study=study, action=AuditEvent.Action.GAP_CLOSED)
    return [(event.seq, event.body["burned"]) for event in closed]


Due = Callable[[Stratum, int], tuple[str, int, str]]


def _next_arm(study: Study, seed: bytes) -> Due:
    """From a stratum, and how many slots were burned so far, to the pointer, the slot and the arm due."""
    rule = rule_of(allocation.config_of(study))
    if isinstance(rule, Minimization):
        return _next_draw(rule, seed)
    lists: dict[str, Iterator[tuple[int, str]]] = {}
    skipped: dict[str, int] = {}

    def due(stratum: Stratum, burned: int) -> tuple[str, int, str]:
        name = canon(dict(stratum)).decode()
        listed = lists.setdefault(name, enumerate(slots(rule, seed, stratum), start=1))
        for _ in range(burned - skipped.get(name, 0)):
            next(listed)
        skipped[name] = burned
        return name, *next(listed)

    return due


def _next_draw(rule: Minimization, seed: bytes) -> Due:
    margins, numbers = rule.margins(), count(1)

    def due(factors: Stratum, burned: int) -> tuple[str, int, str]:
        number = next(numbers) + burned
        arm = rule.arm_for(seed, number, margins, factors)
        margins.add(factors, rule.arms.index(arm))
        return allocation.ALL, number, arm

    return due


def _texts(study: Study) -> Iterator[str]:
    """Every certified version has the text that was certified."""
    versions = ReportVersion.objects.filter(participant__study=study, certified_at__isnull=False)
    for version in versions.select_related("participant"):
        if text_hash(version.text) != version.sha256:
            yield f"a version of the report of {version.participant.code} is not the text that was certified"


def _answers(study: Study) -> Iterator[str]:
    """Every questionnaire that was sent in has the answers that were sent in."""
    sent = AuditEvent.objects.filter(study=study, action=AuditEvent.Action.ASSESSMENT_SUBMITTED)
    known = {
        (found.participant.code, found.visit, found.instrument): found
        for found in Assessment.objects.filter(participant__study=study, submitted_at__isnull=False)
        .select_related("participant")
        .prefetch_related("responses")
    }
    for event in sent:
        found = known.get((event.object, event.body["visit"], event.body["instrument"]))
        if found is None or assessment.answers_hash(found) != event.body["answers_sha256"]:
            yield f"entry {event.seq}: the answers of {event.object} are not those that were sent in"


def _witnesses(study: Study, notes: Iterable[str]) -> Iterator[str]:
    """The ledger goes on from every checkpoint, those in the folder and those kept elsewhere."""
    try:
        elsewhere = [checkpoint.read(study, note) for note in notes]
        for kept in [*checkpoint.standing(study), *elsewhere]:
            if fault := checkpoint.fault(study, kept):
                yield fault
    except checkpoint.NoteError as error:
        yield f"checkpoint: {error}"


CHECKS: tuple[Callable[[Study], Iterator[str]], ...] = (
    _chain,
    _protocol,
    _sealing,
    _allocations,
    _draws,
    _texts,
    _answers,
)
