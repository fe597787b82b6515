"""The catalogue: one file a version, never edited, its texts our own, each fault of a file one line"""

import re
from importlib import resources

import pytest

from instruments import catalogue
from instruments.model import Wording
from instruments.reading import CatalogueError, read
from tests.spec.instruments.drawn import cases

FOLDER = resources.files("instruments.catalogue")
EVERY = pytest.mark.parametrize("instrument", catalogue.all(), ids=lambda instrument: instrument.code)

# The SHA-256 of each file on the day on which it was published. A line is added, none is changed: answers
# refer to these versions. What has to be mended goes into a new file with a new version.
PUBLISHED = """
7e4484008eb49bcc1281de4922be74442ae89356f9cf42ae524d21023bc85dc0  NRS24H-1.toml
e295a1bb80a0a578aa331c638f218c102b4d472e7d1989ca5d3527c031ba130f  PCS-1.toml
13b8e60f2b8565e753c0b6bb5f21ef51b96283140634d5161c8b14a809776962  PSEQ2-1.toml
0f20d2cce570b177e966757adf1921b75a69b62dd8ef811f0a4fbdf054e5ebb6  RMDQ24-1.toml
"""


def test_no_published_file_is_ever_edited():
    published = dict(line.split(maxsplit=1)[::-1] for line in PUBLISHED.strip().splitlines())

    assert {f"{each.code}-{each.version}.toml": each.sha256 for each in catalogue.all()} == published


@EVERY
def test_every_text_is_marked_as_demonstration_wording(instrument):
    text = (FOLDER / f"{instrument.code}-{instrument.version}.toml").read_text()

    assert 'wording = "demonstration"' in text.splitlines()
    assert instrument.wording is Wording.DEMONSTRATION
    assert instrument.is_demonstration


@EVERY
def test_every_instrument_says_whose_it_is_and_from_where_its_changes_are(instrument):
    assert instrument.licence.holder
    assert instrument.licence.note
    assert all(mic.source for rule in instrument.scores for mic in rule.mics)


def _grade(texts):
    """Flesch-Kincaid grade of some sentences (domain.md 4.4), with syllables counted as groups of vowels."""
    words = re.findall(r"[a-z]+", " ".join(texts).lower())
    syllables = sum(max(1, len(re.findall(r"[aeiouy]+", re.sub(r"e$", "", word)))) for word in words)
    sentences = len(re.findall(r"[.?!](?:\s|$)", " ".join(texts)))
    return 0.39 * len(words) / sentences + 11.8 * syllables / len(words) - 15.59


@EVERY
def test_what_participants_read_is_plain(instrument):
    """Grade 6 or lower: the level that NIH and AMA recommend (domain.md 4.4)."""
    assert _grade([instrument.instructions, *(item.text for item in instrument.items)]) <= 6


def test_a_score_has_its_code_for_itself():
    """Scores become columns of one dataset."""
    owners = {(rule.code, each.code) for each in catalogue.all() for rule in each.scores}

    assert len({code for code, _ in owners}) == len(owners)


def test_without_a_version_the_newest_is_meant():
    for instrument in catalogue.all():
        versions = [each.version for each in catalogue.all() if each.code == instrument.code]
        assert catalogue.load(instrument.code) == catalogue.load(instrument.code, versions[0])
        assert catalogue.load(instrument.code, instrument.version) == instrument


def test_versions_are_ordered_as_people_order_them():
    assert sorted(["2.1a", "1.10", "2", "1", "2.1", "1.2"], key=catalogue.newness) == [
        "1", "1.2", "1.10", "2", "2.1", "2.1a",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("code", "version", "named"),
    [("PCSX", None, "'PCSX'"), ("PCS", "9", "'PCS 9'"), ("x" * 999, None, "'xxxxx")],
)
def test_an_unknown_questionnaire_is_named_with_those_there_are(code, version, named):
    with pytest.raises(
        catalogue.UnknownInstrument, match=f"^{named}.* is not in the catalogue of .*PCS"
    ) as refused:
        catalogue.load(code, version)
    assert len(str(refused.value)) < 200


# Broken files: in PCS-1.toml, the first "old" becomes "new". --------------------------------------------

BROKEN = r"""
    old                             | new                           | fault                                                              | why
    --------------------------------+-------------------------------+--------------------------------------------------------------------+----
    format = 1                      | format = 2                    | format: must be 1                                                  | another format
    format = 1                      | format = true                 | format: must be a whole number                                     | true is no number
    format = 1                      |                               | format: is missing                                                 | no format
    code = "PCS"                    | code = "pcs"                  | code: must be 1 to 8 capital letters and digits                    | small letters
    code = "PCS"                    | code = "PCSCATASTR"           | code: must be 1 to 8 capital letters and digits                    | nine letters or more
    code = "PCS"                    | code = "PCT"                  | version: the file must be named PCT-1.toml                         | the name differs
    code = "PCS"                    | code = 5                      | code: must be text                                                 | a number as a code
    code = "PCS"                    | code = "PCS"; colour = 1      | toml: Expected newline or end of document after a statement (at line 4, column 13) | no TOML
    title = "Pain                   | colour = 1¶title = "Pain      | colour: this key is not known here                                 | an unknown key
    title = "Pain                   | "a\nb" = 1¶title = "Pain      | a?b: this key is not known here                                    | a key of two lines
    title = "Pain                   | title = " Pain                | title: must be one line of text                                    | a blank before it
    title = "Pain                   | title = "\nPain               | title: must be one line of text                                    | two lines
    version = "1"                   | version = "one"               | version: must look like 1, 2.1 or 2.1a                             | a word as version
    scoring_version = "1"           | scoring_version = ""          | scoring_version: must look like 1, 2.1 or 2.1a                     | no scoring version
    wording = "demonstration"       | wording = "licensed"          | wording: must be demonstration: the catalogue never holds an owner's texts | licensed texts
    wording = "demonstration"       |                               | wording: is missing                                                | not marked
    wording = "demonstration"       | wording = "own"               | wording: "own" is not one of demonstration, licensed               | another mark
    instructions = "                | instructions = "" # "         | instructions: must be one line of text                             | no instructions
    minimum_age = 18                | minimum_age = -1              | minimum_age: must lie between 0 and 120 years                      | a negative age
    minutes = 5                     | minutes = 0                   | minutes: must lie between 1 and 120                                | no time at all
    languages = ["en"]              | languages = []                | languages: must not be empty                                       | no language
    languages = ["en"]              | languages = [1]               | languages: must be a list of texts                                 | a number as a language
    languages = ["en"]              | languages = ["English"]       | languages: must look like en or pt-BR                              | a language's name
    text = "none stated: at times of pain" | text = ""              | recall.text: must be one line of text                              | no words for the window
    text = "none stated: at times of pain" | text = "x"¶hours = -1  | recall.hours: must not be negative                                 | a window of less than nothing
    text = "none stated: at times of pain" | text = "x"¶days = 1¶hours = 1 | recall.days: give either hours or days                      | two windows
    text = "none stated: at times of pain" | text = "x"¶weeks = 1   | recall.weeks: this key is not known here                           | an unknown unit
    state = "licensed"              | state = "free"                | licence.state: "free" is not one of open, permission, licensed     | an unknown licence
    holder = "                      | holder = "" # "               | licence.holder: must be one line of text                           | nobody's
    note = "Licensed                | source = "Licensed            | licence.note: is missing                                           | no licence note
    kind = "choices"                | kind = "faces"                | scales.often.kind: "faces" is not one of choices, numbers          | an unknown kind
    value = 1                       | value = 0                     | scales.often.choices: must be two or more, their values rising     | a value twice
    value = 1                       | value = "1"                   | scales.often.choices.2.value: must be a whole number               | a text as a value
    value = 4                       | value = 4000                  | scales.often.choices.5.value: must lie between -1000 and 1000      | a value out of bounds
    label = "Rarely"                | label = ""                    | scales.often.choices: a label is empty                             | a choice without words
    label = "Rarely"                | label = "Rarely "             | scales.often.choices.2.label: must be one line of text             | a blank after it
    label = "Rarely"                | text = "Rarely"               | scales.often.choices.2.label: is missing                           | no label
    [scales.often]                  | [scales]¶none = 1¶[scales.often] | scales: must be a table of tables                               | a scale that is a number
    code = "PCS02"                  | code = "PCS01"                | items: PCS01 is there twice                                        | an item twice
    code = "PCS02"                  | code = "pcs 2"                | items.2.code: must be 1 to 8 capital letters and digits            | an item's code
    code = "PCS02"                  | code = "PCSTOT"               | scores: PCSTOT is there twice                                      | an item named as a score
    scale = "often"                 | scale = "seldom"              | items.1.scale: there is no scale "seldom"                          | an unknown scale
    scale = "often"                 | scale = "often"¶colour = 1    | items.1.colour: this key is not known here                         | an unknown key of an item
    text = "I lose trust            | text = "\u202eI lose trust    | items.1.text: must be one line of text                             | a hidden sign
    "PCS01", "PCS02"                | "PCS14", "PCS02"              | scores.PCSTOT.items: PCS14 is not an item                          | a score of an unknown item
    "PCS01", "PCS02"                | "PCS02", "PCS02"              | scores.1.items: PCS02 is there twice                               | an item counted twice
    items = ["PCS08", "PCS09", "PCS10", "PCS11"] | items = []       | scores.2.items: must not be empty                                  | a score of nothing
    method = "sum"                  | method = "product"            | scores.1.method: "product" is not one of sum, mean                 | an unknown method
    minimum = 0                     | minimum = 52                  | scores.1.maximum: must be above the minimum                        | an empty range
    minimum = 0                     | minimum = -inf                | scores.1.minimum: must be a finite number                          | an endless range
    minimum = 0                     | minimum = nan                 | scores.1.minimum: must be a finite number                          | a range of no numbers
    maximum = 52                    | maximum = "52"                | scores.1.maximum: must be a number                                 | a text as a number
    higher_is_worse = true          | higher_is_worse = 1           | scores.1.higher_is_worse: must be true or false                    | a number as a direction
    higher_is_worse = true          |                               | scores.1.higher_is_worse: is missing                               | no direction
    most = 0                        | most = -1                     | scores.1.missing.most: must not be negative                        | fewer gaps than none
    most = 0                        | most = 13                     | scores.1.missing.most: would leave no item answered                | all items may be missing
    prorate = true                  | prorate = "no"                | scores.1.missing.prorate: must be true or false                    | a text as a truth value
    missing = {                     | missing = 0 # {               | scores.1.missing: must be a table                                  | a number as a rule
    points = 8                      | points = 0                    | scores.1.mic.1.points: a change must be more than zero             | a change of nothing
    points = 8                      | points = 8, percent = 30      | scores.1.mic.1.points: give either points or percent               | a change in two units
    points = 8                      | size = 8                      | scores.1.mic.1.points: give either points or percent               | a change in no unit
    source = "Monticone             | source = "", by = "Monticone  | scores.1.mic.1.source: must be one line of text                    | a change from nowhere
    mic = [                         | mics = [                      | scores.1.mics: this key is not known here                          | a key misspelt
"""  # noqa: E501  (each row is one fault, and a fault is one line)


@pytest.mark.parametrize("row", **cases(BROKEN))
def test_a_broken_file_is_refused_with_one_line(row):
    good = (FOLDER / "PCS-1.toml").read_text()
    old, new = row["old"], row["new"].replace("¶", "\n")
    assert old in good

    with pytest.raises(CatalogueError) as refused:
        read("PCS-1.toml", good.replace(old, new, 1).encode())

    assert str(refused.value) == f"PCS-1.toml:{row['fault']}"


def test_a_file_that_is_not_text_is_refused_with_one_line():
    with pytest.raises(CatalogueError, match=r"^PCS-1\.toml:toml: 'utf-8' codec can't decode byte 0xff"):
        read("PCS-1.toml", b"\xff\xfe")


def test_a_scale_of_numbers_needs_an_upper_end():
    nrs = (FOLDER / "NRS24H-1.toml").read_text()

    with pytest.raises(CatalogueError, match=r"^NRS24H-1\.toml:scales\.strength\.maximum: must be above"):
        read("NRS24H-1.toml", nrs.replace("maximum = 10", "maximum = 0", 1).encode())


def test_a_window_may_be_given_in_days():
    nrs = (FOLDER / "NRS24H-1.toml").read_text()

    assert read("NRS24H-1.toml", nrs.replace("hours = 24", "days = 7").encode()).recall.hours == 168


def test_between_its_ends_a_scale_of_numbers_has_no_words():
    labels = [choice.label for choice in catalogue.load("NRS24H").items[0].choices]

    assert labels == ["No pain", *[""] * 9, "As strong as you can think of"]
