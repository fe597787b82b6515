"""What to think again about before a design is sealed (integrity.md G7, D6, D7)."""

from __future__ import annotations

from randomization.minimization import Minimization
from randomization.permuted_blocks import PermutedBlocks
from randomization.simulate.trials import Simulated

REFUSED, DOUBTFUL = 0.05, 0.025  # shares of the arms that a guesser knows with certainty
HIGHEST_P = 0.8


def refusals(simulated: Simulated, recruiters_see_arms: bool) -> list[str]:
    """Reasons not to use the design at all, a sentence each."""
    if recruiters_see_arms and simulated.certain > REFUSED:
        return [
            f"{_percent(simulated.certain)} of the arms are known beforehand to recruiters who see past "
            f"arms; at most {_percent(REFUSED)} is allowed."
        ]
    return []


def warnings(simulated: Simulated, recruiters_see_arms: bool, site: str = "site") -> list[str]:
    """Reasons to think again, a sentence each; `site` is the factor that names the place of recruiting."""
    found = []
    rule, strata = simulated.rule, simulated.population.strata
    if recruiters_see_arms and DOUBTFUL < simulated.certain <= REFUSED:
        found.append(
            f"{_percent(simulated.certain)} of the arms are known beforehand to recruiters who see past arms."
        )
    if recruiters_see_arms and isinstance(rule, PermutedBlocks) and any(site in s for s in strata):
        found.append("Recruiters who see past arms can guess blocks within their own site (Kahan 2015).")
    if isinstance(rule, Minimization) and rule.p[0] > HIGHEST_P * rule.p[1]:
        found.append(f"Minimization with p above {HIGHEST_P} can be foreseen (McPherson 2013).")
    return found


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"
