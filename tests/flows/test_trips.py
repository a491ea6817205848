"""Every fault of the board during a treatment: output off, recorded, and how to recover."""

import pytest

from appliance.control.tick.feeder import Feeder
from appliance.errors import JournalFull, LinkError
from appliance.messages.actions import Acknowledge, CheckContact, Prescribe, Start, Unlock
from appliance.messages.replies import Refused, Reply
from appliance.messages.wire import Subject
from appliance.records.storage.store import Store, open_read_only
from tests.support.clinic import Clinic
from tests.support.recorded_trace import Trace
from ui.cli.terminal.snapshot_text import notes_of, trip_text


def closed(clinic: Clinic) -> Trace:
    clinic.board.close()
    return Trace(clinic.record)


def trip_event(clinic: Clinic) -> str:
    return str(clinic.events("trip")[0]["code"])


@pytest.mark.proves("estop-latch", "estop-engine", "latched-trips")
@pytest.mark.parametrize("where", ["delivering", "resting", "contact check", "armed", "self-test"])
def test_a_pressed_estop_is_off_in_1_ms_and_trips_within_two_ticks(
    clinic: Clinic, where: str
) -> None:
    if where == "delivering":
        clinic.treat(level_ua=10_000)
    elif where == "resting":
        clinic.treat("nmes-endurance", level_ua=3_000)
        clinic.until("Resting")
        clinic.wait(300)
    elif where == "self-test":
        clinic.do(Unlock(operator="anna"))
        clinic.wait(300)
        assert clinic.state == "SelfTest"
    else:
        clinic.unlock()
        clinic.prescribe()
        clinic.do(CheckContact())
        clinic.wait(700) if where == "contact check" else clinic.until("Armed")
    pressed_us = clinic.now_us
    clinic.board.fault_set("estop")
    clinic.ticks(2)
    assert clinic.state == "Tripped"
    assert clinic.trip() == "T01"
    refused = clinic.acknowledge()
    assert isinstance(refused, Refused)
    assert clinic.state == "Tripped"
    clinic.board.fault_clear("estop")
    clinic.wait(60)
    assert isinstance(clinic.acknowledge(), Reply)
    clinic.wait(200)
    assert clinic.state in {"Ready", "SelfTest"}
    clinic.until("Ready")
    clinic.wait(100)
    clinic.treat(level_ua=2_000)  # the next session runs
    trace = closed(clinic)
    assert trace.value("fault_latch", pressed_us + 1) == 1
    for signal in ("i1_ua", "i2_ua"):
        flows = [time for time, value in trace.changes(signal) if abs(value) > 100]
        assert not [time for time in flows if 1_000 < time - pressed_us < 500_000]


@pytest.mark.proves(
    "hand-switch",
    "lead-off",
    "short",
    "parts-answer",
    "daemon-lost",
    "wave-clock",
    "fault-latch",
    "estop-engine",
)
@pytest.mark.parametrize(
    ("fault", "codes"),
    [
        ("hand-switch", {"T02"}),
        ("lead-off:1", {"T06"}),
        ("short:2", {"T07"}),
        ("supply-sag", {"T24", "T09", "T06", "T05"}),
        ("frozen-adc", {"T13", "T14", "T15"}),
        ("lost-spi", {"T31"}),
        ("short-frame", {"T31"}),
        ("lost-daemon", {"T30"}),
        ("stalled-daemon", {"T30"}),
        ("stuck-dac:1=2000", {"T04", "T15"}),
        ("phase-mismatch:1=20", {"T05", "T10"}),
        ("slow-clock=1.13", {"T21", "T22", "T20"}),
        ("slow-clock=1.03", {"T22"}),
        ("stuck-gate:gate1_pos=high", {"T03"}),
        ("bridge-open:gate1_neg", {"T11", "T06", "T05", "T13"}),
        ("estop-wire=latch", {"T03"}),
        ("estop-wire=sense", {"T01"}),
        ("estop-chatter", {"T01", "T03", "T18"}),
    ],
)
def test_a_fault_during_delivery_trips_and_leaves_no_current(
    clinic: Clinic, fault: str, codes: set[str]
) -> None:
    clinic.treat(level_ua=20_000)
    clinic.wait(1_000)
    clinic.board.fault_set(fault)
    clinic.until("Tripped")
    assert trip_event(clinic) in codes
    session = clinic.last()
    assert session.summary.outcome == "tripped"
    assert session.dose[0]["pulses"]
    (stop,) = clinic.events("stop")
    assert stop["cause"] == clinic.last().summary.cause
    clinic.wait(100)
    off_us = clinic.now_us
    clinic.wait(1_000)
    # What is left, a few microampere, is the DC block emptying itself through the shunt.
    assert all(abs(current) < 100 for current in clinic.currents_ua())
    assert closed(clinic).last_current_us(off_us) == off_us


@pytest.mark.proves("hand-switch", "latched-trips")
def test_a_hand_switch_still_squeezed_keeps_its_trip(clinic: Clinic) -> None:
    clinic.treat(level_ua=5_000)
    clinic.board.fault_set("hand-switch")
    clinic.until("Tripped")
    clinic.wait(1_000)
    assert isinstance(clinic.acknowledge(), Refused)
    assert clinic.trip() == "T02"
    clinic.board.fault_clear("hand-switch")
    clinic.wait(20)
    assert isinstance(clinic.acknowledge(), Reply)
    clinic.until("Ready")
    clinic.board.fault_set("hand-switch")  # with output and supply off it may be unplugged
    clinic.wait(1_000)
    assert clinic.state == "Ready"


@pytest.mark.proves("daemon-lost", "cut")
@pytest.mark.parametrize("fault", ["lost-daemon", "stalled-daemon"])
def test_without_its_daemon_the_supply_goes_first_within_50_ms(clinic: Clinic, fault: str) -> None:
    clinic.treat(level_ua=10_000)
    lost_us = clinic.now_us
    clinic.board.fault_set(fault)
    clinic.until("Tripped")
    clinic.wait(500)
    trace = closed(clinic)
    supply_us = next(t for t, v in trace.changes("supply_en") if t >= lost_us and v == 0)
    assert supply_us - lost_us < 50_000
    assert trace.last_current_us() - lost_us < 50_000


@pytest.mark.proves("screen-watched", "soft-fall")
def test_a_silent_screen_ramps_down_and_trips(clinic: Clinic) -> None:
    clinic.treat(level_ua=10_000)
    clinic.watching = False
    silent_us = clinic.now_us
    assert clinic.trip() == "T27"
    clinic.watching = True
    assert isinstance(clinic.acknowledge(), Reply)
    trace = closed(clinic)
    assert 2_250_000 <= trace.last_current_us() - silent_us <= 2_500_000


@pytest.mark.proves("loop-in-time")
def test_an_engine_that_sleeps_for_120_ms_trips_instead_of_continuing(clinic: Clinic) -> None:
    clinic.treat(level_ua=10_000)
    asleep_us = clinic.now_us
    clinic.board.advance_to_us(asleep_us + 120_000)
    assert all(current == 0 for current in clinic.currents_ua())
    clinic.tick()
    assert clinic.state == "Tripped"
    assert clinic.events("stop")[0]["layer"] in {"guard", "slices", "hardware"}
    trace = closed(clinic)
    assert trace.last_current_us() - asleep_us <= 100_000
    assert not [t for t, _ in trace.changes("heartbeat") if t > asleep_us]
    assert not [t for t, v in trace.changes("gate1_pos") if t > asleep_us + 100_000 and v]


@pytest.mark.proves("timing-proof", "self-test")
def test_a_slow_clock_at_boot_is_refused(clinic: Clinic) -> None:
    clinic.board.fault_set("slow-clock=1.13")
    clinic.until("Locked")
    clinic.do(Unlock(operator="anna"))
    assert clinic.trip() == "T33"
    assert "1.13" in notes_of(clinic.view)[0]
    with open_read_only(clinic.data) as db:
        told = db.execute("SELECT facts ->> 'code' FROM facts WHERE name = 'trip'").fetchall()
    assert told == [("T33",)]
    assert isinstance(clinic.acknowledge(), Reply)
    clinic.until("Locked")


@pytest.mark.proves("timing-proof", "self-test")
@pytest.mark.parametrize(
    ("fault", "code", "says"),
    [
        ("slow-clock=1.02", "T34", "1.020"),
        ("stuck-gate:gate1_pos=low", "T34", "gate1_neg"),
        ("watchdog-dead", "T33", "stays clear"),
    ],
)
def test_a_proof_that_fails_before_a_contact_check_trips_by_its_own_cause(
    clinic: Clinic, fault: str, code: str, says: str
) -> None:
    # Not as "the hardware cut the output": the fault latch was set on purpose.
    clinic.unlock()
    clinic.prescribe()
    clinic.board.fault_set(fault)
    clinic.do(CheckContact())
    assert clinic.trip() == code
    assert clinic.view.trip is not None
    assert says in trip_text(clinic.view.trip)
    clinic.board.fault_clear(fault.partition("=")[0])
    assert isinstance(clinic.acknowledge(), Reply)
    clinic.until("Ready")
    clinic.arm()


@pytest.mark.proves("contact-check")
@pytest.mark.parametrize(
    ("fault", "contact"),
    [("lead-off:1", "open"), ("short:1", "short"), ("lead-off:2", "open")],
)
def test_an_open_or_shorted_pad_prevents_arming(clinic: Clinic, fault: str, contact: str) -> None:
    clinic.unlock()
    clinic.board.fault_set(fault)
    clinic.prescribe()
    clinic.do(CheckContact())
    clinic.until("Ready")
    clinic.until_true(lambda: bool(clinic.view.notes))
    assert contact in notes_of(clinic.view)[0]
    assert f"channel {fault[-1]}" in notes_of(clinic.view)[0]
    assert isinstance(clinic.ask(Start()), Refused)
    clinic.board.fault_clear(fault)
    clinic.do(CheckContact())
    clinic.until("Armed")


@pytest.mark.proves("contact-check")
@pytest.mark.parametrize("fault", ["dry-pad:1", "half-lifted:1"])
def test_a_dry_or_half_lifted_pad_measures_more_ohms(clinic: Clinic, fault: str) -> None:
    clinic.arm()
    good = clinic.channel(1).contact_ohm
    clinic.board.fault_set(fault)
    clinic.do(CheckContact())
    clinic.until("ContactCheck")
    clinic.until("Ready", "Armed")
    worse = clinic.channel(1).contact_ohm
    assert good is not None
    assert clinic.state == "Ready" or (worse is not None and worse > good * 12 // 10)


@pytest.mark.proves("journal", "latched-trips")
def test_a_full_disk_ramps_down_and_its_trip_clears_only_when_records_are_written(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise JournalFull("no room")

    clinic.treat(level_ua=5_000)
    with monkeypatch.context() as broken:
        broken.setattr(Store, "write", full)
        assert clinic.trip() == "T28"
        clinic.wait(100)
        assert isinstance(clinic.acknowledge(), Refused)
    assert isinstance(clinic.acknowledge(), Reply)
    clinic.until("Ready")
    assert clinic.last().summary.outcome == "tripped"


@pytest.mark.proves("latched-trips")
def test_a_trip_that_was_not_yet_shown_cannot_be_acknowledged(clinic: Clinic) -> None:
    clinic.treat(level_ua=2_000)
    clinic.board.fault_set("lost-spi")
    early = clinic.link.ask(Acknowledge())
    assert isinstance(early, Refused)
    assert clinic.state == "Tripped"


@pytest.mark.proves("parts-answer")
def test_an_unexpected_error_cuts_is_recorded_and_ends_the_engine(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    clinic.treat(level_ua=10_000)
    failed_us = clinic.now_us
    with monkeypatch.context() as broken:
        broken.setattr(Feeder, "feed", lambda _: 1 // 0)
        with pytest.raises(ZeroDivisionError):
            clinic.tick()
    assert clinic.state == "Tripped"
    assert "ZeroDivisionError" in clinic.events("fault")[0]["traceback"]
    assert clinic.last().summary.outcome == "tripped"
    assert closed(clinic).last_current_us() - failed_us < 20_000


@pytest.mark.proves("soft-fall", "parts-answer")
def test_a_dead_link_ramps_down_and_closes(clinic: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    def dead(*_: object) -> None:
        raise LinkError("the link thread died")

    clinic.treat(level_ua=10_000)
    dead_us = clinic.now_us
    monkeypatch.setattr(clinic.engine.link, "take", dead)
    with pytest.raises(LinkError):
        clinic.engine.run(lambda: True)
    assert clinic.state == "Tripped"
    assert clinic.last().summary.outcome == "tripped"
    assert 250_000 <= closed(clinic).last_current_us() - dead_us <= 450_000


@pytest.mark.proves_none
def test_lamps_and_buzzer_show_output_and_trip(clinic: Clinic) -> None:
    def lamps() -> tuple[int, ...]:
        found = clinic.board.status()["lamps"]
        assert isinstance(found, dict)
        return tuple(found.values())

    clinic.arm()
    assert lamps() == (0, 0, 0)
    clinic.do(Start())
    clinic.until("Delivering")
    assert lamps() == (0, 0, 0)
    clinic.raise_to(2_000)
    assert lamps() == (1, 0, 0)
    clinic.board.fault_set("estop")
    clinic.until("Tripped")
    clinic.ticks(2)
    assert lamps() == (0, 1, 1)
    clinic.wait(150)
    assert lamps() == (0, 1, 0), "between two beeps"


@pytest.mark.proves_none
def test_records_can_be_queried_during_a_treatment(clinic: Clinic) -> None:
    clinic.treat(level_ua=2_000)
    page = clinic.link.query("sessions")
    assert not isinstance(page, Refused)
    assert page.rows[0]["programme"] == "conventional-tens"
    assert isinstance(clinic.link.query("nonsense"), Refused)
    assert isinstance(
        clinic.ask(
            Prescribe(subject=Subject.PATIENT, patient="P-1", programme="conventional-tens")
        ),
        Refused,
    )
