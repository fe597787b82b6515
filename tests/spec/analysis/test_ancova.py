"""Analysis of covariance by visit (its numbers are held to others in tests/oracles)"""

import dataclasses
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.faults import DataError
from analysis.methods import ancova
from tests.spec.analysis.drawn import small_data

CHOSEN = {"outcome": "SCORE", "arm": "ARM", "reference": "plain"}
TWO = pd.DataFrame({"SCORE": [1.0, 2, 4, 3, 5, 9], "ARM": ["plain"] * 3 + ["usual"] * 3, "AGE": range(6)})


def test_there_is_a_model_for_each_visit():
    fitted = ancova.fit(small_data(), **CHOSEN, visit="VISIT")
    assert fitted.contrasts["visit"].tolist() == ["BL", "W1", "W6"]
    assert fitted.contrasts["n"].tolist() == [8, 6, 6]
    assert list(fitted.contrasts.columns)[:10] == [
        "visit", "arm", "reference", "estimate", "se", "df", "lower", "upper", "p", "n",
    ]  # fmt: skip
    assert fitted.lsmeans[["visit", "arm"]].head(2).to_numpy().tolist() == [["BL", "plain"], ["BL", "usual"]]


def test_rows_without_outcome_or_covariate_are_left_out():
    """Means by hand: 17, 26, 19 against 14, 21, 9 at week 6; A5 has no age."""
    data = small_data()
    week = data[data.VISIT == "W6"]
    plain = ancova.fit(week, **CHOSEN).rows[0]
    assert plain.estimate == pytest.approx(44 / 3 - 62 / 3)
    assert (plain.n, plain.n_arm, plain.n_reference) == (6, 3, 3)
    assert ancova.fit(week, **CHOSEN, covariates=["AGE"]).rows[0].n == 5


def test_the_interval_is_about_the_estimate_and_follows_alpha():
    narrow, wide = (ancova.fit(TWO, **CHOSEN, alpha=alpha).rows[0] for alpha in (0.5, 0.01))
    assert wide.lower < narrow.lower < narrow.estimate < narrow.upper < wide.upper
    assert (narrow.lower + narrow.upper) / 2 == pytest.approx(narrow.estimate)


def test_a_column_of_yes_and_no_is_categorical():
    data = TWO.assign(OLD=[True, False, True, False, False, True])
    coded = TWO.assign(OLD=["yes", "no", "yes", "no", "no", "yes"])
    chosen = {**CHOSEN, "covariates": ["OLD"]}
    assert ancova.fit(data, **chosen).means == ancova.fit(coded, **chosen).means


def test_numbers_written_as_text_are_numbers_in_the_outcome():
    told = ancova.fit(TWO.assign(SCORE=TWO.SCORE.astype(str)), **CHOSEN)
    assert told == ancova.fit(TWO, **CHOSEN)


def test_the_result_is_frozen_prints_as_a_table_and_becomes_plain_values():
    fitted = ancova.fit(TWO, **CHOSEN)
    assert str(fitted).split()[:4] == ["visit", "arm", "reference", "estimate"]
    assert fitted.to_dict()["contrasts"][0]["arm"] == "usual"
    pd.testing.assert_frame_equal(fitted.to_frame(), fitted.contrasts)
    with pytest.raises(dataclasses.FrozenInstanceError):
        fitted.rows = ()


def test_no_difference_has_a_p_value_of_one():
    same = TWO.assign(SCORE=[1.0, 2, 3, 1, 2, 3])
    row = ancova.fit(same, **CHOSEN).rows[0]
    assert row.estimate == pytest.approx(0, abs=1e-12)
    assert row.p == pytest.approx(1)


@settings(deadline=None)
@given(
    scores=st.lists(st.integers(-50, 50), min_size=8, max_size=30),
    shift=st.integers(-20, 20),
    factor=st.integers(1, 9),
)
def test_another_origin_or_unit_of_the_outcome_changes_nothing_else(scores, shift, factor):
    """An equivariance of least squares: y → a + b y gives b times the estimate and its error, the same p."""
    data = pd.DataFrame(
        {"SCORE": scores, "ARM": ["plain", "usual"] * (len(scores) // 2) + ["plain"] * (len(scores) % 2)}
    )
    try:
        before = ancova.fit(data, **CHOSEN).rows[0]
    except DataError:
        return
    after = ancova.fit(data.assign(SCORE=data.SCORE * factor + shift), **CHOSEN).rows[0]
    assert after.estimate == pytest.approx(before.estimate * factor, abs=1e-9)
    assert after.se == pytest.approx(before.se * factor)
    assert after.p == pytest.approx(before.p, abs=1e-9)
    assert all(math.isfinite(value) for value in (after.lower, after.upper, after.p))


# Bad input: one line that says which and what to do --------------------------------------------------

AGAIN = pd.concat([TWO.assign(ID=range(6)), TWO.assign(ID=range(6)).head(1)])
BAD = {
    "OUT: there is no such column; the data have SCORE, ARM, AGE": (TWO, {"outcome": "OUT"}),
    'ARM: the reference "none" is not among plain, usual': (TWO, {"reference": "none"}),
    'ARM: there is one arm only, "plain"; a comparison needs two': (TWO[TWO.ARM == "plain"], {}),
    "ARM: is missing in 1 rows; complete or drop them": (TWO.assign(ARM=[None, *TWO.ARM[1:]]), {}),
    'SCORE: arm "usual" has no row with outcome and covariates; check the data or the visit': (
        TWO.assign(SCORE=[1, 2, 3, None, None, None]),
        {},
    ),
    'SCORE: "high" in row 1 is not a number; correct it': (TWO.assign(SCORE=[1, "high", 3, 4, 5, 6]), {}),
    "SCORE: is infinite in row 2; correct it": (TWO.assign(SCORE=[1, 2, np.inf, 4, 5, 6]), {}),
    "SCORE: is true or false, not a number; code it as 0 and 1 if that is meant": (
        TWO.assign(SCORE=TWO.SCORE > 2),
        {},
    ),
    "SCORE: is 3 in every row; there is nothing to compare": (TWO.assign(SCORE=3), {}),
    "SCORE: the model fits the outcome exactly, so no standard error exists; use fewer covariates": (
        TWO.assign(SCORE=[1, 1, 1, 2, 2, 2]),
        {},
    ),
    "SCORE: 2 complete rows are too few for 2 coefficients; use fewer covariates": (TWO.iloc[2:4], {}),
    "SCORE: the design is singular: covariate AGE says nothing beyond the other columns; leave it out": (
        TWO.assign(AGE=7),
        {"covariates": ["AGE"]},
    ),
    'SCORE: the design is singular: covariate SEX, class "M" says nothing beyond the other columns; '
    "leave it out": (
        TWO.assign(SEX=["F"] * 3 + ["M"] * 3),
        {"covariates": ["SEX"]},
    ),
    'SCORE: covariate SEX has one class only, "F"; leave it out': (
        TWO.assign(SEX="F"),
        {"covariates": ["SEX"]},
    ),
    "SCORE: HC2 and HC3 are not defined: a row is alone in its class; use HC1 or merge classes": (
        TWO.assign(SEX=["F", "F", "F", "F", "M", "F"]),
        {"covariates": ["SEX"], "robust": "HC3"},
    ),
    'robust: "HC9" is not known; use HC0, HC1, HC2, HC3 or None': (TWO, {"robust": "HC9"}),
    "alpha: must lie between 0 and 1, such as 0.05": (TWO, {"alpha": 5}),
    "covariates: must be a list of column names": (TWO, {"covariates": "AGE"}),
    "AGE: stands for two things; name each column once": (TWO, {"covariates": ["AGE", "AGE"]}),
    'ID: "0" has two rows; keep one': (AGAIN, {"participant": "ID"}),
    'ID: "0" has two rows at "W1"; keep one': (AGAIN.assign(V="W1"), {"participant": "ID", "visit": "V"}),
    "SCORE at W1: is 3 in every row; there is nothing to compare": (
        TWO.assign(V="W1", SCORE=3),
        {"visit": "V"},
    ),
}


@pytest.mark.parametrize(("reason", "case"), BAD.items(), ids=BAD)
def test_bad_input_gives_exactly_one_line(reason, case):
    data, changed = case
    with pytest.raises(DataError) as refused:
        ancova.fit(data, **{**CHOSEN, **changed})
    assert str(refused.value) == reason
