"""Samples of drills: what is due, what one needs, each step and result of each kind."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import msgspec

from appliance.control.pages.unit import all_due_rows, unit_rows
from appliance.drills.estop import WITH_CURRENT, WITHOUT_CURRENT
from appliance.drills.hand_switch import SCRIPT as HAND_SWITCH
from appliance.drills.known_load import SCRIPT as KNOWN_LOAD
from appliance.drills.lead import SCRIPT as LEAD
from appliance.drills.schedule import DrillDone, Today, notes, standings
from appliance.drills.script import DrillScript
from appliance.drills.watchdog import SCRIPT as WATCHDOG
from appliance.link.text_conversion import view_of
from appliance.messages.snapshot import DrillResult, DrillView, Snapshot
from appliance.messages.wire import DrillKind, StateName, TextView
from appliance.safety.arming_policy import HARDWARE, VIRTUAL_BOARD
from appliance.texts.text import Text, microseconds, ohms, percent, text
from tests.support.kiosk.samples.output import CHANNELS, WITH_OUTPUT
from tests.support.kiosk.samples.sample import ME, Sample, Samples, at, rows, snapshot
from tests.support.simulated_unit import Unit
from ui.kiosk.journey.drills import AtDrill, AtDrillResult, Drills, PrepareDrill
from ui.kiosk.journey.place import Row

DAY_US = 86_400_000_000
NOW_US = 1_795_962_686_000_000
LEFT_US = 96_000_000
SCRIPTS = {
    DrillKind.ESTOP: WITHOUT_CURRENT,
    DrillKind.HAND_SWITCH: HAND_SWITCH,
    DrillKind.LEAD: LEAD,
    DrillKind.KNOWN_LOAD: KNOWN_LOAD,
    DrillKind.WATCHDOG: WATCHDOG,
}
LEVELS = [
    {"set_ua": ua, "positive_ua": ua, "negative_ua": ua - 40, "ohm": 503}
    for ua in (2_000, 5_000, 10_000)
]
MEASURED: Mapping[DrillKind, dict[str, object]] = {
    DrillKind.ESTOP: {
        "contact_ohm": 503,
        "levels": LEVELS[2:],
        "contact_us": 0,
        "latch_us": 10_000,
        "guard_us": 40_000,
        "engine_us": 10_000,
        "time_to_zero_us": 1_400,
    },
    DrillKind.HAND_SWITCH: {"squeeze_us": 10_000, "unplug_us": 10_000},
    DrillKind.LEAD: {"before_ohm": 1_012, "found_off_us": 4_120_000, "after_ohm": 1_009},
    DrillKind.KNOWN_LOAD: {"contact_ohm": 503, "levels": LEVELS, "time_to_zero_us": 301_000},
    DrillKind.WATCHDOG: {"latch_us": 162_000, "guard_us": 92_000},
}
FAILURES: Mapping[DrillKind, tuple[Text, ...]] = {
    DrillKind.ESTOP: (text("drill.failed.guard_us"), text("drill.failed.latch_us")),
    DrillKind.HAND_SWITCH: (text("drill.failed.squeeze"),),
    DrillKind.LEAD: (text("drill.failed.lead_not_named", found="good"),),
    DrillKind.KNOWN_LOAD: (
        text("drill.failed.load", seen=ohms(1_008), load=ohms(500), within=percent(10)),
    ),
    DrillKind.WATCHDOG: (text("drill.failed.guard_still", seen=microseconds(300_000)),),
}
DAYS_AGO: Mapping[DrillKind, tuple[float, bool]] = {
    DrillKind.ESTOP: (31, True),
    DrillKind.HAND_SWITCH: (27, True),
    DrillKind.LEAD: (3, False),
    DrillKind.KNOWN_LOAD: (17, True),
}


def due_rows(days_ago: Mapping[DrillKind, tuple[float, bool]] = DAYS_AGO) -> tuple[Row, ...]:
    """Return the page of what is due on hardware where drills were done so many days ago."""
    return rows(Unit().page(all_due_rows, "", _standings(days_ago)))


def _standings(days_ago: Mapping[DrillKind, tuple[float, bool]]) -> Any:
    last = {
        kind: DrillDone(
            kind,
            passed,
            int(NOW_US - days * DAY_US),
            True,
            "Anna Keller",
            channel=1 if kind in {DrillKind.LEAD, DrillKind.KNOWN_LOAD} else None,
        )
        for kind, (days, passed) in days_ago.items()
    }
    return standings(last, Today(NOW_US, True), HARDWARE)


def _notes(*, hardware: bool) -> tuple[TextView, ...]:
    policy = HARDWARE if hardware else VIRTUAL_BOARD
    return tuple(map(view_of, notes(_standings(DAYS_AGO), policy)))


def pages() -> Mapping[str, tuple[Row, ...]]:
    return {"unit": rows(Unit().page(unit_rows, "")), "due": due_rows()}


def _view(kind: DrillKind, name: str, **changed: Any) -> DrillView:
    load = changed.get("load_ohm")
    script: DrillScript = WITH_CURRENT if kind is DrillKind.ESTOP and load else SCRIPTS[kind]
    step = script.step(name)
    values: dict[str, Any] = {
        "channel": 1 if load or kind is DrillKind.LEAD else None,
        "load_ohm": None,
        "step": step.number,
        "of": step.of,
        "key": step.key,
        "left_us": LEFT_US,
        **changed,
    }
    return DrillView(kind=kind, **values)


def _during(state: StateName, view: DrillView, **changed: Any) -> Sample:
    shown = snapshot(state, drill=view, operator=ME.operator, **changed)
    return at(AtDrill(), pages(), snapshot=shown)


def _flowing(state: StateName, view: DrillView) -> Sample:
    return _during(state, view, channels=CHANNELS, programme="known-load-drill")


def _stopped(view: DrillView, code: str, *, present: bool) -> Sample:
    kiosk = WITH_OUTPUT[f"trip_{code}"]().kiosk
    assert kiosk.snapshot is not None
    assert kiosk.snapshot.trip is not None
    trip = msgspec.structs.replace(kiosk.snapshot.trip, cause_present=present)
    return _during(StateName.TRIPPED, view, trip=trip)


def _step(kind: DrillKind, name: str) -> Sample:
    """Return a step as it is with the states that it goes with."""
    load = 500 if kind is DrillKind.KNOWN_LOAD else None
    view = _view(kind, name, load_ohm=load)
    if kind is DrillKind.KNOWN_LOAD and name != "connect":
        return _flowing(StateName.RAMP_DOWN if name == "fall" else StateName.DELIVERING, view)
    if name in {"release", "let-go", "plug-in", "acknowledge", "acknowledge-again"} and (
        kind is not DrillKind.LEAD
    ):
        code = "T01" if kind is DrillKind.ESTOP else "T02"
        return _stopped(view, code, present="acknowledge" not in name)
    checks = kind is DrillKind.LEAD or name == "connect"
    return _during(StateName.CONTACT_CHECK if checks else StateName.READY, view)


def _result(kind: DrillKind, *, passed: bool, hardware: bool = True) -> Sample:
    failures = () if passed else tuple(map(view_of, FAILURES[kind]))
    measured = MEASURED[kind] if passed else dict(list(MEASURED[kind].items())[:1])
    result = DrillResult(passed=passed, failures=failures, measured=measured)
    load = 500 if kind in {DrillKind.KNOWN_LOAD, DrillKind.ESTOP} else None
    name = SCRIPTS[kind].names[-1]
    view = _view(kind, name, load_ohm=load, result=result, measured=measured)
    shown: Snapshot = snapshot(
        drill=view, operator=ME.operator, drill_notes=_notes(hardware=hardware)
    )
    return at(AtDrillResult(), pages(), snapshot=shown)


def _list(*, hardware: bool) -> Sample:
    return at(Drills(), pages(), snapshot=snapshot(drill_notes=_notes(hardware=hardware)))


def _prepare(**place: Any) -> Sample:
    return at(PrepareDrill(**place), pages())


DRILLS: Samples = {
    "drills": lambda: _list(hardware=True),
    "drills_virtual": lambda: _list(hardware=False),
    **{f"drill_prepare_{kind}": partial(_prepare, kind=kind) for kind in DrillKind},
    "drill_prepare_load": lambda: _prepare(kind=DrillKind.ESTOP, load_ohm=500, channel=2),
    **{
        f"drill_{kind}_{name}": partial(_step, kind, name)
        for kind, script in SCRIPTS.items()
        for name in script.names
    },
    "drill_estop_flowing": lambda: _flowing(
        StateName.DELIVERING,
        _view(DrillKind.ESTOP, "press", load_ohm=500, measured={"contact_ohm": 503}),
    ),
    "drill_estop_measured": lambda: _stopped(
        _view(DrillKind.ESTOP, "release", load_ohm=500, measured=MEASURED[DrillKind.ESTOP]),
        "T01",
        present=True,
    ),
    **{f"drill_{kind}_passed": partial(_result, kind, passed=True) for kind in DrillKind},
    **{f"drill_{kind}_failed": partial(_result, kind, passed=False) for kind in DrillKind},
    "drill_failed_virtual": lambda: _result(DrillKind.LEAD, passed=False, hardware=False),
}
