"""MMRM beside R's mmrm and statsmodels

R's optimizer stops up to 1.5e-6 of log-likelihood short of the maximum, which shows in the fifth digit of
some estimates; with R's own covariance matrix the coefficients agree to ten digits, and so it is tested.
"""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf

from analysis.methods import mmrm
from analysis.methods.mmrm.likelihood import evaluate

HERE = Path(__file__).parent
DATA = HERE.parents[1] / "examples" / "data"
FEV = pd.read_csv(DATA / "fev_data.csv").assign(
    SEX=lambda data: pd.Categorical(data.SEX, ["Male", "Female"])  # as R's data have it
)
R = json.loads((HERE / "mmrm_fev.json").read_text())["models"]
CHOSEN = {
    "outcome": "FEV1",
    "arm": "ARMCD",
    "reference": "PBO",
    "visit": "AVISIT",
    "participant": "USUBJID",
    "covariates": ["FEV1_BL", "RACE", "SEX"],
}
STRUCTURES = {
    "fev_us": "unstructured",
    "fev_cs": "compound-symmetry",
    "fev_ar1h": "heterogeneous-ar1",
    "fev_toep": "toeplitz",
}
METHODS = ("Satterthwaite", "Kenward-Roger", "Kenward-Roger-Linear", "Between-Within", "Residual")


def near(found, expected, rel):
    assert np.asarray(found, float) == pytest.approx(np.asarray(expected, float), rel=rel)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("key", STRUCTURES)
def test_contrasts_and_ls_means_are_those_of_r(key, method):
    """R 4.2, mmrm 0.3.18 with `vcov` by default, emmeans: as printed in mmrm_fev.json."""
    expected = R[key][method]
    found = mmrm.fit(FEV, **CHOSEN, covariance=STRUCTURES[key], df=method.lower())
    contrasts = pd.DataFrame(expected["contrasts"])
    assert found.contrasts["visit"].tolist() == contrasts["AVISIT"].tolist()
    near(found.contrasts["estimate"], contrasts["estimate"], 5e-5)
    near(found.contrasts["se"], contrasts["SE"], 2e-5)
    near(found.contrasts["df"], contrasts["df"], 1e-4)
    near(found.contrasts[["lower", "upper"]], contrasts[["lower.CL", "upper.CL"]], 1e-4)
    if "lsmeans" in expected:
        means = pd.DataFrame(expected["lsmeans"])
        assert found.lsmeans["arm"].tolist() == means["ARMCD"].tolist()
        near(found.lsmeans["estimate"], means["emmean"], 1e-5)
        near(found.lsmeans["se"], means["SE"], 2e-5)
        near(found.lsmeans["df"], means["df"], 1e-4)


@pytest.mark.parametrize("method", [each for each in METHODS if each != "Kenward-Roger-Linear"])
@pytest.mark.parametrize("key", STRUCTURES)
def test_coefficients_have_the_names_and_values_of_r(key, method):
    """summary(fit) of R's mmrm; an estimate near 0 is held to a part of its standard error."""
    expected = pd.DataFrame(R[key][method]["coef"])
    found = mmrm.fit(FEV, **CHOSEN, covariance=STRUCTURES[key], df=method.lower()).coefficients
    assert found["term"].tolist() == expected["term"].tolist()
    assert np.abs((found["estimate"] - expected["Estimate"]) / expected["Std. Error"]).max() < 2e-4
    near(found["se"], expected["Std. Error"], 1e-4)
    near(found["df"], expected["df"], 2e-4)


@pytest.mark.parametrize("key", STRUCTURES)
def test_the_likelihood_is_that_of_r_or_a_little_higher(key):
    """logLik, AIC, BIC of R's mmrm: BIC counts participants, both count the covariance's parameters."""
    found = mmrm.fit(FEV, **CHOSEN, covariance=STRUCTURES[key])
    assert -1e-10 < found.loglik - R[key]["loglik"] < 1.5e-6
    assert found.aic == pytest.approx(R[key]["aic"], abs=3e-6)
    assert found.bic == pytest.approx(R[key]["bic"], abs=3e-6)
    assert found.covariance.to_numpy() == pytest.approx(np.array(R[key]["cov"]), abs=0.01)
    assert (found.converged, found.participants, found.observations) == (True, 197, 537)


@pytest.mark.parametrize("key", STRUCTURES)
def test_with_the_covariance_matrix_of_r_the_coefficients_are_those_of_r(key):
    """VarCorr(fit) and coef(fit) of R's mmrm."""
    inside = mmrm.fit(FEV, **CHOSEN, covariance=STRUCTURES[key])._fitted
    layout = inside.layout
    sigma = np.array(R[key]["cov"])[None] / layout.scale**2
    own = layout.scale * layout.back @ evaluate(inside.patterns.sums, sigma, True).coefficients
    own[0] += layout.mean
    near(own, pd.DataFrame(R[key]["Satterthwaite"]["coef"])["Estimate"], 1e-10)


def test_maximum_likelihood_is_that_of_r():
    """R's mmrm with reml = FALSE: likelihood and coefficients."""
    found = mmrm.fit(FEV, **CHOSEN, df="satterthwaite", reml=False)
    expected = pd.DataFrame(R["fev_us_ml"]["coef"])
    assert -1e-10 < found.loglik - R["fev_us_ml"]["loglik"] < 3e-6
    near(found.coefficients["se"], expected["Std. Error"], 1e-4)
    near(found.coefficients["df"], expected["df"], 2e-4)


@pytest.mark.parametrize("reml", [True, False])
def test_compound_symmetry_is_a_random_intercept(reml):
    """statsmodels: MixedLM.from_formula(..., groups=USUBJID).fit(reml=reml, method="bfgs")."""
    rows = FEV.dropna(subset=["FEV1"])
    model = smf.mixedlm("FEV1 ~ FEV1_BL + RACE + SEX + ARMCD * AVISIT", rows, groups=rows["USUBJID"])
    witness = model.fit(reml=reml, method="bfgs", gtol=1e-8)
    found = mmrm.fit(FEV, **CHOSEN, covariance="compound-symmetry", df="satterthwaite", reml=reml)
    sigma = found.covariance.to_numpy()
    assert found.loglik == pytest.approx(witness.llf, abs=1e-6)
    assert sigma[0, 1] == pytest.approx(float(witness.cov_re.iloc[0, 0]), rel=1e-4)
    assert sigma[0, 0] - sigma[0, 1] == pytest.approx(witness.scale, rel=1e-4)
    own = found.coefficients.set_index("term")["estimate"]
    assert own["ARMCDTRT:AVISITVIS4"] == pytest.approx(
        witness.params["ARMCD[T.TRT]:AVISIT[T.VIS4]"], rel=1e-4
    )
