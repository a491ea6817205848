"""The autopilot of a drill, without a terminal: which drills it follows and when it ends."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import pytest

from appliance.messages.actions import Acknowledge, Action, BeginDrill, EndDrill, Unlock
from appliance.messages.replies import Refused, Reply
from appliance.messages.snapshot import DrillResult, DrillView, Snapshot, TripView
from appliance.messages.wire import DrillKind, TextView
from drivers.errors import NotConnected
from tests.support.clinic import Clinic, open_clinic
from tests.support.drill_person import at_rest
from ui.cli.drills.autopilot import DrillAutopilot
from ui.cli.drills.person import TerminalPerson, VirtualHands, restored
from ui.cli.drills.report import code_of
from ui.cli.terminal.exit_codes import ExitCode

Message = TypeVar("Message", bound=msgspec.Struct)
WATCHDOG = BeginDrill(kind=DrillKind.WATCHDOG)
ESTOP = BeginDrill(kind=DrillKind.ESTOP)
PRESS = DrillView(
    kind=DrillKind.ESTOP,
    channel=None,
    load_ohm=None,
    step=3,
    of=6,
    key="drill.e-stop.press",
    left_us=90_000_000,
)
FAILED = DrillResult(passed=False, failures=(TextView(key="drill.failed.ended"),), measured={})
TRIP = TripView(
    code="T01",
    severity="cut",
    title=TextView(key="trip.T01.title"),
    instruction=TextView(key="trip.T01.instruction"),
    detail=None,
    channel=None,
    cause_present=False,
)


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Snapshot]:
    with open_clinic(tmp_path_factory.mktemp("clinic")) as clinic:
        yield look(clinic)


def look(clinic: Clinic) -> Snapshot:
    clinic.until("Locked")
    return clinic.view


def shows(message: Message, **changed: object) -> Message:
    return msgspec.structs.replace(message, **changed)


def autopilot(rig: str | None = None, *, virtual: bool = False) -> DrillAutopilot:
    person = VirtualHands(lambda *_: None) if virtual else TerminalPerson()
    return DrillAutopilot((WATCHDOG,), person, "anna", rig)


def test_it_unlocks_and_begins_on_any_rig_unless_one_is_requested(snapshot: Snapshot) -> None:
    found = autopilot()
    assert found.decide(snapshot) == Unlock(operator="anna")
    assert found.decide(shows(snapshot, state="Ready", rig="virtual")) == WATCHDOG
    told = autopilot("hardware")
    assert told.decide(snapshot) is None
    assert told.failure is not None
    assert "give --rig virtual" in told.failure.text


def test_a_simulated_person_never_begins_a_drill_on_hardware(snapshot: Snapshot) -> None:
    """Hazard: a drill that nobody can do counts as not passed and locks the unit."""
    found = autopilot(virtual=True)
    assert found.decide(shows(snapshot, state="Ready", rig="hardware")) is None
    assert found.failure is not None
    assert found.failure.code is ExitCode.REFUSED
    assert autopilot().decide(shows(snapshot, state="Ready", rig="hardware")) == WATCHDOG


@pytest.mark.parametrize(
    "state", ["Armed", "RampUp", "Delivering", "Resting", "Paused", "Finished"]
)
def test_it_does_not_touch_the_session_of_another_client(snapshot: Snapshot, state: str) -> None:
    found = autopilot()
    assert found.decide(shows(snapshot, state=state)) is None
    assert found.failure is not None
    assert found.failure.code is ExitCode.BUSY


def test_it_does_not_acknowledge_a_trip_that_was_there_before(snapshot: Snapshot) -> None:
    found = autopilot(virtual=True)
    assert not isinstance(found.decide(shows(snapshot, state="Tripped")), Acknowledge)
    assert found.failure is not None
    assert found.is_done(snapshot)


def test_ctrl_c_before_a_drill_began_sends_nothing(snapshot: Snapshot) -> None:
    found = autopilot()
    found.interrupt()
    assert found.decide(snapshot) is None
    assert found.is_done(snapshot)


# --- what another client, the engine or the board does meanwhile -------------------------------


class Series:
    """E-stop drills with a simulated person, and the faults they have set on the board."""

    def __init__(self, snapshot: Snapshot, drills: int = 1) -> None:
        self.faults: list[str] = []
        self.board_fails: Exception | None = None
        self.person = VirtualHands(self._fault)
        self.autopilot = DrillAutopilot((ESTOP,) * drills, self.person, "anna", None)
        self.now = shows(snapshot, state="Ready")
        self.requests = 0

    def _fault(self, do: str, fault: str) -> None:
        if self.board_fails is not None:
            raise self.board_fails
        (self.faults.append if do == "set" else self.faults.remove)(fault)

    def sees(self, **changed: object) -> Action | None:
        later = {"tick": self.now.tick + 5, "at_us": self.now.at_us + 50_000}
        self.now = shows(self.now, **{**later, **changed})
        action = self.autopilot.decide(self.now)
        if action is not None:
            self.requests += 1
            self.autopilot.sent(self.requests, action)
        return action

    def accepts(self) -> None:
        self.autopilot.answered(Reply(request=self.requests, tick=self.now.tick))

    def refuses(self) -> None:
        refusal = Refused(request=self.requests, rule="r", asked="a", allowed="b", nearest="c")
        self.autopilot.answered(refusal)

    def until_pressed(self) -> None:
        assert self.sees() == ESTOP
        self.accepts()
        assert self.sees(drill=PRESS) is None
        assert self.faults == ["estop"]

    @property
    def is_done(self) -> bool:
        return self.autopilot.is_done(self.now)


@pytest.fixture
def series(snapshot: Snapshot) -> Series:
    return Series(snapshot)


@pytest.mark.parametrize(
    "drill",
    [
        None,
        shows(PRESS, kind=DrillKind.WATCHDOG, key="drill.watchdog.hold"),
        shows(PRESS, left_us=100_000_000),
        shows(PRESS, left_us=100_000_000, result=FAILED),
    ],
    ids=["put away", "another kind", "the same kind again", "another's result"],
)
def test_a_drill_that_another_client_ended_is_over(series: Series, drill: DrillView | None) -> None:
    """Hazard: a command that waits for ever, with the emergency stop of the board pressed."""
    series.until_pressed()
    assert series.sees(drill=drill) is None
    assert series.is_done
    assert series.autopilot.done == []
    assert series.faults == []
    assert series.autopilot.failure is not None
    assert series.autopilot.failure.text == (
        "another client ended the e-stop drill: see `stimkiosk drill`"
    )
    assert code_of(series.autopilot) is ExitCode.BUSY


def test_ctrl_c_never_ends_a_drill_that_may_be_another_clients(series: Series) -> None:
    assert series.sees() == ESTOP
    series.autopilot.interrupt()
    assert not series.autopilot.wants_stop
    assert series.sees(drill=PRESS) is None, "perhaps another client's drill"
    series.refuses()
    assert not series.autopilot.wants_stop
    assert series.sees() is None
    assert series.is_done


def test_ctrl_c_ends_our_drill_as_soon_as_it_is_ours_and_until_it_is_heard(
    series: Series,
) -> None:
    assert series.sees() == ESTOP
    series.autopilot.interrupt()
    series.accepts()
    assert series.autopilot.wants_stop
    assert series.sees(drill=PRESS) == EndDrill()
    series.refuses()
    assert series.autopilot.wants_stop
    assert series.sees() == EndDrill()
    series.accepts()
    series.sees(drill=shows(PRESS, result=FAILED))
    assert code_of(series.autopilot) is ExitCode.INTERRUPTED


def test_a_drill_that_ended_between_two_snapshots_has_its_result(series: Series) -> None:
    series.until_pressed()
    trip: dict[str, Any] = {"state": "Tripped", "trip": TRIP}
    assert series.sees(drill=shows(PRESS, left_us=80_000_000, result=FAILED), **trip) == EndDrill()
    series.accepts()
    assert series.is_done
    assert series.faults == []
    assert code_of(series.autopilot) is ExitCode.CHECK_FAILED


@pytest.mark.parametrize("error", [NotConnected("gone"), ValueError("estop is not set")])
def test_what_was_set_is_cleared_as_far_as_the_board_lets_it(
    series: Series, error: Exception
) -> None:
    series.until_pressed()
    series.board_fails = error
    with restored(series.person):
        series.sees(drill=shows(PRESS, key="drill.e-stop.watch"))
    series.board_fails = AssertionError("nothing is left to clear")
    series.person.restore()


def test_a_trip_between_two_drills_waits_for_a_person_who_can_acknowledge(
    snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Hazard: a command that waits for ever for an Enter that nobody can press."""
    series = Series(snapshot, drills=2)
    series.until_pressed()
    listens = TerminalPerson()
    series.autopilot.person = listens
    tripped: dict[str, Any] = {"state": "Tripped", "trip": TRIP}
    monkeypatch.setattr(listens, "acknowledges", lambda: False)
    series.sees(drill=shows(PRESS, left_us=80_000_000, result=FAILED), **tripped)
    assert series.sees() is None
    assert series.autopilot.unacknowledged == TRIP
    assert not series.is_done
    monkeypatch.setattr(listens, "_listens", False)
    assert series.sees() is None
    assert series.autopilot.failure is not None
    assert "`stimkiosk acknowledge`" in series.autopilot.failure.text
    assert series.is_done


def test_a_real_drill_put_away_by_another_client_leaves_nothing_pressed(
    tmp_path: Path,
) -> None:
    with open_clinic(tmp_path) as clinic:
        clinic.unlock()
        hands = {"set": clinic.board.fault_set, "clear": clinic.board.fault_clear}
        person = VirtualHands(lambda do, fault: hands[do](fault))
        found = DrillAutopilot((ESTOP,), person, "anna", None)
        while clinic.view.drill is None or clinic.view.drill.key != PRESS.key:
            follow(found, clinic)
        follow(found, clinic)
        assert not clinic.view.estop_closed
        clinic.do(EndDrill())
        clinic.until_true(lambda: clinic.view.drill is None or clinic.view.drill.result is not None)
        clinic.do(EndDrill())
        clinic.until_true(lambda: clinic.view.drill is None)
        follow(found, clinic)
        assert found.is_done(clinic.view)
        clinic.until_true(lambda: clinic.view.estop_closed)
        clinic.do(Acknowledge())
        clinic.until_true(lambda: at_rest(clinic))


def follow(found: DrillAutopilot, clinic: Clinic) -> None:
    """Show the autopilot one snapshot and the engine's answer."""
    action = found.decide(clinic.view)
    if action is not None:
        found.sent(0, action)
        answer = clinic.ask(action)
        found.answered(Reply(request=0, tick=answer.tick) if isinstance(answer, Reply) else answer)
    clinic.wait(50)
