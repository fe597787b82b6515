"""The pages: a view parses, calls one service or selector, renders."""
