"""The participant's own page: what is due, what is done, what comes"""

from datetime import timedelta

import pytest

from tests import cast
from tests.web.phone import WEEK, phone, words
from trial.services import study as studies


def test_after_the_consent_the_baseline_is_due(ann, clock):
    page = words(phone(cast.consented(ann)).get("/p/"))

    assert "Baseline: your questions" in page
    assert "Today: 4 short sets of questions, about 12 minutes." in page
    assert "Please answer by Monday 17 March 2031." in page
    assert "MRI report is ready" not in page


def test_the_page_names_nobody(ann, clock):
    participant = cast.consented(ann, name="Unmistakable Name")
    page = phone(participant).get("/p/").content.decode()

    assert "Unmistakable" not in page
    assert participant.code not in page
    assert str(participant.public_id) not in page


def test_after_the_baseline_there_is_nothing_to_do_but_wait(ann, clock):
    page = words(phone(cast.with_baseline(ann)).get("/p/"))

    assert "You have no questions to answer now. We will write to you when your report is ready." in page
    assert "Week 1 after your report is ready" in page


def test_once_randomized_the_report_can_be_read(ann, clock):
    page = phone(cast.randomized(ann)).get("/p/")

    assert "Your MRI report is ready" in words(page)
    assert "Read my report" in words(page)
    assert "Week 1 from Saturday 8 March 2031 to Saturday 15 March 2031" in words(page)


def test_a_report_that_was_read_can_be_read_again(ann, clock):
    participant = cast.randomized(ann)
    cast.read_report(participant)

    assert "Read my report again" in words(phone(participant).get("/p/"))


def test_a_visit_that_was_begun_goes_on_where_it_was_left(ann, clock):
    client = phone(cast.consented(ann))
    client.post("/p/visit/BL/1/save/", {"PCS01": "1"})

    assert "Go on where I left off" in words(client.get("/p/"))


def test_a_late_visit_is_still_asked_for_but_after_one_that_is_in_time(ann, clock):
    participant = cast.randomized(ann)
    clock(cast.AT + 6 * WEEK)
    page = words(phone(participant).get("/p/"))

    assert "Week 1 still open" in page
    assert "These were due by Saturday 15 March 2031. Your answers still help." in page
    assert page.index("Week 6: your questions") < page.index("Week 1: your questions")


def test_a_finished_visit_is_shown_as_done(ann, clock):
    participant = cast.randomized(ann)
    cast.answer(participant, "W1", at=cast.AT + WEEK)
    clock(cast.AT + WEEK)

    assert "Week 1 done" in words(phone(participant).get("/p/"))


def test_dates_are_those_of_the_study(ann, clock):
    """23:30 on the 3rd in London is the 4th in Berlin, where the study is."""
    participant = cast.consented(ann, at=cast.AT + timedelta(hours=13, minutes=30))
    clock(cast.AT + timedelta(hours=14))

    assert "Please answer by Tuesday 18 March 2031." in words(phone(participant).get("/p/"))


def test_after_the_lock_there_are_no_more_questions(ann, paul, clock):
    participant = cast.randomized(ann)
    studies.lock(by=paul, at=cast.AT)
    clock(cast.AT + WEEK)
    page = words(phone(participant).get("/p/"))

    assert "The study is over. There are no more questions." in page
    assert "This study compares" not in page


def test_only_after_the_unblinding_participants_learn_what_was_compared(ann, finn, paul, clock):
    participant = cast.randomized(ann)
    studies.lock(by=paul, at=cast.AT)
    studies.unblind(reason="The analysis is due.", by=finn, at=cast.AT)

    assert "This study compares two ways of writing an MRI report." in words(phone(participant).get("/p/"))


def test_a_synthetic_study_is_marked_on_every_page(ann, clock):
    client = phone(cast.randomized(ann))

    for address in ("/p/", "/p/report/", "/p/visit/BL/thanks/"):
        assert "Synthetic data" in words(client.get(address))


def test_the_page_is_not_for_emergencies(ann, clock):
    assert "This page is not for emergencies." in words(phone(cast.consented(ann)).get("/p/"))


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_the_page_is_only_looked_at(ann, clock, method):
    client = phone(cast.consented(ann))

    assert getattr(client, method)("/p/").status_code == 405
