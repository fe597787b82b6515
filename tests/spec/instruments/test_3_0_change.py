"""Change within a person (domain.md 3.0, rules 4 and 7): direction and minimal important change"""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from instruments import catalogue
from instruments.change import improvement, is_responder
from tests.spec.instruments.drawn import cases, percent, points, rule

RULES = {rule.code: rule for instrument in catalogue.all() for rule in instrument.scores}

RESPONDERS = """
    score    | before | after | responder | why
    ---------+--------+-------+-----------+-----------------------------------------------------
    PCSTOT   | 30     | 22    | yes       | PCS fell by its MIC of 8 (Monticone 2022)
    PCSTOT   | 30     | 23    | no        | PCS fell by 7
    PCSTOT   | 22     | 30    | no        | PCS rose by 8: that is worse
    NRS24H   | 6      | 4     | yes       | NRS fell by its MIC of 2 (Ostelo 2008)
    NRS24H   | 6      | 5     | no        | NRS fell by 1
    RMDQTOT  | 12     | 7     | yes       | RMDQ fell by its MIC of 5 (Ostelo 2008)
    RMDQTOT  | 12     | 8     | no        | RMDQ fell by 4
    PSEQ2TOT | 6      | 8     | yes       | PSEQ-2 rose by 2, its MIC is 1.5 (Chiarotto 2016)
    PSEQ2TOT | 6      | 7     | no        | PSEQ-2 rose by 1
    PSEQ2TOT | 8      | 6     | no        | PSEQ-2 fell by 2: that is worse
"""


@pytest.mark.parametrize("row", **cases(RESPONDERS))
def test_a_responder_improves_by_the_minimal_important_change(row):
    found = is_responder(RULES[row["score"]], float(row["before"]), float(row["after"]))

    assert found == (row["responder"] == "yes")


PERCENT = """
    score    | before | after | responder | why
    ---------+--------+-------+-----------+-----------------------------------------------
    NRS24H   | 10     | 7     | yes       | exactly 30 % of 10
    NRS24H   | 5      | 4     | no        | 20 % of 5
    NRS24H   | 5      | 3     | yes       | 40 % of 5
    NRS24H   | 0      | 0     | no        | without pain nobody can respond
    NRS24H   | 0      | 2     | no        | worse from zero
    RMDQTOT  | 10     | 7     | yes       | exactly 30 % of 10
    RMDQTOT  | 24     | 17    | no        | 29 % of 24
"""


@pytest.mark.parametrize("row", **cases(PERCENT))
def test_a_percentage_is_of_the_first_score(row):
    rule = RULES[row["score"]]
    mic = next(mic for mic in rule.mics if mic.percent == 30)

    assert is_responder(rule, float(row["before"]), float(row["after"]), mic) == (row["responder"] == "yes")


@settings(deadline=None)
@given(st.sampled_from(sorted(RULES)), st.data())
def test_turning_the_direction_turns_the_sign(code, data):
    given_rule = RULES[code]
    before, after = (data.draw(st.floats(given_rule.minimum, given_rule.maximum)) for _ in range(2))

    assert improvement(given_rule, before, after) == -improvement(given_rule, after, before)


def test_better_is_down_on_a_scale_of_complaints_and_up_on_a_scale_of_strengths():
    assert improvement(rule(worse=True), 12, 8) == 4
    assert improvement(rule(worse=False), 12, 8) == -4


def test_on_a_scale_of_strengths_any_gain_from_zero_is_a_full_percentage():
    mastery = RULES["PSEQ2TOT"]

    assert is_responder(mastery, 0, 1, percent(30))
    assert not is_responder(mastery, 0, 0, percent(30))


def test_the_protocol_may_name_another_change():
    assert is_responder(RULES["PCSTOT"], 30, 23, points(6.48))


def test_without_an_agreed_change_there_are_no_responders():
    with pytest.raises(ValueError, match=r"^PCSRUM: no minimal important change"):
        is_responder(RULES["PCSRUM"], 10, 2)


@pytest.mark.parametrize(("before", "after"), [(53, 20), (20, -1), (float("nan"), 20)])
def test_a_score_outside_its_range_has_no_change(before, after):
    with pytest.raises(ValueError, match=r"^PCSTOT: .* is not between 0 and 52$"):
        improvement(RULES["PCSTOT"], before, after)
