"""docs/protocol.md names every key of the protocol file, and none that there is not"""

import re
from dataclasses import fields

import pytest

from tests.spec.protocol.edits import ROOT
from trial import protocol
from trial.protocol import parts, randomization

TABLES = {
    "The file": protocol.Protocol,
    "`[study]`": protocol.Study,
    "`[[sites]]`": protocol.Site,
    "`[[arms]]`": protocol.Arm,
    "`[[eligibility]]`": protocol.Criterion,
    "`[[red_flags]]`": protocol.RedFlag,
    "`[consent]`": protocol.Consent,
    "`[randomization]`": protocol.Randomization,
    "`[[factors]]`": protocol.Factor,
    "`levels` of a factor": protocol.Level,
    "`[[visits]]`": protocol.Visit,
    "`[[estimands]]`": protocol.Estimand,
    "`intercurrent` of an estimand": protocol.IntercurrentEvent,
    "`[debriefing]`": protocol.Debriefing,
}
REFERENCE = (ROOT / "docs" / "protocol.md").read_text(encoding="utf-8")
SECTIONS = dict(part.split("\n", 1) for part in re.split(r"^### ", REFERENCE, flags=re.MULTILINE)[1:])


@pytest.mark.parametrize("heading", TABLES)
def test_the_reference_lists_exactly_the_keys_of(heading):
    keys = re.findall(r"^\| `(\w+)` ", SECTIONS[heading], re.MULTILINE)
    assert keys == [field.name for field in fields(TABLES[heading]) if field.name != "sha256"]


def test_every_part_of_a_protocol_has_its_table():
    made = {part for part in vars(protocol).values() if hasattr(part, "__dataclass_fields__")}
    assert made == set(TABLES.values())


@pytest.mark.parametrize(
    "words", [parts.KINDS, parts.LANGUAGES, list(randomization.DESIGNS), parts.STRATEGIES]
)
def test_the_reference_names_every_word_that_may_be_chosen(words):
    assert [word for word in words if word not in REFERENCE] == []
