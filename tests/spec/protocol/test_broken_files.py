"""A file that is no protocol gives one line and nothing else, whatever its bytes are"""

import os
import tomllib
from datetime import date, datetime, time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.spec.protocol.edits import GOOD, edited
from trial.protocol import ProtocolError, read
from trial.protocol.faults import is_visible
from trial.services.protocol import check, check_file

pytestmark = pytest.mark.slow

BYTES = GOOD.encode()
OFTEN = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])

FILES = {
    "begins with a byte order mark": (
        b"\xef\xbb\xbf" + BYTES,
        "file: begins with a byte order mark; save it as UTF-8 without",
    ),
    "is in Latin-1": (
        edited("Lake hospital", "Spital Zürich").encode("latin-1"),
        "line 29: is not UTF-8; save the file as UTF-8",
    ),
    "is larger than 1 MB": (
        BYTES + b"#" * 1_000_000,
        "file: is larger than 1 MB; a protocol is a short text",
    ),
    "is empty": (b"", "format: is missing; add it"),
    "is binary": (bytes(range(256)), "line 2: is not UTF-8; save the file as UTF-8"),
    "has ten thousand lists in one another": (
        b"format = " + b"[" * 10_000,
        "file: tables are nested too deep",
    ),
    "has a key of ten thousand parts": (
        b"a." * 10_000 + b"a = 1",
        "line 1: tables are nested too deep",
    ),
    "has a table in twenty others": (
        edited("[plan.data]", f"[plan.{'.'.join('abcdefghijklmnopqrst')}]").encode(),
        "file: tables are nested too deep",
    ),
    "has a number of ten thousand digits": (
        b"format = " + b"1" * 10_000,
        "file: holds a number that is too large",
    ),
    "has a number that no float holds": (
        edited("below = 30", f"below = {'9' * 400}").encode(),
        "file: holds a number that is too large",
    ),
    "ends too early": (
        b"format = 1\n\n[study",
        "line 3: is not valid TOML: expected ']' at the end of a table declaration",
    ),
}


@pytest.mark.parametrize("why", FILES)
def test_the_line_says_what_is_wrong_with_a_file_that(why):
    data, line = FILES[why]
    with pytest.raises(ProtocolError) as error:
        check(data, "broken.toml")

    assert str(error.value) == f"broken.toml:{line}"


def test_a_long_dotted_key_takes_no_time():
    """500,000 parts: the parser's own time grows with their square."""
    for part in ("a.", '"a".', "'a' . "):
        with pytest.raises(ProtocolError, match="nested too deep"):
            check((part * (900_000 // len(part)) + "a = 1").encode(), "broken.toml")


def test_a_file_must_be_there(tmp_path):
    with pytest.raises(ProtocolError) as error:
        check_file(tmp_path / "none.toml")
    assert str(error.value) == f"{tmp_path}/none.toml:file: cannot be read: No such file or directory"


def test_a_folder_is_no_protocol(tmp_path):
    with pytest.raises(ProtocolError) as error:
        check_file(tmp_path)
    assert str(error.value) == f"{tmp_path}:file: is a folder; name a protocol file"


def test_a_name_that_no_file_can_have_is_refused(tmp_path):
    with pytest.raises(ProtocolError, match="file: cannot be read: the name cannot be used"):
        check_file(tmp_path / "a\0b")


def test_no_more_is_read_than_a_protocol_may_have(tmp_path):
    endless = tmp_path / "endless.toml"
    endless.touch()
    os.truncate(endless, 10**12)
    assert len(read(endless)) == 1_000_001


def test_a_file_name_with_a_line_break_gives_one_line():
    with pytest.raises(ProtocolError) as error:
        check(b"", "a\nb.toml")
    assert str(error.value) == "a\\nb.toml:format: is missing; add it"


# Nobody thought of these -----------------------------------------------------------------------------


def is_one_clear_line(error):
    line = str(error)
    return (
        line.startswith("broken.toml:")
        and ": " in line[12:]
        and len(line) < 400
        and all(map(is_visible, line))
    )


def fault_of(data):
    """The error that the bytes give; None when they are a good protocol. Any other exception is a bug."""
    try:
        check(data, "broken.toml")
    except ProtocolError as error:
        return error
    return None


def passes_or_gives_one_line(data):
    error = fault_of(data)
    assert error is None or is_one_clear_line(error)


@OFTEN
@given(
    st.lists(
        st.tuples(st.integers(0, len(BYTES)), st.integers(0, 40), st.binary(max_size=4)),
        min_size=1,
        max_size=4,
    )
)
def test_changed_bytes_give_one_line_or_pass(changes):
    data = BYTES
    for place, length, new in changes:
        data = data[:place] + new + data[place + length :]
    passes_or_gives_one_line(data)


@OFTEN
@given(st.text(max_size=200))
def test_any_text_gives_one_line(text):
    passes_or_gives_one_line(text.encode("utf-8", "surrogatepass"))


def nodes(value):
    """Every table and list of the protocol."""
    if isinstance(value, (dict, list)):
        yield value
        for inner in value.values() if isinstance(value, dict) else value:
            yield from nodes(inner)


def toml(value):
    """A value as TOML, tables inline."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{toml(key)} = {toml(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    if isinstance(value, str):
        return '"' + "".join(sign if sign.isalnum() else f"\\U{ord(sign):08x}" for sign in value) + '"'
    if isinstance(value, (date, time)):
        return value.isoformat()
    return str(value).lower()


def text_of(tables):
    return "\n".join(f"{toml(key)} = {toml(value)}" for key, value in tables.items())


SCALARS = st.one_of(
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(alphabet=st.characters(codec="utf-8"), max_size=80),
    st.sampled_from([date(2026, 1, 1), datetime(2026, 1, 1, 12), time(12)]),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["id", "code", "x"]), inner),
    max_leaves=4,
)


def test_the_example_written_inline_is_the_same_protocol():
    again = check(text_of(tomllib.loads(GOOD)).encode(), "again.toml")
    first = check(BYTES, "first.toml")
    assert again.study == first.study
    assert again.visits == first.visits
    assert again.plan_tables == first.plan_tables


@OFTEN
@given(st.data())
def test_what_is_deleted_or_replaced_gives_one_line_or_passes(data):
    tables = tomllib.loads(GOOD)
    for _ in range(data.draw(st.integers(1, 3))):
        node = data.draw(st.sampled_from([node for node in nodes(tables) if node]))
        place = data.draw(st.sampled_from(list(node) if isinstance(node, dict) else range(len(node))))
        if data.draw(st.booleans()):
            del node[place]
        else:
            node[place] = data.draw(VALUES)
    passes_or_gives_one_line(text_of(tables).encode("utf-8", "surrogatepass"))
