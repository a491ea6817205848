"""The last resort: gates off without the daemon, through the kernel's GPIO character device.

A line is claimed as an output at low, then given back, which leaves it an input: then no wave that
still plays can drive it, and its external pull-down holds the gate off. LDAC comes last: low, held
there by the pull-down GPIO 9 to 27 have after boot (BCM2835, table 6-31), it lets a code of 0 act
at once, where nothing else would strobe it any more.
"""

from typing import Any

from gpiozero import OutputDevice

from drivers.errors import LineFailed
from drivers.gpio.lines import library_errors


class KernelGates:
    """The gates of a board, and its LDAC, behind a gpiozero pin factory (lgpio on a Pi)."""

    def __init__(self, factory: Any, gates: tuple[int, ...], ldac_n: int) -> None:
        self._factory = factory
        self._pins = (*gates, ldac_n)
        self._errors = library_errors()

    def clear(self) -> None:
        """Take every gate low, then LDAC; all are tried, then `LineFailed` names what failed."""
        failures = []
        for pin in self._pins:
            try:
                OutputDevice(pin, initial_value=False, pin_factory=self._factory).close()
            except self._errors as error:
                failures.append(f"BCM {pin}: {error}")
        if failures:
            raise LineFailed("gates not cleared: " + "; ".join(failures))
