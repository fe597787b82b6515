"""The one place where a protocol becomes a rule that draws arms."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from randomization.by_counts import BiasedCoin, BigStick, Simple
from randomization.config import Rule
from randomization.maximal import MaximalProcedure
from randomization.minimization import Minimization
from randomization.permuted_blocks import PermutedBlocks
from randomization.urns import BlockUrn, WeiUrn
from trial.protocol import Protocol

RULES: Mapping[str, Callable[..., Rule]] = {
    "permuted-blocks": PermutedBlocks,
    "simple": Simple,
    "biased-coin": BiasedCoin,
    "big-stick": BigStick,
    "wei-urn": WeiUrn,
    "block-urn": BlockUrn,
    "maximal": MaximalProcedure,
    "minimization": Minimization,
}


def rule_of(protocol: Protocol) -> Rule:
    """The rule by which the protocol draws its arms; `ValueError`, `parameter: reason`, if there is none."""
    chosen = protocol.randomization
    return RULES[chosen.design](
        arms=tuple(arm.code for arm in protocol.arms),
        ratio=tuple(arm.ratio for arm in protocol.arms),
        **chosen.parameters,
    )
