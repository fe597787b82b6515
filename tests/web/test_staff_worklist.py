"""What a coordinator reads beside each participant: what comes next, in words"""

from datetime import timedelta

import pytest

from tests import cast
from tests.web.desk import Desk, words
from trial.selectors import worklist
from trial.services import consent, link, screening
from trial.services import study as studies

DAY = timedelta(days=1)


def _next(participant, days=0):
    step = worklist.step(cast.fresh(participant), cast.AT + days * DAY)
    return step.label, step.words, step.page


def _linked(participant, ann):
    link.send(participant=participant, by=ann, at=cast.AT)
    return participant


def test_who_is_not_eligible_is_done_with(ann):
    assert _next(cast.screened(ann, failing="mri")) == ("Ended", "Not eligible", "")


def test_first_the_radiologist_looks_for_critical_findings(ann):
    assert _next(cast.screened(ann)) == ("Waiting", "Waiting for radiologist", "")


def test_a_critical_finding_waits_for_the_treating_clinician(ann):
    waiting = "Waiting for treating clinician: critical finding"
    assert _next(cast.checked(ann, flags=("cord",))) == ("Waiting", waiting, "")


def test_who_is_routed_to_care_does_not_take_part(ann, kim):
    participant = cast.checked(ann, flags=("cord",))
    screening.close_critical_finding(
        participant=participant,
        receiver="Dr Lee",
        received_at=cast.AT,
        method="telephone",
        read_back=True,
        may_continue=False,
        by=kim,
        at=cast.AT,
    )
    assert _next(participant) == ("Ended", "Routed to clinical care", "")


def test_who_declines_does_not_take_part(ann):
    participant = cast.checked(ann)
    screening.decline(participant=participant, reason="declined", by=ann, at=cast.AT)
    assert _next(participant) == ("Ended", "Does not take part", "")


def test_then_comes_the_consent(ann):
    assert _next(cast.checked(ann)) == ("To do", "Consent", "consent")


def test_then_the_link(ann):
    assert _next(cast.consented(ann)) == ("To do", "Send link", "send-link")


def test_then_the_baseline(ann):
    participant = _linked(cast.consented(ann), ann)
    assert _next(participant) == ("Waiting", "Baseline not complete (0 of 4)", "")
    assert _next(participant, days=15) == ("Late", "Baseline late (0 of 4)", "")


def test_an_old_link_is_sent_anew(ann):
    participant = _linked(cast.consented(ann), ann)
    assert _next(participant, days=121) == ("To do", "Send link", "send-link")


def test_then_the_report(ann):
    assert _next(cast.with_baseline(ann)) == ("Waiting", "Waiting for report", "")


def test_then_the_randomization(ann):
    assert _next(cast.certified(ann)) == ("To do", "Randomize", "randomize")


def test_an_unsealed_study_waits_for_its_custodian(db):
    study = cast.loaded_study()
    participant = cast.certified(cast.who(study, "ann"))
    sentence = "The custodian has not yet sealed the allocation."
    assert _next(participant) == ("Waiting", sentence, "")


@pytest.mark.parametrize(
    ("days", "label", "sentence"),
    [
        (0, "Nothing due", "Week 1 opens 8 March"),
        (5, "Questions due", "Week 1 due until 15 March"),
        (13, "Late", "Week 1 late"),
        (40, "Questions due", "Week 6 due until 21 April"),
    ],
)
def test_after_it_the_visits_follow_their_windows(ann, days, label, sentence):
    participant = _linked(cast.randomized(ann), ann)
    cast.read_report(participant)
    assert _next(participant, days) == (label, sentence, "")


def test_a_date_of_another_year_has_its_year(ann):
    december = cast.AT.replace(month=12, day=29)
    participant = cast.randomized(ann, at=december)
    link.send(participant=participant, by=ann, at=december)
    cast.read_report(participant, at=december)
    assert worklist.step(cast.fresh(participant), december).words == "Week 1 opens 3 January 2032"


def test_an_unread_report_is_told(ann):
    assert _next(_linked(cast.randomized(ann), ann)) == ("Waiting", "Report not opened yet", "")
    assert _next(cast.randomized(ann)) == ("To do", "Send link", "send-link")


def test_at_the_end_nothing_is_left(ann):
    participant = cast.randomized(ann)
    cast.read_report(participant)
    for visit, day in (("W1", 7), ("W6", 42), ("W12", 84)):
        cast.answer(participant, visit, at=cast.AT + day * DAY)
    assert _next(participant, days=84) == ("Ended", "All visits done", "")


def test_who_withdrew_is_left_in_peace(ann):
    participant = cast.consented(ann)
    consent.withdraw(participant=participant, reason="burden", by=ann, at=cast.AT)
    assert _next(participant) == ("Ended", "Withdrawn", "")


def test_a_locked_study_asks_nothing_more(ann, paul):
    participant = cast.randomized(ann)
    studies.lock(by=paul, at=cast.AT)
    assert _next(participant) == ("Ended", "The study is locked", "")


def test_what_is_to_be_done_comes_first_in_the_list(ann, clock):
    cast.screened(ann, failing="mri")
    cast.screened(ann)
    cast.checked(ann)
    html = Desk(ann).get("participants").content.decode()

    assert html.index("01-003</a>") < html.index("01-002</a>") < html.index("01-001</a>")


def test_a_coordinator_sees_the_own_site_and_a_monitor_all(ann, bob, mona, clock):
    cast.screened(ann)
    cast.screened(bob)

    assert "02-001" not in words(Desk(ann).get("participants"))
    assert "02-001" in words(Desk(mona).get("participants"))


def test_the_list_is_narrowed_by_state_and_code(ann, clock):
    cast.screened(ann)
    cast.checked(ann)
    page = words(Desk(ann).get("participants", state="to-do"))
    nobody = words(Desk(ann).get("participants", code="09-"))

    assert "01-002" in page
    assert "01-001" not in page
    assert "No participant matches" in nobody


@pytest.mark.parametrize(
    "query", [{"arm": "factual"}, {"state": "factual"}, {"ordering": "arm"}, {"code": ["1", "2"]}]
)
def test_a_question_that_the_list_does_not_know_is_refused(ann, query):
    response = Desk(ann).client.get(Desk(ann).address("participants"), query)

    assert response.status_code == 400
    assert "no such choice" in words(response)


def test_an_empty_list_says_so(ann):
    assert "Nobody has been screened yet." in words(Desk(ann).get("participants"))
