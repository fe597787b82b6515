"""The analysis plan as checked, frozen dataclasses, and how it is read."""

from analysis.faults import PlanError
from analysis.plan.model import ALL, Analysis, DataColumns, Estimand, Intercurrent, Plan
from analysis.plan.reading import parse, parse_bytes, read

__all__ = [
    "ALL",
    "Analysis",
    "DataColumns",
    "Estimand",
    "Intercurrent",
    "Plan",
    "PlanError",
    "parse",
    "parse_bytes",
    "read",
]
