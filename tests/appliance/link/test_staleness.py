"""A command decided on a picture that is no longer true is refused; what lowers never is."""

import pytest

from appliance.link.stale_commands import Staleness, stale
from appliance.messages.actions import (
    Acknowledge,
    Action,
    BeginDrill,
    CheckContact,
    Command,
    Fall,
    HoldRise,
    Pause,
    Prescribe,
    Resume,
    Rise,
    Start,
    Stop,
    Unlock,
)
from appliance.messages.wire import DrillKind
from tests.support.texts import said

HOLD = HoldRise(channel=1, pressed=True)
RELEASE = HoldRise(channel=1, pressed=False)
FALL = Fall(channel=1, step_ua=500)
RISE = Rise(channel=1)


@pytest.mark.proves("stale-commands")
@pytest.mark.parametrize(
    ("action", "session", "state_number", "limit"),
    [
        (RISE, "s1", 7, None),
        (RISE, "s1", 6, "state 7"),
        (RISE, "s1", 8, "state 7"),
        (RISE, "s1", None, "state 7"),
        (RISE, "s0", 7, "session s1"),
        (RISE, None, 7, "session s1"),
        (HOLD, "s1", 6, "state 7"),
        (Start(), "s1", 6, "state 7"),
        (Resume(), "s0", 7, "session s1"),
        (RELEASE, "s0", 1, None),
        (RELEASE, None, None, None),
        (Stop(), None, None, None),
        (Stop(cut=True), "s0", 1, None),
        (Pause(), None, None, None),
        (FALL, None, None, None),
        (Acknowledge(), "s0", 1, None),
        (Unlock(operator="o"), None, 7, None),
        (Unlock(operator="o"), None, 6, "state 7"),
        (Prescribe(programme="p"), "s0", 7, None),
        (Prescribe(programme="p"), None, 6, "state 7"),
    ],
)
def test_a_command_must_name_the_present_session_and_state(
    action: Action, session: str | None, state_number: int | None, limit: str | None
) -> None:
    command = Command(request=3, action=action, session=session, state_number=state_number)
    refused = stale(command, "s1", 7)
    assert (refused and said(refused).allowed) == limit
    assert refused is None or (refused.request, said(refused).limit) == (3, "stale")


@pytest.mark.proves("stale-commands")
def test_without_a_session_none_is_the_present_one() -> None:
    assert stale(Command(request=1, action=Start(), state_number=7), None, 7) is None
    refused = stale(Command(request=1, action=Start(), session="s1", state_number=7), None, 7)
    assert refused is not None
    assert said(refused).allowed == "session none"


RAISING = [
    Unlock(operator="o"), CheckContact(), Start(), RISE, HOLD, Resume(),
    BeginDrill(kind=DrillKind.ESTOP),
]  # fmt: skip


@pytest.mark.proves("stop-first")
@pytest.mark.parametrize("action", RAISING, ids=lambda action: type(action).__name__)
def test_what_leads_to_current_and_came_before_a_stop_is_refused_after_it(action: Action) -> None:
    order = Staleness()
    command = Command(request=3, action=action)
    assert order.refuse(command, 100) is None
    assert order.refuse(Command(request=4, action=Stop()), 200) is None
    refused = order.refuse(command, 200)
    assert refused is not None
    assert (refused.request, said(refused).limit, said(refused).allowed) == (
        3,
        "stale",
        "what is asked after it",
    )
    assert order.refuse(command, 201) is None


@pytest.mark.proves("stop-first")
@pytest.mark.parametrize(
    "action", [FALL, RELEASE, Pause(), Acknowledge(), Prescribe(programme="p")]
)
def test_what_leads_to_no_current_is_not_held_against_a_stop(action: Action) -> None:
    order = Staleness()
    order.refuse(Command(request=4, action=Stop()), 200)
    assert order.refuse(Command(request=3, action=action), 100) is None
