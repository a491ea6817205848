"""A person who does a drill in a clinic and can leave out any part of it."""

from collections.abc import Mapping
from typing import Any

import msgspec

from appliance.control.drills.ledger import DrillLedger
from appliance.drills.schedule import DrillDone, Today
from appliance.messages.actions import Acknowledge, BeginDrill
from appliance.messages.replies import Refused, Reply
from appliance.messages.snapshot import DrillResult, DrillView
from appliance.messages.wire import DrillKind
from appliance.records.storage.store import open_read_only
from appliance.safety.arming_policy import HARDWARE
from tests.support.clinic import Clinic
from tests.support.texts import Said
from tests.support.texts import said as in_english
from ui.cli.terminal.snapshot_text import failures_of

DAY_US = 86_400_000_000
NOW_UTC_US = 1_800_000_000_000_000
TICKS = 13_000
KINDS = ("e-stop", "hand-switch", "lead", "known-load", "watchdog")
PERSON: dict[str, tuple[str, str]] = {
    "drill.e-stop.press": ("set", "estop"),
    "drill.e-stop.release": ("clear", "estop"),
    "drill.hand-switch.squeeze": ("set", "hand-switch"),
    "drill.hand-switch.let-go": ("clear", "hand-switch"),
    "drill.hand-switch.unplug": ("set", "hand-switch"),
    "drill.hand-switch.plug-in": ("clear", "hand-switch"),
    "drill.lead.unplug": ("set", "lead-off:1"),
    "drill.lead.plug-in": ("clear", "lead-off:1"),
}


def asked(kind: str, **more: Any) -> BeginDrill:
    return msgspec.convert({"type": "begin_drill", "kind": kind, **more}, BeginDrill)


def begin(clinic: Clinic, kind: str, **more: Any) -> None:
    if clinic.engine.loop.state.machine.state.__class__.__name__ == "Locked":
        clinic.unlock()
    clinic.do(asked(kind, **more))
    clinic.until_true(lambda: clinic.view.drill is not None and clinic.view.drill.result is None)


def drill(
    clinic: Clinic, kind: str, person: Mapping[str, tuple[str, str]] = PERSON, **more: Any
) -> DrillResult:
    """Start a drill and follow its steps to the end; `person` gives the fault for each step."""
    begin(clinic, kind, **more)
    return follow(clinic, person)


def follow(clinic: Clinic, person: Mapping[str, tuple[str, str]] = PERSON) -> DrillResult:
    done: set[str] = set()
    for _ in range(TICKS):
        view = shown(clinic)
        if view.result is not None:
            clinic.wait(1_500)
            return view.result
        if view.key not in done and view.key in person:
            do, fault = person[view.key]
            (clinic.board.fault_set if do == "set" else clinic.board.fault_clear)(fault)
        if "acknowledge" in view.key and "acknowledge" not in done:
            clinic.wait(60)
            clinic.ask(Acknowledge())
        done.add(view.key)
        clinic.tick()
    raise AssertionError(f"no end of the drill: {clinic.view.drill}")


def shown(clinic: Clinic) -> DrillView:
    view = clinic.view.drill
    assert view is not None
    return view


def refused(clinic: Clinic, action: Any) -> Said:
    answer = clinic.ask(action)
    assert isinstance(answer, Refused), answer
    return in_english(answer)


def accepted(clinic: Clinic, action: Any) -> None:
    answer = clinic.ask(action)
    assert isinstance(answer, Reply), answer


def at_rest(clinic: Clinic) -> bool:
    view = clinic.view
    return view.state == "Ready" and view.latch_clear and not view.supply_good


def said(result: DrillResult | None) -> str:
    assert result is not None
    assert not result.passed
    return "; ".join(failures_of(result))


def rows(clinic: Clinic) -> list[dict[str, Any]]:
    """Return the drills in the records, oldest first."""
    clinic.wait(1_000)
    with open_read_only(clinic.data) as db:
        return list(db.query("SELECT * FROM drills ORDER BY number"))


def passed_days_ago(**days: float) -> dict[DrillKind, DrillDone]:
    """Return drills that passed this many days ago; every kind not named passed yesterday."""
    ago = {kind: days.get(kind.value.replace("-", "_"), 1.0) for kind in DrillKind}
    return {
        kind: DrillDone(kind, passed=True, utc_us=NOW_UTC_US - int(each * DAY_US),
                        clock_trusted=True, operator="anna")
        for kind, each in ago.items()
    }  # fmt: skip


class Calendar:
    """The wall clock of a clinic: its date, and whether it is trusted."""

    def __init__(self) -> None:
        self.utc_us, self.trusted = NOW_UTC_US, True

    def __call__(self) -> Today:
        return Today(self.utc_us, self.trusted)


def on_hardware(
    clinic: Clinic, last: Mapping[DrillKind, DrillDone], today: Calendar | None = None
) -> DrillLedger:
    """Make the engine treat its rig as hardware on which these drills were done."""
    loop = clinic.engine.loop
    clinic.become_hardware()
    ledger = DrillLedger(last, HARDWARE, today or Calendar())
    loop._ledger = loop._drills._ledger = ledger
    return ledger
