"""What a person sees: live progress on a terminal of 80 columns, and the outcome in words."""

import os
import pty
import re
import select
import signal
import subprocess
from collections.abc import Mapping
from io import StringIO

import msgspec
import pytest
from rich.console import Console

from appliance.messages.replies import Event
from appliance.messages.snapshot import ContractionView, TripView
from appliance.messages.wire import TextView
from tests.support.hang import HANG_S
from tests.ui.cli.conftest import COMMAND, TREAT, House
from tests.ui.cli.treatment.test_autopilot import BOTH, LOCKED, PRESCRIBE, levels
from tests.ui.cli.treatment.test_felt_channels import WANTED
from ui.cli.terminal.exit_codes import ExitCode
from ui.cli.terminal.units import contraction_in_words, in_charge, in_clock, in_ma, in_ohm
from ui.cli.treatment.autopilot import Autopilot
from ui.cli.treatment.failure import AutopilotFailure
from ui.cli.treatment.progress import bar, picture
from ui.cli.treatment.request import TreatmentRequest
from ui.cli.treatment.run import TreatmentRun
from ui.cli.treatment.simulated_clinician import SimulatedClinician
from ui.cli.treatment.simulated_facts import SimulatedFact
from ui.cli.treatment.summary import end_of

ORDER = TreatmentRequest(
    PRESCRIBE, 60_000, 3_599_000_000, "Neuromuscular stimulation with a very long name"
)
WORST = tuple(
    msgspec.structs.replace(
        view, amplitude_ua=60_000, measured_ua=-60_000, contact_ohm=99_999, pulses=900_000
    )
    for view in levels(60_000, 60_000)
)
BUSY = msgspec.structs.replace(
    LOCKED, state="ContactCheck", channels=WORST, elapsed_us=3_599_900_000
)
TRIP = TripView(
    code="T06",
    severity="cut",
    title=TextView(key="trip.T06.title"),
    instruction=TextView(key="trip.T06.instruction"),
    detail=None,
    channel=1,
    cause_present=True,
)


def drawn(autopilot: Autopilot, snapshot: object = BUSY, *, colour: bool = False) -> str:
    out = StringIO()
    console = Console(
        file=out,
        width=80,
        height=24,
        force_terminal=colour,
        highlight=False,
        color_system="standard" if colour else None,  # whatever TERM says
    )
    assert isinstance(snapshot, type(BUSY))
    console.print(picture(autopilot, "a virtual board of its own (port 65535)", snapshot))
    return out.getvalue()


def test_the_picture_fits_80_columns_and_keeps_its_height_in_every_state() -> None:
    heights = set()
    for state in ("Locked", "ContactCheck", "RampUp", "Resting", "RampDown", "Finished"):
        for channels in ((), WORST):
            snapshot = msgspec.structs.replace(BUSY, state=state, channels=channels)
            lines = drawn(Autopilot(ORDER), snapshot).splitlines()
            assert max(map(len, lines)) <= 80
            heights.add(len(lines))
    assert len(heights) == 1
    assert heights.pop() < 20


def test_a_trip_is_red_and_takes_the_place_of_the_state() -> None:
    text = drawn(Autopilot(ORDER), msgspec.structs.replace(BUSY, trip=TRIP), colour=True)
    assert re.search(r"\x1b\[1;31m[^\n]*T06 A pad or a lead is off\.", text)
    assert "checking contact" not in text


def test_an_open_emergency_stop_and_a_requested_stop_are_shown() -> None:
    autopilot = Autopilot(ORDER)
    assert "emergency stop open" in drawn(
        autopilot, msgspec.structs.replace(BUSY, estop_closed=False)
    )
    assert "a second Ctrl-C cuts" in drawn(autopilot)
    autopilot.interrupt()
    assert "stopping; Ctrl-C again cuts" in drawn(autopilot)


def test_the_picture_counts_simulated_facts_and_shows_no_open_switch_while_it_is_squeezed() -> None:
    clinician = SimulatedClinician("", WANTED, "P-0013")
    clinician.entered.append(SimulatedFact("patient_registered", {}))
    squeezed = msgspec.structs.replace(BUSY, state="Ready", hand_switch_closed=False)
    shown = drawn(Autopilot(ORDER, clinician=clinician), squeezed)
    assert "simulated facts entered: 1" in shown
    assert "hand switch open" not in shown
    delivering = msgspec.structs.replace(squeezed, state="Delivering")
    assert "hand switch open" in drawn(Autopilot(ORDER, clinician=clinician), delivering)


@pytest.mark.parametrize(
    ("level_ua", "amplitude_ua", "shown"),
    [
        (0, 0, "░░░░░░░░░░"),
        (5_000, 0, "▒▒▒▒▒░░░░░"),
        (5_000, 3_000, "███▒▒░░░░░"),
        (10_000, 9_990, "██████████"),
        (12_000, 12_000, "██████████"),
    ],
)
def test_the_bar_shows_level_and_measured_current(
    level_ua: int, amplitude_ua: int, shown: str
) -> None:
    view = msgspec.structs.replace(BOTH[0], level_ua=level_ua, amplitude_ua=amplitude_ua)
    assert bar(view, 10_000) == shown


def test_numbers_are_printed_with_a_unit_that_suits_them() -> None:
    assert (in_ma(1_990), in_ma(None)) == ("1.99 mA", "-")
    assert (in_ohm(873), in_ohm(None)) == ("873 Ω", "-")
    assert (in_charge(727_600_000), in_charge(36_000_000_000)) == ("727.6 µC", "36.0 mC")
    assert (in_clock(0), in_clock(59_960_000), in_clock(1_800_000_000)) == (
        "0:00.0",
        "0:59.9",
        "30:00.0",
    )


def tripped(code: str) -> TreatmentRun:
    return TreatmentRun(last=BUSY, trips=[Event(name="trip", session=None, facts={"code": code})])


@pytest.mark.parametrize(
    ("run", "marks", "outcome", "code"),
    [
        (TreatmentRun(last=BUSY), {"stop_sent": True}, "completed", 0),
        (TreatmentRun(last=msgspec.structs.replace(BUSY, remaining_us=0)), {}, "completed", 0),
        (TreatmentRun(last=BUSY), {}, "stopped", 4),
        (TreatmentRun(last=BUSY), {"was_interrupted": True, "stop_sent": True}, "stopped", 130),
        (TreatmentRun(last=BUSY, lost="gone"), {"was_interrupted": True}, "lost", 3),
        (TreatmentRun(), {"failure": AutopilotFailure("no")}, "refused", 4),
        (TreatmentRun(), {"failure": AutopilotFailure("no", ExitCode.BUSY)}, "busy", 75),
        (tripped("T01"), {"was_interrupted": True}, "tripped", 4),
        (tripped("T02"), {}, "tripped", 4),
        (tripped("T30"), {}, "tripped", 3),
        (tripped("T06"), {"failure": AutopilotFailure("later")}, "tripped", 5),
    ],
)
def test_every_outcome_has_its_word_and_its_exit_code(
    run: TreatmentRun, marks: Mapping[str, object], outcome: str, code: int
) -> None:
    autopilot = Autopilot(ORDER)
    for name, value in marks.items():
        setattr(autopilot, name, value)
    end = end_of(run, autopilot)
    assert (end.outcome, int(end.code)) == (outcome, code)


def test_a_level_that_was_not_reached_is_reported() -> None:
    ended = msgspec.structs.replace(BUSY, remaining_us=0)
    cause = end_of(TreatmentRun(last=ended), Autopilot(ORDER)).cause
    assert cause == "the programme ended at 0.00 mA, before the level was reached"


def read_all(terminal: int, process: subprocess.Popen[bytes]) -> str:
    """Return all that a process writes to its terminal until it ends."""
    parts = []
    while True:
        ready, _, _ = select.select([terminal], [], [], 0.1)
        if not ready and process.poll() is not None:
            break
        try:
            part = os.read(terminal, 65_536) if ready else b""
        except OSError:  # the other end has closed
            break
        parts.append(part)
    return b"".join(parts).decode()


@pytest.mark.realtime
@pytest.mark.parametrize("plain", [False, True])
def test_progress_is_live_on_a_terminal_and_gone_at_the_end(house: House, plain: bool) -> None:
    near, far = pty.openpty()
    more = {"NO_COLOR": "1"} if plain else {}
    environment = {**house.environment, "TERM": "xterm-256color", **more}
    process = subprocess.Popen(
        [*COMMAND, *TREAT, "--level", "1", "--seconds", "0.5"],
        stdin=far,
        stdout=subprocess.DEVNULL,
        stderr=far,
        env=environment,
        start_new_session=True,
    )
    os.close(far)
    try:
        text = read_all(near, process)
    finally:
        os.close(near)
    assert process.wait(HANG_S) == 0
    for words in ("checking contact", "delivering", "Ctrl-C ramps down", "0:00."):
        assert words in text
    styles = re.findall(r"\x1b\[[0-9;]*m", text)
    assert bool(styles) != plain
    assert text.endswith(("\x1b[2K", "\x1b[?25h")), "the progress is taken off again"


@pytest.mark.realtime
def test_a_terminal_that_closes_ends_the_treatment_in_order(house: House) -> None:
    pid, terminal = pty.fork()
    if pid == 0:  # pragma: no cover - the child becomes the command
        os.execve(COMMAND[0], [*COMMAND, *TREAT, "--level", "1"], house.environment)  # noqa: S606 - our own
    seen = b""
    while b"delivering" not in seen and select.select([terminal], [], [], 20)[0]:
        seen += os.read(terminal, 65_536)
    os.close(terminal)  # the kernel sends SIGHUP
    _, status = os.waitpid(pid, 0)
    assert not os.WIFSIGNALED(status) or os.WTERMSIG(status) != signal.SIGHUP
    (session,) = house.sessions()
    assert (session["outcome"], session["cause"]) == ("stopped", "stop")
    assert house.processes() == []


CONTRACTION = ContractionView(
    number=3,
    of=10,
    channels=(1, 2),
    playing=False,
    next_on_in_us=2_449_000,
    rises_in_us=4_449_000,
    rises_for_us=6_930_000,
)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "contraction 3 of 10 begins in 2.4 s"),
        ({"playing": True, "rises_in_us": 1_260_000}, "levels may be raised in 1.3 s"),
        ({"playing": True, "rises_in_us": 0}, "levels may be raised for 6.9 s more"),
        ({"playing": True, "rises_in_us": None}, "levels may be raised in the next one"),
    ],
)
def test_a_programme_with_rests_counts_down_in_words(
    changes: Mapping[str, object], words: str
) -> None:
    contraction = msgspec.structs.replace(CONTRACTION, **changes)
    snapshot = msgspec.structs.replace(BUSY, contraction=contraction)
    assert words in contraction_in_words(snapshot)
    request = TreatmentRequest(PRESCRIBE, 60_000, None, "NMES", contracts=True)
    lines = [drawn(Autopilot(request), each).splitlines() for each in (snapshot, BUSY)]
    assert any(words in line for line in lines[0])
    assert len(lines[0]) == len(lines[1]), "the picture keeps its height"
    assert max(map(len, lines[0])) <= 80
