"""The whole journey in a browser: a coordinator, an author, a radiologist and a participant, page by page"""

import re

import pytest
from django.core import mail
from django.utils import timezone
from playwright.sync_api import expect

from tests import cast
from tests.browser.hands import follow, press, sign_in
from trial.models import Participant
from trial.selectors import answers

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def screen_a_person(page, study):
    follow(page, "Screen")
    page.get_by_label("Name").fill("Pat Example")
    page.get_by_label("E-mail").fill("pat@example.org")
    page.get_by_label("Year of birth").fill("1980")
    page.get_by_label("Female").check()
    for criterion in study.protocol.eligibility:
        answer = "Yes" if criterion.kind == "inclusion" else "No"
        page.get_by_role("group", name=criterion.text).get_by_label(answer, exact=True).check()


def answer_visit(page, look, name):
    """Answer screen by screen, the first choice of each question, to the page that shows all answers."""
    number = 0
    while page.get_by_role("button", name="Next").count():
        number += 1
        groups = page.get_by_role("radiogroup")
        for place in range(groups.count()):
            choice = groups.nth(place).get_by_role("radio").first
            if not choice.is_checked():
                choice.check()
        if number in (1, 4, 5):
            look(page, f"{name}-{number}")
        press(page, "Next")
    look(page, f"{name}-check")
    press(page, "Send my answers")


def link_from_the_mail():
    return re.search(r"http\S+/p/\S+", mail.outbox[-1].body)[0]


def test_from_screening_to_the_first_answers(world, live_server, person, look):
    coordinator, author, radiologist = person(), person(), person()
    participant = person(is_mobile=True, viewport={"width": 390, "height": 844})

    sign_in(coordinator, live_server, "ann")
    look(coordinator, "coordinator-empty")
    screen_a_person(coordinator, world)
    look(coordinator, "coordinator-screen")
    press(coordinator, "Enter this person")
    look(coordinator, "coordinator-participant")
    address = coordinator.url

    sign_in(radiologist, live_server, "kim")
    look(radiologist, "radiologist-worklist")
    follow(radiologist, "01-001")
    look(radiologist, "radiologist-red-flags")
    radiologist.get_by_label("none of these", exact=False).check()
    press(radiologist, "Record the check")

    coordinator.goto(address)
    follow(coordinator, "Record consent")
    look(coordinator, "coordinator-consent")
    coordinator.get_by_role("checkbox").check()
    press(coordinator, "Record the consent")
    press(coordinator, "Send the link by e-mail")

    participant.goto(link_from_the_mail())
    look(participant, "participant-link")
    press(participant, "Open my page")
    assert participant.url == f"{live_server.url}/p/"
    look(participant, "participant-home")
    follow(participant, "Answer the questions")
    answer_visit(participant, look, "participant-baseline")
    look(participant, "participant-thanks")

    sign_in(author, live_server, "ida")
    look(author, "author-worklist")
    follow(author, "01-001")
    author.get_by_label("report", exact=False).first.fill("L4/5: bulge of the disc.")
    finding = author.get_by_role("group", name="Finding 1")
    finding.get_by_label("Kind").select_option("disc-bulge")
    finding.get_by_label("Level").select_option("L4/5")
    look(author, "author-findings")
    press(author, "Enter the report")
    look(author, "author-versions")
    for place in range(2):
        author.get_by_role("button", name="Save this text").nth(place).click()

    follow(radiologist, "Checks")
    follow(radiologist, "01-001")
    look(radiologist, "radiologist-certify")
    for wording in ("factual", "reassuring"):
        section = radiologist.get_by_role("region", name=re.compile(wording, re.IGNORECASE))
        section.get_by_label("Password", exact=False).fill(cast.PASSWORD)
        section.get_by_role("button").click()

    coordinator.goto(address)
    follow(coordinator, "Randomize")
    look(coordinator, "coordinator-randomize")
    press(coordinator, "Randomize 01-001")
    look(coordinator, "coordinator-randomized")
    told = coordinator.content().lower()
    assert not re.search(r"\bfactual\b|\breassuring\b", told.replace("factual or reassuring wording", ""))
    coordinator.goto(f"{live_server.url}/studies/REASSURE/participants/")
    look(coordinator, "coordinator-today")

    participant.goto(f"{live_server.url}/p/")
    press(participant, "Read my report")
    look(participant, "participant-report")
    expect(participant.get_by_role("heading", level=1)).to_have_text("Your MRI report")
    follow(participant, "Back to my page")
    look(participant, "participant-after-reading")

    found = Participant.objects.get()
    assert answers.scores(found, "BL")["PCSTOT"].value is not None
    assert found.delivery.times_opened == 1
    for page in (coordinator, author, radiologist, participant):
        assert page.faults == []
        assert all(url.startswith((live_server.url, "data:")) for url in page.asked)


def test_a_participant_without_javascript_answers_all_the_same(world, live_server, person):
    somebody = cast.consented(cast.who(world, "ann"), at=timezone.now())
    page = person(java_script_enabled=False)
    page.goto(f"{live_server.url}/p/{cast.token(somebody, at=somebody.consent.at)}/")
    press(page, "Open my page")
    follow(page, "Answer the questions")
    while page.get_by_role("button", name="Next").count():
        groups = page.get_by_role("radiogroup")
        for place in range(groups.count()):
            groups.nth(place).get_by_role("radio").last.check()
        press(page, "Next")
    press(page, "Send my answers")
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you")
    assert answers.scores(cast.fresh(somebody), "BL")["PCSTOT"].value == 52


def test_an_answer_is_kept_the_moment_it_is_given(world, live_server, person):
    somebody = cast.consented(cast.who(world, "ann"), at=timezone.now())
    page = person()
    page.goto(f"{live_server.url}/p/{cast.token(somebody, at=timezone.now())}/")
    press(page, "Open my page")
    follow(page, "Answer the questions")
    page.get_by_role("radiogroup").first.get_by_role("radio").nth(2).check()
    expect(page.get_by_role("status")).to_have_text("Saved")
    other = person()
    other.goto(f"{live_server.url}/p/{cast.token(somebody, at=timezone.now())}/")
    press(other, "Open my page")
    follow(other, "Go on where I left off")
    expect(other.get_by_role("radiogroup").first.get_by_role("radio").nth(2)).to_be_checked()
