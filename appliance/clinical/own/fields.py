"""Every number of a draft by its name: its unit, its outer bounds, and the steps of its keys.

The bounds are those beyond which a number is a slip of the unit or of the hand; they are never
wider than the core's limits need, and the core's limits hold inside them. Those without a source
are (D).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

import msgspec

from appliance.clinical.own.draft import OwnDraft, OwnTrain, parts_of, with_part
from appliance.core.limits import limits
from appliance.core.prescription.waveform import Leading
from appliance.texts.common_phrases import bare_microseconds, seconds
from appliance.texts.text import (
    Text,
    TextValue,
    microamps,
    microseconds,
    percent,
    square_millimetres,
    text,
)
from drivers.quantities import US_PER_MS, US_PER_S

US_PER_MIN = 60 * US_PER_S
CEILING_STEP_UA = 1_000
HOLD_ORDER = 4
"""So many cycles of a carrier always leave the same phase held (`appliance.clinical.catalogue`)."""


class Field(NamedTuple):
    """A number: the unit in its name, and every value that its keys lead to, in their order."""

    unit: str
    values: Sequence[int]

    @property
    def least(self) -> int:
        """Return the smallest value there may be."""
        return self.values[0]

    @property
    def step(self) -> int:
        """Return how far one key goes, the smallest where some are longer."""
        return self.values[1] - self.values[0]

    @property
    def most(self) -> int:
        """Return the largest value there may be."""
        return self.values[-1]


def _steps(unit: str, least: int, most: int, step: int = 1) -> Field:
    return Field(unit, range(least, most + 1, step))


_RATE = _steps("Hz", 1, US_PER_S // limits.PERIOD_MIN_US)
_PHASE = _steps("us", limits.PHASE_MIN_US, limits.PHASE_MAX_US, 10)
OF_TRAIN: Mapping[str, Field] = {
    "rate_hz": _RATE,
    "phase_us": _PHASE,
    "interphase_us": _steps("us", limits.INTERPHASE_MIN_US, limits.INTERPHASE_MAX_US, 10),
    "share_percent": _steps("percent", limits.SHARE_MIN_PERCENT, limits.SHARE_MAX_PERCENT, 5),
    "duration_s": _steps("s", 10, 3_600, 10),
    "after_ms": _steps("ms", 1_000, 30_000, 500),
    # A level is set in a plateau: one of less than half a second is none (D).
    "times.plateau_ms": _steps("ms", 500, limits.PLATEAU_MAX_US // US_PER_MS, 100),
    "times.off_ms": _steps("ms", 1_000, 120_000, 500),
    "times.ramp_up_ms": _steps("ms", 500, 10_000, 100),
    "times.ramp_down_ms": _steps("ms", 500, 10_000, 100),
    "burst.pulses": _steps("count", 1, 100),
    "burst.rate_hz": _RATE,
    "sweep.cycle_s": _steps("s", 1, 60),
    "sweep.rate_hz": _RATE,
    "sweep.phase_us": _PHASE,
    "carrier_cycles": Field("count", tuple(n for n in range(1, 100) if n % HOLD_ORDER)),
}
"""By the name behind that of the part, in the order in which a screen shows them."""
OF_SESSION: Mapping[str, Field] = {
    "minutes": _steps("min", 1, limits.SESSION_MAX_US // US_PER_MIN),
    # Below the 2 mA of a contact check there is no treatment.
    "ceiling_ua": _steps("uA", 2_000, limits.PEAK_UA, CEILING_STEP_UA),
    "pad_area_mm2": _steps("mm2", limits.PAD_MIN_MM2, limits.PAD_MAX_MM2, 100),
}
_QUANTITY: Mapping[str, Callable[[int], TextValue]] = {
    "Hz": lambda value: text("per_second", rate=value),
    "us": bare_microseconds,
    "ms": lambda value: microseconds(value * US_PER_MS),
    "s": lambda value: seconds(value * US_PER_S),
    "min": lambda value: text("own.minutes", minutes=value),
    "uA": microamps,
    "mm2": square_millimetres,
    "percent": percent,
    "count": lambda value: value,
}


def quantity(unit: str, value: int) -> TextValue:
    """Return a value with its unit, for a text."""
    return _QUANTITY[unit](value)


def field_name(path: str) -> Text:
    """Return what a field is called; `path` as of `fields_of`."""
    part = part_of(path)
    return Text(f"own_field.{path.removeprefix(part).lstrip('.')}")


def part_of(path: str) -> str:
    """Return the name of the part that a field is of, "" for one of the session."""
    head, *rest = path.split(".")
    if head in {"before", "after"}:
        return f"{head}.{rest[0]}"
    return head if head in {"work", "active_rest"} else ""


def field_of(path: str) -> Field:
    """Return the bounds of a field by its path."""
    part = part_of(path)
    return OF_TRAIN[path.removeprefix(f"{part}.")] if part else OF_SESSION[path]


def fields_of(draft: OwnDraft, part: str) -> Iterator[tuple[str, int]]:
    """Yield path and value of each number that a part has; "" is the session."""
    if not part:
        yield from ((name, getattr(draft, name)) for name in OF_SESSION)
        return
    train = parts_of(draft)[part]
    for name in OF_TRAIN:
        if name == "times.off_ms" and part == "active_rest":
            continue  # the silence before an active rest is `after_ms`
        value = _value(train, name)
        if value is not None:
            yield f"{part}.{name}", value


def every_field(draft: OwnDraft) -> Iterator[tuple[str, int]]:
    """Yield path and value of each number of a draft."""
    for part in ("", *parts_of(draft)):
        yield from fields_of(draft, part)


def with_value(draft: OwnDraft, path: str, value: object) -> OwnDraft:
    """Return a draft with another value of a field."""
    part = part_of(path)
    if not part:
        return msgspec.structs.replace(draft, **{path: value})
    group, _, name = path.removeprefix(f"{part}.").rpartition(".")
    train = parts_of(draft)[part]
    if group:
        inner = msgspec.structs.replace(getattr(train, group), **{name: value})
        return with_part(draft, part, msgspec.structs.replace(train, **{group: inner}))
    return with_part(draft, part, msgspec.structs.replace(train, **{name: value}))


def _value(train: OwnTrain, name: str) -> int | None:
    group, _, last = name.rpartition(".")
    table = getattr(train, group) if group else train
    value: int | None = None if table is None else getattr(table, last)
    return value


def chosen_fields(draft: OwnDraft) -> dict[str, dict[str, object]]:
    """Return each field that is chosen, with its values by their names."""
    names: dict[str, dict[str, object]] = {
        "region": {region.value: region.value for region in limits.Region},
        "alternating": {"false": False, "true": True},
    }
    for part in parts_of(draft):
        names[f"{part}.leading"] = {leading.value: leading for leading in Leading}
    return names
