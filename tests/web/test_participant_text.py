"""A plain text as paragraphs and lists"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trial.web.participant.text import Block, blocks

TEXTS = [
    ("One.", (Block("One."),)),
    ("One.\n\nTwo.", (Block("One."), Block("Two."))),
    ("One,\nstill one.", (Block("One,\nstill one."),)),
    ("Seen:\n- a\n- b\nEnd.", (Block("Seen:"), Block(items=("a", "b")), Block("End."))),
    ("- a\n\n- b", (Block(items=("a",)), Block(items=("b",)))),
    ("-1 is no list", (Block("-1 is no list"),)),
    ("One.\r\n\r\n- a", (Block("One."), Block(items=("a",)))),
    ("\n\n  \n", ()),
]


@pytest.mark.parametrize(("text", "expected"), TEXTS)
def test_empty_lines_part_paragraphs_and_dashes_make_lists(text, expected):
    assert blocks(text) == expected


@given(st.text(st.sampled_from("ab -\n\r\t<"), max_size=60))
def test_no_word_is_lost(text):
    shown = "".join(block.paragraph + "".join(block.items) for block in blocks(text))

    assert "".join(shown.split()).replace("-", "") == "".join(text.split()).replace("-", "")
