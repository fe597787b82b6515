"""While the database does not answer, every door says 503 and when to try again (T68)"""

import pytest
from django.db import InterfaceError, OperationalError
from django.http import HttpResponse
from django.test import override_settings
from django.urls import path

from trial.web import errors
from trial.web.middleware import PrivateResponses


def away(request):
    raise OperationalError("server closed the connection unexpectedly")


def gone(request):
    raise InterfaceError("connection already closed")


def mistaken(request):
    raise KeyError("our own mistake")


urlpatterns = [path("away/", away), path("gone/", gone), path("mistaken/", mistaken)]
handler500 = errors.server_error


@pytest.fixture
def patient(client):
    """A browser that shows what it is answered."""
    client.raise_request_exception = False
    with override_settings(ROOT_URLCONF=__name__):
        yield client


@pytest.mark.parametrize("page", ["/away/", "/gone/"])
def test_a_page_says_503_and_when_to_try_again(patient, page):
    answer = patient.get(page)

    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert "Nothing was changed" in answer.content.decode()
    assert "server closed" not in answer.content.decode()


def test_our_own_mistake_stays_500(patient):
    answer = patient.get("/mistaken/")

    assert answer.status_code == 500
    assert "Retry-After" not in answer


def test_a_refusal_for_the_moment_says_so_too(rf):
    answer = PrivateResponses(lambda request: HttpResponse(status=503))(rf.get("/api/"))

    assert answer["Retry-After"] == "5"
