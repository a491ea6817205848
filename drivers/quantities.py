"""Integer base units.

Every time, current and charge in the product is an integer in one of these units, so that charge
balance is an exact equality (1 µA for 1 µs is exactly 1 pC). Floats appear only in the electrical
model of the virtual board and on screens.
"""

from typing import NewType

Microseconds = NewType("Microseconds", int)
Microamps = NewType("Microamps", int)
Millivolts = NewType("Millivolts", int)
Picocoulombs = NewType("Picocoulombs", int)
Ohms = NewType("Ohms", int)
DacCode = NewType("DacCode", int)
"""A 12-bit amplitude code, 0 to 4095; 0 is no output."""
Channel = NewType("Channel", int)
"""An electrode pair with its own current source, numbered from 1."""

US_PER_MS = 1_000
US_PER_S = 1_000_000
NS_PER_US = 1_000
NS_PER_MS = 1_000_000
NS_PER_S = 1_000_000_000
PPM = 1_000_000


def phase_charge_pc(amplitude_ua: int, phase_us: int) -> Picocoulombs:
    """Return the charge of one phase; exact, because 1 µA for 1 µs is 1 pC."""
    return Picocoulombs(amplitude_ua * phase_us)
