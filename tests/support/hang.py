"""The one guard against a test that hangs; it judges no test by its time."""

HANG_S = 600.0
"""Minutes, for the slowest machine: a quarter of one core, or an emulated processor. What is
waited for comes at once on any other."""
