"""The protocol file: it *is* the trial. TOML in, frozen dataclasses that check themselves out; and its hash.

Plain Python. What takes the catalogue of questionnaires or the analysis plan to judge is checked in
`trial.services.protocol`.
"""

from trial.protocol.faults import Fault, ProtocolError
from trial.protocol.model import Protocol
from trial.protocol.parts import (
    Arm,
    Consent,
    Criterion,
    Debriefing,
    Estimand,
    Factor,
    IntercurrentEvent,
    Level,
    RedFlag,
    Site,
    Study,
)
from trial.protocol.randomization import Randomization
from trial.protocol.reading import parse, read
from trial.protocol.schedule import Visit, Window

__all__ = [
    "Arm",
    "Consent",
    "Criterion",
    "Debriefing",
    "Estimand",
    "Factor",
    "Fault",
    "IntercurrentEvent",
    "Level",
    "Protocol",
    "ProtocolError",
    "Randomization",
    "RedFlag",
    "Site",
    "Study",
    "Visit",
    "Window",
    "parse",
    "read",
]
