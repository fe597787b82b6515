"""MMRM beside SAS

The figures are those that PROC MIXED printed for the FEV1 data and that R's mmrm keeps for its own tests
(github.com/openpharma/mmrm, design/SAS and tests/testthat/test-empirical.R). Their models have no visits.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.methods.mmrm.layout import Column, Layout, Source
from analysis.methods.mmrm.newton import maximize
from analysis.methods.mmrm.robust import sandwich
from analysis.methods.mmrm.rows import Names, complete_rows
from analysis.methods.mmrm.structures import structure
from analysis.methods.mmrm.sums import sum_up

FEV = pd.read_csv(Path(__file__).parents[2] / "examples" / "data" / "fev_data.csv")

# -2 (residual) log likelihood in the last line of the iteration history; the file it stands in
LIKELIHOODS = [
    ("ar1", False, True, 3875.49945459),  # sas_ar1_reml.txt
    ("heterogeneous-compound-symmetry", False, True, 3784.85341599),  # sas_csh_reml.txt
    ("heterogeneous-toeplitz", False, True, 3722.38018329),  # sas_toeph_reml.txt
    ("heterogeneous-ante-dependence", False, False, 3713.24501787),  # sas_adh_ml.txt
    ("heterogeneous-toeplitz", True, True, 3704.49921127),  # sas_group_toeph_reml.txt
]

# proc mixed empirical; model FEV1 = ARMCD: variance of the intercept and of the arm
EMPIRICAL = [
    ("ar1", 0.27666930670945, 0.68196697308307),
    ("heterogeneous-ar1", 0.19106397930347, 0.46203608554929),
    ("compound-symmetry", 0.26910953746582, 0.6297163326325),
    ("heterogeneous-compound-symmetry", 0.19635239056617, 0.46038132267959),
    ("toeplitz", 0.30022945455349, 0.76371849328831),
    ("heterogeneous-toeplitz", 0.18350201218893, 0.46360435395588),
    ("heterogeneous-ante-dependence", 0.17350223093416, 0.41552647969341),
    ("unstructured", 0.16725909903518, 0.40908637028234),
]


def model(*, arm):
    """Intercept, and arm if so asked, without visits."""
    rows = complete_rows(FEV, Names("FEV1", "ARMCD", "PBO", "AVISIT", "USUBJID", (), (), None))
    columns = [Column("(Intercept)", Source("", np.ones(len(rows.visit)), 1.0), None)]
    if arm:
        treated = (rows.arm_of[rows.participant] == 1).astype(float)
        columns.append(Column("ARMCDTRT", Source("ARMCDTRT", treated, 0.0, 1), None))
    return Layout(
        rows, tuple(columns), float(rows.outcome.mean()), float(rows.outcome.std()), np.eye(len(columns))
    )


@pytest.mark.parametrize(("name", "by_arm", "reml", "expected"), LIKELIHOODS)
def test_the_likelihood_is_that_of_sas(name, by_arm, reml, expected):
    """SAS: proc mixed; model FEV1 = ; repeated AVISIT / subject=USUBJID type=…; group=ARMCD if by arm."""
    layout = model(arm=False)
    sums = sum_up(layout, by_arm).sums
    found = maximize(sums, structure(name, 4), 2 if by_arm else 1, reml)
    rows = sums.rows - (1 if reml else 0)
    own = found.point.value + rows * np.log(2 * np.pi * layout.scale**2)
    assert -1e-7 < expected - own < 1.2e-5  # SAS stops where little is left to gain


@pytest.mark.parametrize(("name", "intercept", "arm"), EMPIRICAL)
def test_the_empirical_covariance_is_that_of_sas(name, intercept, arm):
    """SAS: proc mixed empirical; to 1e-4, as R's mmrm holds itself to it."""
    layout = model(arm=True)
    patterns = sum_up(layout, False)
    found = maximize(patterns.sums, structure(name, 4), 1, True)
    covariance = layout.scale**2 * sandwich("CR0", layout, patterns, found.point).covariance
    assert np.diag(covariance) == pytest.approx([intercept, arm], rel=1e-4)
    assert covariance[0, 1] == pytest.approx(-intercept, rel=1e-4)


def test_the_jackknife_covariance_is_that_of_r():
    """R's mmrm: vcov = "Empirical-Jackknife", ar1, tests/testthat/_snaps/empirical.md."""
    layout = model(arm=True)
    patterns = sum_up(layout, False)
    found = maximize(patterns.sums, structure("ar1", 4), 1, True)
    covariance = layout.scale**2 * sandwich("CR3", layout, patterns, found.point).covariance
    assert np.diag(covariance) == pytest.approx([0.282126502688394, 0.696645916580453], rel=1e-5)
