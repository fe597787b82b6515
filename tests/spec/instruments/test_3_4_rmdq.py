"""Roland-Morris Disability Questionnaire, 24 items (domain.md 3.4)"""

import pytest

from instruments import catalogue
from instruments.scoring import score
from tests.spec.instruments.drawn import answer, cases, expected, told

RMDQ = catalogue.load("RMDQ24")
CODES = [item.code for item in RMDQ.items]

# How many items were answered yes, how many no, and what the others are.
SCORES = """
    yes | no | others         | share | total            | why
    ----+----+----------------+-------+------------------+-------------------------------------------
    24  | 0  |                |       | 24               | 24 times yes
    0   | 24 |                |       | 0                | 24 times no
    9   | 15 |                |       | 9                | the number of yes
    9   | 14 |                |       | too_many_missing | a blank is not a no
    9   | 14 | declined       |       | declined         | nor is a refusal
    9   | 14 |                | 0.05  | 9.391304         | 24 * 9/23, if the protocol prorates
    9   | 9  |                | 0.25  | 12               | 24 * 9/18: six of 24 are 25 %
    9   | 8  |                | 0.25  | too_many_missing | seven of 24 are 29 %
    0   | 18 |                | 0.25  | 0                | no trouble stays no trouble
    9   | 14 | 2              |       | out_of_range     | an answer is yes or no
"""


@pytest.mark.parametrize("row", **cases(SCORES))
def test_the_total_is_the_number_of_yes(row):
    yes, no = int(row["yes"]), int(row["no"])
    given = [1] * yes + [0] * no + [answer(row["others"])] * (24 - yes - no)
    share = float(row["share"]) if row["share"] else None

    found = score(RMDQ, dict(zip(CODES, given, strict=True)), prorate_up_to=share)["RMDQTOT"]

    wanted = expected(row["total"])
    assert told(found) == (pytest.approx(wanted, abs=5e-7) if isinstance(wanted, float) else wanted)


def test_yes_and_no_are_asked_outright():
    """On paper an unticked sentence is a no; on a screen both are answers."""
    assert {tuple((choice.value, choice.label) for choice in item.choices) for item in RMDQ.items} == {
        ((0, "No"), (1, "Yes"))
    }
