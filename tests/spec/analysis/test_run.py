"""A plan and data become results"""

import json

import pytest

from analysis import run
from analysis.faults import DataError
from analysis.methods import NAMES
from analysis.run import METHODS, Provenance
from tests.spec.analysis.drawn import DATA, example, provenance, small_data, small_plan


def results(label="prespecified"):
    return run.run(small_plan(), small_data(), provenance(label))


def test_every_analysis_is_run_in_the_order_of_the_plan():
    found = [(result.id, result.visit, result.arm) for result in results().results]
    assert found == [("main", "W6", "usual"), ("course", "W1", "usual"), ("course", "W6", "usual")]


def test_each_result_carries_what_it_is():
    (result,) = results("post hoc").primary
    told = (result.role, result.estimand, result.method, result.covariates, result.direction, result.status)
    assert told == ("primary", "score-6w", "ancova", ("SCORE_BL",), "lower is better", "post hoc")


def test_the_adjusted_means_differ_by_the_estimate():
    found = results()
    for result in found.results:
        means = [found.mean(result, arm).estimate for arm in (result.arm, result.reference)]
        assert means[0] - means[1] == pytest.approx(result.estimate)


def test_the_primary_result_is_told_in_one_line():
    """statsmodels 0.15 on the same rows: 3.8994, 0.5627 to 7.2361, p 0.02235 (tests/oracles holds it)."""
    chosen, data = example("fev")
    line = run.primary_line(chosen, run.run(chosen, data, provenance()))
    assert line == (
        "FEV1 (% predicted) at Visit 4, Treatment less Placebo: "
        "adjusted difference 3.90 (95 % CI 0.56 to 7.24), p = 0.022, n = 134"
    )


def test_a_rehearsal_says_so_in_its_line():
    told = run.primary_line(small_plan(), results("blind rehearsal"))
    assert told.startswith(
        "blind rehearsal on made-up arms, Score at Week 6, Usual less Plain: adjusted difference -"
    )


def test_an_analysis_without_covariates_has_a_plain_difference():
    chosen, data = example("fev")
    found = run.run(chosen, data, provenance())
    assert found.digits("FEV1") == 2
    assert len(found.to_frame()) == 6


def test_results_are_plain_values():
    text = json.dumps(results().to_dict(), allow_nan=False)
    assert json.loads(text)["provenance"]["label"] == "prespecified"


def test_an_analysis_that_cannot_be_done_is_named():
    text = DATA.replace("F,17,20", "F,,20").replace("F,26,28", "F,,28").replace("M,19,22", "M,,22")
    with pytest.raises(DataError, match=r'^data\.csv: analysis main: SCORE at W6: arm "plain" has no row'):
        run.run(small_plan(), small_data(text), provenance())


def test_provenance_is_a_known_label_and_two_hashes():
    with pytest.raises(ValueError, match="label: must be one of prespecified, post hoc, blind rehearsal"):
        Provenance("p", "a" * 64, "d", "b" * 64, "final")
    with pytest.raises(ValueError, match="data_sha256: must be 64 hexadecimal digits"):
        Provenance("p", "a" * 64, "d", "b" * 63, "post hoc")


def test_every_method_that_a_plan_may_name_can_be_run():
    assert tuple(METHODS) == NAMES
