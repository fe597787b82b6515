"""Where the demonstration refuses to run: it puts made-up people into an empty database only"""

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from tests import cast
from tests.commands.test_operating import refused
from trial.models import Participant, Study


def test_no_synthetic_person_enters_a_database_in_use(study, tmp_path):
    with pytest.raises(CommandError, match="only put into an empty database"):
        call_command("demo", str(cast.PROTOCOL), out=tmp_path / "out")
    assert not Participant.objects.exists()
    assert not (tmp_path / "out").exists()


def test_no_synthetic_person_enters_a_production_database(db, settings, tmp_path):
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="not in production"):
        call_command("demo", str(cast.PROTOCOL), out=tmp_path / "out")
    assert not Study.objects.exists()


@pytest.mark.parametrize("number", [7, 2001])
def test_a_demonstration_of_an_odd_size_is_refused(db, capsys, number):
    line = refused(capsys, "demo", str(cast.PROTOCOL), "--participants", str(number))
    assert line == f"--participants: {number} is not between 8 and 2000"


def test_a_demonstration_of_a_broken_protocol_leaves_nothing(db, capsys, tmp_path):
    broken = tmp_path / "broken.toml"
    broken.write_text("nothing = 1")
    with pytest.raises(SystemExit):
        call_command("demo", str(broken), out=tmp_path / "out")
    assert capsys.readouterr().err.startswith("broken.toml:")
    assert not Study.objects.exists()
