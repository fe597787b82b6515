"""The standard deviation in whose units outcomes of different scales are drawn together."""

from __future__ import annotations

import pandas as pd

from analysis.plan import Plan


def spread(plan: Plan, data: pd.DataFrame, outcome: str, visit: str) -> float:
    """The SD of an outcome over everyone at the baseline; 0 where there is none.

    Where it was not measured then, of the reference arm at the visit: the denominator of Glass's delta.
    """
    columns = plan.data
    then = data.loc[data[columns.visit] == columns.baseline_visit, outcome].dropna()
    if len(then) > 1:
        return float(then.std())
    here = (data[columns.visit] == visit) & (data[columns.arm] == columns.reference)
    values = data.loc[here, outcome].dropna()
    return float(values.std()) if len(values) > 1 else 0.0
