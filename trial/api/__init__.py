"""The API: an operation parses, calls one service or selector, and renders. None of them tells an arm."""
