"""ANCOVA beside statsmodels, R and Student"""

import itertools
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from patsy import dmatrices, dmatrix

from analysis.methods import ancova

HERE = Path(__file__).parent
DATA = HERE.parents[1] / "examples" / "data"
FEV = pd.read_csv(DATA / "fev_data.csv")
DEPRESSION = pd.read_csv(DATA / "antidepressant_data.csv", dtype={"VISIT": str, "POOLINV": str})
SLEEP = pd.DataFrame(
    {
        "extra": [
            *(0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0),
            *(1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4),
        ],
        "group": ["one"] * 10 + ["two"] * 10,
    }
)
NEAR = {"rel": 1e-10, "abs": 1e-10}

# outcome, arm, reference, covariates, data
DESIGNS = {
    "two arms": (FEV[FEV.AVISIT == "VIS4"], "FEV1", "ARMCD", "PBO", ["FEV1_BL", "RACE", "SEX"]),
    "three arms": (FEV[FEV.AVISIT == "VIS2"], "FEV1", "RACE", "White", ["FEV1_BL", "SEX", "ARMCD"]),
    "no covariates": (FEV[FEV.AVISIT == "VIS1"], "FEV1", "ARMCD", "PBO", []),
    "many classes": (
        DEPRESSION[DEPRESSION.VISIT == "7"],
        "CHANGE",
        "THERAPY",
        "PLACEBO",
        ["BASVAL", "POOLINV", "GENDER"],
    ),
}


def witness(data, outcome, arm, reference, covariates, robust):
    """The same model in statsmodels, and the weights of each arm's LS mean from its own design matrix."""
    terms = [f"C({arm}, Treatment('{reference}'))", *covariates]
    complete = data.dropna(subset=[outcome, *covariates])
    options = {"cov_type": robust, "use_t": True} if robust else {}
    y, x = dmatrices(f"{outcome} ~ {' + '.join(terms)}", complete)
    fitted = sm.OLS(np.asarray(y)[:, 0], np.asarray(x)).fit(**options)
    levels = [_where_ls_means_look(complete[name]) for name in covariates]
    weights = {}
    for each in sorted(complete[arm].unique()):
        grid = pd.DataFrame(
            [dict(zip(covariates, cells, strict=True)) for cells in itertools.product(*levels)]
        )
        rows = dmatrix(x.design_info, grid.assign(**{arm: each}))
        weights[each] = np.asarray(rows).mean(axis=0)
    return fitted, weights


def _where_ls_means_look(column):
    return [column.mean()] if pd.api.types.is_numeric_dtype(column) else sorted(column.unique())


@pytest.mark.parametrize("robust", [None, "HC0", "HC1", "HC2", "HC3"])
@pytest.mark.parametrize("design", DESIGNS)
def test_differences_and_ls_means_are_those_of_statsmodels(design, robust):
    """statsmodels 0.15: OLS(y, x).fit(cov_type=..., use_t=True).t_test(weights), LS means over the grid."""
    data, outcome, arm, reference, covariates = DESIGNS[design]
    ours = ancova.fit(
        data, outcome=outcome, arm=arm, reference=reference, covariates=covariates, robust=robust, alpha=0.1
    )
    fitted, weights = witness(data, outcome, arm, reference, covariates, robust)
    for row in ours.rows:
        theirs = fitted.t_test(weights[row.arm] - weights[reference])
        lower, upper = theirs.conf_int(0.1)[0]
        told = (row.estimate, row.se, row.df, row.lower, row.upper, row.p)
        want = (theirs.effect[0], theirs.sd[0, 0], fitted.df_resid, lower, upper, float(theirs.pvalue))
        assert told == pytest.approx(want, **NEAR)
        assert row.n == fitted.nobs
    for mean in ours.means:
        theirs = fitted.t_test(weights[mean.arm])
        lower, upper = theirs.conf_int(0.1)[0]
        told = (mean.estimate, mean.se, mean.lower, mean.upper)
        assert told == pytest.approx((theirs.effect[0], theirs.sd[0, 0], lower, upper), **NEAR)


def test_without_covariates_it_is_students_t_test():
    """R 4: t.test(extra ~ group, data = sleep, var.equal = TRUE); Student (1908)."""
    row = ancova.fit(SLEEP, outcome="extra", arm="group", reference="two").rows[0]
    assert (row.df, row.n, row.n_arm, row.n_reference) == (18, 20, 10, 10)
    assert row.estimate / row.se == pytest.approx(-1.8608, abs=5e-5)
    assert row.p == pytest.approx(0.07919, abs=5e-6)
    assert (row.lower, row.upper) == pytest.approx((-3.363874, 0.203874), abs=5e-7)


def test_at_a_visit_with_every_outcome_it_is_what_rbmi_gives():
    """R, rbmi: ANCOVA of CHANGE on BASVAL at visit 4, where nothing is missing; drug is its reference."""
    told = {
        row["parameter"]: row["est"]
        for row in json.loads((HERE / "rbmi_antidepressant.json").read_text())["MAR"]
    }
    ours = ancova.fit(
        DEPRESSION, outcome="CHANGE", arm="THERAPY", reference="DRUG", covariates=["BASVAL"], visit="VISIT"
    )
    means = {mean.arm: mean.estimate for mean in ours.means if mean.visit == "4"}
    assert ours.rows[0].estimate == pytest.approx(told["trt_4"], rel=1e-10)
    assert means == pytest.approx({"DRUG": told["lsm_ref_4"], "PLACEBO": told["lsm_alt_4"]}, rel=1e-10)


def test_a_covariate_far_from_zero_costs_no_digits():
    """Years such as 2026 are no different from 0, 1, 2: the fit does not go through the normal equations."""
    data = FEV[FEV.AVISIT == "VIS4"]
    far = data.assign(FEV1_BL=data.FEV1_BL + 1e7)
    chosen = {"outcome": "FEV1", "arm": "ARMCD", "reference": "PBO", "covariates": ["FEV1_BL", "RACE"]}
    near, away = (ancova.fit(each, **chosen).rows[0] for each in (data, far))
    assert (away.estimate, away.se) == pytest.approx((near.estimate, near.se), rel=1e-8)
