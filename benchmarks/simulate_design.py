"""How long it takes to simulate 10,000 trials of 200 participants, and what the designs then look like.

    python -m benchmarks.simulate_design [TRIALS]

Three factors, one of them 8 sites. Seconds are processor seconds, of all threads together: what one core
would need. The generator's seed is 20, so that the figures come back; the seconds depend on the machine.
"""

from __future__ import annotations

import sys
import time

import numpy as np

from randomization.by_counts import BiasedCoin, BigStick, Simple
from randomization.config import Rule
from randomization.design import PermutedBlocks, strata
from randomization.maximal import MaximalProcedure
from randomization.minimization import Minimization
from randomization.simulate import Population, Simulated, balance, simulate
from randomization.urns import BlockUrn, WeiUrn

TRIALS, PARTICIPANTS, SEED = 10_000, 200, 20
ARMS, EQUAL = ("factual", "reassuring"), (1, 1)
FACTORS = {"site": tuple("12345678"), "age": ("younger", "older"), "pain": ("lower", "higher")}
POPULATION = Population(strata(FACTORS), (1 / 32,) * 32)
WEIGHTS = dict.fromkeys(FACTORS, 1)
RULES: dict[str, Rule] = {
    "minimization, range, 4/5": Minimization(ARMS, EQUAL, (4, 5), "range", WEIGHTS),
    "minimization, variance, 4/5": Minimization(ARMS, EQUAL, (4, 5), "variance", WEIGHTS),
    "permuted blocks of 4, 6": PermutedBlocks(ARMS, EQUAL, (4, 6)),
    "maximal procedure, 8, limit 2": MaximalProcedure(ARMS, EQUAL, 8, 2),
    "big stick, limit 3": BigStick(ARMS, EQUAL, 3),
    "biased coin, 2/3": BiasedCoin(ARMS, EQUAL, (2, 3)),
    "Wei's urn, 0, 1": WeiUrn(ARMS, EQUAL, 0, 1),
    "block urn of 2 sets": BlockUrn(ARMS, EQUAL, 2),
    "simple": Simple(ARMS, EQUAL),
}


def timed(rule: Rule, trials: int) -> tuple[Simulated, float]:
    """The simulated trials, and the processor seconds that they took."""
    began = time.process_time()
    found = simulate(rule, POPULATION, PARTICIPANTS, trials, np.random.default_rng(SEED))
    return found, time.process_time() - began


def line(name: str, rule: Rule, trials: int) -> str:
    """One rule's seconds; how far the arms and the worst level are apart; what can be guessed."""
    found, seconds = timed(rule, trials)
    apart = balance(found)
    level = max(level.mean for level in apart.levels.values())
    guessed, certain = 100 * found.convergence, 100 * found.certain
    return (
        f"{name:30} {seconds:8.2f} {apart.overall.mean:8.2f} {apart.overall.most_95:8.0f}"
        f" {level:8.2f} {guessed:8.1f} {certain:8.1f}"
    )


def main(trials: int = TRIALS) -> None:
    print(f"{trials} trials of {PARTICIPANTS} participants, {len(POPULATION.strata)} strata, seed {SEED}")
    print(f"{'design':30} {'seconds':>8} {'apart':>8} {'95 %':>8} {'level':>8} {'guessed':>8} {'certain':>8}")
    for name, rule in RULES.items():
        print(line(name, rule, trials), flush=True)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
