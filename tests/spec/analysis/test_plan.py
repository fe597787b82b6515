"""The analysis plan"""

import dataclasses
import tomllib

import pytest

from analysis import plan
from tests.spec.analysis.drawn import EXAMPLES, PLAN, small_plan


def test_a_plan_has_one_primary_analysis_with_its_estimand():
    made = small_plan()
    assert (made.primary.id, made.estimand(made.primary.estimand).variable) == ("main", "Score at week 6")


def test_a_plan_stands_in_its_own_file():
    assert plan.read(EXAMPLES / "fev.toml").data.reference == "PBO"
    assert plan.read(EXAMPLES / "antidepressant.toml").data.classes >= {"VISIT", "POOLINV"}


def test_or_in_a_protocol_beside_its_estimands():
    protocol = tomllib.loads((EXAMPLES / "reassure.toml").read_text())
    tables = {**protocol["plan"], "estimands": protocol["estimands"]}
    assert plan.parse(tables, "reassure.toml", at="plan").primary.outcome == "PCSTOT"


def test_a_fault_in_a_protocol_is_named_by_its_place_there():
    protocol = tomllib.loads((EXAMPLES / "reassure.toml").read_text())
    protocol["plan"]["analyses"][2]["method"] = "magic"
    tables = {**protocol["plan"], "estimands": protocol["estimands"]}
    with pytest.raises(plan.PlanError, match=r"^x\.toml:plan\.analyses\[2\]\.method: unknown method"):
        plan.parse(tables, "x.toml", at="plan")
    protocol["plan"]["analyses"][2]["method"] = "ancova"
    protocol["estimands"][0]["variable"] = ""
    with pytest.raises(plan.PlanError, match=r"^x\.toml:estimands\[0\]\.variable: is empty$"):
        plan.parse({**protocol["plan"], "estimands": protocol["estimands"]}, "x.toml", at="plan")


def test_a_plan_cannot_be_changed():
    with pytest.raises(dataclasses.FrozenInstanceError):
        small_plan().alpha = 0.1


def test_all_visits_are_those_after_the_baseline():
    made = small_plan()
    assert made.visits_of(made.analysis("course")) == ("W1", "W6")
    assert made.visits_of(made.primary) == ("W6",)


def test_the_plan_names_each_column_once():
    columns = ("ID", "VISIT", "ARM", "SITE", "AGE", "SEX", "SCORE", "SCORE_BL")
    assert small_plan().columns == columns


def test_without_a_site_there_is_no_such_column():
    made = small_plan(PLAN.replace('site = "SITE"\n', ""))
    assert "SITE" not in made.columns
    assert made.data.classes == {"ID", "VISIT", "ARM"}


def test_labels_come_from_the_plan_then_the_analysis_then_the_code():
    made = small_plan()
    assert [made.label(name) for name in ("usual", "W6", "SCORE", "W1")] == ["Usual", "Week 6", "Score", "W1"]


# What is wrong with a plan: each is one change to the small plan, and one line ------------------------

FIRST = '[[analyses]]\nid = "main"\nrole = "primary"\n'
BROKEN = {
    "title: is missing": ('title = "Small plan"\n', ""),
    "title: is empty": ('"Small plan"', '" "'),
    "title: must be a text": ('"Small plan"', "7"),
    "alpha: must be a number": ("0.05", '"five"'),
    "alpha: must be a number ": ("0.05", "true"),
    "alpha: must lie between 0 and 1, such as 0.05": ("0.05", "1.0"),
    "power: this key is not known here": ("alpha", "power = 0.9\nalpha"),
    "data.color: this key is not known here": ("[data]", '[data]\ncolor = "red"'),
    "data: must be a table": (PLAN[PLAN.index("[data]") : PLAN.index("[[estimands]]")], "data = 3\n"),
    "data.visits: is empty; give at least one": ('["BL", "W1", "W6"]', "[]"),
    "data.visits: must be a list": ('["BL", "W1", "W6"]', '"W6"'),
    "data.visits[1]: must be a text": ('"W1"', "1"),
    'data.visits[1]: "BL" is there twice': ('"W1"', '"BL"'),
    'data.visits: no visit may be called "all"': ('"W1"', '"all"'),
    "data.visits: there must be a visit after the baseline": ('["BL", "W1", "W6"]', '["BL"]'),
    'data.baseline_visit: unknown visit "B0"; known: BL, W1, W6': ('visit = "BL"', 'visit = "B0"'),
    "data.arms: must be two or more": (', usual = "Usual"', ""),
    'data.arms[1]: "Plain" is there twice': ('"Usual"', '"Plain"'),
    "data.arms: must be a table": ('{ plain = "Plain", usual = "Usual" }', '["plain"]'),
    'data.reference: unknown arm "none"; known: plain, usual': ('"plain"', '"none"'),
    'data.arm: column "ID" already stands for something else': ('"ARM"', '"ID"'),
    "data.days: must give the day of each visit, or of none": ("[data]", "[data]\ndays = { W1 = 7 }"),
    "data.days.W1: must be a number": ("[data]", '[data]\ndays = { W1 = "seven" }'),
    "analyses: none of them primary; there must be exactly one": ('"primary"', '"secondary"'),
    "analyses: 2 of them primary; there must be exactly one": (
        'role = "supplementary"\nestimand = "score-6w"\noutcome = "SCORE"\nlabel = "Score, every visit"\n'
        'direction = "lower is better"\nvisit = "all"',
        'role = "primary"\nestimand = "score-6w"\noutcome = "SCORE"\nlabel = "Score, every visit"\n'
        'direction = "lower is better"\nvisit = "W1"',
    ),
    'analyses[1].id: "main" is there twice': ('"course"', '"main"'),
    'analyses[0].role: unknown role "chief"; known: primary, secondary, sensitivity, supplementary': (
        '"primary"',
        '"chief"',
    ),
    'analyses[0].method: unknown method "ancvoa"; known: ancova': ('"ancova"\ncov', '"ancvoa"\ncov'),
    'analyses[0].robust: unknown standard error "HC9"; known: HC0, HC1, HC2, HC3': (
        FIRST,
        f'{FIRST}robust = "HC9"\n',
    ),
    "analyses[0].visit: the primary analysis is of one visit; name it": ('"W6"\nmethod', '"all"\nmethod'),
    'analyses[0].visit: unknown visit after the baseline "W9"; known: W1, W6, all': (
        '"W6"\nmethod',
        '"W9"\nmethod',
    ),
    'analyses[0].estimand: unknown estimand "other"; known: score-6w': (
        f'{FIRST}estimand = "score-6w"',
        f'{FIRST}estimand = "other"',
    ),
    "analyses[0].estimand: is missing; an analysis names its estimand, outcome, visit and method": (
        f'{FIRST}estimand = "score-6w"\n',
        FIRST,
    ),
    "analyses[1].role: a sensitivity analysis has the estimand of a primary or secondary one; "
    "this is supplementary": (
        'role = "supplementary"\nestimand = "score-6w"',
        'role = "sensitivity"\nestimand = "else"',
    ),
    'analyses[0].outcome: column "ARM" already stands for something else': ('"SCORE"', '"ARM"'),
    'analyses[0].outcome: column "SITE" is not a number': ('"SCORE"', '"SITE"'),
    'analyses[0].covariates: "SCORE" is the outcome itself': ('["SCORE_BL"]', '["SCORE"]'),
    'analyses[0].covariates[1]: "SCORE_BL" is there twice': ('["SCORE_BL"]', '["SCORE_BL", "SCORE_BL"]'),
    "estimands[0].summary: is missing; an estimand has five attributes: "
    "treatment, population, variable, intercurrent events and summary": (
        'summary = "Difference in mean"\n',
        "",
    ),
    "estimands[0].intercurrent: is empty; give at least one": (
        '[{ event = "Any", strategy = "treatment policy" }]',
        "[]",
    ),
    'estimands[0].intercurrent[0].strategy: unknown strategy "hope"; known: treatment policy, hypothetical, '
    "composite, while on treatment, principal stratum": ('"treatment policy"', '"hope"'),
    "estimands[0].intercurrent[0]: must be a table": (
        '[{ event = "Any", strategy = "treatment policy" }]',
        '["Any"]',
    ),
    "line 2: is not valid TOML: Invalid value": ('title = "Small plan"', "title = Small plan"),
    "line 33: is not valid TOML: Expected newline or end of document after a statement": (
        'method = "ancova"\ncovariates',
        'method = "ancova" covariates',
    ),
}
SECOND_ESTIMAND = PLAN[PLAN.index("[[estimands]]") : PLAN.index("[[analyses]]")].replace("score-6w", "else")


@pytest.mark.parametrize(("reason", "change"), BROKEN.items(), ids=BROKEN)
def test_a_broken_plan_gives_exactly_one_line(reason, change):
    assert change[0] in PLAN
    text = PLAN.replace(*change, 1) + SECOND_ESTIMAND * ('"else"' in change[1])
    with pytest.raises(plan.PlanError) as refused:
        plan.parse_bytes(text.encode(), "plan.toml")
    assert str(refused.value) == f"plan.toml:{reason.strip()}"


def test_a_file_that_is_not_utf_8_says_where():
    with pytest.raises(plan.PlanError, match=r"^plan\.toml:line 2: is not UTF-8; save the file as UTF-8$"):
        plan.parse_bytes(b'title = "x"\nlabel = "caf\xe9"\n', "plan.toml")


def test_what_is_no_plan_at_all_is_refused(tmp_path):
    with pytest.raises(plan.PlanError, match=r":file: is larger than 1 MB"):
        plan.parse_bytes(b"#" * 1_000_001, "plan.toml")
    with pytest.raises(plan.PlanError, match=r":file: is not a plan"):
        plan.parse_bytes(b"a = " + b"1" * 5000, "plan.toml")
    with pytest.raises(plan.PlanError, match=r"^none\.toml:file: cannot be read: No such file"):
        plan.read(tmp_path / "none.toml")
    with pytest.raises(plan.PlanError, match=r"^plan\.toml:title: is missing$"):
        plan.parse_bytes(b"", "plan.toml")


def test_what_does_not_print_is_escaped_so_that_the_line_stays_one():
    text = PLAN.replace('"lower is better"', '"up\\nand down' + "!" * 60 + '"', 1)
    with pytest.raises(plan.PlanError) as refused:
        plan.parse_bytes(text.encode(), "plan.toml")
    assert "\\nand down" in str(refused.value)
    assert len(str(refused.value).splitlines()) == 1
