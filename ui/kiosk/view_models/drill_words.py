"""Names of drills, and what each of them measures, in words of the screen."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from appliance.messages.snapshot import DrillResult
from appliance.messages.wire import DrillKind, TextView
from ui.kiosk.locale.words import _
from ui.kiosk.view_models.channels import milliamps
from ui.kiosk.view_models.message import StepView

MS_US = 1_000
ICONS: Mapping[DrillKind, str] = {
    DrillKind.ESTOP: "estop",
    DrillKind.HAND_SWITCH: "switch",
    DrillKind.LEAD: "plug",
    DrillKind.KNOWN_LOAD: "level",
    DrillKind.WATCHDOG: "flash",
}

PARTS: Mapping[DrillKind, str] = {
    DrillKind.ESTOP: "button_press",
    DrillKind.HAND_SWITCH: "switch_squeeze",
    DrillKind.LEAD: "lead_out",
    DrillKind.KNOWN_LOAD: "load",
    DrillKind.WATCHDOG: "engine",
}
"""The drawing of each drill."""


class Measured(NamedTuple):
    """One value of a drill: what it is, what is allowed, and the failures that are about it."""

    name: str
    text: str
    icon: str
    least_us: int = 0
    most_us: int = 0
    failures: tuple[str, ...] = ()


def drill_name(kind: str) -> str:
    """Return a drill as a list names it."""
    return {
        DrillKind.ESTOP.value: _("Emergency stop"),
        DrillKind.HAND_SWITCH.value: _("Hand switch"),
        DrillKind.LEAD.value: _("Lead"),
        DrillKind.KNOWN_LOAD.value: _("Known load"),
        DrillKind.WATCHDOG.value: _("Watchdog"),
    }.get(kind, kind)


def drill_title(kind: str) -> str:
    """Return a drill as the head of its screen names it."""
    return {
        DrillKind.ESTOP.value: _("Drill: emergency stop"),
        DrillKind.HAND_SWITCH.value: _("Drill: hand switch"),
        DrillKind.LEAD.value: _("Drill: lead"),
        DrillKind.KNOWN_LOAD.value: _("Drill: known load"),
        DrillKind.WATCHDOG.value: _("Drill: watchdog"),
    }.get(kind, kind)


def measured_of(kind: str, *, with_load: bool) -> tuple[Measured, ...]:
    """Return what a drill measures, in its order; limits are those of the engine."""
    zero = Measured("time_to_zero_us", _("Current at zero"), "fall")
    match kind:
        case DrillKind.ESTOP:
            layers = tuple(
                Measured(f"{name}_us", text, icon, 0, most_us, (f"drill.failed.{name}_us",))
                for name, text, icon, most_us in (
                    ("contact", _("Button contact"), "estop", 50_000),
                    ("latch", _("Hardware latch"), "lock", 50_000),
                    ("guard", _("Software guard"), "drill", 150_000),
                    ("engine", _("Engine"), "stop", 50_000),
                )
            )
            load = Measured("contact_ohm", _("Test load"), "plug", failures=_LOAD)
            return (load, *layers, zero) if with_load else layers
        case DrillKind.HAND_SWITCH:
            return (
                Measured("squeeze_us", _("Squeezed: stop"), "switch", 0, 30_000, _OF["squeeze"]),
                Measured("unplug_us", _("Unplugged: stop"), "plug", 0, 30_000, _OF["unplug"]),
            )
        case DrillKind.LEAD:
            return (
                Measured("before_ohm", _("Contact before"), "c_good", failures=_OF["before"]),
                Measured("found_off_us", _("Lead found off"), "c_off", failures=_OF["off"]),
                Measured("after_ohm", _("Contact after"), "c_good", failures=_OF["after"]),
            )
        case DrillKind.KNOWN_LOAD:
            levels = tuple(
                Measured(f"levels:{ua}", _("Set {level} mA").format(level=milliamps(ua)), "level")
                for ua in (2_000, 5_000, 10_000)
            )
            load = Measured("contact_ohm", _("Test load"), "plug", failures=_LOAD)
            return load, *levels, zero._replace(most_us=500_000, failures=_OF["zero"])
        case DrillKind.WATCHDOG:
            return (
                Measured("latch_us", _("Hardware latch"), "lock", 120_000, 200_000, _OF["latch"]),
                Measured("guard_us", _("Software guard"), "drill", 80_000, 100_000, _OF["guard"]),
            )
        case _:
            return ()


_LOAD = ("drill.failed.contact_check", "drill.failed.load", "drill.failed.load_not_measured")
_OF: Mapping[str, tuple[str, ...]] = {
    "squeeze": ("drill.failed.squeeze",),
    "unplug": ("drill.failed.unplug",),
    "before": ("drill.failed.leads_on",),
    "off": ("drill.failed.lead_not_named",),
    "after": ("drill.failed.lead_back",),
    "zero": ("drill.failed.ramp_down", "drill.failed.ramp_down_unknown", "drill.failed.not_zero"),
    "latch": ("drill.failed.latch_clear", "drill.failed.latch_time"),
    "guard": (
        "drill.failed.no_guard",
        "drill.failed.guard_still",
        "drill.failed.guard_reason",
        "drill.failed.guard_time",
    ),
}
_OF_A_LEVEL = (
    "drill.failed.no_phase",
    "drill.failed.one_phase",
    "drill.failed.positive_phase",
    "drill.failed.negative_phase",
    "drill.failed.phases",
    "drill.failed.load_at",
    "drill.failed.level",
)


def measured_steps(
    values: Sequence[Measured], measured: Mapping[str, object], result: DrillResult | None
) -> tuple[StepView, ...]:
    """Return a line for each value: waiting, measured, or failed where a failure is about it."""
    failures = () if result is None else result.failures
    return tuple(_step(value, measured, failures, over=result is not None) for value in values)


def _step(
    value: Measured, measured: Mapping[str, object], failures: Sequence[TextView], *, over: bool
) -> StepView:
    shown = _shown(value, measured)
    if _failed(value, failures):
        text = shown or _("not seen")
        return StepView(text=value.text, icon="cross", state=text, state_role="alarm_high")
    if shown:
        return StepView(text=value.text, icon="check", state=shown, state_role="good")
    waiting = "–" if over else _limit(value) or _("waiting")
    return StepView(text=value.text, icon=value.icon, state=waiting, state_role="text_soft")


def _failed(value: Measured, failures: Sequence[TextView]) -> bool:
    name, _colon, ua = value.name.partition(":")
    for failure in failures:
        if failure.key in value.failures:
            return True
        level = failure.values.get("level") if name == "levels" else None
        if failure.key in _OF_A_LEVEL and str(getattr(level, "value", "")) == ua:
            return True
    return False


def _shown(value: Measured, measured: Mapping[str, object]) -> str:
    """Return a measured value with its unit, "" while there is none."""
    name, _colon, ua = value.name.partition(":")
    found = measured.get(name)
    if name == "levels":
        rows = found if isinstance(found, list | tuple) else ()
        row = next((row for row in rows if str(row["set_ua"]) == ua), None)
        return "" if row is None else _phases(row)
    if not isinstance(found, int):
        return ""
    if name == "found_off_us":  # how long that took is up to the person who unplugs it
        return _("seen")
    if name.endswith("_ohm"):
        return _("{ohm} Ω").format(ohm=found)
    if not value.most_us:
        return _("{time} ms").format(time=round(found / MS_US))
    return _("{time} of {limit} ms").format(time=round(found / MS_US), limit=value.most_us // MS_US)


def _phases(row: Mapping[str, int]) -> str:
    """Return the peaks of both phases of a level."""
    positive, negative = milliamps(row["positive_ua"]), milliamps(row["negative_ua"])
    return _("{positive} / {negative} mA").format(positive=positive, negative=negative)


def _limit(value: Measured) -> str:
    if not value.most_us:
        return ""
    most = value.most_us // MS_US
    if value.least_us:
        return _("{least} to {most} ms").format(least=value.least_us // MS_US, most=most)
    return _("{most} ms or less").format(most=most)
