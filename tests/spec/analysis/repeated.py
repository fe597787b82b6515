"""A small trial with repeated measures, drawn once for all tests: 40 participants, 4 visits, seed 7."""

import numpy as np
import pandas as pd

CHOSEN = {
    "outcome": "SCORE",
    "arm": "ARM",
    "reference": "plain",
    "visit": "VISIT",
    "participant": "ID",
    "covariates": ["AGE", "SEX"],
}
VISITS = ("W1", "W2", "W3", "W4")


def repeated() -> pd.DataFrame:
    """Arms plain and usual; a fifth of the outcomes missing; `PAIN` differs from visit to visit."""
    random = np.random.default_rng(7)
    people = 40
    each = np.repeat(np.arange(people), len(VISITS))
    level = random.normal(0, 2, people)[each]
    score = 20 + level + random.normal(0, 3, len(each))
    score[random.random(len(each)) < 0.2] = np.nan
    return pd.DataFrame(
        {
            "ID": [f"P{number:02d}" for number in each],
            "ARM": np.where(each % 2 == 1, "usual", "plain"),
            "VISIT": np.tile(VISITS, people),
            "AGE": random.integers(30, 70, people)[each],
            "SEX": random.choice(["F", "M"], people)[each],
            "PAIN": random.integers(0, 11, len(each)),
            "SCORE": score.round(2),
        }
    )
