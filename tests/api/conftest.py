"""Callers of the API: each member of the cast by a token, a participant by their session."""

import pytest
from django.test import Client

from tests import cast
from trial.services import session, token
from trial.services.act import Operator


class Caller:
    """Somebody at the API; without an authorization a stranger."""

    def __init__(self, authorization=None):
        self.headers = {"Authorization": authorization} if authorization else {}
        self.client = Client(raise_request_exception=False)

    def get(self, address, **headers):
        return self.client.get(f"/api/{address}", headers={**self.headers, **headers})

    def post(self, address, body=None, **headers):
        return self.client.post(
            f"/api/{address}",
            {} if body is None else body,
            content_type="application/json",
            headers={**self.headers, **{name.replace("_", "-"): value for name, value in headers.items()}},
        )

    def send(self, method, address, content=b"", content_type="application/json", **headers):
        """Anything at all."""
        return self.client.generic(
            method, f"/api/{address}", content, content_type, headers={**self.headers, **headers}
        )


def as_member(membership):
    """A program of this member."""
    value = token.issue(membership=membership, days=30, by=Operator(membership.study), at=cast.AT)
    return Caller(f"Token {value}")


def as_participant(participant):
    """The participant, after the exchange of their link."""
    return Caller(f"Participant {session.issue(participant)}")


@pytest.fixture(autouse=True)
def _now(clock):
    """The time is `cast.AT`."""


@pytest.fixture
def stranger():
    """Nobody whom the study knows."""
    return Caller()


@pytest.fixture
def coordinator(ann):
    """Ann's program."""
    return as_member(ann)
