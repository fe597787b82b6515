"""A coin that favours arms which are behind, kept fair to an unequal ratio.

Han, Enas and McEntegart (Stat Med 2009;28:3329) give each arm its own probability of being taken when it is
preferred, such that an arm which nothing prefers still gets its part. With q = 1 - p, ratio r, R its sum
and m its smallest part, the preferred arm k is taken with 1 - q (R - r_k)/(R - m), another arm i with
q r_i/(R - m). With an equal ratio that is Efron's coin: p, and q shared among the others.
"""

from __future__ import annotations

from collections.abc import Sequence

from randomization.ratio import Fraction, Ratio, Weights

LARGEST_DENOMINATOR = 10**6


def check_coin(p: Fraction, ratio: Ratio) -> None:
    """ValueError unless p is a fraction of whole numbers that favours the preferred arm."""
    if len(p) != 2:
        raise ValueError("p: a numerator and a denominator, both whole numbers")
    numerator, denominator = p
    if not 0 < numerator <= denominator <= LARGEST_DENOMINATOR:
        raise ValueError("p: more than 0, at most 1, with a denominator up to a million")
    if numerator * sum(ratio) <= denominator * min(ratio):
        raise ValueError("p: no more than what the smallest arm gets anyway; nothing would be favoured")


def taken(preferred: int, ratio: Ratio, p: Fraction) -> Fraction:
    """The probability that the preferred arm is taken."""
    numerator, denominator = p
    whole = (sum(ratio) - min(ratio)) * denominator
    return whole - (sum(ratio) - ratio[preferred]) * (denominator - numerator), whole


def coin_weights(preferred: Sequence[int], ratio: Ratio, p: Fraction) -> Weights:
    """The weight of each arm when one of the `preferred` is chosen in the ratio, then the coin thrown."""
    weights = [0] * len(ratio)
    for arm in preferred:
        for other, weight in enumerate(_weights(arm, ratio, p)):
            weights[other] += ratio[arm] * weight
    return tuple(weights)


def _weights(preferred: int, ratio: Ratio, p: Fraction) -> Weights:
    favoured, _ = taken(preferred, ratio, p)
    miss = p[1] - p[0]
    return tuple(favoured if arm == preferred else miss * part for arm, part in enumerate(ratio))
