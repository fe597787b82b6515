"""The scan is made once for all of its tests."""

import pytest

from tests.blinding.scan import Scan, scan


@pytest.fixture(scope="session")
def scans(django_db_setup, django_db_blocker) -> tuple[Scan, Scan]:
    """The study and its twin."""
    with django_db_blocker.unblock():
        return scan(twin=False), scan(twin=True)
