"""What an answer may be (integrity.md T39): an integer of the scale, or one line why not"""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from instruments import catalogue
from instruments.answers import AnswerError, Missing, check_answer
from instruments.model import Choice, Item, Scale, ScaleKind

ITEM = catalogue.load("PCS").items[2]
WHOLE = "is not a whole number in the digits 0 to 9"


@pytest.mark.parametrize(("raw", "value"), [(0, 0), (3, 3), (4, 4), ("0", 0), ("3", 3), ("4", 4)])
def test_a_value_of_the_scale_is_accepted(raw, value):
    assert check_answer(ITEM, raw) == value


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (7, "7 is not between 0 and 4"),
        (-1, "-1 is not between 0 and 4"),
        ("7", "7 is not between 0 and 4"),
        ("-1", "-1 is not between 0 and 4"),
        (10**5000, "this number is not between 0 and 4"),
        ("", "there is no answer"),
        (None, "there is no answer"),
        (" 3 ", f'" 3 " {WHOLE}'),
        ("3\n", f'"3?" {WHOLE}'),
        ("03", f'"03" {WHOLE}'),
        ("+3", f'"+3" {WHOLE}'),
        ("-0", f'"-0" {WHOLE}'),
        ("3.0", f'"3.0" {WHOLE}'),
        ("3,0", f'"3,0" {WHOLE}'),
        ("NaN", f'"NaN" {WHOLE}'),
        ("1e309", f'"1e309" {WHOLE}'),
        ("0x3", f'"0x3" {WHOLE}'),
        ("1_0", f'"1_0" {WHOLE}'),
        ("\u0663", f'"\u0663" {WHOLE}'),  # Arabic-Indic three
        ("\uff13", f'"\uff13" {WHOLE}'),  # full-width three
        ("\u00b3", f'"\u00b3" {WHOLE}'),  # superscript three
        ("\U0001f600", f'"\U0001f600" {WHOLE}'),
        ("3\x00", f'"3?" {WHOLE}'),
        ("\u202e3", f'"?3" {WHOLE}'),  # turns the reading direction
        ("\ud800", f'"?" {WHOLE}'),  # half of a surrogate pair
        ("9" * 1_000_000, f'"{"9" * 20}…" {WHOLE}'),
        ("x" * 1_000_000, f'"{"x" * 20}…" {WHOLE}'),
        ("'; DROP TABLE x; --", f'"\'; DROP TABLE x; --" {WHOLE}'),
        (3.0, f"this {WHOLE}"),
        (float("nan"), f"this {WHOLE}"),
        (True, f"this {WHOLE}"),
        ([3], f"this {WHOLE}"),
        ({"value": 3}, f"this {WHOLE}"),
        (b"3", f"this {WHOLE}"),
        (Missing.SKIPPED, f"this {WHOLE}"),
    ],
    ids=lambda value: ascii(value)[:24] if isinstance(value, str) else type(value).__name__,
)
def test_anything_else_is_refused_in_one_short_line(raw, reason):
    with pytest.raises(AnswerError) as refused:
        check_answer(ITEM, raw)

    assert (refused.value.code, refused.value.reason) == ("PCS03", reason)
    assert str(refused.value) == f"PCS03: {reason}"


def test_a_gap_between_the_choices_is_no_answer():
    scale = Scale(ScaleKind.CHOICES, (Choice(1, "No"), Choice(5, "Yes")))

    with pytest.raises(AnswerError, match=r"^SKIP01: 3 is not one of the choices$"):
        check_answer(Item("SKIP01", "Did you skip?", scale), "3")


@settings(deadline=None)
@given(st.text() | st.integers().map(str) | st.from_regex(r"\s?[+-]?\d{1,3}\s?", fullmatch=True))
def test_text_is_an_answer_only_if_it_is_written_as_the_platform_writes_it(raw):
    if raw in {"0", "1", "2", "3", "4"}:
        assert check_answer(ITEM, raw) == int(raw)
        return
    with pytest.raises(AnswerError) as refused:
        check_answer(ITEM, raw)
    assert str(refused.value).isprintable()
    assert len(str(refused.value)) < 100


def test_the_four_ways_of_not_answering_are_told_apart():
    assert [missing.value for missing in Missing] == ["skipped", "declined", "not_applicable", "not_shown"]
