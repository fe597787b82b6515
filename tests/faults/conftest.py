"""The databases of the campaigns."""

import pytest

from tests import postgresql
from tests.faults import harness


@pytest.fixture(scope="session")
def server():
    """A PostgreSQL."""
    with postgresql.server() as address:
        yield address


@pytest.fixture(params=["SQLite", pytest.param("PostgreSQL", marks=pytest.mark.postgresql)])
def campaign(request, tmp_path):
    """Run a campaign on a new database, once of each kind."""
    server = request.getfixturevalue("server") if request.param == "PostgreSQL" else ""
    with harness.fresh(server, tmp_path) as address:
        yield lambda name, **asked: harness.run(name, address, tmp_path, **asked)
