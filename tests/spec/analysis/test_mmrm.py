"""Mixed models for repeated measures (their numbers are held to others in tests/oracles/)"""

import dataclasses

import numpy as np
import pandas as pd
import pytest

from analysis.faults import DataError
from analysis.methods import mmrm
from tests.spec.analysis.repeated import CHOSEN, VISITS, repeated

DATA = repeated()
THREE = DATA.assign(ARM=np.where(DATA.ID.str[1:].astype(int) % 3 == 0, "third", DATA.ARM))


def fit(data=DATA, **options):
    return mmrm.fit(data, **{**CHOSEN, **options})


def refused(data=DATA, **options):
    with pytest.raises(DataError) as error:
        fit(data, **options)
    assert "\n" not in str(error.value)
    return str(error.value)


def test_there_is_a_contrast_for_each_visit_and_arm():
    fitted = fit(THREE)
    assert list(fitted.contrasts.columns) == [
        "visit", "arm", "reference", "estimate", "se", "df", "lower", "upper", "p",
    ]  # fmt: skip
    assert fitted.contrasts[["visit", "arm"]].head(2).to_numpy().tolist() == [
        ["W1", "third"],
        ["W1", "usual"],
    ]
    assert len(fitted.contrasts) == 8
    assert list(fitted.lsmeans.columns) == ["visit", "arm", "estimate", "se", "df", "lower", "upper"]
    assert fitted.lsmeans["arm"].tolist() == ["plain", "third", "usual"] * 4


def test_a_contrast_is_the_difference_of_ls_means():
    fitted = fit()
    means = fitted.lsmeans.pivot(index="visit", columns="arm", values="estimate")
    assert fitted.contrasts["estimate"].to_numpy() == pytest.approx(
        (means["usual"] - means["plain"]).to_numpy()
    )


def test_complete_data_without_covariates_give_the_means_themselves():
    """With nothing missing every arm's LS mean is its plain mean, whatever the covariance matrix."""
    full = DATA.assign(SCORE=DATA.SCORE.fillna(20.0 + DATA.PAIN))
    fitted = fit(full, covariates=[])
    plain = full.groupby(["VISIT", "ARM"])["SCORE"].mean()
    assert fitted.lsmeans["estimate"].to_numpy() == pytest.approx(plain.to_numpy())


@pytest.mark.parametrize("covariance", mmrm.STRUCTURES)
@pytest.mark.parametrize("df", ["satterthwaite", "kenward-roger", "between-within", "residual"])
def test_another_origin_or_unit_changes_nothing_else(covariance, df):
    """y → 1e6 + 1000 y, and a covariate a hundred thousand away: estimates and errors follow, df stay."""
    moved = DATA.assign(SCORE=1e6 + 1000 * DATA.SCORE, AGE=1e5 + DATA.AGE)
    before, after = (fit(data, covariance=covariance, df=df) for data in (DATA, moved))
    for one, two in zip(before.rows, after.rows, strict=True):
        assert (two.estimate, two.se) == pytest.approx((1000 * one.estimate, 1000 * one.se), rel=1e-6)
        assert (two.df, two.p) == pytest.approx((one.df, one.p), rel=1e-5)


def test_the_order_of_rows_and_of_participants_does_not_matter():
    shuffled = DATA.sample(frac=1, random_state=1)
    assert fit(shuffled).contrasts["se"].to_numpy() == pytest.approx(fit().contrasts["se"].to_numpy())


def test_rows_without_outcome_or_covariate_are_left_out():
    held = DATA.assign(AGE=DATA.AGE.where(DATA.ID != "P03"))
    fitted = fit(held)
    assert fitted.observations == int((DATA.SCORE.notna() & (DATA.ID != "P03")).sum())
    assert fitted.participants == fit().participants - 1


def test_a_visit_without_any_outcome_is_left_out():
    assert fit(DATA.assign(SCORE=DATA.SCORE.where(DATA.VISIT != "W2"))).contrasts["visit"].tolist() == [
        "W1", "W3", "W4",
    ]  # fmt: skip


def test_a_covariate_may_have_a_slope_at_each_visit():
    terms = fit(by_visit=["AGE"]).coefficients["term"].tolist()
    assert [term for term in terms if "AGE" in term] == ["AGE", "AGE:VISITW2", "AGE:VISITW3", "AGE:VISITW4"]


def test_a_covariate_may_differ_from_visit_to_visit():
    """By hand: an outcome moved by 3 times such a covariate has a slope larger by 3, and nothing else."""
    before = fit(covariates=["PAIN"]).coefficients.set_index("term")
    after = fit(DATA.assign(SCORE=DATA.SCORE + 3 * DATA.PAIN), covariates=["PAIN"]).coefficients.set_index(
        "term"
    )
    assert after.loc["PAIN", "estimate"] == pytest.approx(before.loc["PAIN", "estimate"] + 3)
    assert after["se"].to_numpy() == pytest.approx(before["se"].to_numpy())
    assert fit(covariates=[], by_visit=["PAIN"]).coefficients["term"].str.contains("PAIN").sum() == 4


def test_a_weighted_sum_of_visits_has_its_own_error():
    """The estimate by hand; that the error of a mean of two visits is below the larger of theirs."""
    fitted = fit()
    found = fitted.average({"W3": 0.5, "W4": 0.5}, label="late").iloc[0]
    late = fitted.contrasts.set_index("visit").loc[["W3", "W4"]]
    assert (found["visit"], found["arm"]) == ("late", "usual")
    assert found["estimate"] == pytest.approx(late["estimate"].mean())
    assert found["se"] < late["se"].max()
    change = fitted.average({"W4": 1, "W1": -1})["estimate"].iloc[0]
    ends = fitted.contrasts.set_index("visit")["estimate"]
    assert change == pytest.approx(ends["W4"] - ends["W1"])
    means = fitted.average_means({"W1": 1.0})
    pd.testing.assert_frame_equal(
        means[["estimate", "se"]], fitted.lsmeans.head(2)[["estimate", "se"]], check_exact=False
    )


def test_a_weight_needs_a_visit():
    fitted = fit()
    for weights, why in [({"W9": 1.0}, "W9"), ({"W1": 0.0}, "no visit"), ({"W1": float("nan")}, "finite")]:
        with pytest.raises(DataError, match=why):
            fitted.average(weights)


def test_observed_margins_weigh_classes_as_they_occur():
    """By hand: between equal and observed margins a mean moves by the class's coefficient times its share."""
    equal, observed = fit(), fit(margins="observed")
    rows = DATA.dropna(subset=["SCORE"])
    step = equal.coefficients.set_index("term").loc["SEXM", "estimate"] * ((rows.SEX == "M").mean() - 0.5)
    assert observed.means[0].estimate - equal.means[0].estimate == pytest.approx(step)
    assert observed.rows[0].estimate == pytest.approx(equal.rows[0].estimate)


def test_arms_may_be_held_equal_at_baseline():
    fitted = fit(baseline="W1", df="satterthwaite")
    assert fitted.contrasts["visit"].tolist() == ["W2", "W3", "W4"]
    first = fitted.lsmeans[fitted.lsmeans["visit"] == "W1"]
    assert first["estimate"].nunique() == 1
    assert "ARMusual" not in fitted.coefficients["term"].tolist()


def test_arms_may_have_matrices_of_their_own():
    """The sum of two likelihoods is not below that of one shared matrix, which it contains."""
    apart, shared = fit(by_arm=True, df="satterthwaite"), fit()
    assert apart.parameters == 2 * shared.parameters == 20
    assert apart.loglik > shared.loglik
    assert apart.covariance.shape == (8, 4)
    assert apart.covariance.index.names == ["arm", "visit"]
    assert shared.covariance.columns.tolist() == list(VISITS)


def test_a_variance_that_comes_out_negative_is_said():
    """Kenward and Roger's covariance need not be one: 20 parameters are too many for 40 participants."""
    assert "too few for df kenward-roger" in refused(by_arm=True)
    assert fit(by_arm=True, df="kenward-roger-linear").converged


@pytest.mark.parametrize("kind", ["CR0", "CR2", "CR3"])
def test_a_sandwich_changes_the_error_and_not_the_estimate(kind):
    robust, plain = fit(df="satterthwaite", robust=kind), fit(df="satterthwaite")
    assert robust.contrasts["estimate"].tolist() == plain.contrasts["estimate"].tolist()
    assert not np.isclose(robust.contrasts["se"], plain.contrasts["se"], rtol=1e-6).any()


def test_residual_degrees_of_freedom_come_with_a_sandwich_unless_told_otherwise():
    """As R's mmrm has it."""
    assert fit(df="residual").rows == fit(df="residual", robust="CR0").rows
    model = fit(df="residual", robust="model")
    assert model.contrasts["se"].to_numpy() == pytest.approx(
        fit(df="satterthwaite").contrasts["se"].to_numpy()
    )
    assert set(model.contrasts["df"]) == {model.observations - len(model.terms)}


# When it does not converge ----------------------------------------------------------------------------

APART = DATA[(DATA.ID.str[1:].astype(int) % 4 < 2) ^ DATA.VISIT.isin(["W1", "W2"])]  # two visits each


def test_a_structure_that_does_not_converge_gives_way_to_the_next_and_is_named():
    fitted = fit(APART, covariance=["unstructured", "compound-symmetry"])
    assert (fitted.structure, fitted.converged) == ("compound-symmetry", False)
    assert "unstructured did not converge" in fitted.failures[0]
    assert str(fitted).startswith("covariance unstructured did not converge")
    assert fit(covariance=["unstructured", "compound-symmetry"]).converged


def test_if_none_converges_each_is_named():
    told = refused(APART, covariance=["unstructured", "heterogeneous-toeplitz"])
    assert "unstructured" in told
    assert "simpler structure" in told


def test_an_outcome_that_the_model_fits_exactly_has_no_covariance():
    exact = DATA.assign(SCORE=DATA.VISIT.str[1:].astype(float) + (DATA.ARM == "usual"))
    assert "exactly" in refused(exact, covariates=[])


# What is refused --------------------------------------------------------------------------------------

GONE = DATA.SCORE.where(DATA.ARM == "plain")
CELL = DATA.SCORE.where((DATA.ARM == "plain") | (DATA.VISIT != "W2"))
FAULTS = [
    ({"data": DATA.assign(SCORE=GONE)}, 'ARM: arm "usual" has no row with outcome'),
    ({"data": DATA.assign(SCORE=CELL)}, 'arm "usual" has no row with outcome and covariates at visit "W2"'),
    ({"data": DATA[DATA.VISIT == "W1"]}, "VISIT: there is one visit only"),
    ({"data": DATA.assign(SCORE=3.0)}, "SCORE: is 3 in every row"),
    ({"data": DATA.assign(SCORE=np.nan)}, "SCORE: no row has outcome"),
    ({"data": DATA.assign(SCORE="much")}, 'SCORE: "much" in row 0 is not a number'),
    ({"data": pd.concat([DATA, DATA.head(1)])}, 'ID: "P00" has two rows at "W1"; keep one'),
    (
        {
            "data": DATA.assign(
                ARM=DATA.ARM.mask(DATA.index < 12, "usual").where(DATA.VISIT != "W1", DATA.ARM)
            )
        },
        "is in two arms",
    ),
    ({"data": DATA.assign(AGE=2 * DATA.PAIN), "covariates": ["PAIN", "AGE"]}, 'singular: "AGE"'),
    ({"data": DATA.assign(AGE=7)}, "covariate AGE is 7 in every row; leave it out"),
    ({"data": DATA.assign(SEX="F")}, 'covariate SEX has one class only, "F"'),
    ({"data": DATA.head(8).assign(SCORE=range(8)), "covariates": []}, "8 complete rows are too few"),
    ({"covariates": ["HEIGHT"]}, "HEIGHT: there is no such column"),
    ({"covariates": "AGE"}, "covariates: must be a list"),
    ({"reference": "none"}, 'the reference "none" is not among'),
    ({"covariance": "toep"}, 'covariance: "toep" is not known'),
    ({"covariance": []}, "covariance:"),
    ({"df": "kr"}, 'df: "kr" is not known'),
    ({"robust": "HC3"}, 'robust: "HC3" is not known'),
    ({"robust": "CR0"}, "kenward-roger has its own covariance"),
    ({"reml": False}, "kenward-roger needs the restricted likelihood"),
    ({"margins": "all"}, 'margins: "all" is not known'),
    ({"alpha": 5}, "alpha: must lie between"),
    ({"baseline": "W0"}, 'baseline: the visit "W0" is not among'),
]


@pytest.mark.parametrize(("options", "told"), FAULTS, ids=[told for _, told in FAULTS])
def test_what_cannot_be_fitted_is_said_in_one_line(options, told):
    assert told in refused(**options)


# The result -------------------------------------------------------------------------------------------


def test_the_result_is_frozen_prints_as_a_table_and_becomes_plain_values():
    fitted = fit()
    assert str(fitted).split()[:4] == ["visit", "arm", "reference", "estimate"]
    plain = fitted.to_dict()
    assert plain["contrasts"][0]["arm"] == "usual"
    assert np.shape(plain["covariance"]) == (4, 4)
    pd.testing.assert_frame_equal(fitted.to_frame(), fitted.contrasts)
    with pytest.raises(dataclasses.FrozenInstanceError):
        fitted.rows = ()


def test_two_fits_of_the_same_data_are_equal():
    assert fit() == fit()
