"""A participant's phone: opened with their link, it keeps the cookie; and what a page asks on it."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from django.http import HttpResponse
from django.test import Client

from tests import cast
from trial.models import Participant, Response

WEEK = timedelta(days=7)


def phone(participant: Participant, *, at: datetime = cast.AT) -> Client:
    """A new device on which the participant has opened their link."""
    client = Client()
    assert client.post(f"/p/{cast.token(participant, at=at)}/").status_code == 302
    return client


def words(response: HttpResponse) -> str:
    """What the page says, without its tags and with single spaces."""
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def title(response: HttpResponse) -> str:
    found = re.search(r"<title>(.*?)</title>", response.content.decode(), re.DOTALL)
    assert found
    return found[1]


def asked(response: HttpResponse) -> list[str]:
    """The codes of the questions of the page, in their order."""
    return list(dict.fromkeys(re.findall(r'type="radio" name="(\w+)"', response.content.decode())))


def ticked(response: HttpResponse) -> dict[str, str]:
    """By question, the answer that is ticked."""
    return dict(re.findall(r'name="(\w+)" value="(\d+)" checked', response.content.decode()))


def kept(participant: Participant, visit: str) -> list[tuple[str, int | None, str]]:
    """Every answer of a visit that was ever kept, in the order in which they came."""
    rows = Response.objects.filter(assessment__participant=participant, assessment__visit=visit)
    return list(rows.values_list("item", "value", "missing"))


def answer_all(client: Client, visit: str, value: str = "1") -> str:
    """Answer each question of a visit with the same, screen by screen; the address at which that ends."""
    address = client.get(f"/p/visit/{visit}/")["Location"]
    while "check" not in address:
        given = dict.fromkeys(asked(client.get(address)), value)
        address = client.post(address, {**given, "go": "next"})["Location"]
    return address
