"""The level rules over the link, and what the desk refuses."""

from appliance.messages import Fall, HoldRise, Refused, Rise, Start, Unlock
from tests.flows.clinic import Clinic


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


def test_channels_nobody_prescribed_are_refused(clinic: Clinic) -> None:
    clinic.treat(level_ua=1_000, channels=(1,))
    for action in (
        Rise(channel=2),
        Fall(channel=2, step_ua=500),
        HoldRise(channel=2, pressed=True),
    ):
        refused = clinic.ask(action)
        assert isinstance(refused, Refused)
        assert refused.limit == "channel"


def test_nothing_rises_above_the_ceiling(clinic: Clinic) -> None:
    clinic.treat(level_ua=3_000, ceiling_ua=3_000)
    clinic.wait(400)
    refused = clinic.ask(Rise(channel=1))
    assert isinstance(refused, Refused)
    assert refused.limit == "ceiling"


def test_a_refused_unlock_or_start_changes_neither_operator_nor_screen(clinic: Clinic) -> None:
    clinic.treat(level_ua=1_000)
    present = clinic.engine.loop.present
    assert isinstance(clinic.ask(Unlock(operator="mallory")), Refused)
    assert isinstance(clinic.ask(Start()), Refused)
    assert present.operator == "anna"
