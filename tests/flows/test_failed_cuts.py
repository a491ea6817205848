"""A cut that could not set SUPPLY_EN low trips, is recorded and is repeated until it succeeds."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from appliance.messages.actions import Acknowledge, CheckContact, Stop, Unlock
from appliance.messages.replies import Refused, Reply
from appliance.records.storage.store import open_read_only
from appliance.texts.english import english
from drivers.errors import DriverError, LineFailed
from drivers.gpio.lines import GpioLines
from drivers.interfaces import Inputs
from drivers.pigpio.output import PigpioOutput
from tests.support.clinic import Clinic
from tests.support.recorded_trace import Trace
from ui.cli.terminal.snapshot_text import notes_of

ALWAYS = 10**9
GATES = (17, 18, 22, 23)


class Broken:
    """Makes the next `failures` attempts to set SUPPLY_EN low fail."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.failures = 0
        self.asked = 0
        drive = GpioLines._drive

        def failing(lines: GpioLines, name: str, high: bool) -> None:
            if name == "supply_en" and not high:
                self.asked += 1
                if self.failures:
                    self.failures -= 1
                    raise LineFailed("line supply_en: EIO")
            drive(lines, name, high)

        monkeypatch.setattr(GpioLines, "_drive", failing)


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> Broken:
    return Broken(monkeypatch)


def supply_en(clinic: Clinic) -> int:
    found: Any = clinic.board.status()["supply"]
    return int(found["enable_line"])


def supply_wanted(clinic: Clinic) -> bool:
    """Return SUPPLY_EN as the engine assumes it to be."""
    return clinic.engine.loop._output.supply_on


def daemon_lost(clinic: Clinic) -> bool:
    return clinic.engine.loop._effects.daemon_lost


def codes(clinic: Clinic) -> list[str]:
    """Return the codes of the trips of the current state."""
    state: Any = clinic.engine.loop.state.machine.state
    return [state.trip.code.value, *(each.code.value for each in state.further)]


def beats(clinic: Clinic) -> bool:
    before = clinic.board.pins.level(20)
    clinic.tick()
    return bool(clinic.board.pins.level(20) != before)


CUTS: dict[str, Callable[[Clinic], object]] = {
    "stop": lambda clinic: clinic.link.send(Stop(cut=True)),
    "trip": lambda clinic: clinic.board.fault_set("hand-switch"),
}


@pytest.mark.proves("failed-cut")
@pytest.mark.parametrize("cut", CUTS)
def test_a_cut_whose_supply_line_failed_once_trips_and_is_repeated(
    clinic: Clinic, broken: Broken, cut: str
) -> None:
    """Hazard: the output stage stays powered by its heartbeat, and no trip says so."""
    clinic.treat(level_ua=3_000)
    broken.failures = 1
    CUTS[cut](clinic)
    clinic.ticks(2)
    assert clinic.state == "Tripped"
    assert "T36" in codes(clinic)
    assert supply_en(clinic) == 0
    assert not supply_wanted(clinic)
    assert not beats(clinic)
    assert clinic.last().summary.outcome in {"stopped", "tripped"}


@pytest.mark.proves("failed-cut")
@pytest.mark.parametrize("cut", CUTS)
def test_a_supply_line_that_keeps_failing_is_switched_off_again_every_tick(
    clinic: Clinic, broken: Broken, cut: str
) -> None:
    clinic.treat(level_ua=3_000)
    broken.failures = ALWAYS
    CUTS[cut](clinic)
    clinic.ticks(30)
    assert clinic.state == "Tripped"
    assert "T36" in codes(clinic)
    assert supply_wanted(clinic)
    assert not beats(clinic)
    # The layer behind: without the heartbeat the fault latch takes the supply.
    assert not clinic.board.status()["enabled"]
    asked = broken.asked
    clinic.ticks(10)
    assert broken.asked >= asked + 10
    broken.failures = 0
    clinic.tick()
    assert supply_en(clinic) == 0
    assert not supply_wanted(clinic)
    if cut == "trip":
        clinic.board.fault_clear("hand-switch")
    assert isinstance(clinic.acknowledge(), Reply)
    clinic.until("Ready")
    clinic.treat(level_ua=1_000)


@pytest.mark.proves("failed-cut")
@pytest.mark.parametrize("failures", [1, ALWAYS])
def test_an_engine_that_exits_with_a_failing_supply_line_records_it(
    clinic: Clinic, broken: Broken, failures: int
) -> None:
    clinic.treat(level_ua=3_000)
    broken.failures = failures
    try:
        clinic.engine.loop.cut_and_close()
    except DriverError:
        assert failures == ALWAYS
    assert supply_en(clinic) == (0 if failures == 1 else 1)
    assert clinic.last().summary.cause == "engine_stopped"
    if failures == ALWAYS:
        assert codes(clinic)[0] == "T36"
    broken.failures = 0


# --- the supply itself -------------------------------------------------------------------------


@pytest.fixture
def stuck(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Return a list; while it has an element, SUPPLY_GOOD reads high whatever the supply does."""
    on: list[bool] = []
    read = GpioLines.read_inputs

    def reading(lines: GpioLines) -> Inputs:
        found = read(lines)
        return found._replace(supply_good=True) if on else found

    monkeypatch.setattr(GpioLines, "read_inputs", reading)
    return on


def gates_ever(clinic: Clinic, since_us: int) -> bool:
    clinic.board.close()
    trace = Trace(clinic.record)
    names = ("gate1_pos", "gate1_neg", "gate2_pos", "gate2_neg")
    return any(value and at >= since_us for name in names for at, value in trace.changes(name))


@pytest.mark.proves("supply-watched", "self-test")
def test_a_self_test_plays_no_gate_while_supply_good_is_high(
    clinic: Clinic, stuck: list[bool]
) -> None:
    """Hazard: the timing proof plays the gates of an output stage that is powered."""
    clinic.until("Locked")
    stuck.append(True)
    clinic.do(Unlock(operator="anna"))
    assert clinic.trip() == "T33"
    assert "SUPPLY_GOOD is high with the supply off" in notes_of(clinic.view)[0]
    assert not gates_ever(clinic, 0)


@pytest.mark.proves("supply-watched")
def test_a_contact_check_plays_no_gate_while_supply_good_is_high(
    clinic: Clinic, stuck: list[bool]
) -> None:
    clinic.unlock()
    clinic.prescribe()
    clinic.do(CheckContact())
    asked_us = clinic.now_us
    stuck.append(True)
    clinic.until("ContactCheck")
    clinic.until("Ready", "Tripped")
    notes = clinic.engine.loop.state.setup.notes
    assert any("SUPPLY_GOOD is high" in english(note) for note in notes)
    assert not gates_ever(clinic, asked_us)


@pytest.mark.proves("supply-watched", "self-test")
def test_a_supply_that_never_goes_off_trips_once_the_output_is_off(
    clinic: Clinic, stuck: list[bool]
) -> None:
    clinic.treat(level_ua=2_000)
    stuck.append(True)
    clinic.do(Stop())
    clinic.until("Finished")
    clinic.wait(400)
    assert clinic.state == "Finished"
    assert clinic.trip() == "T38"
    assert isinstance(clinic.acknowledge(), Reply)
    clinic.until("SelfTest")
    assert clinic.trip() == "T33"


# --- a daemon that was only late ---------------------------------------------------------------


@pytest.mark.proves("daemon-lost", "cut")
def test_after_one_missing_report_the_next_cut_goes_through_the_daemon_again(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Hazard: a daemon once lost is never cut again; its waves continue through later cuts."""
    clinic.treat(level_ua=3_000)
    reports: Any = clinic.engine.loop._rig.pulses
    reports._reports._expected += 1
    assert clinic.trip() == "T30"
    assert "is missing" in clinic.events("trip")[0]["detail"]
    assert daemon_lost(clinic)
    assert isinstance(clinic.acknowledge(), Reply)
    clinic.until("Ready")
    assert not daemon_lost(clinic)
    clinic.treat(level_ua=3_000)
    calls: list[int] = []
    cut = PigpioOutput.cut

    def counted(pulses: PigpioOutput) -> None:
        calls.append(1)
        cut(pulses)

    monkeypatch.setattr(PigpioOutput, "cut", counted)
    asked_us = clinic.now_us
    clinic.do(Stop(cut=True))
    assert calls
    clinic.until("Finished")
    clinic.wait(200)
    assert clinic.state == "Finished"
    clinic.board.close()
    assert Trace(clinic.record).last_gate_us() - asked_us < 20_000


@pytest.mark.proves("cut")
def test_a_cut_with_a_daemon_that_only_looks_lost_stops_its_waves(clinic: Clinic) -> None:
    clinic.treat(level_ua=3_000)
    clinic.engine.loop._effects.daemon_lost = True
    asked_us = clinic.now_us
    clinic.do(Stop(cut=True))
    clinic.wait(200)
    clinic.board.close()
    trace = Trace(clinic.record)
    assert trace.last_gate_us() - asked_us < 20_000
    assert trace.value("ldac_n", asked_us + 20_000) == 0
    assert trace.last_current_us() - asked_us < 20_000


@pytest.mark.proves("latched-trips")
def test_an_acknowledgement_is_recorded_once(clinic: Clinic) -> None:
    """Hazard: the records do not show when a trip was acknowledged."""
    clinic.treat(level_ua=2_000)
    clinic.board.fault_set("estop")
    assert clinic.trip() == "T01"
    assert isinstance(clinic.acknowledge(), Refused)
    assert acknowledged(clinic) == []
    clinic.board.fault_clear("estop")
    clinic.wait(60)
    assert isinstance(clinic.acknowledge(), Reply)
    clinic.until("Ready")
    assert acknowledged(clinic) == ["T01"]
    assert isinstance(clinic.ask(Acknowledge()), Refused)
    assert acknowledged(clinic) == ["T01"]


def acknowledged(clinic: Clinic) -> list[str]:
    clinic.tick()
    with open_read_only(clinic.data) as db:
        rows = db.query("SELECT facts FROM facts WHERE name = 'acknowledged' ORDER BY number")
        return [json.loads(row["facts"])["code"] for row in rows]
