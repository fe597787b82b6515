"""The link of the mail: integrity.md T24, T31, T32"""

import re
from datetime import timedelta

import pytest
from django.test import Client

from tests import cast
from tests.web.phone import phone, title
from trial.models import Link
from trial.services import consent, link


@pytest.fixture
def pat(ann, clock):
    """Pat has consented at the north site and has been sent a link."""
    return cast.consented(ann)


def test_looking_at_the_link_uses_nothing_up(client, pat):
    token = cast.token(pat)
    before = Link.objects.values().get()

    pages = [client.get(f"/p/{token}/"), client.head(f"/p/{token}/"), client.get(f"/p/{token}/")]

    assert [page.status_code for page in pages] == [200, 200, 200]
    assert Link.objects.values().get() == before
    assert "participant" not in client.cookies


def test_the_page_of_a_link_is_the_same_whether_the_token_exists_or_not(client, pat):
    def shown(token):
        page = client.get(f"/p/{token}/").content.decode()
        return page.replace(client.cookies["csrftoken"].value, "").split('name="csrfmiddlewaretoken"')[0]

    assert shown(cast.token(pat)) == shown("no-such-token")


def test_the_button_exchanges_the_token_for_a_cookie(client, pat):
    response = client.post(f"/p/{cast.token(pat)}/")

    cookie = client.cookies["participant"]
    assert (response.status_code, response["Location"]) == (302, "/p/")
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == ("/p/", True, "Lax")
    assert cookie["max-age"] == timedelta(days=30).total_seconds()
    assert title(client.get("/p/")).startswith("Welcome")
    assert Link.objects.get().uses_left == link.USES - 1


def test_the_cookie_is_kept_to_https_in_production(client, pat, settings):
    settings.SESSION_COOKIE_SECURE = True
    client.post(f"/p/{cast.token(pat)}/")

    assert client.cookies["participant"]["secure"]


def test_whatever_is_wrong_with_a_link_the_page_is_the_same(client, ann, pat, clock):
    expired = cast.token(pat, at=cast.AT - link.VALID_FOR)
    used_up = cast.token(pat)
    Link.objects.filter(token_sha256=link.token_hash(used_up)).update(uses_left=0)
    gone = cast.consented(ann, name="Gone Example")
    withdrawn = cast.token(gone)
    consent.withdraw(participant=gone, reason="burden", by=ann, at=cast.AT)

    pages = [client.post(f"/p/{token}/") for token in ("no-such-token", expired, used_up, withdrawn)]

    assert {page.status_code for page in pages} == {404}
    assert len({page.content for page in pages}) == 1
    assert len({tuple(sorted(page.headers.items())) for page in pages}) == 1
    assert not client.cookies


@pytest.mark.parametrize(
    "address",
    ["/p/", "/p/report/", "/p/visit/BL/", "/p/visit/BL/1/", "/p/visit/BL/check/", "/p/visit/BL/thanks/"],
)
def test_without_the_cookie_every_page_is_the_page_of_a_bad_link(client, pat, address):
    bad = client.post("/p/no-such-token/")

    assert client.get(address).content == bad.content
    assert client.get(address).status_code == 404


def test_a_forged_cookie_is_no_cookie(client, pat):
    client.cookies["participant"] = str(pat.public_id)

    assert client.get("/p/").status_code == 404


def test_before_the_consent_there_is_no_page(ann, clock):
    screened = cast.screened(ann)
    client = phone(screened)

    assert client.get("/p/").content == client.post("/p/no-such-token/").content


def test_the_session_ends_with_the_withdrawal(ann, pat):
    client = phone(pat)
    consent.withdraw(participant=pat, reason="burden", by=ann, at=cast.AT)

    assert client.get("/p/").content == client.post("/p/no-such-token/").content


def test_the_button_wants_the_token_of_its_form(pat):
    client = Client(enforce_csrf_checks=True)
    token = cast.token(pat)

    refused = client.post(f"/p/{token}/")

    assert refused.status_code == 403
    assert "load it again" in refused.content.decode()
    assert Link.objects.get().uses_left == link.USES

    client.get(f"/p/{token}/")
    form = {"csrfmiddlewaretoken": client.cookies["csrftoken"].value}
    assert client.post(f"/p/{token}/", form).status_code == 302


def test_no_page_is_kept_or_tells_where_one_comes_from(client, pat):
    for page in (
        client.get(f"/p/{cast.token(pat)}/"),
        phone(pat).get("/p/"),
        client.post("/p/no-such-token/"),
    ):
        assert "no-store" in page["Cache-Control"]
        assert page["Referrer-Policy"] == "strict-origin"
        assert page["X-Frame-Options"] == "DENY"
        assert "unsafe" not in page["Content-Security-Policy"]
        assert not {"ETag", "Last-Modified"} & set(page.headers)


def test_leaving_closes_the_page_on_this_device(pat):
    client = phone(pat)

    left = client.post("/p/leave/")

    assert left["Clear-Site-Data"] == '"cache"'
    assert client.get("/p/").status_code == 404


def test_staff_may_not_open_a_link(client, ann, pat):
    client.force_login(ann.member)

    refused = client.post(f"/p/{cast.token(pat)}/")

    assert refused.status_code == 403
    assert "sign out" in refused.content.decode()
    assert Link.objects.get().uses_left == link.USES


def test_the_mail_with_the_link_tells_nothing_of_what_is_compared(ann, pat, mailoutbox):
    link.send(participant=pat, by=ann, at=cast.AT)

    (mail,) = mailoutbox
    assert "/p/" in mail.body
    assert (
        re.search("factual|reassuring|wording|random", f"{mail.subject} {mail.body}", re.IGNORECASE) is None
    )
