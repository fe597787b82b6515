"""What a design will do, before anyone is enrolled. The only part of this library that needs NumPy."""

from randomization.simulate.advice import refusals, warnings
from randomization.simulate.balance import Apart, Balance, balance
from randomization.simulate.trials import Population, Simulated, simulate

__all__ = ["Apart", "Balance", "Population", "Simulated", "balance", "refusals", "simulate", "warnings"]
