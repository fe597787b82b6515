"""The baseline table"""

import re

import pytest

from analysis import baseline
from analysis.baseline import OVERALL, Classes, Numbers
from tests.spec.analysis.drawn import DATA, PLAN, example, small_data, small_plan


def table(text=DATA):
    return baseline.table(small_plan(), small_data(text))


def test_each_participant_counts_once():
    assert table().sizes == {"plain": 4, "usual": 4, OVERALL: 8}


def test_numbers_have_mean_sd_median_and_quartiles():
    """By hand: ages 41, 33, 58 in the plain arm, one missing; quartiles as R's quantile(type = 7)."""
    group = table().variables[0].groups["plain"]
    assert isinstance(group, Numbers)
    told = (group.n, group.missing, group.mean, group.median, group.lower_quartile, group.upper_quartile)
    assert told == (3, 1, 44, 41, 37, 49.5)
    assert group.sd == pytest.approx(12.767145)


def test_classes_have_counts():
    group = table().variables[1].groups[OVERALL]
    assert group == Classes(8, 0, {"F": 4, "M": 4})


def test_the_table_is_printed_with_missing_counts_and_no_p_value():
    lines = [(line.label, *line.cells) for line in table().lines]
    assert lines == [
        ("Age (years)",),
        ("Mean (SD)", "44.0 (12.8)", "50.5 (10.5)", "47.7 (11.0)"),
        ("Median [IQR]", "41.0 [37.0 to 49.5]", "49.5 [45.0 to 55.0]", "47.0 [40.0 to 55.0]"),
        ("Missing", "1", "0", "1"),
        ("SEX",),
        ("F", "3 (75.0 %)", "1 (25.0 %)", "4 (50.0 %)"),
        ("M", "1 (25.0 %)", "3 (75.0 %)", "4 (50.0 %)"),
    ]


def test_one_value_has_no_spread_and_none_has_a_dash():
    one = {line.label: line.cells for line in table(DATA.replace(",41,", ",,").replace(",33,", ",,")).lines}
    assert one["Mean (SD)"][0] == "58.00 (\N{EN DASH})"
    none = {line.label: line.cells for line in table(re.sub(r"(plain,0.),\d\d", r"\1,", DATA)).lines}
    assert none["Mean (SD)"][0] == none["Median [IQR]"][0] == "\N{EN DASH}"


def test_without_a_baseline_visit_the_first_value_counts():
    chosen = small_plan(PLAN.replace('baseline_visit = "BL"\n', ""))
    made = baseline.table(chosen, small_data(chosen=chosen))
    assert made.variables[0].groups["plain"].n == 3


def test_who_has_no_baseline_row_is_missing_not_lost():
    text = "\n".join(line for line in DATA.splitlines() if not line.startswith("A1,BL"))
    assert table(text).variables[0].groups["plain"].missing == 2


def test_the_real_data_have_the_published_counts():
    """R, mmrm: fev_data has 200 participants, 105 on placebo and 95 on treatment."""
    assert dict(baseline.table(*example("fev")).sizes) == {"PBO": 105, "TRT": 95, OVERALL: 200}
