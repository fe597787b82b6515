"""The pages of those who meet no participants: custodian, statistician, monitor, principal investigator"""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests import cast
from tests.browser.hands import follow, press, sign_in
from trial.models.allocation import Sealing
from trial.services import ceremony, snapshot
from trial.services import study as studies

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

SHARE = "5a" * 32


@pytest.fixture
def unsealed(world):
    """A second study, whose allocation is not sealed yet."""
    other = cast.loaded_study(replace={'code = "REASSURE"': 'code = "SECOND"'})
    for membership in other.memberships.select_related("member"):
        studies.set_password(member=membership.member, password=cast.PASSWORD)
    return other


def fill(page, place, label, text):
    """The form that holds a button of its own: its fields, and the password once more."""
    form = page.locator("form").filter(has=page.get_by_role("button", name=place, exact=True))
    if label:
        form.get_by_label(label).fill(text)
    form.get_by_label("Your password, once more").fill(cast.PASSWORD)
    form.get_by_role("button", name=place, exact=True).click()


def test_two_members_seal_the_allocation(unsealed, live_server, person, look):
    custodian, statistician = person(), person()
    sign_in(custodian, live_server, "finn.second")
    sign_in(statistician, live_server, "cal.second")
    follow(custodian, "Allocation")
    look(custodian, "custodian-unsealed")
    fill(custodian, "Draw the server\u2019s share", "", "")
    look(custodian, "custodian-ceremony")

    follow(statistician, "Share")
    look(statistician, "statistician-share")
    fill(
        statistician,
        "Publish the hash",
        "The hash of your share",
        ceremony.promised("SECOND", bytes.fromhex(SHARE)),
    )
    look(statistician, "statistician-give")
    fill(statistician, "Give the share", "Your share", SHARE)

    follow(custodian, "Allocation")
    look(custodian, "custodian-to-seal")
    fill(custodian, "Seal the allocation", "Public beacon", "3 17 22 31 40 48")
    look(custodian, "custodian-sealed")
    expect(custodian.get_by_text(Sealing.objects.get(study=unsealed).commitment)).to_be_visible()


def test_in_an_emergency_only_the_clinician_learns_the_wording(world, live_server, person, look, mailoutbox):
    cast.randomized(cast.who(world, "ann"), at=timezone.now())
    page = person()
    sign_in(page, live_server, "finn")
    follow(page, "Allocation")
    page.get_by_text("Unblind one participant").click()
    look(page, "custodian-emergency")
    page.get_by_label("Participant's code").fill("01-001")
    page.get_by_label("Name of the treating clinician").fill("Dr Green")
    page.get_by_label("The clinician's e-mail address").fill("green@hospital.example")
    fill(page, "Tell the clinician", "Why must it be known?", "New weakness of a leg.")
    look(page, "custodian-told")
    expect(page.get_by_text("Dr Green was told by e-mail. Nobody else was.")).to_be_visible()
    assert [mail.to for mail in mailoutbox] == [["green@hospital.example"]]


def test_an_error_is_recorded_beside_the_randomization(world, live_server, person, look):
    participant = cast.randomized(cast.who(world, "ann"), at=timezone.now())
    page = person()
    sign_in(page, live_server, "ann")
    page.goto(f"{live_server.url}/studies/REASSURE/participants/{participant.public_id}/")
    page.get_by_text("Record an error").first.click()
    look(page, "coordinator-error")
    page.get_by_label("What happened?").fill("Had surgery last month.")
    press(page, "Record the error")
    expect(page.get_by_text("The participant stays in the study as randomized.")).to_be_visible()


PAGES = {
    "cal": ["Share", "Snapshots", "Results", "Progress"],
    "mona": ["Participants", "Progress", "Audit trail"],
    "paul": ["Participants", "Results", "Progress", "Audit trail", "Lock"],
    "ida": ["Reports"],
    "kim": ["Checks"],
}


@pytest.mark.parametrize("name", PAGES)
def test_every_page_of_the_navigation_can_be_used_by_everybody(world, live_server, person, look, name):
    by = cast.who(world, "ann")
    for _ in range(3):
        cast.randomized(by, at=timezone.now())
    snapshot.take(name="First", by=cast.who(world, "cal"), at=timezone.now())
    page = person()
    sign_in(page, live_server, name)
    for label in PAGES[name]:
        follow(page, label)
        look(page, f"{name}-{label.lower().replace(' ', '-')}")
    assert page.faults == []
