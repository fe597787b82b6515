"""Versions of a report: written, certified by another, and unchangeable from then on"""

import pytest
from django.db import IntegrityError, transaction

from tests import cast
from trial.models import AuditEvent, ReportVersion
from trial.refusals import AlreadyDone, InvalidInput, NotPermitted, VersionLocked
from trial.selectors.participant import is_certified
from trial.services import report


def write(participant, by, text="A text.", wording="factual"):
    return report.write(participant=participant, wording=wording, text=text, by=by, at=cast.AT)


def test_a_version_can_be_rewritten_until_it_is_certified(ann, ida, kim):
    participant = cast.screened(ann)
    write(participant, ida)
    version = write(participant, ida, "A better text.")
    assert ReportVersion.objects.get().text == "A better text."
    report.certify(version=version, sha256=version.sha256, by=kim, at=cast.AT)
    with pytest.raises(VersionLocked):
        write(participant, ida, "Another text.")


def test_every_arm_needs_a_certified_version(ann, ida, kim):
    participant = cast.screened(ann)
    for wording, complete in (("factual", False), ("reassuring", True)):
        version = write(participant, ida, wording=wording)
        report.certify(version=version, sha256=version.sha256, by=kim, at=cast.AT)
        assert is_certified(participant) is complete


def test_what_is_certified_is_the_text_that_was_read(ann, ida, kim):
    participant = cast.screened(ann)
    read = write(participant, ida)
    write(participant, ida, "Changed meanwhile.")
    with pytest.raises(InvalidInput, match="was changed while you read it"):
        report.certify(version=read, sha256=read.sha256, by=kim, at=cast.AT)


def test_a_version_is_certified_once(ann, ida, kim):
    version = write(cast.screened(ann), ida)
    report.certify(version=version, sha256=version.sha256, by=kim, at=cast.AT)
    with pytest.raises(AlreadyDone):
        report.certify(version=version, sha256=version.sha256, by=kim, at=cast.AT)


def test_authors_do_not_certify_and_certifiers_do_not_write(ann, ida, kim):
    participant = cast.screened(ann)
    version = write(participant, ida)
    with pytest.raises(NotPermitted):
        report.certify(version=version, sha256=version.sha256, by=ida, at=cast.AT)
    with pytest.raises(NotPermitted):
        write(participant, kim)


def test_the_database_itself_keeps_an_author_from_certifying(ann, ida):
    version = write(cast.screened(ann), ida)
    with pytest.raises(IntegrityError, match="nobody_certifies_what_they_wrote"), transaction.atomic():
        ReportVersion.objects.filter(pk=version.pk).update(certified_by=ida, certified_at=cast.AT)


def test_somebody_whose_role_changed_does_not_certify_what_they_wrote(ann, ida):
    version = write(cast.screened(ann), ida)
    ida.role = "certifier"
    with pytest.raises(NotPermitted, match="Nobody certifies"):
        report.certify(version=version, sha256=version.sha256, by=ida, at=cast.AT)


@pytest.mark.parametrize(
    ("text", "reason"), [(" ", "please write"), ("x" * 20_001, "longer than"), ("a\0b", "cannot be shown")]
)
def test_a_text_that_cannot_be_shown_is_refused(ann, ida, text, reason):
    with pytest.raises(InvalidInput, match=reason):
        write(cast.screened(ann), ida, text)


def test_a_wording_that_is_no_arm_is_refused(ann, ida):
    with pytest.raises(InvalidInput, match="no such wording"):
        write(cast.screened(ann), ida, wording="poetic")


def test_the_original_is_entered_once_and_kept_as_it_is(study, ann, ida):
    participant = cast.screened(ann)
    cast.write_report(participant, study)
    assert participant.report.original == "L4/5: bulge. L5/S1: worn."
    assert [finding.kind for finding in participant.findings.all()] == ["disc-bulge", "disc-degeneration"]
    with pytest.raises(AlreadyDone):
        report.enter(participant=participant, original="Other.", findings=(), by=ida, at=cast.AT)


def test_the_trail_holds_the_hash_and_not_the_text(study, ann):
    cast.write_report(cast.screened(ann), study)
    bodies = str(list(AuditEvent.objects.values_list("body", flat=True)))
    assert "bulge" not in bodies
    assert report.text_hash("L4/5: bulge. L5/S1: worn.") in bodies
