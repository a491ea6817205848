"""The level rules over the link, and what the dispatcher refuses."""

from itertools import pairwise
from typing import Any

import pytest

from appliance.link.interfaces import Peer, Received
from appliance.link.roles import Role
from appliance.messages.actions import Command, Fall, HoldRise, Rise, Start, Stop, Unlock
from appliance.messages.replies import Refused
from tests.support.clinic import Clinic
from tests.support.texts import said


@pytest.mark.proves("gate", "stop-record")
def test_set_shown_and_recorded_amplitude_are_one_figure_which_the_dac_gives(
    clinic: Clinic,
) -> None:
    """7 mA is code 238 of 4 095 over 120 mA, and that is 6.974 mA, rounded up to a µA."""
    clinic.treat(level_ua=7_000)
    clinic.wait(1_200)
    channels: Any = clinic.board.status()["channels"]
    assert [each["dac_output"] for each in channels] == [238, 238]
    loop = clinic.engine.loop
    readings = [loop._interlock_inputs._channel(loop._stops.newest, n) for n in (1, 2)]  # type: ignore[arg-type]
    assert {(each.set_low_ua, each.set_high_ua) for each in readings} == {(6_975, 6_975)}
    assert [view.amplitude_ua for view in clinic.view.channels] == [6_975, 6_975]
    clinic.do(Stop(cut=True))
    clinic.until("Finished")
    (stop,) = clinic.events("stop")
    assert [each["amplitude_ua"] for each in stop["channels"]] == [6_975, 6_975]


@pytest.mark.proves("level-rules")
def test_press_and_hold_climbs_only_to_what_was_tolerated(clinic: Clinic) -> None:
    clinic.treat(level_ua=4_000)
    clinic.wait(3_500)
    clinic.do(Fall(channel=1, step_ua=3_000))
    clinic.wait(500)
    clinic.do(HoldRise(channel=1, pressed=True))
    clinic.wait(3_000)
    assert clinic.channel(1).level_ua == 4_000
    assert clinic.channel(2).level_ua == 4_000
    assert isinstance(clinic.ask(HoldRise(channel=1, pressed=True)), Refused)
    clinic.do(HoldRise(channel=1, pressed=False))


@pytest.mark.proves("level-rules")
def test_commands_for_channels_that_are_not_prescribed_are_refused(clinic: Clinic) -> None:
    clinic.treat(level_ua=1_000, channels=(1,))
    for action in (
        Rise(channel=2),
        Fall(channel=2, step_ua=500),
        HoldRise(channel=2, pressed=True),
    ):
        refused = clinic.ask(action)
        assert isinstance(refused, Refused)
        assert said(refused).limit == "channel"


@pytest.mark.proves("level-rules")
def test_nothing_rises_above_the_ceiling(clinic: Clinic) -> None:
    clinic.treat(level_ua=3_000, ceiling_ua=3_000)
    clinic.wait(400)
    refused = clinic.ask(Rise(channel=1))
    assert isinstance(refused, Refused)
    assert said(refused).limit == "ceiling"


@pytest.mark.proves_none
def test_a_refused_unlock_or_start_changes_neither_operator_nor_screen(clinic: Clinic) -> None:
    clinic.treat(level_ua=1_000)
    present = clinic.engine.loop.state
    assert isinstance(clinic.ask(Unlock(operator="mallory")), Refused)
    assert isinstance(clinic.ask(Start()), Refused)
    assert present.command.operator == "anna"


def ready_to_hold(clinic: Clinic) -> None:
    """Come to 1 mA with 6 mA tolerated on channel 1."""
    clinic.treat(level_ua=6_000, channels=(1,))
    clinic.wait(3_500)
    clinic.do(Fall(channel=1, step_ua=5_000))
    clinic.wait(400)


@pytest.mark.proves("screen-watched")
def test_a_pressed_key_is_released_when_its_screen_freezes(clinic: Clinic) -> None:
    """Hazard: the level climbs for two more seconds while nobody can see it."""
    ready_to_hold(clinic)
    clinic.do(HoldRise(channel=1, pressed=True))
    clinic.wait(900)
    clinic.watching = False
    clinic.wait(320)
    level_ua = clinic.engine.loop.state.setup.treatment.levels[1].level_ua  # type: ignore[union-attr]
    assert 1_000 < level_ua < 3_500
    clinic.wait(1_000)
    assert clinic.channel(1).level_ua == level_ua
    assert clinic.state == "Delivering"


@pytest.mark.proves("screen-watched")
def test_a_pressed_key_is_released_when_its_sender_has_disconnected(clinic: Clinic) -> None:
    ready_to_hold(clinic)
    present = clinic.engine.loop.state
    gone = Peer(7, "tablet", Role.KIOSK, 0, 0)
    pressed = Command(
        request=1,
        action=HoldRise(channel=1, pressed=True),
        session=present.session.id,
        state_number=present.machine.number,
    )
    link: Any = clinic.engine.link
    link._inbox.put(Received(gone, pressed))
    clinic.wait(3_000)
    assert clinic.channel(1).level_ua == 1_000


@pytest.mark.proves("level-rules")
@pytest.mark.parametrize("programme", ["burst-tens", "low-rate-tens"])
def test_no_two_taps_are_felt_as_one_step_at_two_bursts_a_second(
    clinic: Clinic, programme: str
) -> None:
    """Hazard: 2 mA at once where the clinician asked for 1 mA, twice."""
    clinic.start(programme, channels=(1,))
    clinic.until("Delivering")
    for offset in range(25):
        played = [played_ua(clinic)]
        for _ in range(160):
            clinic.link.send(Rise(channel=1))
            clinic.tick()
            played.append(played_ua(clinic))
        felt = [ua for ua in played if ua is not None]
        steps = [after - before for before, after in pairwise(felt)]
        assert len([step for step in steps if step > 0]) >= 2
        assert max(steps) < 1_100
        clinic.do(Fall(channel=1, step_ua=60_000))
        clinic.ticks(60 + 2 * offset)


def played_ua(clinic: Clinic) -> int | None:
    """Return the amplitude of the last pulse that was played, None before any."""
    channel: Any = clinic.board.status()["channels"]
    return abs(int(channel[0]["held_current_ua"]))
