"""Contractions over the link: announced, waited for, and withdrawn if they do not begin."""

from typing import Any

import pytest

from appliance.messages.actions import Action, Pause, Resume, Rise, Start, Stop
from appliance.messages.replies import Refused
from tests.support.clinic import Clinic
from tests.support.recorded_trace import Trace
from tests.support.screen import ENDURANCE, Screen
from tests.support.texts import said


@pytest.fixture
def screen(clinic: Clinic) -> Screen:
    return Screen(clinic)


def begins_of_pulses(screen: Screen) -> list[int]:
    """Return each time in the recording at which pulses began after half a second without any."""
    screen.clinic.board.close()
    trace = Trace(screen.clinic.record)
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
    screen: Screen, on_ms: int, off_ms: int, lead_us: int
) -> None:
    """Hazard: a contraction nobody expected."""
    screen.start_of(on_ms, off_ms)
    screen.wait(30_000)
    screen.do(Stop())
    screen.until("Finished")
    begins = [at_us for at_us in begins_of_pulses(screen) if at_us > screen.cues()[0][0]]
    cues = screen.cues()[: len(begins)]
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
    screen: Screen, off_ms: int, lead_us: int
) -> None:
    """Hazard: a contraction that was announced for 3 s later and begins 10 s later."""
    screen.start_of(4_000, off_ms)
    screen.until("Delivering")
    screen.do(Rise(channel=1))
    screen.wait(20_000)
    screen.do(Stop())
    screen.until("Finished")
    begins = [at_us for at_us in begins_of_pulses(screen) if at_us > screen.cues()[0][0]]
    (_, _), (heard_us, facts) = screen.cues()[:2]
    assert begins[1] - begins[0] >= 14_000_000
    assert lead_us - 20_000 <= begins[1] - heard_us <= lead_us + 250_000
    assert abs(facts["begins_at_us"] - begins[1]) <= 60_000


@pytest.mark.proves("announced")
def test_a_cue_names_the_contraction_its_channels_and_levels(screen: Screen) -> None:
    screen.start()
    screen.wait(60)
    ((_, first),) = screen.cues()
    assert first["kind"] == "contraction"
    assert (first["on_phase"], first["of"], first["channels"]) == (1, 49, [1, 2])
    assert first["level_ua"] == [0, 0]
    screen.until("Delivering")
    screen.do(Rise(channel=2))
    screen.until("Resting")
    screen.until("RampUp")
    assert screen.cues()[-1][1]["level_ua"] == [0, 1_000]


@pytest.mark.proves("announced")
def test_the_first_contraction_waits_for_its_announcement_and_no_treatment_time_passes(
    screen: Screen,
) -> None:
    screen.start()
    screen.wait(2_900)
    assert screen.clinic.state == "Resting"
    assert screen.clinic.view.elapsed_us == 0
    assert screen.contraction().next_on_in_us is not None
    screen.until("RampUp")
    assert screen.clinic.now_us - screen.cues()[0][0] >= 3_000_000


@pytest.mark.proves("announced")
def test_after_a_pause_the_contraction_is_announced_again(screen: Screen) -> None:
    screen.start()
    screen.until("Delivering")
    screen.do(Pause())
    screen.until("Paused")
    screen.wait(1_000)
    screen.do(Resume())
    resumed_us = screen.clinic.now_us
    screen.wait(100)
    assert screen.clinic.state == "Resting"
    screen.until("RampUp", "Delivering")
    assert screen.clinic.now_us - resumed_us >= 3_000_000
    assert [facts["on_phase"] for _, facts in screen.cues()] == [1, 1]


@pytest.mark.proves("announced")
@pytest.mark.parametrize("action", [Pause(), Stop(), Stop(cut=True)])
def test_a_cue_whose_contraction_does_not_come_is_withdrawn(screen: Screen, action: Action) -> None:
    screen.start()
    screen.wait(1_000)
    screen.do(action)
    screen.until("Paused", "Finished")
    screen.wait(20)
    assert screen.names() == ["cue", "cue_withdrawn"]
    withdrawn = screen.heard[-1][1]
    assert (withdrawn.session, withdrawn.facts["on_phase"]) == ("0001-001", 1)


@pytest.mark.proves("announced")
def test_a_trip_withdraws_the_cue_too(screen: Screen) -> None:
    screen.start()
    screen.wait(1_000)
    screen.clinic.board.fault_set("estop")
    screen.until("Tripped")
    screen.wait(20)
    assert screen.names() == ["cue", "cue_withdrawn"]


@pytest.mark.proves("announced")
def test_a_stop_withdraws_no_cue_of_a_contraction_that_has_begun(screen: Screen) -> None:
    screen.start()
    screen.until("Delivering")
    screen.do(Stop())
    screen.until("Finished")
    screen.wait(20)
    assert screen.names() == ["cue"]


@pytest.mark.proves("announced")
def test_the_buzzer_announces_a_contraction_without_a_screen(screen: Screen) -> None:
    screen.start()
    sounding_us = 0
    for _ in range(50):
        screen.tick()
        lamps: Any = screen.clinic.board.status()["lamps"]
        sounding_us += 10_000 if lamps["buzzer"] else 0
    assert 40_000 <= sounding_us <= 80_000
    assert len(screen.cues()) == 1


@pytest.mark.proves("announced")
def test_the_session_record_counts_cues_and_withdrawn_cues(screen: Screen) -> None:
    screen.start()
    screen.until("Delivering")
    screen.until("Resting")
    screen.wait(9_000)
    screen.do(Stop())
    screen.until("Finished")
    closing = screen.clinic.last().closing
    assert closing is not None
    assert (closing["cues"], closing["cues_withdrawn"]) == (2, 1)


@pytest.mark.proves("announced")
def test_continuous_programmes_announce_nothing(screen: Screen) -> None:
    screen.start("conventional-tens")
    screen.wait(1_000)
    assert screen.names() == []
    assert screen.clinic.view.contraction is None
    assert screen.clinic.state == "Delivering"


@pytest.mark.proves("announced")
def test_alternating_channels_are_announced_one_by_one(screen: Screen) -> None:
    screen.start_of(3_000, 4_000, alternating=True)
    screen.wait(12_000)
    turns = [facts["channels"] for _, facts in screen.cues()]
    assert turns[:4] == [[1], [2], [1], [2]]


@pytest.mark.proves("announced")
def test_no_contraction_begins_during_the_ramp_down_of_a_stop(screen: Screen) -> None:
    """Alternating channels without a pause: the stop withdraws the cue of the second."""
    screen.start_of(3_000, 3_000, alternating=True)
    screen.until("Delivering")
    screen.wait(100)
    for _ in range(4):
        screen.do(Rise(channel=1))
        screen.wait(340)
    for _ in range(400):
        next_in_us = screen.contraction().next_on_in_us
        if screen.contraction().playing and next_in_us is not None and next_in_us < 200_000:
            break
        screen.tick()
    screen.clinic.do(Stop())
    stopped_us = screen.clinic.now_us
    screen.until("Finished")
    screen.wait(20)
    screen.clinic.board.close()
    trace = Trace(screen.clinic.record)
    late = [at_us for at_us, v in trace.changes("gate2_pos") if v and at_us > stopped_us + 70_000]
    assert late == []
    assert screen.names()[-1] == "cue_withdrawn"


@pytest.mark.proves("level-rules")
def test_a_refused_rise_names_no_time_before_start_and_in_a_pause(screen: Screen) -> None:
    screen.clinic.arm(ENDURANCE)
    before = screen.clinic.ask(Rise(channel=1))
    screen.do(Start())
    screen.until("Delivering")
    screen.do(Pause())
    screen.until("Paused")
    paused = screen.clinic.ask(Rise(channel=1))
    for answer in (before, paused):
        assert isinstance(answer, Refused)
        assert said(answer).nearest == "when the next pulses play"


@pytest.mark.proves("announced")
def test_a_programme_paused_in_a_contraction_still_reaches_its_end(screen: Screen) -> None:
    """Waiting does not count as treatment time: the gate accepts the rest of the dose."""
    screen.start(duration_us=75_000_000)
    for _ in range(2):
        screen.until("Delivering")
        screen.wait(200)
        screen.do(Rise(channel=1))
        screen.do(Pause())
        screen.until("Paused")
        screen.do(Resume())
        screen.wait(100)
    for tick in range(10_500):  # looking seldom, for speed
        screen.clinic.engine.step()
        if tick % 100 == 0:
            screen.clinic.link.snapshot()
            screen.clinic.link.shown()
        if screen.clinic.state in {"Finished", "Tripped"}:
            break
    assert screen.clinic.state == "Finished"
    closing = screen.clinic.last().closing
    assert closing is not None
    assert closing["elapsed_us"] == 75_000_000
    assert closing["cues"] >= 6


@pytest.mark.proves("announced")
def test_slices_between_slow_pulses_belong_to_the_same_contraction(screen: Screen) -> None:
    """At 10 pulses a second two slices of three contain no pulse."""
    screen.start_of(4_000, 4_000, period_us=100_000)
    shown = []
    for _ in range(680):
        screen.tick()
        found = screen.clinic.view.contraction
        if found is not None:
            shown.append((found.number, found.playing))
    assert list(dict.fromkeys(shown)) == [(1, False), (1, True)]
    assert shown == sorted(shown)
    assert screen.names() == ["cue"]
    screen.do(Stop())
    screen.until("Finished")
    screen.wait(20)
    assert screen.names() == ["cue"]
