"""The configuration that the commitment binds, and the design that it describes (docs/allocation.md)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from inspect import signature

from randomization.design import DESIGNS, Design
from randomization.minimization import Minimization

Rule = Design | Minimization
RULES: Mapping[str, Callable[..., Rule]] = {**DESIGNS, Minimization.alg: Minimization}
IN_CONFIG = {"block_sizes": "blocks"}  # parameters with another name in a configuration


def described(rule: Rule) -> dict[str, object]:
    """The rule's part of a configuration: `alg` and its parameters in the shapes of JSON."""
    parameters = {key: getattr(rule, name) for key, name in _keys(type(rule)).items()}
    shown = {key: list(value) if isinstance(value, tuple) else value for key, value in parameters.items()}
    return {"alg": rule.alg, **shown}


def rule_of(config: Mapping[str, object]) -> Rule:
    """The rule that a configuration describes; ValueError, one line, when it describes none.

    Other keys (study, factors, hashes) are bound by the commitment and mean nothing here.
    """
    alg = config.get("alg")
    if not isinstance(alg, str) or alg not in RULES:
        raise ValueError(f"alg: {alg!r} is not one of {', '.join(RULES)}")
    keys = _keys(RULES[alg])
    if missing := [key for key in keys if key not in config]:
        raise ValueError(f"{missing[0]}: is missing, {alg} needs it")
    try:
        return RULES[alg](**{name: _as_value(config[key]) for key, name in keys.items()})
    except TypeError as error:
        raise ValueError(f"{alg}: a parameter has the wrong shape ({error})") from error


def _keys(rule: Callable[..., Rule]) -> dict[str, str]:
    """For each key of a configuration, the parameter's name."""
    return {IN_CONFIG.get(name, name): name for name in signature(rule).parameters}


def _as_value(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value
