"""Assemble rigs, on hardware or on the virtual board: opened in order, closed in reverse."""
