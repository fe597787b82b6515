"""A good protocol answers what the trial asks of it"""

import hashlib
import itertools
from dataclasses import FrozenInstanceError
from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from instruments import catalogue
from tests.spec.protocol.edits import EXAMPLES, GOOD, edited
from trial.models import Study
from trial.protocol import Factor, Fault, Level, Visit, parse
from trial.protocol.schedule import check_order
from trial.selectors import dataset
from trial.services import protocol as protocols
from trial.services.protocol import check, check_file

REASSURE = parse(GOOD.encode(), "reassure.toml")
PROTOCOLS = sorted(path for path in EXAMPLES.glob("*.toml") if "[study]" in path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", PROTOCOLS, ids=lambda path: path.name)
def test_every_example_is_a_good_protocol(path):
    assert check_file(path).sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def test_the_hash_is_of_the_very_bytes():
    assert parse(f"{GOOD}\n".encode(), "").sha256 != REASSURE.sha256
    assert REASSURE.sha256 == hashlib.sha256(GOOD.encode()).hexdigest()


def test_a_protocol_cannot_be_changed():
    with pytest.raises(FrozenInstanceError):
        REASSURE.format = 2
    REASSURE.plan_tables["data"]["arms"].clear()
    assert list(REASSURE.plan_tables["data"]["arms"]) == ["factual", "reassuring"]


def test_parts_are_found_by_their_codes():
    assert REASSURE.arm("reassuring").label == "Reassuring wording"
    assert REASSURE.reference_arm.code == "factual"
    assert REASSURE.site("02").name == "Lake hospital"
    assert REASSURE.visit("W6").day == 42
    assert REASSURE.factor("catastrophizing").score == "PCSTOT"
    assert REASSURE.instruments_at("W12") == ("PCS", "NRS24H", "RMDQ24", "PSEQ2")


@pytest.mark.parametrize("find", [REASSURE.arm, REASSURE.site, REASSURE.visit, REASSURE.factor])
def test_a_code_that_nothing_has_is_a_key_error(find):
    with pytest.raises(KeyError):
        find("nothing")


def test_the_baseline_is_apart_from_the_follow_ups():
    assert REASSURE.baseline.code == "BL"
    assert [visit.code for visit in REASSURE.follow_ups] == ["W1", "W6", "W12"]


def test_criteria_are_inclusions_or_exclusions():
    assert [criterion.id for criterion in REASSURE.inclusion] == ["adult", "pain", "mri", "reads"]
    assert [criterion.id for criterion in REASSURE.exclusion] == ["trauma", "deficit", "surgery"]


def test_a_live_study_has_its_registry_number():
    live = edited('"none: a demonstration"', '"NCT01234567"', edited('"synthetic"', '"live"'))
    assert check(live.encode(), "live.toml").is_live
    assert not REASSURE.is_live


def test_the_plan_brings_its_estimands():
    estimands = REASSURE.plan_tables["estimands"]
    assert [estimand["id"] for estimand in estimands] == [estimand.id for estimand in REASSURE.estimands]
    assert estimands[1]["intercurrent"] == [{"event": "Any", "strategy": "treatment policy"}]


# Windows ---------------------------------------------------------------------------------------------


def test_a_window_is_counted_from_the_anchor():
    """Randomized on 1 March 2026: week 6 is due 42 days later, on 12 April."""
    assert REASSURE.window("W6", date(2026, 3, 1)) == (date(2026, 4, 5), date(2026, 4, 12), date(2026, 4, 19))


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_windows_are_in_order_and_no_day_is_in_two(anchor):
    windows = [REASSURE.window(visit.code, anchor) for visit in REASSURE.follow_ups]
    for opens, due, closes in windows:
        assert anchor <= opens <= due <= closes
    for before, after in itertools.pairwise(windows):
        assert before.closes < after.opens


def visit(code, anchor, day, opens, closes):
    return Visit(code, code, anchor, day, opens, closes, ("PCS",))


DAYS = st.tuples(st.integers(0, 60), st.integers(-9, 0), st.integers(0, 9))


@given(DAYS, DAYS)
def test_successive_follow_ups_are_accepted_exactly_when_their_days_are_apart(first, second):
    assume(all(day + opens >= 0 for day, opens, _ in (first, second)))
    baseline = visit("BL", "consent", 0, 0, 5)
    days = [
        {first[0] + offset for offset in range(first[1], first[2] + 1)},
        {second[0] + offset for offset in range(second[1], second[2] + 1)},
    ]
    is_good = first[0] < second[0] and not days[0] & days[1]
    visits = [baseline, visit("A", "randomization", *first), visit("B", "randomization", *second)]
    if is_good:
        check_order(visits)
        return
    with pytest.raises(Fault) as fault:
        check_order(visits)
    assert fault.value.key in {"visits[2].day", "visits[2].opens"}


@given(DAYS, st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_a_window_has_the_days_that_the_visit_says(days, anchor):
    day, opens, closes = days
    assume(day + opens >= 0)
    window = visit("A", "randomization", day, opens, closes).window(anchor)
    assert window.due - anchor == timedelta(days=day)
    assert window.closes - window.opens == timedelta(days=closes - opens)


# Strata ----------------------------------------------------------------------------------------------


def test_strata_are_every_combination_the_last_factor_changing_fastest():
    sites, levels = ["01", "02", "03"], ["low", "high"]
    assert REASSURE.factor_levels == {"site": sites, "catastrophizing": levels}
    assert list(REASSURE.strata()) == [{"site": s, "catastrophizing": c} for s in sites for c in levels]


def test_without_factors_there_is_one_stratum():
    text = edited('["site", "catastrophizing"]', "[]")
    begin, end = text.index("[[factors]]"), text.index("[[visits]]")
    assert parse((text[:begin] + text[end:]).encode(), "").strata() == ({},)


def test_a_stratum_fits_where_it_is_kept():
    """The codes of eight factors of two long levels make a stratum of more than 200 characters."""
    names = [f"factor-{number}-of-eight" for number in range(8)]
    begin, end = GOOD.index("[[factors]]"), GOOD.index("[[visits]]")
    factors = "\n".join(GOOD[begin:end].replace('"catastrophizing"', f'"{name}"') for name in names)
    text = edited("planned = 120", "planned = 900", GOOD[:begin] + factors + GOOD[end:])
    text = edited('["site", "catastrophizing"]', str(names).replace("'", '"'), text)
    with pytest.raises(ValueError, match="too long together"):
        parse(text.encode(), "")


# Levels ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("score", "level"), [(0, "low"), (29, "low"), (29.9, "low"), (30, "high"), (52, "high")]
)
def test_a_score_belongs_to_the_first_level_that_it_is_below(score, level):
    assert REASSURE.level_of("catastrophizing", score) == level


@pytest.mark.parametrize("score", [float("nan"), float("inf")])
def test_what_is_no_number_has_no_level(score):
    with pytest.raises(ValueError, match="PCSTOT is not a finite number"):
        REASSURE.level_of("catastrophizing", score)


@given(st.lists(st.integers(-50, 50), min_size=1, max_size=5, unique=True), st.floats(-60, 60))
def test_every_score_has_exactly_one_level(cuts, score):
    edges = [float("-inf"), *sorted(cuts), float("inf")]
    levels = [Level(f"L{number}", "a level", cut) for number, cut in enumerate([*sorted(cuts), None])]
    factor = Factor("f", "a factor", "SCORE", "BL", tuple(levels))
    inside = [
        f"L{number}" for number, (low, high) in enumerate(itertools.pairwise(edges)) if low <= score < high
    ]
    assert [factor.level_of(score)] == inside


# What the catalogue and the dataset must agree on ----------------------------------------------------


def test_what_a_model_may_use_is_a_column_of_the_dataset():
    study = Study(code="REASSURE", protocol_file=GOOD.encode())
    columns = {column.name for column in dataset.columns(study)}
    scores = {f"{rule.code}_BL" for code in ("PCS", "PSEQ2") for rule in catalogue.load(code).scores}
    assert {*protocols.BEFORE_RANDOMIZATION, *scores, "USUBJID", "AVISIT"} <= columns
