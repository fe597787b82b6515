"""What an MRI can show: every kind named in four languages, nothing quoted that no source says"""

import re

import pytest

from trial.wording.catalogue import (
    LANGUAGES,
    REGIONS,
    SIDES,
    Finding,
    Share,
    age_fault,
    kinds,
    regions,
    share,
)

EVERY = pytest.mark.parametrize("kind", kinds().values(), ids=lambda kind: kind.code)

# Per cent of people without back pain at 20, 30, ... 80 years: Brinjikji et al., AJNR 2015;36:811, table 2.
BRINJIKJI = """
disc-degeneration  37 52 68 80 88 93 96
disc-signal-loss   17 33 54 73 86 94 97
disc-height-loss   24 34 45 56 67 76 84
disc-bulge         30 40 50 60 69 77 84
disc-protrusion    29 31 33 36 38 40 43
annular-fissure    19 20 22 23 25 27 29
facet-degeneration  4  9 18 32 50 69 83
spondylolisthesis   3  5  8 14 23 35 50
"""
TABLE = {line.split()[0]: [int(n) for n in line.split()[1:]] for line in BRINJIKJI.strip().splitlines()}


def test_five_regions_are_described_the_lower_back_first():
    assert list(regions()) == list(REGIONS) == ["lumbar", "neck", "shoulder", "knee", "hip"]
    assert next(iter(kinds())) == "disc-degeneration"


@EVERY
def test_a_kind_has_a_name_of_its_own_in_each_wording_and_language(kind):
    for language in LANGUAGES:
        factual, reassuring = (kind.names[wording][language] for wording in ("factual", "reassuring"))
        assert factual.strip() == factual != reassuring == reassuring.strip() != ""


@EVERY
def test_a_kind_stands_at_places_that_its_region_can_say(kind):
    places = regions()[kind.region].places
    for level in kind.levels:
        assert set(places[level]) == set(LANGUAGES)
    assert set(kind.sides) <= set(SIDES)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("region", REGIONS)
def test_two_kinds_of_a_region_are_never_called_alike(region, language):
    """At the same place, that is: a text could not tell which of them it speaks of."""
    for wording in ("factual", "reassuring"):
        named = [
            (kind.names[wording][language], level)
            for kind in kinds().values()
            if kind.region == region
            for level in kind.levels
        ]
        assert len(set(named)) == len(named)


@pytest.mark.parametrize("kind", TABLE)
def test_the_shares_are_those_of_the_published_table(kind):
    """Brinjikji et al., AJNR 2015;36:811, table 2."""
    assert [share(kind, age) for age in range(20, 90, 10)] == [
        Share(of_100, "at", age) for of_100, age in zip(TABLE[kind], range(20, 90, 10), strict=True)
    ]


@pytest.mark.parametrize(
    ("age", "decade"),
    [(18, None), (19, None), (20, 20), (29, 20), (52, 50), (89, 80), (90, None), (110, None)],
)
def test_the_decade_nearest_below_counts_and_nothing_outside_the_table(age, decade):
    found = share("disc-bulge", age)
    assert (found.age if found else None) == decade


@pytest.mark.parametrize(
    ("kind", "age", "expected"),
    [
        ("meniscal-tear", 39, Share(4, "under", 40)),
        ("meniscal-tear", 40, Share(19, "from", 40)),
        ("cartilage-defect", 18, Share(11, "under", 40)),
        ("cartilage-defect", 75, Share(43, "from", 40)),
    ],
)
def test_the_knee_has_its_own_source(kind, age, expected):
    """Culvenor et al., Br J Sports Med 2019;53:1268: knees without pain and injury, under and from 40."""
    assert share(kind, age) == expected


def test_no_share_is_quoted_for_any_other_kind():
    quoted = {code for code in kinds() if any(share(code, age) for age in range(18, 111))}
    assert quoted == {*TABLE, "meniscal-tear", "cartilage-defect"}


@pytest.mark.parametrize(
    "kind", ["disc-extrusion", "disc-sequestration", "vertebral-fracture", "modic-1", "symptomatic-stenosis"]
)
def test_what_is_not_common_without_pain_has_no_share(kind):
    assert [share(kind, age) for age in range(18, 111) if share(kind, age)] == []


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ({"kind": "hernia", "level": "L4/5"}, "kind: 'hernia' is not one of disc-degeneration, "),
        ({"kind": "disc-bulge", "level": "L7"}, "level: 'L7' is not one of L1/2, L2/3, L3/4, L4/5, L5/S1"),
        ({"kind": "disc-bulge", "level": "C4/5"}, "level: 'C4/5' is not one of L1/2"),
        ({"kind": "disc-bulge", "level": "L4/5", "side": "up"}, "side: 'up' is not one of left"),
        ({"kind": "disc-bulge", "level": "L4/5", "grade": "5"}, "grade: '5' is not one of mild"),
        (
            {"kind": "cartilage-defect", "level": "medial", "grade": "5"},
            "grade: '5' is not one of 1, 2, 3, 4",
        ),
        ({"kind": "modic-1", "level": "L4/5", "grade": "mild"}, "grade: 'mild': modic-1 has no grade"),
        ({"kind": "meniscal-tear", "level": "medial-meniscus", "side": "both"}, "side: 'both' is not one of"),
        (
            {"kind": "disc-bulge", "level": "L4/5", "significance": "critical"},
            "significance: 'critical' is not",
        ),
    ],
)
def test_a_finding_that_cannot_be_is_named(parts, said):
    with pytest.raises(ValueError, match="^" + re.escape(said)):
        Finding(**parts)


def test_only_adults_up_to_110_have_reports():
    assert [age for age in range(10, 120) if not age_fault(age)] == list(range(18, 111))
    assert age_fault(17) == "age: 17 is not between 18 and 110"
