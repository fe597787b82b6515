"""How long a mixed model for repeated measures takes, by participants, visits and degrees of freedom.

    python -m benchmarks.mmrm [REPEATS]

Two arms, four covariates, an unstructured covariance; a fifth of the participants drop out at some visit and
one outcome in twenty is missing besides, so that there are many missingness patterns. The seed is 20. Seconds
are processor seconds of all threads, the least of the repeats, of one call of `mmrm.fit` from data frame to
contrasts; set OPENBLAS_NUM_THREADS=1, as threads do not pay at these sizes. The column R has seconds of R's
mmrm 0.3.18 for the same sizes, measured elsewhere on other data: read the ratio as an order of magnitude.
"""

from __future__ import annotations

import sys
import time

import numpy as np
import pandas as pd

from analysis.methods import mmrm

SEED = 20
SIZES = ((200, 4), (1_000, 4), (5_000, 4), (20_000, 4), (200, 10), (1_000, 10))
R_SECONDS = {
    ("satterthwaite", 200, 4): 0.13,
    ("satterthwaite", 1_000, 4): 0.47,
    ("satterthwaite", 5_000, 4): 2.6,
    ("satterthwaite", 200, 10): 1.6,
    ("kenward-roger", 200, 4): 0.17,
    ("kenward-roger", 1_000, 4): 0.67,
    ("kenward-roger", 5_000, 4): 3.9,
    ("kenward-roger", 200, 10): 12.0,
}


def trial(participants: int, visits: int) -> pd.DataFrame:
    """A trial of that size: means that differ by arm, correlated outcomes, some of them missing."""
    random = np.random.default_rng(SEED)
    distance = np.abs(np.subtract.outer(np.arange(visits), np.arange(visits)))
    deviation = np.linspace(4, 8, visits)
    root = np.linalg.cholesky(0.7**distance * np.outer(deviation, deviation))
    baseline, arm = random.normal(40, 8, participants), np.arange(participants) % 2
    noise = random.normal(size=(participants, visits)) @ root.T
    outcome = 0.4 * baseline[:, None] + np.arange(visits) * (1 + 0.5 * arm[:, None]) + noise
    outcome[random.random(outcome.shape) < 0.05] = np.nan
    leaves = np.where(random.random(participants) < 0.2, random.integers(1, visits, participants), visits)
    outcome[np.arange(visits) >= leaves[:, None]] = np.nan
    each = np.repeat(np.arange(participants), visits)
    return pd.DataFrame(
        {
            "USUBJID": [f"P{number:05d}" for number in each],
            "AVISIT": [f"V{number:02d}" for number in np.tile(np.arange(visits), participants)],
            "ARM": np.where(arm[each] == 1, "reassuring", "factual"),
            "BASE": baseline[each],
            "AGE": random.normal(50, 12, participants)[each],
            "SEX": random.choice(["F", "M"], participants)[each],
            "SITE": random.choice(["01", "02", "03"], participants)[each],
            "SCORE": outcome.ravel(),
        }
    )


def seconds(data: pd.DataFrame, df: str, repeats: int) -> tuple[float, mmrm.Mmrm]:
    """The least time of the repeats, and what was fitted."""
    least = np.inf
    for _ in range(repeats):
        began = time.process_time()
        fitted = mmrm.fit(
            data,
            outcome="SCORE",
            arm="ARM",
            reference="factual",
            visit="AVISIT",
            participant="USUBJID",
            covariates=["BASE", "AGE", "SEX", "SITE"],
            df=df,
        )
        least = min(least, time.process_time() - began)
    return least, fitted


def line(participants: int, visits: int, df: str, repeats: int) -> str:
    """One row: the trial, our seconds, R's, how many times faster, and the steps of the search."""
    taken, fitted = seconds(trial(participants, visits), df, repeats)
    other = R_SECONDS.get((df, participants, visits))
    beside = f"{other:8.2f} {other / taken:8.0f}" if other else f"{'-':>8} {'-':>8}"
    return f"{participants:12} {visits:6} {df:15} {taken:8.3f} {beside} {fitted.steps:6}"


def main(repeats: int) -> None:
    print(f"{'participants':>12} {'visits':>6} {'df':15} {'seconds':>8} {'R':>8} {'faster':>8} {'steps':>6}")
    for df in ("satterthwaite", "kenward-roger"):
        for participants, visits in SIZES:
            print(line(participants, visits, df, repeats), flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
