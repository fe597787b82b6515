"""An author enters the report and writes every wording; nobody's name is on the page"""

import pytest

from tests import cast
from tests.web.desk import Desk, recorded, refusals, words
from trial.models import ReportVersion
from trial.services import report

EMPTY = {f"finding-{row}-{name}": "" for row in range(8) for name in ("kind", "level", "side", "grade")}
FORM = {"finding-TOTAL_FORMS": 8, "finding-INITIAL_FORMS": 0, **EMPTY, "original": "L4/5: bulge."}
BULGE = {
    "finding-0-kind": "disc-bulge",
    "finding-0-level": "L4/5",
    "finding-0-side": "left",
    "finding-0-grade": "mild",
}


def test_the_list_shows_whose_turn_it_is(ann, ida):
    consented, certified, _ = cast.consented(ann), cast.certified(ann), cast.checked(ann)
    page = words(Desk(ida).get("reports"))

    assert f"{consented.code} Enter the report" in page
    assert f"{certified.code} Certified" in page
    assert "01-003" not in page  # who has not consented has no report written


def test_what_is_written_lies_with_the_certifier(ann, ida, clock):
    pat = cast.consented(ann)
    report.enter(participant=pat, original="L4/5: bulge.", findings=[], by=ida, at=cast.AT)
    for wording in ("factual", "reassuring"):
        Desk(ida).post("write", pat, wording=wording, text="A text.")

    assert f"{pat.code} With the certifier" in words(Desk(ida).get("reports"))


def test_an_empty_list_says_so(ida):
    assert "Nobody waits for a report." in words(Desk(ida).get("reports"))


def test_the_report_and_its_findings_are_entered(study, ann, ida, clock):
    pat = cast.consented(ann)
    response = Desk(ida).client.post(Desk(ida).address("report", pat), FORM | BULGE, follow=True)
    page = words(response)

    assert "Disc bulge L4/5, left, mild" in page
    assert "Mild bulge of the disc at L4/5 on the left." in page  # the factual draft
    assert "A disc that is a little wider (mild) at L4/5 on the left." in page  # and the reassuring one
    assert recorded(study)[0] == ("ida", "REPORT_ENTERED", pat.code)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"finding-0-level": ""}, "Please choose the level."),
        ({"finding-0-kind": ""}, "Please choose the kind."),
        ({"finding-0-kind": "broken"}, "broken is not one of the available choices"),
        ({"original": " "}, "Please write a text."),
        ({"original": ""}, "This field is required."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_entered(study, ann, ida, wrong, sentence):
    pat = cast.consented(ann)
    response = Desk(ida).client.post(Desk(ida).address("report", pat), FORM | BULGE | wrong)

    assert response.status_code == 400
    assert sentence in words(response)
    assert not pat.findings.exists()
    assert "REPORT_ENTERED" not in [action for _, action, _ in recorded(study)]


def test_a_report_is_entered_once(study, ann, ida):
    pat = cast.certified(ann)
    response = Desk(ida).client.post(Desk(ida).address("report", pat), FORM)

    assert response.status_code == 409
    assert "was entered before" in words(response)
    assert refusals(study) == [("ida", "enter", "AlreadyDone")]


def test_a_wording_is_written_and_written_again(study, ann, ida, clock):
    pat = cast.consented(ann)
    report.enter(participant=pat, original="L4/5: bulge.", findings=[], by=ida, at=cast.AT)
    for text in ("A first text.\r\nA second line.", "A better text."):
        Desk(ida).post("write", pat, wording="factual", text=text)

    assert ReportVersion.objects.get().text == "A better text."
    assert recorded(study)[1] == ("ida", "VERSION_WRITTEN", pat.code)
    assert "Write (1 of 2)" in words(Desk(ida).get("reports"))


def test_lines_end_as_they_are_hashed(ann, ida, clock):
    pat = cast.consented(ann)
    Desk(ida).post("write", pat, wording="factual", text="One.\r\nTwo.")

    assert ReportVersion.objects.get().text == "One.\nTwo."


def test_an_empty_text_is_refused_and_the_page_keeps_the_others(ann, ida):
    pat = cast.consented(ann)
    report.enter(participant=pat, original="L4/5: bulge.", findings=cast.FINDINGS, by=ida, at=cast.AT)
    response = Desk(ida).post("write", pat, wording="factual", text=" ")

    assert response.status_code == 400
    assert "Please write a text." in words(response)
    assert "A disc that is a little wider at L4/5." in words(response)


def test_a_wording_that_the_protocol_does_not_have_is_refused(study, ann, ida):
    response = Desk(ida).post("write", cast.consented(ann), wording="alarming", text="Oh dear.")

    assert response.status_code == 400
    assert refusals(study) == [("ida", "write", "InvalidInput")]


def test_a_certified_text_is_locked(study, ann, ida):
    pat = cast.certified(ann)
    page = Desk(ida).get("report", pat)
    response = Desk(ida).post("write", pat, wording="factual", text="Another text.")

    assert "<textarea" not in page.content.decode()
    assert response.status_code == 409
    assert "This version is certified and locked" in words(response)


def test_a_wording_without_sentences_of_its_own_begins_empty(db):
    study = cast.loaded_study(replace={'"reassuring"': '"plain"', "reassuring =": "plain ="})
    ann, ida = cast.who(study, "ann"), cast.who(study, "ida")
    pat = cast.consented(ann)
    report.enter(participant=pat, original="L4/5: bulge.", findings=cast.FINDINGS, by=ida, at=cast.AT)

    assert 'id="plain_text">\n</textarea>' in Desk(ida).get("report", pat).content.decode()
