"""What a programme file asks for, read from the file and not from what the product made of it.

Imports no product code. Times are in ms or s as the file has them, phases in µs.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[3]
FOLDER = ROOT / "appliance" / "clinical" / "programmes"
SETTLE_MS = 70
"""The silence at the end of an `on_ms`, part of the rest [docs/decisions/0060-parts.md]."""
TRAIN_KEYS = {"rate_hz", "share_percent", "pulse", "carrier", "burst", "sweep", "on_off"}
NOT_OF_THE_OUTPUT = {
    "name",
    "title",
    "summary",
    "kind",
    "purpose",
    "region",
    "layout",
    "pad_area_mm2",
    "ceiling_ua",
    "course",
    "evidence",
    "sources",
    "follows",
    "after_sessions",
}
"""Keys that a recording says nothing about."""
JUDGED_APART = {"duration_s", "before", "active_rest", "after", "on_call"}
"""Keys of the whole programme; each that may be given on call is played on call as well."""


@dataclass(frozen=True, slots=True)
class Times:
    """On-times and rests in ms: ramps and plateau hold every pulse, `silent` holds none."""

    up: int
    plateau: int
    down: int
    silent: int

    @property
    def pulsing(self) -> int:
        return self.up + self.plateau + self.down


@dataclass(frozen=True, slots=True)
class Train:
    """One train of a file; what it does not have is None."""

    name: str
    rate_hz: float
    phase_us: int
    gap_us: int
    leading: str = "positive"
    share_percent: int = 100
    cycles: int | None = None
    burst: tuple[int, int] | None = None
    """Pulses in a burst, and their rate."""
    rates_hz: tuple[int, int] | None = None
    phases_us: tuple[int, int] | None = None
    sweep_s: int | None = None
    times: Times | None = None
    after_ms: int | None = None
    """The silence before an active rest."""
    duration_s: int | None = None

    @property
    def in_group_us(self) -> float | None:
        """Return the time from pulse to pulse within a burst, or cycle to cycle of a carrier."""
        if self.cycles is not None:
            return 2.0 * (self.phase_us + self.gap_us)
        return None if self.burst is None else 1e6 / self.burst[1]

    @property
    def group(self) -> int:
        """Return how many pulses or cycles begin together; 1 where there are no groups."""
        return self.cycles or (1 if self.burst is None else self.burst[0])


@dataclass(frozen=True, slots=True)
class Asked:
    """A programme file."""

    name: str
    kind: str
    region: str
    duration_s: int
    own: Train
    before: tuple[Train, ...]
    rest: Train | None
    after: tuple[Train, ...]
    unknown: tuple[str, ...]
    """Keys of which nobody said what a recording should show."""

    @property
    def trains(self) -> tuple[Train, ...]:
        rest = () if self.rest is None else (self.rest,)
        return (*self.before, self.own, *rest, *self.after)

    @property
    def before_s(self) -> int:
        return sum(train.duration_s or 0 for train in self.before)

    @property
    def after_s(self) -> int:
        return sum(train.duration_s or 0 for train in self.after)


def files() -> dict[str, Path]:
    """Return the file of every programme, by name."""
    return {path.stem: path for path in sorted(FOLDER.glob("*.toml"))}


def read(path: Path) -> Asked:
    """Return what a file asks for."""
    return of_content(tomllib.loads(path.read_text(encoding="utf-8")))


def of_content(content: Mapping[str, Any]) -> Asked:
    """Return what the content of a file asks for."""
    resting = content.get("active_rest")
    befores, afters = content.get("before", ()), content.get("after", ())
    unknown = content.keys() - TRAIN_KEYS - NOT_OF_THE_OUTPUT - JUDGED_APART
    for table in (*befores, *afters, *(() if resting is None else (resting,))):
        unknown |= table.keys() - TRAIN_KEYS - {"duration_s", "after_ms"}
    return Asked(
        name=str(content["name"]),
        kind=str(content["kind"]),
        region=str(content["region"]),
        duration_s=int(content["duration_s"]),
        own=_train(
            "own" if len(content.keys() & {"before", "active_rest", "after"}) else "", content
        ),
        before=tuple(_train(f"before {n}", each) for n, each in enumerate(befores, 1)),
        rest=None if resting is None else _train("active rest", resting),
        after=tuple(_train(f"after {n}", each) for n, each in enumerate(afters, 1)),
        unknown=tuple(sorted(unknown)),
    )


def _train(name: str, table: Mapping[str, Any]) -> Train:
    pulse, carrier = table.get("pulse", {}), table.get("carrier")
    burst, sweep = table.get("burst"), table.get("sweep", {})
    shape = carrier or pulse
    rates, phases = sweep.get("rate_hz"), sweep.get("phase_us")
    return Train(
        name=name,
        rate_hz=table["rate_hz"],
        phase_us=shape["phase_us"],
        gap_us=shape["gap_us"] if carrier else shape["interphase_us"],
        leading=shape.get("leading", "positive"),
        share_percent=table.get("share_percent", 100),
        cycles=None if carrier is None else carrier["cycles"],
        burst=None if burst is None else (burst["pulses"], burst["rate_hz"]),
        rates_hz=None if rates is None else (rates[0], rates[1]),
        phases_us=None if phases is None else (phases[0], phases[1]),
        sweep_s=sweep.get("cycle_s"),
        times=_times(table.get("on_off")),
        after_ms=table.get("after_ms"),
        duration_s=table.get("duration_s"),
    )


def _times(table: Mapping[str, int] | None) -> Times | None:
    if table is None:
        return None
    up, down, off = table["ramp_up_ms"], table["ramp_down_ms"], table["off_ms"]
    if "plateau_ms" in table:
        return Times(up, table["plateau_ms"], down, off)
    return Times(up, table["on_ms"] - SETTLE_MS - up - down, down, off + SETTLE_MS)
