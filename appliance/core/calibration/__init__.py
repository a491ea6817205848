"""Calibration of a unit against an instrument: its scales, its certificate, how long it counts.

Pure. Nothing here changes a current: what is set and read still uses the board file alone.
"""
