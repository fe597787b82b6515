"""The randomization of a protocol: the design's word and its own parameters, and no other design's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from trial.protocol.faults import Fault, key_of, shown
from trial.protocol.rules import between, distinct, filled, one_of, require

DESIGNS: Mapping[str, tuple[str, ...]] = {  # the parameters of each
    "permuted-blocks": ("block_sizes",),
    "simple": (),
    "biased-coin": ("p",),
    "big-stick": ("limit",),
    "wei-urn": ("start", "added"),
    "block-urn": ("sets",),
    "maximal": ("length", "limit"),
    "minimization": ("p", "measure", "weights", "within"),
}
PARAMETERS = tuple(dict.fromkeys(name for names in DESIGNS.values() for name in names))
OPTIONAL = {"within"}


@dataclass(frozen=True, slots=True)
class Randomization:
    """How arms are drawn; without `stratify_by` all participants are one stratum.

    What a parameter's value may be beyond its shape, the design itself says: `trial.services.design`.
    """

    design: str
    stratify_by: tuple[str, ...]
    block_sizes: tuple[int, ...] | None = None
    p: tuple[int, ...] | None = None
    limit: int | None = None
    start: int | None = None
    added: int | None = None
    sets: int | None = None
    length: int | None = None
    measure: str | None = None
    weights: Mapping[str, int] | None = None
    within: tuple[str, ...] | None = None

    def __post_init__(self) -> None:
        one_of("design", self.design, DESIGNS)
        distinct("stratify_by", self.stratify_by)
        self._check_which()
        if self.block_sizes is not None:
            _check_blocks(self.block_sizes)
        self._check_factors()

    def _check_which(self) -> None:
        own = DESIGNS[self.design]
        for name in PARAMETERS:
            given = getattr(self, name) is not None
            require(given or name not in own or name in OPTIONAL, name, "is missing; add it")
            require(not given or name in own, name, f"is no parameter of {self.design}; leave it out")

    def _check_factors(self) -> None:
        """Minimization weighs the factors that people are stratified by, each of them and no other."""
        weights, within = self.weights or {}, self.within or ()
        for code, weight in weights.items():
            key = f"weights.{key_of(code)}"
            require(code in self.stratify_by, key, "is not in stratify_by; add it there or drop it here")
            if not isinstance(weight, int) or isinstance(weight, bool):
                raise Fault(key, "must be a whole number")
        distinct("within", within)
        for index, code in enumerate(within):
            require(code in self.stratify_by, f"within[{index}]", f"{shown(code)} is not in stratify_by")
        for index, code in enumerate(self.stratify_by if self.is_minimization else ()):
            used = code in weights or code in within
            require(used, f"stratify_by[{index}]", f"{shown(code)} is neither in weights nor in within")

    @property
    def is_minimization(self) -> bool:
        """Whether there is no list of slots, so that no stratum can be too small."""
        return self.design == "minimization"

    @property
    def parameters(self) -> dict[str, object]:
        """The design's own parameters, those left out apart."""
        values = {name: getattr(self, name) for name in DESIGNS[self.design]}
        return {name: value for name, value in values.items() if value is not None}


def _check_blocks(sizes: tuple[int, ...]) -> None:
    filled("block_sizes", sizes)
    for index, size in enumerate(sizes):
        between(f"block_sizes[{index}]", size, 2, 200)
    distinct("block_sizes", [str(size) for size in sizes])
