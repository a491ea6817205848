"""The last resort: gates off without the daemon, through the kernel's GPIO character device.

A line is claimed as an output at low, then released, which leaves it an input: a wave that still
plays can no longer drive it, and its external pull-down holds the gate off. LDAC comes last and is
held low by the pull-down that GPIO 9 to 27 have after boot (BCM2835, table 6-31). With LDAC low a
code of 0 acts at once; no strobe would come any more to apply it.
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
        """Set every gate low, then LDAC.

        Every line is tried; raises `LineFailed` that names those that failed.
        """
        failures = []
        for pin in self._pins:
            try:
                OutputDevice(pin, initial_value=False, pin_factory=self._factory).close()
            except self._errors as error:
                failures.append(f"BCM {pin}: {error}")
        if failures:
            raise LineFailed("gates not cleared: " + "; ".join(failures))
