"""Answering, screen by screen: nothing lost, nothing out of turn (integrity.md T34, T35, T36, T39)"""

import re
from datetime import timedelta

import pytest
from django.test import Client

from tests import cast
from tests.web.phone import WEEK, answer_all, asked, kept, phone, ticked, title, words
from trial.models import Assessment, AuditEvent
from trial.services import assessment
from trial.services import study as studies

FIRST = ["PCS01", "PCS02", "PCS03", "PCS04", "PCS05"]
SCREENS = """
    number | heading                             | questions
    -------+-------------------------------------+----------
    1      | Part 1 of 4 · question 1 to 5 of 13   | 5
    2      | Part 1 of 4 · question 6 to 9 of 13   | 4
    3      | Part 1 of 4 · question 10 to 13 of 13 | 4
    4      | Part 2 of 4 · one question            | 1
    5      | Part 3 of 4 · question 1 to 6 of 24   | 6
    6      | Part 3 of 4 · question 7 to 12 of 24  | 6
    7      | Part 3 of 4 · question 13 to 18 of 24 | 6
    8      | Part 3 of 4 · question 19 to 24 of 24 | 6
    9      | Part 4 of 4 · question 1 to 2 of 2    | 2
"""


@pytest.fixture
def pat(ann, clock):
    """Pat has consented; the baseline is due."""
    return cast.consented(ann)


@pytest.fixture
def client(pat) -> Client:
    """Pat's phone."""
    return phone(pat)


def post(client, number, go="next", visit="BL", **values):
    return client.post(f"/p/visit/{visit}/{number}/", {**values, "go": go})


def all_of(codes, value="1"):
    return dict.fromkeys(codes, value)


# The way through -----------------------------------------------------------------------------------


def test_a_screen_has_a_few_questions_and_says_how_far_one_is(client):
    rows = [[cell.strip() for cell in line.split("|")] for line in SCREENS.strip().splitlines()[2:]]
    for number, heading, questions in rows:
        page = client.get(f"/p/visit/BL/{number}/")
        assert heading in words(page)
        assert len(asked(page)) == int(questions)
        assert post(client, number, **all_of(asked(page))).status_code == 302


def test_all_answers_are_kept_and_sent_and_thanked_for(client, pat):
    assert answer_all(client, "BL") == "/p/visit/BL/check/"
    assert len(kept(pat, "BL")) == 40
    assert not Assessment.objects.filter(submitted_at__isnull=False).exists()

    thanks = client.post("/p/visit/BL/check/", follow=True)

    assert thanks.redirect_chain == [("/p/visit/BL/thanks/", 302)]
    assert "We will write to you when your report is ready." in words(thanks)
    assert thanks["Clear-Site-Data"] == '"cache"'
    assert Assessment.objects.filter(submitted_at__isnull=False).count() == 4
    assert len(kept(pat, "BL")) == 40


def test_the_questions_are_marked_as_demonstration_wording(client):
    assert "Demonstration wording" in words(client.get("/p/visit/BL/1/"))


def test_a_scale_says_what_its_ends_mean(client, pat):
    for number in (1, 2, 3):
        post(client, number, **all_of(asked(client.get(f"/p/visit/BL/{number}/"))))
    page = client.get("/p/visit/BL/4/")

    assert "0 = No pain 10 = As strong as you can think of" in words(page)
    assert page.content.decode().count('type="radio"') == 11


def test_each_question_is_a_group_with_its_own_name(client):
    page = client.get("/p/visit/BL/1/").content.decode()

    assert page.count('role="radiogroup"') == page.count("<legend>") == 5
    assert "aria-invalid" not in page


# Coming back ---------------------------------------------------------------------------------------


def test_what_was_answered_is_ticked_when_one_comes_back(client):
    post(client, 1, **all_of(FIRST, "3"))

    assert ticked(client.get("/p/visit/BL/1/")) == all_of(FIRST, "3")


def test_another_device_goes_on_where_the_first_one_stopped(client, pat):
    post(client, 1, **all_of(FIRST))
    post(client, 2, go="stop", PCS06="4")

    other = phone(pat)

    assert other.get("/p/visit/BL/")["Location"] == "/p/visit/BL/2/"
    assert ticked(other.get("/p/visit/BL/2/")) == {"PCS06": "4"}


@pytest.mark.parametrize(("go", "leads_to"), [("back", "/p/visit/BL/1/"), ("stop", "/p/")])
def test_going_back_or_stopping_loses_nothing_and_asks_nothing(client, pat, go, leads_to):
    post(client, 1, **all_of(FIRST))

    response = post(client, 2, go=go, PCS06="4")

    assert response["Location"] == leads_to
    assert ("PCS06", 4, "") in kept(pat, "BL")
    assert len(kept(pat, "BL")) == 6


def test_back_from_the_first_screen_is_the_own_page(client):
    assert post(client, 1, go="back")["Location"] == "/p/"


# Leaving out ---------------------------------------------------------------------------------------


def test_a_question_without_an_answer_is_asked_about_once(client, pat):
    page = post(client, 1, **all_of(FIRST[:4]))

    assert page.status_code == 200
    assert title(page).startswith("Please check:")
    assert "You did not answer this question. You can leave it out." in words(page)
    assert 'aria-describedby="PCS05-message"' in page.content.decode()
    assert ticked(page) == all_of(FIRST[:4])
    assert len(kept(pat, "BL")) == 4

    again = post(client, 1, **all_of(FIRST[:4]), warned="PCS05")

    assert again["Location"] == "/p/visit/BL/2/"
    assert kept(pat, "BL")[-1] == ("PCS05", None, "skipped")


def test_a_question_that_was_left_out_can_be_answered_later(client, pat):
    post(client, 1, warned=FIRST)
    assert "You left this question out." in words(client.get("/p/visit/BL/1/"))

    post(client, 1, PCS01="2")

    assert kept(pat, "BL")[-1] == ("PCS01", 2, "")


def test_only_what_was_asked_about_is_taken_for_left_out(client, pat):
    page = post(client, 1, warned="PCS01")

    assert page.status_code == 200
    assert ("PCS01", None, "skipped") in kept(pat, "BL")
    assert len(kept(pat, "BL")) == 1


# Checking and changing -----------------------------------------------------------------------------


def test_before_the_sending_every_answer_can_be_looked_at_and_changed(client, pat):
    answer_all(client, "BL", "0")
    page = client.get("/p/visit/BL/check/")
    assert words(page).count("Change the answer to question") == 40
    assert "/p/visit/BL/1/?check#PCS01" in page.content.decode()

    change = client.get("/p/visit/BL/1/?check")
    assert "Save and go back to all answers" in words(change)
    response = client.post("/p/visit/BL/1/", {**all_of(FIRST, "4"), "check": "1", "go": "next"})

    assert response["Location"] == "/p/visit/BL/check/"
    assert words(client.get("/p/visit/BL/check/")).count("Nearly every time") == 5


def test_what_was_left_out_is_shown_as_left_out(client):
    number = 1
    while (address := f"/p/visit/BL/{number}/") and (page := client.get(address)).status_code == 200:
        client.post(address, {"warned": asked(page), "go": "next"})
        number += 1

    assert words(client.get("/p/visit/BL/check/")).count("left out") == 40


# Twice, stale, out of turn -------------------------------------------------------------------------


def test_a_screen_that_is_sent_twice_counts_once(client, pat):
    post(client, 1, **all_of(FIRST))
    second = post(client, 1, **all_of(FIRST))

    assert second["Location"] == "/p/visit/BL/2/"
    assert len(kept(pat, "BL")) == 5


def test_of_two_tabs_the_newest_wins_and_the_older_answer_is_history(client, pat):
    post(client, 1, **all_of(FIRST, "1"))
    post(client, 1, **all_of(FIRST, "4"))

    assert ticked(client.get("/p/visit/BL/1/")) == all_of(FIRST, "4")
    assert len(kept(pat, "BL")) == 10


@pytest.mark.parametrize("number", [2, 3, 9, 10, 0, 999])
def test_a_screen_out_of_turn_leads_to_the_one_that_is_due(client, pat, number):
    for response in (client.get(f"/p/visit/BL/{number}/"), post(client, number, PCS06="1", PCS10="1")):
        assert response["Location"] == "/p/visit/BL/1/"
    assert kept(pat, "BL") == []


def test_nothing_is_sent_before_all_screens_were_passed(client, pat):
    post(client, 1, **all_of(FIRST))

    for response in (client.get("/p/visit/BL/check/"), client.post("/p/visit/BL/check/")):
        assert response["Location"] == "/p/visit/BL/2/"
    assert client.get("/p/visit/BL/thanks/")["Location"] == "/p/visit/BL/"
    assert not Assessment.objects.filter(submitted_at__isnull=False).exists()


def test_sending_twice_counts_once(client, pat):
    answer_all(client, "BL")
    client.post("/p/visit/BL/check/")
    entries = AuditEvent.objects.count()

    assert client.post("/p/visit/BL/check/")["Location"] == "/p/visit/BL/thanks/"
    assert AuditEvent.objects.count() == entries


def test_a_stale_tab_is_told_that_the_answers_were_sent(client, pat):
    answer_all(client, "BL")
    client.post("/p/visit/BL/check/")
    before = kept(pat, "BL")

    for response in (post(client, 1, PCS01="4"), client.post("/p/visit/BL/1/save/", {"PCS01": "4"})):
        assert response.status_code == 409
        assert "You sent these answers before. They no longer change." in words(response)
    assert client.get("/p/visit/BL/1/")["Location"] == "/p/visit/BL/thanks/"
    assert client.get("/p/visit/BL/")["Location"] == "/p/visit/BL/thanks/"
    assert kept(pat, "BL") == before


def test_a_questionnaire_that_was_sent_alone_is_passed_over(client, pat):
    """The API may send in one questionnaire of a visit before the others."""
    assessment.answer(visit="BL", instrument="PCS", given=cast.answers("PCS"), by=pat, at=cast.AT)
    assessment.submit(visit="BL", instrument="PCS", by=pat, at=cast.AT)

    assert client.get("/p/visit/BL/1/")["Location"] == "/p/visit/BL/4/"
    assert post(client, 1, PCS01="4").status_code == 409
    assert client.post("/p/visit/BL/1/save/", {"PCS01": "4"}).status_code == 409
    answer_all(client, "BL")
    assert "These answers were sent before." in words(client.get("/p/visit/BL/check/"))
    assert "Thank you" in words(client.post("/p/visit/BL/check/", follow=True))


# When ----------------------------------------------------------------------------------------------


def test_a_visit_that_is_not_open_yet_takes_no_answers(ann, clock):
    participant = cast.randomized(ann)
    client = phone(participant)

    for response in (client.get("/p/visit/W1/"), post(client, 1, visit="W1", PCS01="1")):
        assert response.status_code == 409
        assert "These questions are not open yet." in words(response)
    assert kept(participant, "W1") == []


def test_a_late_visit_is_kept_as_late(ann, clock):
    participant = cast.randomized(ann)
    clock(cast.AT + 3 * WEEK)
    client = phone(participant)
    answer_all(client, "W1")
    thanks = client.post("/p/visit/W1/check/", follow=True)

    assert all(Assessment.objects.filter(visit="W1").values_list("late", flat=True))
    assert "Your next questions are Week 6. You can answer them from Monday 7 April 2031" in words(thanks)


def test_the_thanks_name_what_else_is_due_today(ann, clock):
    participant = cast.randomized(ann)
    cast.answer(participant, "W6", at=cast.AT + 6 * WEEK)
    clock(cast.AT + 6 * WEEK)

    assert "There are more questions for you today: Week 1." in words(
        phone(participant).get("/p/visit/W6/thanks/")
    )


def test_after_the_last_visit_there_is_only_thanks(ann, clock):
    participant = cast.randomized(ann)
    for visit, weeks in (("W1", 1), ("W6", 6), ("W12", 12)):
        cast.answer(participant, visit, at=cast.AT + weeks * WEEK)
    clock(cast.AT + 12 * WEEK)
    thanks = words(phone(participant).get("/p/visit/W12/thanks/"))

    assert "These were the last questions." in thanks
    assert "compares" not in thanks


def test_after_the_lock_no_answer_is_taken(ann, paul, clock):
    participant = cast.randomized(ann)
    clock(cast.AT + WEEK)
    client = phone(participant)
    studies.lock(by=paul, at=cast.AT + WEEK)

    assert post(client, 1, visit="W1", PCS01="1").status_code == 409
    assert kept(participant, "W1") == []


def test_there_are_no_other_visits(client):
    for address in ("/p/visit/XX/", "/p/visit/XX/1/", "/p/visit/XX/check/", "/p/visit/XX/thanks/"):
        assert client.get(address).status_code == 404


# What is not an answer -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "value",
    [
        "5",
        "-1",
        "99",
        "NaN",
        "1e309",
        "1,5",
        "1.0",
        "\u0966",
        "x" * 2000,
        "😀",
        "\x00",
        "\u202e1",
        " 1",
        "None",
    ],
)
def test_what_is_not_an_answer_is_told_beside_the_question_and_nothing_is_kept(client, pat, value):
    page = post(client, 1, **{**all_of(FIRST), "PCS02": value})

    text = page.content.decode()
    assert page.status_code == 400
    assert title(page).startswith("Error:")
    assert (
        '<fieldset id="PCS02" role="radiogroup" aria-invalid="true" aria-describedby="PCS02-message"' in text
    )
    assert text.count('aria-invalid="true"') == 1
    assert "Please choose one of the answers." in words(page)
    assert ticked(page) == all_of(["PCS01", "PCS03", "PCS04", "PCS05"])
    assert kept(pat, "BL") == []


def test_answers_to_questions_of_other_screens_are_not_looked_at(client, pat):
    post(client, 1, **all_of(FIRST), PCS06="1", XXX="1")

    assert [item for item, _, _ in kept(pat, "BL")] == FIRST


def test_answers_want_the_token_of_the_form(client, pat):
    strict = Client(enforce_csrf_checks=True)
    strict.cookies["participant"] = client.cookies["participant"].value

    assert post(strict, 1, **all_of(FIRST)).status_code == 403
    assert kept(pat, "BL") == []


# As each answer is given ---------------------------------------------------------------------------


def test_an_answer_is_kept_as_soon_as_it_is_given(client, pat):
    response = client.post("/p/visit/BL/1/save/", {"PCS01": "2"}, headers={"HX-Request": "true"})

    assert response.content.decode().strip() == "Saved"
    assert kept(pat, "BL") == [("PCS01", 2, "")]


@pytest.mark.parametrize(
    ("number", "values", "status"),
    [(1, {}, 400), (1, {"PCS01": "9"}, 400), (1, {"PCS06": "1"}, 400), (2, {"PCS06": "1"}, 409)],
)
def test_what_cannot_be_kept_at_once_is_refused(client, pat, number, values, status):
    assert client.post(f"/p/visit/BL/{number}/save/", values).status_code == status
    assert kept(pat, "BL") == []


def test_the_page_saves_by_itself_without_any_script_in_it(client):
    page = client.get("/p/visit/BL/1/").content.decode()

    assert page.count('hx-trigger="change"') == 5
    assert 'hx-post="/p/visit/BL/1/save/"' in page
    assert "<script>" not in page
    assert re.search(r"<[^>]+ (on\w+|style|hx-on\S*)=", page) is None


# Whose ---------------------------------------------------------------------------------------------


def test_nobody_sees_or_changes_the_answers_of_another(ann, client, pat, clock):
    other = cast.consented(ann, name="Other Example")
    post(client, 1, **all_of(FIRST, "3"))
    page = phone(other).get("/p/visit/BL/1/")

    assert ticked(page) == {}
    post(phone(other), 1, **all_of(FIRST, "1"))
    assert ticked(client.get("/p/visit/BL/1/")) == all_of(FIRST, "3")


def test_the_window_is_that_of_the_studys_time_zone(ann, clock):
    """Week 1 opens on 8 March at midnight in Berlin, 23:00 on the 7th in UTC."""
    participant = cast.randomized(ann)
    opens = cast.AT.replace(day=7, hour=23)
    client = phone(participant)

    clock(opens - timedelta(minutes=1))
    assert client.get("/p/visit/W1/").status_code == 409
    clock(opens)
    assert client.get("/p/visit/W1/").status_code == 302
