"""What is known of each instrument (domain.md 3.1), and the scores of NRS and PSEQ-2"""

import pytest

from instruments import catalogue
from instruments.model import LicenceState
from instruments.scoring import score
from tests.spec.instruments.drawn import answer, cases, expected, told

SUMMARY = """
    why    | items | low | high | score    | range | worse | hours | mic | licence    | age | minutes
    -------+-------+-----+------+----------+-------+-------+-------+-----+------------+-----+--------
    PCS    | 13    | 0   | 4    | PCSTOT   | 0-52  | yes   |       | 8   | licensed   | 18  | 5
    NRS24H | 1     | 0   | 10   | NRS24H   | 0-10  | yes   | 24    | 2   | open       | 8   | 1
    RMDQ24 | 24    | 0   | 1    | RMDQTOT  | 0-24  | yes   | 24    | 5   | open       | 18  | 5
    PSEQ2  | 2     | 0   | 6    | PSEQ2TOT | 0-12  | no    | 0     | 1.5 | permission | 18  | 1
"""


@pytest.mark.parametrize("row", **cases(SUMMARY))
def test_the_catalogue_says_what_the_literature_says(row):
    instrument = catalogue.load(row["why"])
    rule = instrument.rule(row["score"])

    assert len(instrument.items) == int(row["items"])
    assert {(item.minimum, item.maximum) for item in instrument.items} == {
        (int(row["low"]), int(row["high"]))
    }
    assert f"{rule.minimum:g}-{rule.maximum:g}" == row["range"]
    assert rule.higher_is_worse == (row["worse"] == "yes")
    assert instrument.recall.hours == (int(row["hours"]) if row["hours"] else None)
    assert rule.mics[0].points == float(row["mic"])
    assert instrument.licence.state is LicenceState(row["licence"])
    assert instrument.minimum_age == int(row["age"])
    assert instrument.minutes == int(row["minutes"])


def test_pain_and_disability_also_have_a_change_in_percent():
    """Ostelo 2008: 30 % for the NRS and the RMDQ."""
    rules = [catalogue.load("NRS24H").rule("NRS24H"), catalogue.load("RMDQ24").rule("RMDQTOT")]

    assert [rule.mics[1].percent for rule in rules] == [30, 30]


NRS = """
    answer         | score            | why
    ---------------+------------------+------------------------------
    0              | 0                | no pain is a score, not a gap
    7              | 7                | the number itself
    10             | 10               | the most
    11             | out_of_range     | not on the scale
    skipped        | too_many_missing | skipped
    declined       | declined         | rather not said
    not_applicable | not_applicable   | did not apply
    not_shown      | not_shown        | was not asked
                   | too_many_missing | never answered
"""


@pytest.mark.parametrize("row", **cases(NRS))
def test_the_pain_rating_is_its_own_score(row):
    found = score(catalogue.load("NRS24H"), {"NRS24H1": answer(row["answer"])}, prorate_up_to=0.9)

    assert told(found["NRS24H"]) == expected(row["score"])


PSEQ2 = """
    1        | 2        | total            | why
    ---------+----------+------------------+-----------------------------
    6        | 6        | 12               | the highest
    0        | 0        | 0                | the lowest
    4        | 1        | 5                | the sum
    6        |          | too_many_missing | both are needed
             |          | too_many_missing | nothing was answered
    6        | declined | declined         | one was declined
    6        | 7        | out_of_range     | not on the scale
"""


@pytest.mark.parametrize("row", **cases(PSEQ2))
@pytest.mark.parametrize("share", [None, 0.5])
def test_self_efficacy_needs_both_items_whatever_the_protocol_prorates(row, share):
    answers = {"PSEQ201": answer(row["1"]), "PSEQ202": answer(row["2"])}

    assert told(score(catalogue.load("PSEQ2"), answers, prorate_up_to=share)["PSEQ2TOT"]) == expected(
        row["total"]
    )
