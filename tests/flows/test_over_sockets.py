"""The whole engine against a board process: only clock and transport differ."""

from pathlib import Path
from typing import cast

import pytest

from appliance.control.commands.record_queries import RecordQueries
from appliance.control.drills.ledger import DrillLedger
from appliance.control.loop import ControlLoop
from appliance.drills.schedule import Today
from appliance.engine import Engine
from appliance.link.client import LinkClient
from appliance.link.local import LocalLink
from appliance.messages.actions import Stop
from appliance.operators.pin_worker import PinWorker
from appliance.records.journal.journal import Journal
from appliance.records.known_records import KnownRecords
from appliance.records.operator_facts import OperatorFacts
from appliance.records.patient_facts import PatientFacts
from appliance.records.patient_history import PatientRegister
from appliance.records.unit_facts import UnitFacts
from appliance.records.wall_clock import SteppedWallClock
from appliance.safety.arming_policy import policy_of
from drivers.rigs.virtual import open_virtual_rig
from drivers.virtual.board import VirtualBoard
from drivers.virtual.board_sockets import board_paths
from drivers.virtual.control_socket import ControlClient
from tests.contract.conftest import board_process
from tests.support.clinic import Clinic, open_clinic

pytestmark = pytest.mark.proves_none


class BoardElsewhere:
    """What a clinic does with its board, for one in another process."""

    def __init__(self, port: int) -> None:
        self._control = board_paths(port).control

    def fault_set(self, name: str) -> None:
        with ControlClient(self._control) as control:
            control.ask("set", fault=name)

    def fault_clear(self, name: str) -> None:
        with ControlClient(self._control) as control:
            control.ask("clear", fault=name)


def session(clinic: Clinic) -> None:
    clinic.treat("conventional-tens", level_ua=2_000)
    clinic.wait(500)
    clinic.do(Stop())
    clinic.until("Finished")


def test_a_treatment_over_sockets_leaves_the_same_recording(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    with open_clinic(tmp_path / "near") as near:
        session(near)
        near.board.recorder.flush()  # type: ignore[union-attr]
        inside, ended_us = near.record.read_bytes(), near.now_us
    record, data = tmp_path / "far.vcd", tmp_path / "data"
    data.mkdir()
    with board_process(tmp_path, record) as port:
        rig = open_virtual_rig(port)
        wall = SteppedWallClock(rig.clock, 0)
        journal = Journal.open(data, wall, rig.clock, threaded=False)
        link = LocalLink("0")
        queries, register = RecordQueries(data, threaded=False), PatientRegister()
        policy = policy_of(rig.kind)
        ledger = DrillLedger({}, policy, lambda: Today(wall.utc_us(), trusted=False))
        known = (
            policy,
            ledger,
            KnownRecords(register, PatientFacts(), UnitFacts(), OperatorFacts()),
        )
        loop = ControlLoop(rig, link, journal, queries, wall.utc_us, *known, PinWorker(waits=True))
        loop.prepare()
        engine = Engine(loop, rig.clock, link)
        link.step = engine.step
        shown = BoardElsewhere(port)
        far = Clinic(cast("VirtualBoard", shown), engine, LinkClient(link, "local"), data, record)
        session(far)
        assert rig.clock.now_us() == ended_us
        journal.close()
        rig.close()
    outside = record.read_bytes()
    assert len(inside) > 10_000
    assert outside.startswith(inside)
