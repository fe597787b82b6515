"""Figures as SVG: one drawing for pages and paper"""

import io
import re
import xml.etree.ElementTree as ET

import pytest

from analysis import completion, figures, flow, run, trajectory
from analysis.figures.style import COLOURS, LINES, MARKERS, looks
from analysis.scale import spread
from tests.spec.analysis.drawn import DATA, PLAN, example, provenance, small_data, small_plan

THREE = (
    PLAN.replace('usual = "Usual" }', 'usual = "Usual", short = "Short <&> neat" }')
    .replace('visits = ["BL"', 'days = { BL = 0, W1 = 7, W6 = 42 }\nvisits = ["BL"')
    .replace("higher", "lower")
)
THREE_DATA = DATA + "".join(
    f"C{n},{visit},short,02,{40 + n},F,{10 + n * n % 7 + at},{12 + n}\n"
    for n in range(5)
    for at, visit in enumerate(("BL", "W1", "W6"))
)


def drawn(chosen, data):
    results = run.run(chosen, data, provenance())
    points = {chosen.primary.outcome: trajectory.points(chosen, data, chosen.primary.outcome)}
    spreads = {
        (each.outcome, each.visit): spread(chosen, data, each.outcome, each.visit) for each in results.results
    }
    return {
        "flow": figures.flow_diagram(flow.from_data(chosen, data)),
        "trajectory": figures.trajectory(chosen, points),
        "forest": figures.forest(chosen, results, spreads),
        "completion": figures.completion(chosen, completion.rates(chosen, data)),
    }


@pytest.fixture(scope="module")
def fev():
    return drawn(*example("fev"))


def words(drawing):
    """All text of the SVG, which is kept as text."""
    return " ".join(
        "".join(part.itertext()) for part in ET.parse(io.StringIO(drawing.svg)).iter() if "text" in part.tag
    )


def test_each_figure_is_one_svg_element_with_a_description(fev):
    for name, drawing in fev.items():
        root = ET.fromstring(drawing.svg)
        assert (drawing.name, root.get("role"), root.get("aria-label")) == (name, "img", drawing.alt)


def test_the_same_data_give_the_same_bytes(fev):
    again = drawn(*example("fev"))
    assert {name: drawing.svg for name, drawing in again.items()} == {name: d.svg for name, d in fev.items()}


def test_no_figure_tells_when_or_by_what_it_was_made(fev):
    assert not any(
        re.search(r"<dc:date|<dc:creator|https?://matplotlib", drawing.svg) for drawing in fev.values()
    )


def test_the_flow_diagram_has_every_count(fev):
    text = words(fev["flow"]).replace("\N{NO-BREAK SPACE}", " ")
    for told in ("Randomized (n = 200)", "Allocated to Placebo (n = 105)", "outcome (n = 67)"):
        assert told in text
    assert fev["flow"].alt.startswith(
        "CONSORT flow diagram: 200 randomized. Placebo: 105 allocated, 67 analysed"
    )


def test_the_flow_diagram_begins_at_the_assessment_where_it_is_known():
    counts = flow.from_data(
        small_plan(),
        small_data(),
        assessed=12,
        excluded={"Not meeting the eligibility criteria": 2, "Declined": 1},
        critical=1,
        not_received={"A1": "Never opened the version"},
    )
    drawing = figures.flow_diagram(counts)
    text = words(drawing).replace("\N{NO-BREAK SPACE}", " ")
    for told in (
        "Assessed for eligibility (n = 12)",
        "Excluded (n = 3)",
        "Critical finding, routed to clinical care (n = 1)",
        "Received it (n = 3)",
        "Did not receive it (n = 1)",
    ):
        assert told in text
    assert "12 assessed, 8 randomized" in drawing.alt


def test_the_forest_plot_has_the_numbers_in_their_own_units(fev):
    text = words(fev["forest"])
    assert "3.90 (0.56 to 7.24)" in text
    assert "0.022" in text
    assert "FEV1 (% predicted) at Visit 4, Treatment: 3.90 (0.56 to 7.24)" in fev["forest"].alt


def test_three_arms_and_odd_names_are_drawn_too():
    chosen = small_plan(THREE)
    made = drawn(chosen, small_data(THREE_DATA, chosen))
    assert "Short <&> neat" in words(made["flow"])
    assert "Short <&> neat" in made["flow"].alt
    assert "Score, Week\N{NO-BREAK SPACE}6, Usual" in words(made["forest"])


def test_arms_differ_in_colour_marker_and_line_so_that_grey_is_enough():
    six = looks(6)
    for part in ("colour", "marker", "line"):
        assert len({getattr(look, part) for look in six}) == 6
    assert (looks(7)[6].colour, len(COLOURS), len(MARKERS), len(LINES)) == (six[0].colour, 6, 6, 6)


def test_several_outcomes_have_a_panel_each():
    chosen, data = small_plan(), small_data()
    points = trajectory.points(chosen, data, "SCORE")
    drawing = figures.trajectory(chosen, {"SCORE": points, "AGE": points, "SEX": points}, "trajectories")
    assert drawing.name == "trajectories"
    assert {"Score", "Age (years)", "SEX"} <= set(re.findall(r"Score|Age \(years\)|SEX", words(drawing)))


def test_one_value_is_a_point_without_an_interval():
    (point,) = [
        each
        for each in _points(DATA.replace("M,20,25", "M,,25").replace("M,24,30", "M,,30"))
        if each.visit == "W1" and each.arm == "usual"
    ]
    assert (point.n, point.mean, point.sd, point.lower, point.upper) == (1, 15, None, None, None)
    figures.trajectory(small_plan(), {"SCORE": [point]})


def test_a_visit_without_any_value_has_no_point():
    points = _points(re.sub(r"(A\d,W1,.*),\d+,", r"\1,,", DATA))
    assert "W1" not in {point.visit for point in points}


def test_means_have_t_intervals():
    """R 4: t.test(c(20, 12, 28, 22))$conf.int is 9.90 to 31.10 (mean 20.5, sd 6.6081, t 3.1824)."""
    first = _points(DATA)[0]
    assert (first.visit, first.arm, first.n, first.mean) == ("BL", "plain", 4, 20.5)
    assert (first.lower, first.upper) == pytest.approx(
        (20.5 - 3.182446 * 6.608076 / 2, 20.5 + 3.182446 * 6.608076 / 2)
    )


def test_the_spread_is_that_of_the_baseline_or_of_the_reference_arm():
    """By hand: the sd of 20, 25, 12, 30, 28, 16, 22, 18; and of 17, 26, 19 in the plain arm at week 6."""
    assert spread(small_plan(), small_data(), "SCORE", "W6") == pytest.approx(6.116430)
    chosen = small_plan(PLAN.replace('baseline_visit = "BL"\n', ""))
    assert spread(chosen, small_data(chosen=chosen), "SCORE", "W6") == pytest.approx(4.725816)
    assert spread(chosen, small_data(chosen=chosen).head(3), "SCORE", "W6") == 0


def test_what_has_no_spread_is_left_out_of_the_forest_plot():
    chosen = small_plan()
    results = run.run(chosen, small_data(), provenance())
    assert "Score" not in words(figures.forest(chosen, results, {}))


def _points(text):
    return trajectory.points(small_plan(), small_data(text), "SCORE")
