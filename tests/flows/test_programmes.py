"""Every programme of the catalogue, from prescription to closed session."""

from pathlib import Path

import pytest

from appliance.clinical.catalogue import load_catalogue
from appliance.messages.actions import Stop
from tests.support.clinic import Clinic, open_clinic
from tests.support.recorded_trace import GATES, Trace

CONTRACTING = {
    name
    for name, programme in load_catalogue().items()
    if any(train.on_off is not None for train in programme.trains)
}


@pytest.mark.proves("whole-slices", "stop-record", "soft-fall")
@pytest.mark.parametrize("programme", sorted(load_catalogue()))
def test_a_short_session_reaches_its_level_and_is_recorded_as_it_was(
    clinic: Clinic, programme: str
) -> None:
    clinic.treat(programme, level_ua=4_000)
    clinic.until_true(lambda: clinic.view.state == "Delivering")
    clinic.wait(2_500)
    started_us = clinic.now_us
    for view in clinic.view.channels:
        assert view.measured_ua is not None
        assert view.worst_error_ua <= 600
        assert view.pulses > 0
    clinic.do(Stop())
    clinic.until("Finished")
    session = clinic.last()
    assert session.summary.outcome == "stopped"
    assert session.summary.programme == programme
    assert [each["level_ua"] for each in session.dose] == [4_000, 4_000]
    assert len(session.measurements) >= 4
    clinic.board.close()
    trace = Trace(clinic.record)
    assert all(trace.value(gate, clinic.now_us) == 0 for gate in GATES)
    assert trace.value("dac1", clinic.now_us) == 0
    assert trace.value("supply_en", clinic.now_us) == 0
    assert trace.last_current_us() <= started_us + 500_000
    check_levels(clinic, trace)


def check_levels(clinic: Clinic, trace: Trace) -> None:
    """Each recorded level began with the code that the DAC latched at that slice's strobe."""
    session = clinic.last()
    opened = next(each for each in session.events if each.name == "session_opened")
    strobes = [t for t, v in trace.changes("ldac_n") if v == 0 and t >= opened.monotonic_us]
    for change in clinic.events("level_changed"):
        if session.summary.programme in CONTRACTING or not change["to_ua"]:
            continue  # the envelope lies between level and code
        strobe_us = strobes[change["slice_number"] - 1]
        code = trace.value(f"dac{change['channel']}", strobe_us + 25)
        assert code in {0, change["to_ua"] * 4_095 // 120_000}


@pytest.mark.proves_none
def test_two_runs_leave_the_same_recording_to_the_byte(tmp_path: Path) -> None:
    traces = []
    for run in ("one", "two"):
        with open_clinic(tmp_path / run) as clinic:
            clinic.treat("burst-tens", level_ua=3_000)
            clinic.do(Stop())
            clinic.until("Finished")
        traces.append(clinic.record.read_bytes())
    assert traces[0] == traces[1]
    assert len(traces[0]) > 10_000


@pytest.mark.proves("boot-locked")
def test_a_session_without_its_engine_is_closed_as_interrupted(tmp_path: Path) -> None:
    with open_clinic(tmp_path / "first") as clinic:
        clinic.treat(level_ua=3_000)
        clinic.wait(1_500)
        copy = tmp_path / "copy"  # what the disk held when the power went
        copy.mkdir()
        for file in clinic.data.iterdir():
            (copy / file.name).write_bytes(file.read_bytes())
    with open_clinic(tmp_path / "second", data=copy) as clinic:
        session = clinic.last()
        assert session.summary.outcome == "interrupted"
        assert session.dose[0]["level_ua"] == 3_000


@pytest.mark.proves("cut")
def test_an_engine_that_ends_in_a_session_cuts_and_records_why(tmp_path: Path) -> None:
    with open_clinic(tmp_path) as clinic:
        clinic.treat(level_ua=3_000)
        left_us = clinic.now_us
    assert clinic.last().summary.cause == "engine_stopped"
    assert Trace(clinic.record).last_current_us() <= left_us


@pytest.mark.proves("soft-fall")
def test_an_engine_asked_to_end_ramps_the_output_down_first(tmp_path: Path) -> None:
    with open_clinic(tmp_path) as clinic:
        clinic.treat(level_ua=10_000)
        asked_us = clinic.now_us
        clinic.engine.run(lambda: False)
        assert clinic.state == "Finished"
    assert 250_000 <= Trace(clinic.record).last_current_us() - asked_us <= 450_000
