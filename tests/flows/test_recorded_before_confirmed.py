"""A fact is confirmed only once it is on the disk; what acts on the output never waits for that."""

from pathlib import Path

import pytest

from appliance.messages.actions import (
    Acknowledge,
    Action,
    BeginDrill,
    Fall,
    MarkFelt,
    Pause,
    Rise,
    SetCeiling,
    Stop,
)
from appliance.messages.replies import Refused, Reply
from appliance.messages.snapshot import DrillResult
from appliance.messages.wire import DrillKind
from appliance.records.journal.journal import Journal
from tests.campaigns.bench.kept_facts import lost
from tests.support.clinic import Clinic
from tests.support.texts import said
from ui.cli.terminal.snapshot_text import failures_of

CEILING = SetCeiling(patient="P-17", scope="back", ceiling_ua=9_000, reason="sore", operator="anna")


class Disk:
    """The progress of the disk, as the journal reports it to the engine."""

    def __init__(self) -> None:
        self.reached: int | None = None
        self.fault: str | None = None

    def hold(self, clinic: Clinic) -> None:
        """Write nothing more from now on."""
        self.reached = clinic.engine.loop._journal._records.acknowledged

    def go_on(self) -> None:
        """Write what waits."""
        self.reached = None


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Disk:
    """Replace the progress of the journal, so that a test can make the disk slow or fail."""
    found = Disk()
    plain, fault = Journal.acknowledged.fget, Journal.fault.fget  # type: ignore[attr-defined]

    def acknowledged(self: Journal) -> int:
        return int(plain(self)) if found.reached is None else found.reached

    monkeypatch.setattr(Journal, "acknowledged", property(acknowledged))
    monkeypatch.setattr(Journal, "fault", property(lambda self: found.fault or fault(self)))
    return found


def answers(clinic: Clinic) -> list[Reply | Refused]:
    """Return the answers received so far."""
    found = []
    while (message := clinic.link.next_message(0)) is not None:
        if isinstance(message, Reply | Refused):
            found.append(message)
    return found


def shown(clinic: Clinic) -> DrillResult | None:
    view = clinic.view.drill
    assert view is not None
    return view.result


def send(clinic: Clinic, action: Action) -> None:
    clinic.wait(60)
    answers(clinic)
    clinic.link.send(action)
    clinic.wait(100)


def reach(clinic: Clinic, action: Action) -> None:
    """Bring the clinic to a state in which the action is allowed."""
    match action:
        case MarkFelt() | Fall() | Rise() | Pause() | Stop():
            clinic.treat(level_ua=3_000)
        case Acknowledge():
            clinic.unlock()
            clinic.board.fault_set("estop")
            clinic.trip()
            clinic.board.fault_clear("estop")
            clinic.wait(200)
        case _:
            clinic.unlock()


@pytest.mark.proves("kept-first")
@pytest.mark.parametrize(
    "action",
    [CEILING, MarkFelt(channel=1, felt="first_felt"), Acknowledge()],
    ids=lambda action: type(action).__name__,
)
def test_a_fact_is_confirmed_only_once_it_is_on_the_disk(
    clinic: Clinic, disk: Disk, action: Action
) -> None:
    """Hazard: 7 of 32 confirmed ceilings were lost by a kill right after the confirmation."""
    reach(clinic, action)
    disk.hold(clinic)
    send(clinic, action)
    clinic.wait(500)
    assert answers(clinic) == []
    disk.go_on()
    clinic.wait(500)
    assert [type(each) for each in answers(clinic)] == [Reply]


@pytest.mark.proves("stop-first")
@pytest.mark.parametrize(
    "action", [Stop(), Stop(cut=True), Pause(), Fall(channel=1, step_ua=500), Rise(channel=1)]
)
def test_a_command_that_acts_on_the_output_is_answered_at_once(
    clinic: Clinic, disk: Disk, action: Action
) -> None:
    reach(clinic, action)
    disk.hold(clinic)
    send(clinic, CEILING)
    answers(clinic)
    send(clinic, action)
    assert [type(each) for each in answers(clinic)] == [Reply]


@pytest.mark.proves("kept-first", "felt")
def test_too_strong_lowers_at_once_however_slow_the_disk(clinic: Clinic, disk: Disk) -> None:
    clinic.treat(level_ua=3_000)
    disk.hold(clinic)
    send(clinic, MarkFelt(channel=1, felt="too_strong"))
    assert clinic.channel(1).level_ua == 2_000
    assert answers(clinic) == []


@pytest.mark.proves("kept-first")
def test_a_command_that_could_not_be_recorded_is_not_confirmed(clinic: Clinic, disk: Disk) -> None:
    clinic.unlock()
    disk.hold(clinic)
    send(clinic, CEILING)
    assert answers(clinic) == []
    disk.fault = "no room on the disk"
    clinic.wait(50)
    (answer,) = answers(clinic)
    assert isinstance(answer, Refused)
    assert said(answer)[:2] == ("records", "another ceiling of a patient, done and not recorded")
    assert "no room on the disk" in said(answer).allowed


@pytest.mark.proves("kept-first")
@pytest.mark.parametrize("fault", [None, "no room on the disk"])
def test_the_result_of_a_drill_is_shown_only_once_it_is_on_the_disk(
    clinic: Clinic, disk: Disk, fault: str | None
) -> None:
    clinic.unlock()
    clinic.do(BeginDrill(kind=DrillKind.WATCHDOG))
    clinic.until_true(lambda: clinic.view.drill is not None, "drill")
    disk.hold(clinic)
    clinic.wait(20_000)
    assert shown(clinic) is None
    disk.fault = fault
    if fault is None:
        disk.go_on()
    clinic.wait(200)
    result = shown(clinic)
    assert result is not None
    assert result.passed == (fault is None)
    assert ("it could not be recorded" in failures_of(result)) == (fault is not None)


@pytest.mark.proves("kept-first")
@pytest.mark.realtime
def test_a_kill_right_after_the_reply_loses_nothing_confirmed(tmp_path: Path) -> None:
    """Real processes, a real disk; `tests.campaigns.bench kept_facts` does it 200 times."""
    found = lost(tmp_path, kills=6, mark_every=0)
    assert (found["ceiling told"], found["ceiling lost"]) == (6, 0)
