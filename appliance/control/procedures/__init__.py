"""Procedures of several ticks: self-test, timing proof, contact check, latch reset."""
