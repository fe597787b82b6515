"""Numbers as a journal prints them."""

from __future__ import annotations

import math

MINUS = "\N{MINUS SIGN}"
DASH = "\N{EN DASH}"


def decimals(spread: float) -> int:
    """The decimals to print next to this standard error: two, fewer for a large one, more for a tiny one."""
    if spread <= 0 or not math.isfinite(spread) or 0.1 <= spread < 10:
        return 2
    return 1 if spread >= 10 else min(6, 1 - math.floor(math.log10(spread)))


def number(value: float, digits: int, minus: str = MINUS) -> str:
    """The value with so many decimals; never a negative zero."""
    text = f"{value:.{digits}f}"
    return text.replace("-", "" if float(text) == 0 else minus)


def interval(lower: float, upper: float, digits: int, minus: str = MINUS) -> str:
    """`1.2 to 3.4`: a dash could be taken for a minus."""
    return f"{number(lower, digits, minus)} to {number(upper, digits, minus)}"


def p_value(p: float) -> str:
    """Three decimals, `< 0.001` below that, `> 0.999` above."""
    if p < 0.001:
        return "< 0.001"
    return "> 0.999" if p > 0.999 else f"{p:.3f}"


def p_phrase(p: float) -> str:
    """`p = 0.034` or `p < 0.001`."""
    told = p_value(p)
    return f"p {told}" if told[0] in "<>" else f"p = {told}"


def percent(part: int, whole: int) -> str:
    """`80.0 %`, a dash when there is no whole."""
    return f"{100 * part / whole:.1f} %" if whole else DASH


def level(alpha: float) -> str:
    """The confidence level: `95 %`."""
    return f"{100 * (1 - alpha):g} %"
