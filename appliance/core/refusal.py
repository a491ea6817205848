"""A refusal: the answer "no, because", as a value a person can act on. Never an exception."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Refusal:
    """One broken limit.

    `limit` names the rule, `asked` what was wanted, `allowed` the bound, `nearest` the closest
    thing that would be accepted with everything else left as it is. All are short, with units.
    """

    limit: str
    asked: str
    allowed: str
    nearest: str

    def text(self) -> str:
        """Return one line for a screen, the journal or a terminal."""
        return f"{self.limit}: asked {self.asked}, allowed {self.allowed}; nearest {self.nearest}"


def in_ma(amplitude_ua: int) -> str:
    """Write an amplitude in mA, exactly."""
    return f"{_decimal(amplitude_ua, 3)} mA"


def in_uc(charge_pc: int) -> str:
    """Write a charge in µC, exactly."""
    return f"{_decimal(charge_pc, 6)} µC"


def in_cm2(area_mm2: int) -> str:
    """Write an area in cm², exactly."""
    return f"{_decimal(area_mm2, 2)} cm²"


def in_ms(duration_us: int) -> str:
    """Write a duration in ms, exactly."""
    return f"{_decimal(duration_us, 3)} ms"


def in_seconds(duration_us: int) -> str:
    """Write a duration in seconds, exactly."""
    return f"{_decimal(duration_us, 6)} s"


def in_period(period_us: int) -> str:
    """Write a period exactly, with the rate it means (rounded)."""
    return f"{period_us} µs ({1_000_000 / period_us:.4g} per second)"


def _decimal(value: int, places: int) -> str:
    whole, part = divmod(abs(value), 10**places)
    sign = "-" if value < 0 else ""
    return f"{sign}{whole}.{part:0{places}d}".rstrip("0").rstrip(".")
