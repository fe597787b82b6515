"""The page of the threats names all of them, and tests that exist"""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "threats.md").read_text()
NAMED = sorted(set(re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", PAGE)))


def _tests(path):
    if not path.exists():
        return set()
    return {node.name for node in ast.parse(path.read_text()).body if isinstance(node, ast.FunctionDef)}


def test_each_threat_has_its_row():
    assert re.findall(r"^\| (T\d+) \|", PAGE, re.MULTILINE) == [f"T{number}" for number in range(1, 71)]


def test_every_test_that_is_named_exists():
    missing = [f"{path}::{name}" for path, name in NAMED if name not in _tests(ROOT / path)]

    assert len(NAMED) > 70
    assert missing == []


def test_where_there_is_no_test_the_page_says_why():
    rows = [line for line in PAGE.splitlines() if re.match(r"\| T\d+ \|", line)]
    bare = [row for row in rows if "::" not in row]

    assert [row[:6] for row in bare if not re.search("not built|there are none|import-linter", row)] == []
