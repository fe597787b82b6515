"""From the bytes of a TOML file to a checked protocol. The dataclasses say which keys there are."""

from __future__ import annotations

import difflib
import hashlib
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from types import UnionType
from typing import TYPE_CHECKING, TypeVar, get_args, get_origin, get_type_hints

from trial.protocol.faults import Fault, ProtocolError, escaped, join, key_of
from trial.protocol.model import Protocol
from trial.protocol.rules import either, require

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

LARGEST = 1_000_000  # bytes
DEEPEST = 12  # tables within tables; a protocol needs five
LARGEST_NUMBER = 10**15  # TOML's integers have no end, a float's do
MOST_SUGGESTED = 8  # keys that a line can name
LONG_KEY = re.compile(r"""(?<![\w-])(?:(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+){40}""")
PLACE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")

T = TypeVar("T", bound="DataclassInstance")


def read(path: Path) -> bytes:
    """A protocol's bytes; `ProtocolError` when there is no such file or it is too large."""
    try:
        with path.open("rb") as file:
            return file.read(LARGEST + 1)
    except IsADirectoryError:
        raise ProtocolError(str(path), "file", "is a folder; name a protocol file") from None
    except (OSError, ValueError) as error:
        said = getattr(error, "strerror", None) or "the name cannot be used"
        raise ProtocolError(str(path), "file", f"cannot be read: {said}") from None


def parse(data: bytes, source: str) -> Protocol:
    """The protocol that a file's bytes hold; `ProtocolError` names the first fault."""
    try:
        tables = _tables(data)
        return build(Protocol, tables, sha256=hashlib.sha256(data).hexdigest())
    except Fault as fault:
        raise ProtocolError(source, fault.key, fault.reason) from None


def _tables(data: bytes) -> dict[str, object]:
    require(len(data) <= LARGEST, "file", "is larger than 1 MB; a protocol is a short text")
    require(
        not data.startswith(b"\xef\xbb\xbf"),
        "file",
        "begins with a byte order mark; save it as UTF-8 without",
    )
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        row = data.count(b"\n", 0, error.start) + 1
        raise Fault(f"line {row}", "is not UTF-8; save the file as UTF-8") from None
    # The parser's time grows with the square of a dotted key's length, so such a key stops here.
    if long_key := LONG_KEY.search(text):
        raise Fault(f"line {text.count(chr(10), 0, long_key.start()) + 1}", "tables are nested too deep")
    tables = _toml(text)
    _check_shape(tables)
    return tables


def _toml(text: str) -> dict[str, object]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = PLACE.search(str(error))
        last = text.count("\n") + 1
        row = place[1] if place and place[1] else last
        said = escaped(PLACE.sub("", str(error)))[:60]
        raise Fault(f"line {row}", f"is not valid TOML: {said[:1].lower()}{said[1:]}") from None
    except RecursionError:
        raise Fault("file", "tables are nested too deep") from None
    except ValueError:  # a number of thousands of digits
        raise Fault("file", "holds a number that is too large") from None


def _check_shape(tables: object) -> None:
    """Neither depth nor numbers without end; without recursion, so that no file can exhaust the stack."""
    level = [tables]
    for _ in range(DEEPEST):
        inner = [list(value.values()) if isinstance(value, dict) else value for value in level]
        level = [each for values in inner if isinstance(values, list) for each in values]
        small = all(abs(value) < LARGEST_NUMBER for value in level if isinstance(value, int))
        require(small, "file", "holds a number that is too large")
    require(not any(isinstance(value, (dict, list)) for value in level), "file", "tables are nested too deep")


# A dataclass from its table -------------------------------------------------------------------------


def build(kind: type[T], table: Mapping[str, object], **given: object) -> T:
    """The dataclass that a table holds: every key known, none missing, each of its field's type.

    `given` are the fields that are no keys. The path of a `Fault` begins at the table.
    """
    known = {field.name: field for field in fields(kind) if field.name not in given}
    for key in table:
        if key not in known:
            raise Fault(key_of(key), _unknown(key, list(known)))
    values = dict(given)
    for name, field in known.items():
        if name in table:
            values[name] = _value(_hints(kind)[name], table[name], name)
        elif field.default is MISSING:
            raise Fault(name, "is missing; add it")
    make: Callable[..., T] = kind
    return make(**values)


def _unknown(key: str, known: list[str]) -> str:
    likely = difflib.get_close_matches(key[:60], known, n=1)
    if likely:
        return f"is not a key here; did you mean {likely[0]}?"
    if len(known) > MOST_SUGGESTED:
        return "is not a key here; docs/protocol.md lists those that are"
    return f"is not a key here; use {either(known)}"


@cache
def _hints(kind: type) -> Mapping[str, object]:
    return get_type_hints(kind)


def _value(hint: object, raw: object, path: str) -> object:
    """The value of a field, checked against the field's type."""
    if get_origin(hint) is tuple:
        return _each(get_args(hint)[0], raw, path)
    if isinstance(hint, UnionType):  # `float | None`: TOML has no null, so what stands there is the float
        return _value(get_args(hint)[0], raw, path)
    if isinstance(hint, type) and is_dataclass(hint):
        return _part(hint, raw, path)
    wanted, fits = PLAIN[get_origin(hint) or hint]
    require(fits(raw), path, f"must be {wanted}")
    return raw


def _each(hint: object, raw: object, path: str) -> tuple[object, ...]:
    if not isinstance(raw, list):
        raise Fault(
            path, "must be a list of tables, each under [[…]]" if is_dataclass(hint) else "must be a list"
        )
    return tuple(_value(hint, value, f"{path}[{index}]") for index, value in enumerate(raw))


def _part(kind: type[DataclassInstance], raw: object, path: str) -> object:
    if not isinstance(raw, dict):
        raise Fault(path, "must be a table")
    try:
        return build(kind, raw)
    except Fault as fault:
        raise Fault(join(path, fault.key), fault.reason) from None


def _is_number(raw: object) -> bool:
    return isinstance(raw, (int, float)) and not isinstance(raw, bool)


PLAIN: Mapping[object, tuple[str, Callable[[object], bool]]] = {
    str: ("a text in quotation marks", lambda raw: isinstance(raw, str)),
    int: ("a whole number", lambda raw: isinstance(raw, int) and not isinstance(raw, bool)),
    bool: ("true or false", lambda raw: isinstance(raw, bool)),
    float: ("a number", _is_number),
    date: ("a date such as 2026-01-15", lambda raw: isinstance(raw, date) and not isinstance(raw, datetime)),
    Mapping: ("a table", lambda raw: isinstance(raw, dict)),
}
