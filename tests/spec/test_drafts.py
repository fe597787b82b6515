"""First drafts of a report's versions: the findings are the same, the wording is not"""

import pytest

from trial.wording.draft import GRADES, KINDS, LEVELS, NEXT_STEPS, SAFETY_NET, Finding, draft, prevalence

FINDINGS = [
    Finding("disc-bulge", "L4/5", grade="mild"),
    Finding("annular-fissure", "L5/S1", side="left"),
    Finding("facet-degeneration", "L3/4", side="both"),
    Finding("disc-protrusion", "L5/S1", side="central"),
]


@pytest.mark.parametrize("wording", ["factual", "reassuring"])
def test_each_finding_stands_in_each_version_with_its_place(wording):
    text = draft(wording, FINDINGS, 52)
    assert [line for line in text.splitlines() if line.startswith("- ")].__len__() == len(FINDINGS)
    for place in ("at L4/5", "at L5/S1 on the left", "at L3/4 on both sides", "at L5/S1 in the middle"):
        assert place in text


def test_the_same_next_steps_and_safety_net_end_both():
    ends = {draft(wording, FINDINGS, 52).split("\n\n")[-2:][0] for wording in ("factual", "reassuring")}
    assert ends == {NEXT_STEPS}
    assert all(draft(wording, FINDINGS, 52).endswith(SAFETY_NET) for wording in ("factual", "reassuring"))


@pytest.mark.parametrize(
    ("kind", "age", "share"),
    [
        ("disc-degeneration", 20, 37),
        ("disc-degeneration", 52, 80),
        ("disc-degeneration", 89, 96),
        ("disc-bulge", 40, 50),
        ("disc-protrusion", 59, 36),
        ("annular-fissure", 61, 25),
        ("facet-degeneration", 79, 69),
        ("spondylolisthesis", 80, 50),
        ("disc-bulge", 19, None),
        ("disc-bulge", 90, None),
    ],
)
def test_a_share_is_that_of_the_decade_nearest_below(kind, age, share):
    """Brinjikji et al., AJNR 2015;36:811, table 2; nothing is quoted outside it."""
    assert prevalence(kind, age) == share


def test_only_the_reassuring_draft_tells_how_common_a_finding_is():
    assert "About 60 in 100 people of your age without pain have this too." in draft(
        "reassuring", FINDINGS, 52
    )
    assert "in 100" not in draft("factual", FINDINGS, 52)


def test_no_share_is_told_at_an_age_outside_the_table():
    assert "in 100" not in draft("reassuring", FINDINGS, 18)


@pytest.mark.parametrize("age", [18, 52, 95])
def test_no_draft_says_that_a_finding_has_nothing_to_do_with_the_pain(age):
    """Several of them are more common in people with pain (Brinjikji et al., AJNR 2015;36:2394)."""
    every = [Finding(kind, level, grade=grade) for kind in KINDS for level in LEVELS for grade in GRADES]
    for wording in ("factual", "reassuring"):
        assert "unrelated" not in draft(wording, every, age)


def test_an_mri_without_findings_says_so():
    text = draft("reassuring", [], 52)
    assert text.startswith("Your MRI shows no findings that need to be described.")
    assert text.endswith(SAFETY_NET)


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ({"kind": "hernia", "level": "L4/5"}, "kind: 'hernia' is not one of disc-degeneration"),
        ({"kind": "disc-bulge", "level": "L7"}, "level: 'L7' is not one of L1/2"),
        ({"kind": "disc-bulge", "level": "L4/5", "side": "up"}, "side: 'up' is not one of left"),
        ({"kind": "disc-bulge", "level": "L4/5", "grade": "bad"}, "grade: 'bad' is not one of mild"),
    ],
)
def test_a_finding_that_is_not_known_is_named(parts, said):
    with pytest.raises(ValueError, match=said):
        Finding(**parts)
