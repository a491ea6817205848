"""The only limit for a test that hangs; no test fails because it is slow."""

HANG_S = 600.0
"""In seconds; enough for the slowest machine: a quarter of a core, or an emulated processor. On any
other machine the tests wait only briefly."""
