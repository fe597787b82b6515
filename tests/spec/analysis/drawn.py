"""A small plan and a small dataset, drawn so that they can be broken one piece at a time."""

import tomllib
from pathlib import Path

from analysis import dataset, plan
from analysis.run import Provenance

ROOT = Path(__file__).resolve().parents[3]
EXAMPLES = ROOT / "examples"

PLAN = """
title = "Small plan"
alpha = 0.05

[data]
participant = "ID"
visit = "VISIT"
visits = ["BL", "W1", "W6"]
baseline_visit = "BL"
arm = "ARM"
reference = "plain"
arms = { plain = "Plain", usual = "Usual" }
site = "SITE"
baseline = ["AGE", "SEX"]
labels = { AGE = "Age (years)", W6 = "Week 6" }

[[estimands]]
id = "score-6w"
treatment = "Plain versus usual"
population = "All randomized"
variable = "Score at week 6"
intercurrent = [{ event = "Any", strategy = "treatment policy" }]
summary = "Difference in mean"

[[analyses]]
id = "main"
role = "primary"
estimand = "score-6w"
outcome = "SCORE"
label = "Score"
direction = "lower is better"
visit = "W6"
method = "ancova"
covariates = ["SCORE_BL"]

[[analyses]]
id = "course"
role = "supplementary"
estimand = "score-6w"
outcome = "SCORE"
label = "Score, every visit"
direction = "lower is better"
visit = "all"
method = "ancova"
"""

DATA = """ID,VISIT,ARM,SITE,AGE,SEX,SCORE,SCORE_BL
A1,BL,plain,01,41,F,20,20
A1,W1,plain,01,41,F,18,20
A1,W6,plain,01,41,F,17,20
A2,BL,usual,01,52,M,25,25
A2,W1,usual,01,52,M,20,25
A2,W6,usual,01,52,M,14,25
A3,BL,plain,02,33,F,12,12
A3,W1,plain,02,33,F,13,12
A3,W6,plain,02,33,F,,12
A4,BL,usual,02,64,M,30,30
A4,W1,usual,02,64,M,24,30
A4,W6,usual,02,64,M,21,30
A5,BL,plain,02,,F,28,28
A5,W1,plain,02,,F,29,28
A5,W6,plain,02,,F,26,28
A6,BL,usual,01,47,F,16,16
A6,W1,usual,01,47,F,15,16
A6,W6,usual,01,47,F,9,16
A7,BL,plain,01,58,M,22,22
A7,W1,plain,01,58,M,,22
A7,W6,plain,01,58,M,19,22
A8,BL,usual,02,39,M,18,18
"""


def small_plan(text=PLAN):
    return plan.parse(tomllib.loads(text), "plan.toml")


def small_data(text=DATA, chosen=None):
    return dataset.parse(text.encode(), chosen or small_plan(), "data.csv")


def provenance(label="prespecified"):
    return Provenance("plan.toml", "a" * 64, "data.csv", "b" * 64, label, {"numpy": "2"})


def example(name):
    """The plan and the data of an example."""
    chosen = plan.read(EXAMPLES / f"{name}.toml")
    return chosen, dataset.read(EXAMPLES / "data" / f"{name}_data.csv", chosen)
