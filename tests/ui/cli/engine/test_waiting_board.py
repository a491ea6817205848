"""A slow machine only makes a run on a waiting board longer."""

import json
import os
import signal
import threading
from pathlib import Path

import pytest
from msgspec.structs import replace

from appliance.messages.replies import Event
from tests.ui.cli.conftest import TREAT, House, wait_until
from tests.ui.cli.treatment.test_autopilot import LOCKED
from ui.cli.engine.hosts import RunTarget
from ui.cli.treatment.autopilot import Autopilot
from ui.cli.treatment.request import TreatOptions, to_request
from ui.cli.treatment.run import TreatmentRun
from ui.cli.treatment.summary import end_of

LATE_S = 0.3
"""In seconds; six times the delay that trips a control loop in real time."""
LATENESS = ("T13", "T19", "T21", "T23", "T26")


def held_up(pid: int) -> None:
    """Suspend a process, as a busy machine does."""
    os.kill(pid, signal.SIGSTOP)
    threading.Event().wait(LATE_S)
    os.kill(pid, signal.SIGCONT)


def test_a_delayed_engine_or_waiting_board_does_not_trip(house: House) -> None:
    """Hazard: on a busy laptop every treatment ends with "call service"."""
    board, port = house.board()
    engine = house.engine(port)
    treat = house.start(*TREAT, "--level", "3", "--seconds", "5", "--json", PIGPIO_PORT=port)
    wait_until(
        lambda: house.ask(port, "status")["status"]["channels"][0]["dac_latched"] > 75,
        "current flows",
    )
    for late in (engine, board, engine):
        held_up(late.pid)
    stdout, stderr = treat.communicate()
    summary = json.loads(stdout)
    assert (treat.returncode, stderr, summary["outcome"]) == (0, "", "completed"), stdout
    assert house.ask(port, "time")["waited_us"] >= 2 * LATE_S * 1_000_000


def test_a_board_started_for_the_treatment_waits_on_request_and_says_so(house: House) -> None:
    done = house.run(*TREAT, "--level", "2", "--seconds", "1", "--time", "waiting")
    assert (done.returncode, done.stderr) == (0, "")
    (where,) = [line for line in done.stdout.splitlines() if line.startswith("ran on")]
    assert "that waits for this machine" in where
    assert len(where) <= 80


@pytest.mark.parametrize("more", [("--fast",), ("--rig", "hardware"), ()])
def test_the_time_of_a_board_that_runs_already_cannot_be_chosen(
    house: House, more: tuple[str, ...]
) -> None:
    done = house.run(*TREAT, "--time", "waiting", *more, PIGPIO_PORT="9")
    assert done.returncode in (2, 4)
    assert "--time is only for a virtual board" in done.stderr or "dummy load" in done.stderr


@pytest.mark.parametrize(
    ("time", "granted", "waits"),
    [
        ("auto", True, False),
        ("auto", False, True),
        ("real", False, False),
        ("waiting", True, True),
    ],
)
def test_a_board_started_for_the_treatment_waits_without_real_time_priority(
    monkeypatch: pytest.MonkeyPatch, time: str, granted: bool, waits: bool
) -> None:
    policy = [os.SCHED_OTHER]

    def ask(_pid: int, wanted: int, _param: os.sched_param) -> None:
        if wanted == os.SCHED_RR and not granted:
            raise PermissionError
        policy[0] = wanted

    monkeypatch.setattr(os, "sched_setscheduler", ask)
    monkeypatch.setattr(os, "sched_getscheduler", lambda _: policy[0])
    assert RunTarget(Path("records"), time=time).waits() is waits  # type: ignore[arg-type]
    assert policy == [os.SCHED_OTHER], "asking changes nothing"


@pytest.mark.parametrize("code", LATENESS)
def test_a_trip_by_lateness_on_a_virtual_board_blames_this_machine(
    code: str,
) -> None:
    trip = Event(name="trip", session=None, facts={"code": code, "detail": ""})
    last = replace(LOCKED, rig="virtual")
    autopilot = Autopilot(
        to_request(TreatOptions("conventional-tens", (1,), 2_000, side="")), "virtual"
    )
    end = end_of(TreatmentRun(last=last, trips=[trip]), autopilot)
    assert end.remedy is not None
    assert "this machine was late" in end.remedy
    assert "service" not in end.remedy
    assert "--waiting" in end.remedy
