"""Rules for every instrument (domain.md 3.0): a score is a value or a reason, never a silent zero"""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from instruments import catalogue
from instruments.answers import Missing
from instruments.model import Method
from instruments.scoring import METHODS, Reason, Score, score
from tests.spec.instruments.drawn import CODES, answer, cases, clarity, expected, rule, told

# Answers to the five items: a number, - never answered, s skipped, d declined, a not applicable, x not shown.
SHORT = {"-": "", "s": "skipped", "d": "declined", "a": "not_applicable", "x": "not_shown"}

COMPLETE_ONLY = """
    answers   | total            | why
    ----------+------------------+----------------------------
    4 3 2 1 1 | 11               | all answered: the plain sum
    1 1 1 1 1 | 5                | the lowest answers
    4 4 4 4 4 | 20               | the highest answers
    4 3 2 1 - | too_many_missing | one was never answered
    4 3 2 1 s | too_many_missing | one was skipped
    4 3 2 1 d | declined         | one was declined
    4 3 2 a a | not_applicable   | two did not apply
    x x x x x | not_shown        | nothing was asked
    4 3 2 d x | too_many_missing | two different causes
    4 3 2 1 5 | out_of_range     | above the range
    0 3 2 1 1 | out_of_range     | a zero is no answer here
    4 3 d 1 5 | out_of_range     | a false value weighs most
"""


def five(drawn):
    cells = [SHORT.get(cell, cell) for cell in drawn.split()]
    return dict(zip(CODES, map(answer, cells), strict=True))


@pytest.mark.parametrize("row", **cases(COMPLETE_ONLY))
def test_without_a_published_rule_only_complete_answers_are_scored(row):
    assert told(score(clarity(), five(row["answers"]))["CLARTOT"]) == expected(row["total"])


PRORATED = """
    answers   | most | prorate | share | total            | why
    ----------+------+---------+-------+------------------+------------------------------------------------
    4 3 2 1 - | 0    | yes     |       | too_many_missing | prorating is never the default
    4 3 2 1 - | 0    | yes     | 0     | too_many_missing | the protocol allows no gap
    4 3 2 1 - | 0    | yes     | 0.19  | too_many_missing | one of five is more than 19 %
    4 3 2 1 - | 0    | yes     | 0.2   | 12.5             | one of five is 20 %: 10 * 5/4
    4 3 2 - - | 0    | yes     | 0.2   | too_many_missing | two of five are 40 %
    4 3 2 - - | 0    | yes     | 0.5   | 15               | two of five: 9 * 5/3
    4 - - - - | 0    | yes     | 0.99  | 20               | one answer stands for all, if the protocol says so
    - - - - - | 0    | yes     | 0.99  | too_many_missing | from nothing comes nothing
    4 3 2 1 - | 0    | no      | 0.2   | too_many_missing | the key forbids prorating
    4 3 2 1 - | 1    | no      |       | 12.5             | the published key allows one gap
    4 3 2 - - | 1    | no      |       | too_many_missing | ... and not two
    4 3 2 1 - | 1    | yes     | 0     | 12.5             | a protocol does not narrow the published key
    4 3 2 1 9 | 0    | yes     | 0.5   | out_of_range     | a false value is never prorated away
"""


@pytest.mark.parametrize("row", **cases(PRORATED))
def test_prorating_is_the_keys_or_the_protocols_choice(row):
    key = rule(most=int(row["most"]), prorate=row["prorate"] == "yes")
    share = float(row["share"]) if row["share"] else None

    found = score(clarity(key), five(row["answers"]), prorate_up_to=share)["CLARTOT"]

    assert told(found) == expected(row["total"])


def test_a_mean_is_of_the_items_that_were_answered():
    found = score(clarity(rule(method=Method.MEAN, most=2)), five("4 3 1 - -"))["CLARTOT"]

    assert found.value == pytest.approx(8 / 3)


def test_each_method_of_a_key_has_its_function():
    assert set(METHODS) == set(Method)


def test_a_gap_spoils_only_the_scores_that_it_would_enter():
    both = clarity(rule("CLARA", items=CODES[:2]), rule("CLARB", items=CODES[2:]))

    found = score(both, {"CLAR01": 1, "CLAR02": 2, "CLAR03": 9})

    assert found == {"CLARA": Score("CLARA", 3), "CLARB": Score("CLARB", reason=Reason.OUT_OF_RANGE)}


@pytest.mark.parametrize("value", [True, 3.0, float("nan"), float("inf"), "3", [3], 10**400, -1])
def test_what_is_no_integer_of_the_range_is_never_scored(value):
    answers = dict.fromkeys(CODES, 2) | {"CLAR03": value}

    assert score(clarity(), answers)["CLARTOT"].reason is Reason.OUT_OF_RANGE


def test_an_answer_to_a_question_that_was_not_asked_is_a_mistake():
    with pytest.raises(ValueError, match=r"^CLAR: 'CLAR06' is not an item$"):
        score(clarity(), {"CLAR06": 1})


@pytest.mark.parametrize("share", [-0.1, 1, 1.5, float("nan"), float("inf")])
def test_the_share_of_gaps_is_at_least_0_and_below_1(share):
    with pytest.raises(ValueError, match="prorate_up_to"):
        score(clarity(), {}, prorate_up_to=share)


@pytest.mark.parametrize("given", [{}, {"value": 3, "reason": Reason.DECLINED}])
def test_a_score_is_never_both_and_never_neither(given):
    with pytest.raises(ValueError, match="either a value or a reason"):
        Score("CLARTOT", **given)


# Every instrument of the catalogue ------------------------------------------------------------------

EVERY = st.sampled_from(catalogue.all())


@st.composite
def answered(draw, missing=False):
    """An instrument with an answer to each item, or now and then none."""
    instrument = draw(EVERY)
    answers = {
        item.code: draw(
            st.sampled_from([*(choice.value for choice in item.choices), *(Missing if missing else [])])
        )
        for item in instrument.items
    }
    return instrument, answers


@settings(deadline=None)
@given(answered())
def test_complete_answers_always_give_every_score_within_its_range(case):
    instrument, answers = case
    for found in score(instrument, answers).values():
        key = instrument.rule(found.code)
        assert key.minimum <= found.value <= key.maximum


@settings(deadline=None)
@given(answered(missing=True), st.none() | st.floats(0, 0.99))
def test_any_answers_give_a_value_within_the_range_or_a_reason(case, share):
    instrument, answers = case
    found = score(instrument, answers, prorate_up_to=share)

    assert list(found) == [key.code for key in instrument.scores]
    for key in instrument.scores:
        value = found[key.code].value
        assert value is None or key.minimum <= value <= key.maximum


@settings(deadline=None)
@given(answered(), st.data())
def test_a_score_never_appears_when_one_of_its_items_is_out_of_range(case, data):
    instrument, answers = case
    item = data.draw(st.sampled_from(instrument.items))
    wrong = data.draw(st.integers(max_value=item.minimum - 1) | st.integers(min_value=item.maximum + 1))

    found = score(instrument, answers | {item.code: wrong}, prorate_up_to=0.9)

    for key in instrument.scores:
        assert (found[key.code].reason is Reason.OUT_OF_RANGE) == (item.code in key.items)


@settings(deadline=None)
@given(answered())
def test_answers_at_the_other_end_mirror_every_score(case):
    instrument, answers = case
    mirrored = {item.code: item.minimum + item.maximum - answers[item.code] for item in instrument.items}
    there, back = score(instrument, answers), score(instrument, mirrored)

    for key in instrument.scores:
        assert there[key.code].value + back[key.code].value == key.minimum + key.maximum


@pytest.mark.parametrize("instrument", catalogue.all(), ids=lambda instrument: instrument.code)
@pytest.mark.parametrize("end", ["minimum", "maximum"])
def test_the_ends_of_every_range_are_reached(instrument, end):
    found = score(instrument, {item.code: getattr(item, end) for item in instrument.items})

    assert {code: each.value for code, each in found.items()} == {
        key.code: getattr(key, end) for key in instrument.scores
    }
