"""Pain Catastrophizing Scale (domain.md 3.2)"""

import pytest

from instruments import catalogue
from instruments.scoring import score
from tests.spec.instruments.drawn import answer, cases, expected, told

PCS = catalogue.load("PCS")
CODES = [item.code for item in PCS.items]

# Answers to items 1 to 13; "-" was skipped, "d" declined. Reasons are shortened.
SCORES = """
    answers                   | share | R        | M        | H     | total     | why
    --------------------------+-------+----------+----------+-------+-----------+---------------------------------
    4 4 4 4 4 4 4 4 4 4 4 4 4 |       | 16       | 12       | 24    | 52        | all 4
    0 0 0 0 0 0 0 0 0 0 0 0 0 |       | 0        | 0        | 0     | 0         | all 0
    1 2 3 4 0 1 2 3 4 0 1 2 3 |       | 8        | 6        | 12    | 26        | item i is i mod 5
    1 2 3 4 0 1 2 3 - 0 1 2 3 |       | too_many | 6        | 12    | too_many  | one skipped: no score
    1 2 3 4 0 1 2 3 4 0 1 2 d |       | 8        | declined | 12    | declined  | one declined
    1 2 3 4 0 1 2 3 4 0 1 5 3 |       | 8        | 6        | out   | out       | 5 is not on the scale
    4 4 4 4 4 4 4 4 - 4 4 4 4 | 0.1   | too_many | 12       | 24    | 52        | 1/13 is 8 %, 1/4 is 25 %
    1 2 3 4 0 1 2 3 - 0 1 2 3 | 0.25  | 5.333333 | 6        | 12    | 23.833333 | prorated: 4*4/3 and 22*13/12
"""

REASONS = {"too_many": "too_many_missing", "out": "out_of_range"}


@pytest.mark.parametrize("row", **cases(SCORES))
def test_the_total_and_its_three_parts(row):
    cells = [{"-": "", "d": "declined"}.get(cell, cell) for cell in row["answers"].split()]
    answers = dict(zip(CODES, map(answer, cells), strict=True))
    share = float(row["share"]) if row["share"] else None

    found = score(PCS, answers, prorate_up_to=share)

    for code, column in (("PCSRUM", "R"), ("PCSMAG", "M"), ("PCSHEL", "H"), ("PCSTOT", "total")):
        wanted = expected(REASONS.get(row[column], row[column]))
        assert told(found[code]) == (pytest.approx(wanted, abs=5e-7) if isinstance(wanted, float) else wanted)


def test_each_item_belongs_to_exactly_one_part():
    parts = {
        code: [int(item[3:]) for item in PCS.rule(code).items] for code in ("PCSRUM", "PCSMAG", "PCSHEL")
    }

    assert parts == {"PCSRUM": [8, 9, 10, 11], "PCSMAG": [6, 7, 13], "PCSHEL": [1, 2, 3, 4, 5, 12]}
    assert sorted(item for part in parts.values() for item in part) == list(range(1, 14))


def test_no_item_is_reversed():
    floor = score(PCS, dict.fromkeys(CODES, 0))["PCSTOT"].value

    raised = [score(PCS, dict.fromkeys(CODES, 0) | {code: 1})["PCSTOT"].value for code in CODES]

    assert raised == [floor + 1] * 13
