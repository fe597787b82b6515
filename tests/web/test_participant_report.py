"""Reading the report: the text and nothing but the text tells the wording (integrity.md T6, T7, T8, T9)"""

import re

import pytest
from django.test import Client

from tests import cast
from tests.web.phone import WEEK, phone, title, words
from trial.models import AuditEvent, Delivery
from trial.models.allocation import DeliveredVersion
from trial.refusals import HasWithdrawn, NotOpen
from trial.services import consent, delivery, report

ONE_TEXT = "Your back.\n\n- First point.\n- Second point.\n\nThe end."


@pytest.fixture
def pat(ann, clock):
    """Pat is randomized."""
    return cast.randomized(ann)


@pytest.fixture
def twins(ann, clock):
    """Two of the same stratum who differ in their arm; four of a block of four or six hold both arms."""

    def of(texts):
        people = [cast.randomized(ann, texts=texts) for _ in range(4)]
        arms = {
            DeliveredVersion.objects.get(participant=who).version.wording: who for who in map(_read, people)
        }
        return [arms["factual"], arms["reassuring"]]

    return of


def _read(participant):
    cast.read_report(participant)
    return participant


def test_asking_for_the_report_does_not_open_it(pat):
    client = phone(pat)

    page = client.get("/p/report/")

    assert "Read my report" in words(page)
    assert "Signed by the hospital" not in words(page)
    assert not Delivery.objects.exists()


def test_the_button_opens_it_and_the_opening_is_recorded(pat):
    client = phone(pat)

    page = client.post("/p/report/", follow=True)

    assert "Signed by the hospital" in words(page)
    assert Delivery.objects.get().times_opened == 1
    event = AuditEvent.objects.get(action=AuditEvent.Action.REPORT_OPENED)
    assert (event.actor, event.object, event.body) == (pat.code, pat.code, {})


def test_loading_the_page_again_counts_as_no_new_opening(pat):
    client = phone(pat)
    client.post("/p/report/", follow=True)

    assert "Signed by the hospital" in words(client.get("/p/report/"))
    assert Delivery.objects.get().times_opened == 1
    client.post("/p/report/", follow=True)
    assert Delivery.objects.get().times_opened == 2


def test_paragraphs_and_lists_are_shown_as_such(ann, clock):
    client = phone(cast.randomized(ann, texts=dict.fromkeys(cast.TEXTS, ONE_TEXT)))

    page = client.post("/p/report/", follow=True).content.decode()

    assert "<p>Your back.</p><ul><li>First point.</li><li>Second point.</li></ul><p>The end.</p>" in page


def test_a_text_cannot_break_out_of_the_page(ann, clock):
    client = phone(cast.randomized(ann, texts=dict.fromkeys(cast.TEXTS, "<script>alert(1)</script> & more")))

    page = client.post("/p/report/", follow=True).content.decode()

    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; more" in page


def test_the_text_is_given_again_only_after_an_opening_and_not_after_a_withdrawal(ann, pat):
    with pytest.raises(NotOpen):
        delivery.reread(by=pat, at=cast.AT)
    cast.read_report(pat)
    consent.withdraw(participant=pat, reason="burden", by=ann, at=cast.AT)
    with pytest.raises(HasWithdrawn):
        delivery.reread(by=cast.fresh(pat), at=cast.AT)


def test_before_the_allocation_there_is_no_report(ann, clock):
    client = phone(cast.certified(ann))

    for page in (client.get("/p/report/"), client.post("/p/report/")):
        assert page.status_code == 409
        assert "Your report is not ready yet." in words(page)


def test_a_text_that_was_altered_is_not_shown(pat):
    client = phone(pat)
    client.post("/p/report/")
    version = DeliveredVersion.objects.get().version
    type(version).objects.filter(pk=version.pk).update(text="Something else")

    page = client.get("/p/report/")

    assert page.status_code == 503
    assert "Something else" not in words(page)
    refusal = AuditEvent.objects.filter(action=AuditEvent.Action.REFUSED).get()
    assert refusal.body["refusal"] == "TextAltered"


def test_with_the_same_text_the_page_is_the_same_to_the_byte_in_either_arm(twins):
    pages = [phone(who).get("/p/report/") for who in twins(dict.fromkeys(cast.TEXTS, ONE_TEXT))]

    assert pages[0].content == pages[1].content
    assert pages[0].headers == pages[1].headers


def test_with_its_own_text_the_page_is_as_long_in_either_arm(twins):
    pages = [phone(who).get("/p/report/") for who in twins(cast.TEXTS)]

    assert pages[0].content != pages[1].content
    assert len(pages[0].content) == len(pages[1].content)
    assert len(pages[0].content) % (16 * 1024) == 0
    assert pages[0].headers == pages[1].headers
    without = [
        re.sub(rb'class="reading".*?</article>', b"", page.content, flags=re.DOTALL).strip() for page in pages
    ]
    assert without[0] == without[1]


def test_even_a_text_of_the_greatest_length_is_no_longer(twins):
    short, long = "A short text.", "A long text. " * (report.LONGEST // 13)
    pages = [phone(who).get("/p/report/") for who in twins({"factual": short, "reassuring": long})]

    assert len(pages[0].content) == len(pages[1].content)


def test_title_and_heading_say_nothing_of_the_wording(pat):
    page = phone(pat).post("/p/report/", follow=True)

    assert title(page).startswith("Your MRI report")
    assert "<h1>Your MRI report</h1>" in page.content.decode()


def test_no_page_is_answered_from_a_cache(pat):
    client = phone(pat)
    client.post("/p/report/")

    page = client.get(
        "/p/report/", headers={"If-None-Match": "*", "If-Modified-Since": "Mon, 03 Mar 2036 00:00:00 GMT"}
    )

    assert page.status_code == 200
    assert not {"ETag", "Last-Modified"} & set(page.headers)


def test_no_page_but_the_text_names_an_arm(ann, clock):
    """The canary: a text free of the arms' words, every page of a participant, in both arms."""
    for _ in range(4):
        participant = cast.randomized(ann, texts=dict.fromkeys(cast.TEXTS, ONE_TEXT))
        cast.read_report(participant)
        clock(cast.AT + WEEK)
        client = phone(participant)
        addresses = ["", "report/", "visit/BL/thanks/", "visit/W1/1/", "visit/W6/", "nothing/"]
        seen = " ".join(client.get(f"/p/{address}", follow=True).content.decode() for address in addresses)
        version = DeliveredVersion.objects.get(participant=participant).version
        for canary in ("factual", "reassuring", str(version.public_id), version.sha256, "stratum", "arm"):
            assert re.search(rf"\b{canary}\b", seen, re.IGNORECASE) is None, canary


@pytest.mark.parametrize("method", ["get", "post", "head"])
def test_staff_are_refused_the_report_and_it_is_recorded(ann, pat, method):
    client = phone(pat)
    client.force_login(ann.member)

    page = getattr(client, method)("/p/report/")

    assert page.status_code == 403
    assert not Delivery.objects.exists()
    refusal = AuditEvent.objects.get(action=AuditEvent.Action.REFUSED)
    assert (refusal.actor, refusal.role, refusal.body) == (
        "ann",
        "coordinator",
        {"act": "read_as_staff", "refusal": "NotPermitted"},
    )


@pytest.mark.parametrize("address", ["/p/", "/p/visit/BL/", "/p/visit/BL/1/", "/p/visit/BL/check/"])
def test_staff_are_refused_every_page_of_a_participant(ann, pat, address):
    client = phone(pat)
    client.force_login(ann.member)

    page = client.get(address)

    assert page.status_code == 403
    assert "You are signed in as a member of the study team." in words(page)


def test_opening_wants_the_token_of_the_form(pat):
    client = Client(enforce_csrf_checks=True)
    client.cookies["participant"] = phone(pat).cookies["participant"].value

    assert client.post("/p/report/").status_code == 403
    assert not Delivery.objects.exists()
