"""Contractions over the link: announced, waited for, and taken back where they do not come."""

from typing import Any

import pytest

from appliance.messages.actions import Action, Pause, Resume, Rise, Start, Stop
from appliance.messages.replies import Refused
from tests.support.clinic import Clinic
from tests.support.recorded_trace import Trace
from tests.support.room import ENDURANCE, Room
from tests.support.texts import said


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


@pytest.mark.proves("announced")
@pytest.mark.parametrize(
    ("on_ms", "off_ms", "lead_us"), [(3_000, 10_000, 3_000_000), (3_000, 1_500, 1_500_000)]
)
def test_every_contraction_is_announced_3_s_ahead_or_for_all_of_a_shorter_rest(
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


@pytest.mark.proves("announced", "level-rules")
@pytest.mark.parametrize(("off_ms", "lead_us"), [(3_000, 3_000_000), (2_000, 2_000_000)])
def test_after_a_rise_the_cue_comes_only_after_the_longer_rest(
    room: Room, off_ms: int, lead_us: int
) -> None:
    """Hazard: announced in 3 s, and it comes 10 s later, when nobody expects it any more."""
    room.start_of(4_000, off_ms)
    room.until("Delivering")
    room.do(Rise(channel=1))
    room.wait(20_000)
    room.do(Stop())
    room.until("Finished")
    begins = [at_us for at_us in begins_of_pulses(room) if at_us > room.cues()[0][0]]
    (_, _), (heard_us, facts) = room.cues()[:2]
    assert begins[1] - begins[0] >= 14_000_000
    assert lead_us - 20_000 <= begins[1] - heard_us <= lead_us + 250_000
    assert abs(facts["begins_at_us"] - begins[1]) <= 60_000


@pytest.mark.proves("announced")
def test_a_cue_names_the_contraction_its_channels_and_levels(room: Room) -> None:
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


@pytest.mark.proves("announced")
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


@pytest.mark.proves("announced")
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


@pytest.mark.proves("announced")
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


@pytest.mark.proves("announced")
def test_a_trip_withdraws_the_cue_too(room: Room) -> None:
    room.start()
    room.wait(1_000)
    room.clinic.board.fault_set("estop")
    room.until("Tripped")
    room.wait(20)
    assert room.names() == ["cue", "cue_withdrawn"]


@pytest.mark.proves("announced")
def test_a_stop_withdraws_no_cue_of_a_contraction_that_has_begun(room: Room) -> None:
    room.start()
    room.until("Delivering")
    room.do(Stop())
    room.until("Finished")
    room.wait(20)
    assert room.names() == ["cue"]


@pytest.mark.proves("announced")
def test_the_buzzer_announces_a_contraction_without_a_screen(room: Room) -> None:
    room.start()
    sounding_us = 0
    for _ in range(50):
        room.tick()
        lamps: Any = room.clinic.board.status()["lamps"]
        sounding_us += 10_000 if lamps["buzzer"] else 0
    assert 40_000 <= sounding_us <= 80_000
    assert len(room.cues()) == 1


@pytest.mark.proves("announced")
def test_the_session_record_counts_cues_and_withdrawn_cues(room: Room) -> None:
    room.start()
    room.until("Delivering")
    room.until("Resting")
    room.wait(9_000)
    room.do(Stop())
    room.until("Finished")
    closing = room.clinic.last().closing
    assert closing is not None
    assert (closing["cues"], closing["cues_withdrawn"]) == (2, 1)


@pytest.mark.proves("announced")
def test_continuous_programmes_announce_nothing(room: Room) -> None:
    room.start("conventional-tens")
    room.wait(1_000)
    assert room.names() == []
    assert room.clinic.view.contraction is None
    assert room.clinic.state == "Delivering"


@pytest.mark.proves("announced")
def test_alternating_channels_are_announced_one_by_one(room: Room) -> None:
    room.start_of(3_000, 4_000, alternating=True)
    room.wait(12_000)
    turns = [facts["channels"] for _, facts in room.cues()]
    assert turns[:4] == [[1], [2], [1], [2]]


@pytest.mark.proves("announced")
def test_no_contraction_begins_during_the_ramp_down_of_a_stop(room: Room) -> None:
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


@pytest.mark.proves("level-rules")
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
        assert said(answer).nearest == "when the next pulses play"


@pytest.mark.proves("announced")
def test_a_programme_paused_in_a_contraction_still_reaches_its_end(room: Room) -> None:
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


@pytest.mark.proves("announced")
def test_slices_between_slow_pulses_belong_to_the_same_contraction(room: Room) -> None:
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
