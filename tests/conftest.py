"""The study of the tests and its people, one line each; `tests.cast` says how they came about."""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from tests import cast
from trial import append_only
from trial.models import Membership, Study


@pytest.fixture(autouse=True)
def witness(settings, tmp_path) -> Path:
    """Where checkpoints go, empty for each test: another test's ledger is none of ours."""
    settings.CHECKPOINT_FOLDER = tmp_path / "checkpoints"
    return settings.CHECKPOINT_FOLDER


@pytest.fixture
def owner(db) -> None:
    """Whoever owns the database drops the triggers that keep the tables append-only."""
    append_only.lift(connection)


@pytest.fixture(autouse=True)
def _emptied_afterwards(request) -> Iterator[None]:
    """Where real commits are made, pytest-django empties the tables: it acts as their owner."""
    if "transactional_db" not in request.fixturenames:
        yield
        return
    request.getfixturevalue("transactional_db")
    append_only.install(connection)
    yield
    append_only.lift(connection)


@pytest.fixture
def study(db) -> Study:
    """The example protocol, its staff, its allocation sealed."""
    return cast.sealed_study()[0]


@pytest.fixture
def ann(study) -> Membership:
    """Ann coordinates the north site."""
    return cast.who(study, "ann")


@pytest.fixture
def bob(study) -> Membership:
    """Bob coordinates the lake site."""
    return cast.who(study, "bob")


@pytest.fixture
def dan(study) -> Membership:
    """Dan coordinates the hill site."""
    return cast.who(study, "dan")


@pytest.fixture
def ida(study) -> Membership:
    """Ida writes the versions of reports."""
    return cast.who(study, "ida")


@pytest.fixture
def kim(study) -> Membership:
    """Kim is the radiologist who certifies them."""
    return cast.who(study, "kim")


@pytest.fixture
def finn(study) -> Membership:
    """Finn keeps the seal."""
    return cast.who(study, "finn")


@pytest.fixture
def cal(study) -> Membership:
    """Cal is the statistician."""
    return cast.who(study, "cal")


@pytest.fixture
def mona(study) -> Membership:
    """Mona monitors."""
    return cast.who(study, "mona")


@pytest.fixture
def paul(study) -> Membership:
    """Paul leads the study."""
    return cast.who(study, "paul")


@pytest.fixture
def clock(monkeypatch) -> Callable[[datetime], None]:
    """The time of day for the pages and the API: it stands at `cast.AT` until it is set to another."""

    def set_to(at: datetime) -> None:
        monkeypatch.setattr(timezone, "now", lambda: at)

    set_to(cast.AT)
    return set_to


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--screens", default="", help="a folder for pictures of every page in the browser tests")
