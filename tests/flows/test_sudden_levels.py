"""The amplitude never jumps and never returns by itself, whatever keys are pressed."""

import random
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from appliance.messages.actions import (
    Acknowledge,
    Action,
    CheckContact,
    CloseSession,
    Fall,
    HoldRise,
    Pause,
    Resume,
    Rise,
    Start,
    Stop,
)
from appliance.messages.replies import Refused
from tests.support.clinic import Clinic, open_clinic
from tests.support.recorded_trace import Trace
from tests.support.texts import said
from ui.cli.terminal.snapshot_text import notes_of

TENS, MOTOR = "conventional-tens", "nmes-endurance"
DAC_UA = 120_000 / 4_095


def keys(chance: random.Random) -> Action:
    """Return a random key that a person might press."""
    channel = chance.choice((1, 2))
    return chance.choice(
        (
            Rise(channel=channel),
            Rise(channel=channel),
            Rise(channel=channel),
            HoldRise(channel=channel, pressed=True),
            HoldRise(channel=channel, pressed=False),
            Fall(channel=channel, step_ua=chance.choice((500, 2_000))),
        )
    )


def interruptions(chance: random.Random) -> Action:
    return chance.choice((Pause(), Resume(), Pause(), Resume(), Start(), Acknowledge()))


def codes(trace: Trace, channel: int, since_us: int) -> list[tuple[int, int]]:
    """Return (time, amplitude) of every change of a channel's DAC."""
    found = [(at_us, round(v * DAC_UA)) for at_us, v in trace.changes(f"dac{channel}")]
    return [each for each in found if each[0] >= since_us]


@pytest.mark.proves("level-rules")
@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize(
    ("programme", "ramp_us", "ceiling_ua"), [(TENS, 0, 8_000), (MOTOR, 1_500_000, 9_000)]
)
def test_the_amplitude_never_rises_faster_than_allowed_nor_beyond_the_ceiling(
    tmp_path: Path, programme: str, ramp_us: int, ceiling_ua: int, seed: int
) -> None:
    """Envelope: from zero to the level in its ramp; level: a tap per 300 ms, or 4 mA/s held."""
    chance = random.Random(seed)
    with open_clinic(tmp_path) as clinic:
        clinic.start(programme, ceiling_ua=ceiling_ua, tap_ua=1_000)
        if programme == TENS:  # so that a held key has somewhere to climb to
            clinic.raise_to(6_000)
            clinic.wait(3_500)
            clinic.do(Fall(channel=1, step_ua=6_000))
            clinic.do(HoldRise(channel=1, pressed=True))
        started_us = clinic.now_us
        for _ in range(450):
            clinic.link.send(keys(chance))
            if chance.random() < 0.005:
                clinic.link.send(interruptions(chance))
            press_keys_while_resting(clinic, chance.randrange(1, 8))
        assert clinic.view.trip is None
    trace = Trace(clinic.record)
    played = {channel: codes(trace, channel, started_us) for channel in (1, 2)}
    for each in played.values():
        check_slopes(each, ramp_us, ceiling_ua)
    highest_ua = max(ua for each in played.values() for _, ua in each)
    assert highest_ua >= 2_000, "nothing was risen to; the test saw nothing"


def press_keys_while_resting(clinic: Clinic, ticks: int) -> None:
    """Let time pass; check that no level rises in a state in which none may."""
    treatment = clinic.engine.loop.state.setup.treatment
    assert treatment is not None
    for _ in range(ticks):
        was, before = clinic.state, {n: each.level_ua for n, each in treatment.levels.items()}
        clinic.tick()
        if was == clinic.state and was in {"Resting", "Paused", "RampDown"}:
            assert all(treatment.levels[n].level_ua <= before[n] for n in before)


def check_slopes(played: list[tuple[int, int]], ramp_us: int, ceiling_ua: int) -> None:
    """Check every rise against the level's own slew and, with ramps, against the envelope's."""
    slice_us, dac_ua, risen_ua = 30_000, 40, 0
    trail: list[tuple[int, int]] = []
    for (from_us, from_ua), (at_us, ua) in pairwise(played):
        assert ua <= ceiling_ua
        rise_ua = max(ua - from_ua, 0)
        if ramp_us:
            envelope_ua = ceiling_ua * (at_us - from_us + slice_us) // ramp_us
            assert rise_ua <= max(1_000, envelope_ua) + dac_ua
            continue
        trail.append((from_us, risen_ua))
        risen_ua += rise_ua
        for since_us, since_ua in trail[-200:]:
            assert risen_ua - since_ua <= 1_000 + 4_200 * (at_us - since_us) // 1_000_000 + dac_ua


# --- zero after any interruption -------------------------------------------------------------


def felt(clinic: Clinic, level_ua: int = 10_000) -> None:
    """Come to a level on channel 1 and keep it until it counts as comfortable."""
    clinic.treat(TENS, level_ua=level_ua, channels=(1,))
    clinic.wait(3_500)


def back_to_pulses(clinic: Clinic) -> None:
    """Do each step that a person needs for pulses to play again."""
    for _ in range(12):
        clinic.wait(100)  # until the screen shows what has just been done
        state = clinic.until("Paused", "Finished", "Tripped", "Ready", "Armed", "Delivering").state
        if state == "Delivering":
            return
        action: dict[str, Action] = {
            "Paused": Resume(),
            "Finished": CloseSession(),
            "Tripped": Acknowledge(),
            "Armed": Start(),
        }
        if state == "Ready":
            clinic.close_out()
            clinic.prescribe(TENS, channels=(1,))
            clinic.ask(CheckContact())
            continue
        clinic.ask(action[state])
    raise AssertionError(f"no pulses again: {clinic.view}")


def stop(clinic: Clinic) -> None:
    clinic.do(Stop())


def cut(clinic: Clinic) -> None:
    clinic.do(Stop(cut=True))


def pause(clinic: Clinic) -> None:
    clinic.do(Pause())


def hand_switch(clinic: Clinic) -> None:
    clinic.board.fault_set("hand-switch")
    clinic.until("Tripped")
    clinic.board.fault_clear("hand-switch")
    clinic.wait(200)


def estop(clinic: Clinic) -> None:
    clinic.board.fault_set("estop")
    clinic.until("Tripped")
    clinic.board.fault_clear("estop")
    clinic.wait(200)


def lead_off(clinic: Clinic) -> None:
    clinic.board.fault_set("lead-off:1")
    clinic.until("Tripped")
    clinic.board.fault_clear("lead-off:1")
    clinic.wait(200)


@pytest.mark.proves("zero-after-interruption")
@pytest.mark.parametrize("interruption", [stop, cut, pause, hand_switch, estop, lead_off])
def test_after_any_interruption_the_level_starts_again_from_zero(
    clinic: Clinic, interruption: Any
) -> None:
    felt(clinic)
    interruption(clinic)
    back_to_pulses(clinic)
    assert clinic.channel(1).level_ua == 0
    clinic.wait(2_000)
    assert clinic.channel(1).level_ua == 0
    assert clinic.channel(1).amplitude_ua == 0


@pytest.mark.proves("level-rules")
def test_after_a_pause_a_pressed_key_stops_at_80_percent_of_the_comfortable_level(
    clinic: Clinic,
) -> None:
    felt(clinic)
    pause(clinic)
    back_to_pulses(clinic)
    clinic.wait(400)
    clinic.do(HoldRise(channel=1, pressed=True))
    clinic.wait(5_000)
    assert clinic.channel(1).level_ua == 8_000


@pytest.mark.proves("zero-after-interruption")
@pytest.mark.parametrize("interruption", [stop, cut, hand_switch, estop])
def test_no_level_is_remembered_from_one_session_to_the_next(
    clinic: Clinic, interruption: Any
) -> None:
    """Hazard: remembered settings can surprise next time."""
    felt(clinic)
    interruption(clinic)
    back_to_pulses(clinic)
    clinic.wait(400)
    answer = clinic.ask(HoldRise(channel=1, pressed=True))
    assert isinstance(answer, Refused)
    assert (said(answer).limit, said(answer).nearest) == ("press-and-hold", "single taps")


@pytest.mark.proves("zero-after-interruption")
def test_a_new_contact_check_and_a_new_prescription_forget_the_level_too(clinic: Clinic) -> None:
    felt(clinic)
    stop(clinic)
    clinic.until("Finished")
    clinic.do(CloseSession())
    clinic.close_out()
    clinic.prescribe(TENS, channels=(1,))
    for _ in range(2):
        clinic.do(CheckContact())
        clinic.wait(100)
        clinic.until("Armed")
    clinic.prescribe(TENS, channels=(1,))
    clinic.wait(100)
    assert clinic.channel(1).level_ua == 0
    treatment = clinic.engine.loop.state.setup.treatment
    assert treatment is not None
    assert treatment.levels[1].tolerated_ua == treatment.levels[1].comfortable_ua == 0


@pytest.mark.proves("level-rules")
def test_after_lowering_the_level_rises_as_slowly_as_the_first_time(clinic: Clinic) -> None:
    clinic.treat(TENS, level_ua=5_000, channels=(1,))
    clinic.do(Fall(channel=1, step_ua=4_000))
    clinic.wait(400)
    times = []
    for _ in range(200):
        level_ua = clinic.channel(1).level_ua
        clinic.link.send(Rise(channel=1))
        clinic.tick()
        clinic.wait(50)
        if clinic.channel(1).level_ua > level_ua:
            times.append(clinic.now_us)
    assert len(times) > 10
    assert min(b - a for a, b in pairwise(times)) >= 290_000


# --- a pad that dries ------------------------------------------------------------------------


@pytest.mark.proves("contact-forecast")
def test_a_drying_pad_derates_its_channel_before_it_trips_and_not_the_other(
    clinic: Clinic,
) -> None:
    clinic.treat(TENS, level_ua=12_000, tap_ua=1_000)
    clinic.wait(6_000)
    clinic.board.fault_set("dry-pad:1", 160)
    clinic.until_true(
        lambda: clinic.channel(1).level_ua < 12_000 or clinic.state != "Delivering", "fade"
    )
    assert clinic.state == "Delivering"
    assert any(note.startswith("W02") for note in notes_of(clinic.view))
    answer = clinic.ask(Rise(channel=1))
    assert isinstance(answer, Refused)
    assert said(answer).limit == "contact"
    held = clinic.ask(HoldRise(channel=1, pressed=True))
    assert isinstance(held, Refused)
    levels = []
    for _ in range(500):
        clinic.tick()
        levels.append(clinic.channel(1).level_ua)
    assert all(b <= a for a, b in pairwise(levels)), "nothing rises back by itself"
    assert levels[-1] < 12_000 * 0.85
    assert clinic.channel(2).level_ua == 12_000
    causes = {
        each["cause"] for each in clinic.events("level_changed") if each["to_ua"] < each["from_ua"]
    }
    assert causes == {"fade"}
    treatment = clinic.engine.loop.state.setup.treatment
    assert treatment is not None
    state = treatment.levels[1]
    assert state.tolerated_ua <= clinic.channel(1).level_ua, "no key brings back what was faded"
