"""Other clients of the same engine: their treatments are not touched or reported as ours."""

from typing import Any

import pytest

from appliance.messages.actions import Rise
from appliance.messages.wire import StateName
from tests.ui.cli.treatment.test_autopilot import BOTH, PRESCRIBE, Talk
from ui.cli.terminal.exit_codes import ExitCode
from ui.cli.treatment.autopilot import Autopilot
from ui.cli.treatment.request import TreatmentRequest


@pytest.fixture
def talk() -> Talk:
    return Talk(Autopilot(TreatmentRequest(PRESCRIBE, level_ua=2_000, plateau_us=1_000_000)))


@pytest.mark.parametrize("state", ["Armed", "ContactCheck", "RampUp", "Delivering", "Paused"])
def test_the_treatment_of_another_client_is_not_touched(talk: Talk, state: str) -> None:
    assert talk.shows(state=state, programme="conventional-tens", channels=BOTH) is None
    assert talk.autopilot.is_done(talk.now)
    assert talk.autopilot.failure is not None
    assert talk.autopilot.failure.code is ExitCode.BUSY
    assert talk.asked == []


def test_a_prescription_of_another_client_is_not_started(talk: Talk) -> None:
    talk.until_pulsing()
    other = Talk(Autopilot(talk.autopilot.request))
    for changes in ({"state": "Locked"}, {"state": "Ready"}):
        other.shows(**changes)
        other.accepts()
    assert other.shows(state=StateName.READY, programme="burst-tens", channels=BOTH) is None
    assert other.autopilot.is_done(other.now)
    assert other.autopilot.failure is not None
    assert other.autopilot.failure.code is ExitCode.BUSY


def test_a_prescription_that_somebody_replaced_is_not_told_as_a_failed_contact_check(
    talk: Talk,
) -> None:
    talk.until_pulsing()
    assert talk.shows(state="Ready", programme="burst-tens") is None
    assert talk.autopilot.failure is not None
    assert talk.autopilot.failure.text == "somebody else chose burst-tens meanwhile"
    assert talk.autopilot.failure.code is ExitCode.BUSY
    assert talk.autopilot.is_done(talk.now)


@pytest.mark.parametrize(
    "shown",
    [
        {"state": "Ready", "programme": None, "channels": ()},
        {"state": "Locked", "programme": None, "channels": ()},
        {"state": "Ready"},
        {"state": "Armed"},
        {"state": "Delivering", "session": "0001-002"},
        {"state": "Finished", "session": "0001-002"},
    ],
    ids=["closed", "locked", "prescribed again", "armed again", "runs again", "ended again"],
)
def test_once_somebody_closed_our_session_nothing_is_ours_any_more(
    talk: Talk, shown: dict[str, Any]
) -> None:
    """Hazard: a start, a rise or a stop in the same programme of somebody else's patient."""
    talk.until_pulsing()
    assert talk.shows(state="Delivering", session="0001-001") == Rise(channel=1)
    talk.accepts()
    assert not talk.autopilot.is_done(talk.now)
    later_us = talk.now.at_us + 1_000_000
    assert talk.shows(at_us=later_us, **{"session": None, **shown}) is None
    assert talk.autopilot.is_done(talk.now)
    assert not talk.autopilot.owns(talk.now)


@pytest.mark.parametrize("state", ["Finished", "Tripped"])
def test_our_own_end_has_no_session_any_more_and_is_ours(talk: Talk, state: str) -> None:
    talk.until_pulsing()
    assert talk.shows(state="Delivering", session="0001-001") is not None
    talk.accepts()
    assert talk.shows(state=state, session=None) is None
    assert talk.autopilot.owns(talk.now)
    assert talk.autopilot.is_done(talk.now)
