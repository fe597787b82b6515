"""Who asks: nobody, each role at its desk and by its program, and participants on phones and by program."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from django.core import mail
from django.http import HttpResponse
from django.test import Client
from django.urls import Resolver404, resolve

from tests.blinding.story import NOW, Story
from trial.models import Participant
from trial.services import session, token
from trial.services.act import Operator

STAFF = ("ann", "bob", "ida", "kim", "finn", "cal", "mona", "paul")
READERS = ("unread", "reader", "answering", "withdrawn")


@dataclass(frozen=True, slots=True)
class Answer:
    """One request and all that it gave away: every byte of the response, and what was mailed and logged."""

    who: str
    method: str
    address: str
    route: str
    status: int
    head: bytes
    body: bytes
    aside: bytes

    @property
    def place(self) -> tuple[str, str, str]:
        return self.who, self.method, self.address

    @property
    def everything(self) -> bytes:
        return b"\n".join([str(self.status).encode(), self.head, self.body, self.aside])


class Visitor:
    """Somebody who asks for addresses below one, and for none of those that stand apart."""

    def __init__(
        self,
        name: str,
        client: Client,
        below: str = "/",
        apart: tuple[str, ...] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.name, self.client, self.headers = name, client, headers or {}
        self.below, self.apart = below, apart
        client.raise_request_exception = False

    def may_ask(self, address: str) -> bool:
        return address.startswith(self.below) and not address.startswith(self.apart)

    def ask(
        self, method: str, address: str, content: bytes = b"", kind: str = "application/octet-stream"
    ) -> Answer:
        mail.outbox.clear()
        with overheard() as lines:
            response = self.client.generic(method, address, content, kind, headers=dict(self.headers))
            body = b"".join(response) if response.streaming else response.content
        letters = [each.message().as_bytes() for each in mail.outbox]
        aside = b"\n".join([*(line.encode() for line in lines), *letters])
        return Answer(
            self.name, method, address, _route(address), response.status_code, _head(response), body, aside
        )


def _route(address: str) -> str:
    try:
        return resolve(address.partition("?")[0]).route
    except Resolver404:
        return ""


def _head(response: HttpResponse) -> bytes:
    lines = [f"{name}: {value}" for name, value in response.headers.items()]
    return "\n".join([*lines, response.cookies.output()]).encode()


class _Overheard(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))  # with the traceback, if there is one


@contextmanager
def overheard() -> Iterator[list[str]]:
    """Every line that is logged meanwhile, at the levels that the settings let through."""
    ear, root = _Overheard(), logging.getLogger()
    root.addHandler(ear)
    try:
        yield ear.lines
    finally:
        root.removeHandler(ear)


def everybody(story: Story) -> list[Visitor]:
    """One of each kind, and Ann with a participant's phone in her hand."""
    return [
        Visitor("nobody", Client()),
        Visitor("ann", _desk(story, "ann")),
        *(Visitor(name, _desk(story, name), apart=("/api/", "/p/")) for name in STAFF if name != "ann"),
        *(Visitor(f"{name}'s program", Client(), "/api/", headers=_program(story, name)) for name in STAFF),
        *(Visitor(name, _phone(story.people[name]), "/p/") for name in READERS),
        *(Visitor(f"{name}'s app", Client(), "/api/", headers=_app(story.people[name])) for name in READERS),
        Visitor("ann with a phone", _phone(story.people["reader"], _desk(story, "ann")), "/p/"),
    ]


def _desk(story: Story, name: str) -> Client:
    client = Client()
    client.force_login(story.who(name).member)
    return client


def _program(story: Story, name: str) -> dict[str, str]:
    by = Operator(story.study)
    return {"Authorization": f"Token {token.issue(membership=story.who(name), days=30, by=by, at=NOW)}"}


def _phone(participant: Participant, client: Client | None = None) -> Client:
    client = client or Client()
    client.cookies["participant"] = session.issue(participant)
    return client


def _app(participant: Participant) -> dict[str, str]:
    return {"Authorization": f"Participant {session.issue(participant)}"}
