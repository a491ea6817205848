"""Every action in every state: one that is not allowed is refused with a text and changes nothing.

`docs/bad-input.md` publishes the table; it is read here, asked of the state machine cell by cell,
and every refusal of it is asked of a whole engine on one way through all states.
"""

from collections.abc import Callable
from pathlib import Path

import pytest

from appliance.link.stale_commands import stale
from appliance.messages.actions import (
    Acknowledge,
    Action,
    BeginDrill,
    CheckContact,
    CloseSession,
    Command,
    EndDrill,
    Fall,
    HoldRise,
    Lock,
    Pause,
    Prescribe,
    RecordFact,
    Resume,
    Rise,
    SetCeiling,
    Start,
    Stop,
    Unlock,
)
from appliance.messages.replies import Refused, Reply
from appliance.messages.wire import DrillKind, Subject
from appliance.safety.state_machine import events as ev
from appliance.safety.state_machine.states import (
    Armed,
    ContactCheck,
    Delivering,
    Finish,
    Finished,
    Locked,
    Paused,
    RampDown,
    RampUp,
    Ready,
    Resting,
    SelfTest,
    State,
    Tripped,
)
from appliance.safety.state_machine.step import step
from appliance.safety.trips.codes import TripCode
from appliance.safety.trips.trip import trip
from appliance.texts.english import english
from tests.support.clinic import Clinic, open_clinic
from tests.support.texts import said

PAGE = Path(__file__).parents[2] / "docs" / "bad-input.md"
REFUSED, IGNORED = "refused", "no effect"

ACTIONS: dict[str, Action] = {
    "unlock": Unlock(operator="anna"),
    "lock": Lock(),
    "prescribe": Prescribe(subject=Subject.PATIENT, patient="P-1", programme="conventional-tens"),
    "check contact": CheckContact(),
    "start": Start(),
    "pause": Pause(),
    "resume": Resume(),
    "stop": Stop(),
    "stop, cut": Stop(cut=True),
    "acknowledge": Acknowledge(),
    "close session": CloseSession(),
    "rise": Rise(channel=1),
    "hold rise": HoldRise(channel=1, pressed=True),
    "release": HoldRise(channel=1, pressed=False),
    "fall": Fall(channel=1, step_ua=500),
    "set ceiling": SetCeiling(
        patient="P-17", scope="back", ceiling_ua=20_000, reason="sore", operator="anna"
    ),
    "record fact": RecordFact(kind="patient_registered", values={"born": 1980}),
    "begin drill": BeginDrill(kind=DrillKind.ESTOP),
    "end drill": EndDrill(),
}
EVENTS: dict[str, ev.Event] = {
    "unlock": ev.Unlocked("anna"),
    "lock": ev.LockAsked(),
    "prescribe": ev.Prescribed(),
    "check contact": ev.ContactAsked(),
    "start": ev.StartAsked(),
    "pause": ev.PauseAsked(),
    "resume": ev.ResumeAsked(),
    "stop": ev.StopAsked(),
    "stop, cut": ev.StopAsked(cut=True),
    "acknowledge": ev.Acknowledged(),
    "close session": ev.SessionClosed(),
}
STATES: dict[str, State] = {
    "Locked": Locked(),
    "SelfTest": SelfTest(),
    "Ready": Ready(),
    "Ready, prescribed": Ready(prescribed=True),
    "ContactCheck": ContactCheck(),
    "Armed": Armed(),
    "RampUp": RampUp(),
    "Delivering": Delivering(),
    "Resting": Resting(),
    "RampDown": RampDown(Finish(ev.SessionOutcome.STOPPED)),
    "Paused": Paused(),
    "Finished": Finished(ev.SessionOutcome.STOPPED),
    "Tripped, cause there": Tripped(trip(TripCode.ESTOP), cause_present=True),
    "Tripped, cause gone": Tripped(trip(TripCode.ESTOP), cause_present=False),
}
NEVER_STALE = {
    "stop",
    "stop, cut",
    "pause",
    "fall",
    "release",
    "acknowledge",
    "end drill",
    "record fact",
}
NEED_NO_SESSION = {"unlock", "prescribe", "set ceiling"}


def published() -> dict[tuple[str, str], str]:
    """Return the cells of the page: (action, state) to what it says."""
    rows = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    states = cells_of(next(row for row in rows if row.startswith("| state |")))[1:]
    assert states == list(ACTIONS)
    found: dict[tuple[str, str], str] = {}
    for row in rows:
        state, *cells = cells_of(row)
        if state in STATES:
            found |= {(state, action): cell for action, cell in zip(states, cells, strict=True)}
    return found


def cells_of(row: str) -> list[str]:
    return [cell.strip() for cell in row.strip("|").split("|")]


@pytest.mark.proves_none
def test_the_page_has_every_state_with_every_action() -> None:
    assert set(published()) == {(state, action) for state in STATES for action in ACTIONS}


@pytest.mark.proves("states")
@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("action", EVENTS)
def test_the_state_machine_answers_as_published(state: str, action: str) -> None:
    after, effects = step(STATES[state], EVENTS[action])
    refusals = [each for each in effects if isinstance(each, ev.Refuse)]
    if refusals:
        answer = REFUSED
        assert english(refusals[0].reason)
        assert english(refusals[0].accepted)
        assert (after, len(effects)) == (STATES[state], 1)
    else:
        answer = IGNORED if after == STATES[state] else type(after).__name__
    assert answer == published()[state, action]


@pytest.mark.proves_none
@pytest.mark.parametrize("state", STATES)
def test_no_state_refuses_a_stop(state: str) -> None:
    assert REFUSED not in {published()[state, "stop"], published()[state, "stop, cut"]}


@pytest.mark.proves("stale-commands")
@pytest.mark.parametrize("action", ACTIONS)
def test_an_action_decided_on_an_older_snapshot_counts_only_if_it_lowers(action: str) -> None:
    older_state = Command(request=1, action=ACTIONS[action], session="s2", state_number=6)
    older_session = Command(request=1, action=ACTIONS[action], session="s1", state_number=7)
    fresh = Command(request=1, action=ACTIONS[action], session="s2", state_number=7)
    assert stale(fresh, "s2", 7) is None
    assert (stale(older_state, "s2", 7) is None) == (action in NEVER_STALE)
    expected = action in NEVER_STALE | NEED_NO_SESSION
    assert (stale(older_session, "s2", 7) is None) == expected


def refuse_all(clinic: Clinic, state: str) -> None:
    """Send every action the page refuses in a state, all in one tick."""
    wanted = [action for action in ACTIONS if published()[state, action] == REFUSED]
    clinic.until_true(
        lambda: clinic.view.state_number == clinic.engine.loop.state.machine.number, "snapshot"
    )
    before = clinic.engine.loop.state.machine.state
    assert type(before).__name__ == state.partition(",")[0]
    # A release in the same tick would take its press back; it comes in the next.
    for batch in ([each for each in wanted if each != "release"], {"release"} & {*wanted}):
        asked = [(action, clinic.link.send(ACTIONS[action])) for action in batch]
        for action, request in asked:
            judge_refusal(f"{action} in {state}", clinic.link.wait_reply(request))
    assert clinic.engine.loop.state.machine.state == before, state


def judge_refusal(what: str, answer: Reply | Refused) -> None:
    assert isinstance(answer, Refused), (what, answer)
    assert all(said(answer)), (what, answer)
    assert said(answer).limit not in {"stale", "fault", "busy"}, (what, answer)


def way(clinic: Clinic) -> list[tuple[str, tuple[Callable[[], object], ...]]]:
    """Return the way through all states but the ramp down: each with the steps that lead to it."""
    return [
        ("Locked", (lambda: clinic.until("Locked"),)),
        ("SelfTest", (lambda: clinic.do(ACTIONS["unlock"]),)),
        ("Ready", (lambda: clinic.until("Ready"), lambda: clinic.wait(50))),
        ("Ready, prescribed", (lambda: clinic.prescribe("nmes-endurance"),)),
        ("ContactCheck", (lambda: clinic.do(CheckContact()),)),
        ("Armed", (lambda: clinic.until("Armed"),)),
        ("RampUp", (lambda: clinic.do(Start()), lambda: clinic.until("RampUp"))),
        ("Delivering", (lambda: clinic.until("Delivering"),)),
        ("Resting", (lambda: clinic.until("Resting"),)),
        ("Paused", (lambda: clinic.do(Pause()), lambda: clinic.until("Paused"))),
        ("Finished", (lambda: clinic.do(Stop()), lambda: clinic.until("Finished"))),
        ("Tripped, cause there", (lambda: press(clinic), lambda: clinic.wait(200))),
        ("Tripped, cause gone", (lambda: release(clinic), lambda: clinic.wait(200))),
    ]


def press(clinic: Clinic) -> None:
    clinic.board.fault_set("estop")


def release(clinic: Clinic) -> None:
    clinic.board.fault_clear("estop")


@pytest.mark.proves("states")
def test_the_engine_refuses_in_every_state_what_the_page_lists_as_refused(tmp_path: Path) -> None:
    """Hazard: a command out of order moves the output."""
    with open_clinic(tmp_path) as clinic:
        for state, steps in way(clinic):
            for go in steps:
                go()
            refuse_all(clinic, state)
        assert isinstance(clinic.acknowledge(), Reply)


@pytest.mark.proves("states")
def test_a_ramp_down_accepts_only_a_stop(tmp_path: Path) -> None:
    with open_clinic(tmp_path) as clinic:
        clinic.treat(level_ua=3_000)
        clinic.link.send(Stop())
        clinic.tick()
        refuse_all(clinic, "RampDown")
        clinic.until("Finished")


@pytest.mark.proves("stop-first", "bad-input")
def test_a_stop_under_a_flood_of_commands_acts_in_the_tick_that_reads_it(tmp_path: Path) -> None:
    with open_clinic(tmp_path) as clinic:
        clinic.treat(level_ua=3_000)
        for _ in range(1_000):
            clinic.link.send(Rise(channel=1))
        asked_us = clinic.now_us
        assert isinstance(clinic.ask(Stop(cut=True)), Reply)
        assert clinic.now_us - asked_us <= 70_000  # up to 50 ms of it waits for a fresh picture
        assert clinic.state == "Finished"
