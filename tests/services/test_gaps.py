"""After an old backup: two persons declare what was lost, and lost slots are burned (T62, F13)"""

from datetime import timedelta

import pytest
from django.core.management import call_command

from randomization.design import sequence
from tests import cast
from tests.commands.test_operating import refused
from tests.services.test_checkpoints import cut, leave
from trial import vault
from trial.models import AuditEvent, Participant
from trial.models.allocation import Allocation, StratumPointer
from trial.refusals import BehindCheckpoint, InvalidInput, NoGap, NotPermitted, SecondPerson
from trial.selectors import participant as participants
from trial.services import allocation, design, gap, verification

LATER = cast.AT + timedelta(hours=1)


@pytest.fixture
def restored(owner, study, ann, settings):
    """One was randomized; two more were, whom the restored backup does not know. And one who waits."""
    settings.CHECKPOINT_EVERY = 20
    waiting = cast.certified(ann)
    cast.randomized(ann)
    backup = AuditEvent.objects.count()
    lost = [cast.randomized(ann).code for _ in range(2)]
    leave(study)
    Allocation.objects.filter(participant__code__in=lost).delete()
    Participant.objects.filter(code__in=lost).update(randomized_at=None)
    StratumPointer.objects.update(used=1)
    cut(study, AuditEvent.objects.count() - backup)
    return waiting


def randomize(participant, by):
    return allocation.randomize(participant=participant, by=by, at=LATER + timedelta(hours=1))


def close(finn, paul):
    gap.declare(reason="The disk failed; the backup of last night was restored.", by=finn, at=LATER)
    return gap.confirm(by=paul, at=LATER)


def test_two_persons_close_the_gap_and_lost_slots_are_burned(restored, study, ann, finn, paul):
    declared_after = AuditEvent.objects.count()

    burned = close(finn, paul)
    randomize(restored, ann)

    entry = AuditEvent.objects.get(action="GAP_CLOSED")
    lost = entry.body["witnessed"] - declared_after
    assert burned == entry.body["burned"] == lost + 20
    rule, stratum = design.rule_of(study.protocol), participants.stratum(restored)
    given = Allocation.objects.order_by("slot").last()
    assert given.slot == 1 + burned + 1
    assert vault.unseal_arm(given.sealed_arm) == sequence(rule, cast.secret(study), stratum, given.slot)[-1]


def test_after_that_everything_fits_again(restored, study, ann, finn, paul):
    close(finn, paul)
    randomize(restored, ann)
    assert verification.first_fault(study) is None


def test_until_the_second_person_confirms_nobody_is_randomized(restored, ann, finn):
    gap.declare(reason="The disk failed.", by=finn, at=LATER)
    with pytest.raises(BehindCheckpoint):
        randomize(restored, ann)


def test_one_person_does_not_do_both(restored, finn):
    gap.declare(reason="The disk failed.", by=finn, at=LATER)
    with pytest.raises(SecondPerson):
        gap.confirm(by=finn, at=LATER)


def test_nothing_is_confirmed_that_nobody_has_declared(restored, paul):
    with pytest.raises(NoGap, match="Nobody has declared"):
        gap.confirm(by=paul, at=LATER)


def test_where_nothing_was_lost_nothing_is_declared(study, finn, paul):
    leave(study)
    with pytest.raises(NoGap, match="nothing was lost"):
        gap.declare(reason="Just in case.", by=finn, at=LATER)


def test_a_gap_has_a_reason(restored, finn):
    with pytest.raises(InvalidInput, match="reason: please say how"):
        gap.declare(reason=" ", by=finn, at=LATER)


@pytest.mark.parametrize("name", ["ann", "ida", "kim", "cal", "mona"])
def test_nobody_else_declares_or_confirms(restored, study, name):
    by = cast.who(study, name)
    with pytest.raises(NotPermitted):
        gap.declare(reason="The disk failed.", by=by, at=LATER)
    with pytest.raises(NotPermitted):
        gap.confirm(by=by, at=LATER)


def test_a_second_old_backup_is_found_too(restored, study, ann, finn, paul):
    """What was declared lost is forgiven once; a later checkpoint stands."""
    close(finn, paul)
    cast.screened(ann, at=LATER)
    leave(study, at=LATER + timedelta(minutes=1))
    cut(study, 1)
    with pytest.raises(BehindCheckpoint):
        randomize(restored, ann)


def test_the_commands_do_the_same(restored, capsys, clock):
    clock(LATER)
    call_command("gap", "REASSURE", "--as", "finn", "declare", "The disk failed.")
    call_command("gap", "REASSURE", "--as", "paul", "confirm")
    assert "slots of each stratum are burned; nobody gets them." in capsys.readouterr().out
    line = refused(capsys, "gap", "REASSURE", "--as", "paul", "confirm")
    assert line == "The records go on from what was witnessed outside; nothing was lost."
