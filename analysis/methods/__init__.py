"""The methods of analysis, one a module: plain functions from a data frame to a frozen result."""

NAMES = ("ancova",)
ROBUST = ("HC0", "HC1", "HC2", "HC3")
