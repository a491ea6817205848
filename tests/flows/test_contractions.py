"""Contractions over the link: announced, waited for, set one by one, and never a surprise."""

import re
from typing import Any

import pytest

from appliance.control.prescribing import Prescribed
from appliance.core.limits import Purpose
from appliance.core.patient_limits import NO_BOUNDS
from appliance.core.waveform import Biphasic, ChannelUse, Kind, OnOff
from appliance.messages import (
    Action,
    CheckContact,
    ContractionView,
    Event,
    Fall,
    HoldRise,
    Pause,
    Refused,
    Resume,
    Rise,
    Start,
    Stop,
)
from appliance.safety import events
from tests.flows.clinic import Clinic
from tests.flows.trace import Trace
from tests.strategies import prescription

pytestmark = pytest.mark.proves("announced", "level-rules")

ENDURANCE = "nmes-endurance"
"""6 s on with ramps of 1.5 and 0.75 s, 10 s off: a rise counts from 1.5 s to 5.18 s."""


class Room:
    """A clinic, and every event that reached its screen, with when it did."""

    def __init__(self, clinic: Clinic) -> None:
        self.clinic = clinic
        self.heard: list[tuple[int, Event]] = []

    def tick(self) -> None:
        self.clinic.tick()
        while (message := self.clinic.link.next_message(0)) is not None:
            if isinstance(message, Event):
                self.heard.append((self.clinic.now_us, message))

    def wait(self, milliseconds: int) -> None:
        for _ in range(milliseconds // 10):
            self.tick()

    def until(self, *states: str) -> None:
        for _ in range(7_000):
            if self.clinic.state in states:
                return
            self.tick()
        raise AssertionError(f"no {states} in 70 s: {self.clinic.view}")

    def do(self, action: Action) -> None:
        self.tick_until_shown()
        self.clinic.do(action)

    def tick_until_shown(self) -> None:
        self.wait(60)

    def start(self, programme: str = ENDURANCE, **asked: Any) -> None:
        self.clinic.arm(programme, **asked)
        self.do(Start())

    def start_of(
        self, on_ms: int, off_ms: int, *, alternating: bool = False, period_us: int = 20_000
    ) -> None:
        """Start contractions that no programme of the catalogue has."""
        self.clinic.unlock()
        times = OnOff(on_ms * 1_000, off_ms * 1_000, 1_000_000, 500_000)
        asked = prescription(
            kind=Kind.STRENGTHENING,
            purpose=Purpose.MOTOR,
            waveform=Biphasic(200),
            channels=(1, 2),
            on_off=times,
            period_us=period_us,
            tap_ua=1_000,
            use=ChannelUse.ALTERNATING if alternating else ChannelUse.SIMULTANEOUS,
        )
        loop = self.clinic.engine.loop
        loop.raise_event(events.Prescribed())
        loop.prescribe(Prescribed(asked, None, NO_BOUNDS))
        self.do(CheckContact())
        self.clinic.until("Armed")
        self.do(Start())

    def names(self) -> list[str]:
        return [event.name for _, event in self.heard if event.name.startswith("cue")]

    def cues(self) -> list[tuple[int, dict[str, Any]]]:
        return [(at_us, event.facts) for at_us, event in self.heard if event.name == "cue"]

    def contraction(self) -> ContractionView:
        found = self.clinic.view.contraction
        assert found is not None
        return found

    def level_ua(self) -> int:
        return self.clinic.channel(1).level_ua


@pytest.fixture
def room(clinic: Clinic) -> Room:
    return Room(clinic)


def begins_of_pulses(room: Room) -> list[int]:
    """Return when pulses began after half a second or more without, from the recording."""
    room.clinic.board.close()
    trace = Trace(room.clinic.record)
    edges = sorted(
        at_us
        for gate in ("gate1_pos", "gate2_pos")
        for at_us, value in trace.changes(gate)
        if value == 1
    )
    return [
        now
        for before, now in zip([-(10**9), *edges], edges, strict=False)
        if now - before > 500_000
    ]


# --- announced -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("on_ms", "off_ms", "lead_us"), [(3_000, 10_000, 3_000_000), (3_000, 1_500, 1_500_000)]
)
def test_every_contraction_was_announced_3_s_ahead_or_for_all_of_its_rest(
    room: Room, on_ms: int, off_ms: int, lead_us: int
) -> None:
    """Hazard: a contraction nobody expected."""
    room.start_of(on_ms, off_ms)
    room.wait(30_000)
    room.do(Stop())
    room.until("Finished")
    begins = [at_us for at_us in begins_of_pulses(room) if at_us > room.cues()[0][0]]
    cues = room.cues()[: len(begins)]
    assert len(begins) >= 2
    assert [facts["on_phase"] for _, facts in cues] == list(range(1, len(begins) + 1))
    for (heard_us, facts), begun_us in zip(cues, begins, strict=True):
        assert begun_us - heard_us >= lead_us - 20_000
        assert begun_us - heard_us <= lead_us + 250_000
        assert abs(facts["begins_at_us"] - begun_us) <= 60_000
        assert facts["in_us"] >= lead_us


def test_a_cue_says_what_comes_where_and_how_strong(room: Room) -> None:
    room.start()
    room.wait(60)
    ((_, first),) = room.cues()
    assert first["kind"] == "contraction"
    assert (first["on_phase"], first["of"], first["channels"]) == (1, 56, [1, 2])
    assert first["level_ua"] == [0, 0]
    room.until("Delivering")
    room.do(Rise(channel=2))
    room.until("Resting")
    room.until("RampUp")
    assert room.cues()[-1][1]["level_ua"] == [0, 1_000]


def test_the_first_contraction_waits_for_its_announcement_and_no_treatment_time_passes(
    room: Room,
) -> None:
    room.start()
    room.wait(2_900)
    assert room.clinic.state == "Resting"
    assert room.clinic.view.elapsed_us == 0
    assert room.contraction().next_on_in_us is not None
    room.until("RampUp")
    assert room.clinic.now_us - room.cues()[0][0] >= 3_000_000


def test_after_a_pause_the_contraction_is_announced_again(room: Room) -> None:
    room.start()
    room.until("Delivering")
    room.do(Pause())
    room.until("Paused")
    room.wait(1_000)
    room.do(Resume())
    resumed_us = room.clinic.now_us
    room.wait(100)
    assert room.clinic.state == "Resting"
    room.until("RampUp", "Delivering")
    assert room.clinic.now_us - resumed_us >= 3_000_000
    assert [facts["on_phase"] for _, facts in room.cues()] == [1, 1]


@pytest.mark.parametrize("action", [Pause(), Stop(), Stop(cut=True)])
def test_a_cue_whose_contraction_does_not_come_is_withdrawn(room: Room, action: Action) -> None:
    room.start()
    room.wait(1_000)
    room.do(action)
    room.until("Paused", "Finished")
    room.wait(20)
    assert room.names() == ["cue", "cue_withdrawn"]
    withdrawn = room.heard[-1][1]
    assert (withdrawn.session, withdrawn.facts["on_phase"]) == ("0001-001", 1)


def test_a_trip_withdraws_the_cue_too(room: Room) -> None:
    room.start()
    room.wait(1_000)
    room.clinic.board.fault_set("estop")
    room.until("Tripped")
    room.wait(20)
    assert room.names() == ["cue", "cue_withdrawn"]


def test_a_contraction_that_came_is_not_withdrawn_by_a_stop(room: Room) -> None:
    room.start()
    room.until("Delivering")
    room.do(Stop())
    room.until("Finished")
    room.wait(20)
    assert room.names() == ["cue"]


def test_a_contraction_is_heard_without_a_screen(room: Room) -> None:
    room.start()
    sounding_us = 0
    for _ in range(50):
        room.tick()
        lamps: Any = room.clinic.board.status()["lamps"]
        sounding_us += 10_000 if lamps["buzzer"] else 0
    assert 40_000 <= sounding_us <= 80_000
    assert len(room.cues()) == 1


def test_the_record_counts_what_was_announced(room: Room) -> None:
    room.start()
    room.until("Delivering")
    room.until("Resting")
    room.wait(9_000)
    room.do(Stop())
    room.until("Finished")
    closing = room.clinic.last().closing
    assert closing is not None
    assert (closing["cues"], closing["cues_withdrawn"]) == (2, 1)


def test_continuous_programmes_announce_nothing(room: Room) -> None:
    room.start("conventional-tens")
    room.wait(1_000)
    assert room.names() == []
    assert room.clinic.view.contraction is None
    assert room.clinic.state == "Delivering"


def test_channels_in_turns_are_each_announced(room: Room) -> None:
    room.start_of(3_000, 4_000, alternating=True)
    room.wait(12_000)
    turns = [facts["channels"] for _, facts in room.cues()]
    assert turns[:4] == [[1], [2], [1], [2]]


def test_no_contraction_begins_while_a_stop_lets_the_one_before_fall(room: Room) -> None:
    """Channels in turns without a pause: the cue of the second is taken back by the stop."""
    room.start_of(3_000, 3_000, alternating=True)
    room.until("Delivering")
    room.wait(100)
    for _ in range(4):
        room.do(Rise(channel=1))
        room.wait(340)
    for _ in range(400):
        next_in_us = room.contraction().next_on_in_us
        if room.contraction().playing and next_in_us is not None and next_in_us < 200_000:
            break
        room.tick()
    room.clinic.do(Stop())
    stopped_us = room.clinic.now_us
    room.until("Finished")
    room.wait(20)
    room.clinic.board.close()
    trace = Trace(room.clinic.record)
    late = [at_us for at_us, v in trace.changes("gate2_pos") if v and at_us > stopped_us + 70_000]
    assert late == []
    assert room.names()[-1] == "cue_withdrawn"


def test_a_refused_rise_names_no_time_before_start_and_in_a_pause(room: Room) -> None:
    room.clinic.arm(ENDURANCE)
    before = room.clinic.ask(Rise(channel=1))
    room.do(Start())
    room.until("Delivering")
    room.do(Pause())
    room.until("Paused")
    paused = room.clinic.ask(Rise(channel=1))
    for answer in (before, paused):
        assert isinstance(answer, Refused)
        assert answer.nearest == "when the next pulses play"


def test_a_programme_paused_in_a_contraction_still_comes_to_its_end(room: Room) -> None:
    """Waiting is no treatment time: the gate lets the rest of the dose through."""
    room.start(duration_us=60_000_000)
    for _ in range(2):
        room.until("Delivering")
        room.wait(200)
        room.do(Rise(channel=1))
        room.do(Pause())
        room.until("Paused")
        room.do(Resume())
        room.wait(100)
    for tick in range(9_000):  # looking seldom, for speed
        room.clinic.engine.step()
        if tick % 100 == 0:
            room.clinic.link.snapshot()
            room.clinic.link.shown()
        if room.clinic.state in {"Finished", "Tripped"}:
            break
    assert room.clinic.state == "Finished"
    closing = room.clinic.last().closing
    assert closing is not None
    assert closing["elapsed_us"] == 60_000_000
    assert closing["cues"] >= 6


def test_slices_between_slow_pulses_are_of_the_same_contraction(room: Room) -> None:
    """At 10 pulses a second two slices of three hold none."""
    room.start_of(4_000, 4_000, period_us=100_000)
    shown = []
    for _ in range(680):
        room.tick()
        found = room.clinic.view.contraction
        if found is not None:
            shown.append((found.number, found.playing))
    assert list(dict.fromkeys(shown)) == [(1, False), (1, True)]
    assert shown == sorted(shown)
    assert room.names() == ["cue"]
    room.do(Stop())
    room.until("Finished")
    room.wait(20)
    assert room.names() == ["cue"]


# --- set one by one --------------------------------------------------------------------------


def test_the_screen_shows_when_a_level_may_rise_and_there_it_does(room: Room) -> None:
    room.start(channels=(1,))
    room.wait(1_000)
    waiting = room.contraction()
    assert not waiting.playing
    assert waiting.next_on_in_us is not None
    assert waiting.rises_in_us == waiting.next_on_in_us + 1_500_000
    assert waiting.rises_for_us == 3_680_000
    room.until("RampUp")
    room.wait(200)
    ramping = room.contraction()
    assert (ramping.playing, ramping.number) == (True, 1)
    assert ramping.rises_in_us is not None
    assert 1_100_000 <= ramping.rises_in_us <= 1_400_000
    assert refusal(room, Rise(channel=1)) == "envelope"
    room.wait(ramping.rises_in_us // 1_000 + 60)
    assert room.contraction().rises_in_us == 0
    room.do(Rise(channel=1))
    room.wait(room.contraction().rises_for_us // 1_000 + 60)
    assert room.clinic.state == "Delivering"
    assert room.contraction().rises_in_us is None
    late = room.clinic.ask(Rise(channel=1))
    assert isinstance(late, Refused)
    assert (late.limit, late.nearest[:16]) == ("envelope", "in contraction 2")
    room.until("Resting")
    room.wait(60)
    answer = room.clinic.ask(Rise(channel=1))
    assert isinstance(answer, Refused)
    assert answer.limit == "rise"
    assert re.fullmatch(r"in contraction 2, in 1[01]\.\d s", answer.nearest)
    assert room.contraction().number == 2


def test_a_short_rest_is_made_10_s_long_after_a_contraction_with_a_rise(room: Room) -> None:
    """Design section 7: one contraction held, then rest of at least 10 s."""
    room.start_of(4_000, 3_000)
    room.until("Delivering")
    room.wait(200)
    room.do(Rise(channel=1))
    room.until("Resting")
    rests_us, elapsed_us = room.clinic.now_us, room.clinic.view.elapsed_us
    room.until("RampUp")
    assert 10_000_000 <= room.clinic.now_us - rests_us <= 10_200_000
    assert room.clinic.view.elapsed_us - elapsed_us <= 3_200_000
    room.until("Delivering")
    room.wait(400)
    room.do(Rise(channel=1))
    room.wait(100)
    assert room.level_ua() == 2_000
    assert room.clinic.view.trip is None


def test_a_short_rest_without_a_rise_before_it_stays_short(room: Room) -> None:
    room.start_of(4_000, 3_000)
    room.until("Delivering")
    room.until("Resting")
    rests_us = room.clinic.now_us
    room.until("RampUp")
    assert room.clinic.now_us - rests_us <= 3_300_000


def test_a_key_held_into_the_rest_lets_go_and_a_new_one_is_refused(room: Room) -> None:
    room.start_of(9_000, 10_000)
    room.until("Delivering")
    for _ in range(4):
        room.do(Rise(channel=1))
        room.wait(340)
    room.wait(3_300)
    room.do(Fall(channel=1, step_ua=3_500))
    room.do(HoldRise(channel=1, pressed=True))
    room.until("Resting")
    room.wait(100)
    frozen_ua = room.level_ua()
    assert refusal(room, HoldRise(channel=1, pressed=True)) in {"rise", "press-and-hold"}
    room.until("Delivering")
    room.wait(1_500)
    assert room.level_ua() == frozen_ua


def test_a_level_risen_in_one_contraction_comes_back_by_the_envelope_alone(room: Room) -> None:
    room.start_of(4_000, 3_000)
    room.until("Delivering")
    for _ in range(5):
        room.do(Rise(channel=1))
        room.wait(340)
    level_ua = room.level_ua()
    room.until("Resting")
    room.until("RampUp")
    begun_us = room.clinic.now_us
    while room.clinic.state == "RampUp":
        room.tick()
        shown_ua = room.clinic.channel(1).amplitude_ua
        share = (room.clinic.now_us - begun_us + 60_000) / 1_000_000
        assert shown_ua <= level_ua * min(share, 1)
    assert room.level_ua() == level_ua


def refusal(room: Room, action: Action) -> str:
    """Ask, and return the limit that said no."""
    answer = room.clinic.ask(action)
    assert isinstance(answer, Refused), answer
    return answer.limit
