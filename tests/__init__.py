"""The specification: `pytest --collect-only -q` reads as what the platform promises."""
