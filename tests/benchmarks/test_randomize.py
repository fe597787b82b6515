"""The benchmark of randomizing measures what it says"""

import re

import pytest

from benchmarks.randomize.__main__ import asked, main
from benchmarks.randomize.profiled import REST, WAITING, part_of, shares

pytestmark = [pytest.mark.xdist_group("faults")]


@pytest.mark.slow
@pytest.mark.postgresql
def test_every_way_to_randomize_is_measured_and_only_the_naive_one_may_double_a_slot(capfd):
    main(asked(["--people", "32", "--clients", "4", "--rounds", "1"]))

    shown = capfd.readouterr().out
    ways = dict(re.findall(r"^(\S.*?)\s{2,}.*?(\d+ +\d+)$", shown, re.MULTILINE))
    failed = {name: numbers.split()[1] for name, numbers in ways.items()}
    assert failed == {
        "pgbench, same statements": "0",
        "service call": "0",
        "over HTTP": "0",
        "naive, asks who may": "0",
        "naive, asks nothing": "0",
    }
    doubled = {name: numbers.split()[0] for name, numbers in ways.items() if not name.startswith("naive")}
    assert set(doubled.values()) == {"0"}
    assert "% Django's ORM" in shown


def test_as_many_are_randomized_as_all_clients_can_share():
    assert asked(["--people", "100"]).people == 96
    assert asked(["--people", "3", "--clients", "4"]).people == 4


def test_what_is_written_in_c_counts_for_whoever_called_it():
    ours, wait = ("/app/trial/services/act.py", 1, "act"), ("/lib/psycopg/connection.py", 1, "wait")
    stats = {
        ours: (1, 1, 2.0, 9.0, {}),
        wait: (1, 1, 1.0, 4.0, {ours: (1, 1, 1.0, 4.0)}),
        ("~", 0, "<built-in method wait_c>"): (1, 1, 3.0, 3.0, {wait: (1, 1, 3.0, 3.0)}),
        ("/lib/json/encoder.py", 1, "encode"): (1, 1, 4.0, 4.0, {ours: (1, 1, 4.0, 4.0)}),
    }
    assert shares(stats) == {WAITING: 0.4, REST: 0.4, part_of(ours): 0.2}
