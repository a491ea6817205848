"""The table of sounds: told apart by number and length, seldom on, and the cue above all."""

from itertools import combinations

import pytest

from appliance.control.sounds.due import OF_CAUTIONS, WARNINGS
from appliance.control.sounds.rhythm import Rhythm
from appliance.messages.wire import SoundName
from appliance.safety.interlocks.rule import CautionCode
from appliance.safety.sound_patterns import PATTERNS

pytestmark = pytest.mark.proves("sounds")

TICK_US = 10_000
CLEAR_TICKS = 20


def played(rhythm: Rhythm, ticks: range, cues: frozenset[int] = frozenset()) -> list[bool]:
    """Return whether the buzzer was on in each tick; `cues` begin in these."""
    on = []
    for tick in ticks:
        if tick in cues:
            rhythm.cue(tick * TICK_US)
        on.append(rhythm.is_on(tick * TICK_US))
    return on


def beeps(on: list[bool]) -> list[tuple[int, int]]:
    """Return (first tick, ticks) of each beep."""
    found: list[tuple[int, int]] = []
    for tick, is_on in enumerate(on):
        if is_on and found and sum(found[-1]) == tick:
            found[-1] = (found[-1][0], found[-1][1] + 1)
        elif is_on:
            found.append((tick, 1))
    return found


def test_the_table_names_every_sound_in_the_order_of_priority() -> None:
    assert list(PATTERNS) == [
        SoundName.TRIP,
        SoundName.HAND_SWITCH,
        SoundName.WITH_PATIENT,
        SoundName.SKIN,
        SoundName.CONTACT,
        SoundName.END,
        SoundName.DRILL_STEP,
        SoundName.CUE,
    ]


@pytest.mark.parametrize(("one", "other"), list(combinations(SoundName, 2)))
def test_two_sounds_differ_in_the_number_of_beeps_and_by_a_fifth_in_length(
    one: SoundName, other: SoundName
) -> None:
    first, second = PATTERNS[one], PATTERNS[other]
    assert first.beeps != second.beeps
    shorter, longer = sorted((first.length_us, second.length_us))
    assert longer >= 1.2 * shorter


def test_the_words_of_a_pattern_count_all_its_beeps_and_differ_for_any_two() -> None:
    groups = {name: pattern.groups for name, pattern in PATTERNS.items()}
    assert all(sum(n for n, _ in groups[name]) == PATTERNS[name].beeps for name in PATTERNS)
    assert len(set(groups.values())) == len(PATTERNS)
    assert groups[SoundName.TRIP] == ((3, False), (2, False), (3, False), (2, False))
    assert groups[SoundName.WITH_PATIENT] == ((1, True), (4, False))


@pytest.mark.parametrize("name", SoundName)
def test_every_beep_and_every_pause_can_be_heard_and_is_a_whole_number_of_ticks(
    name: SoundName,
) -> None:
    pattern = PATTERNS[name]
    assert all(ms >= 60 and ms % 10 == 0 for ms in pattern.ms)
    assert len(pattern.ms) % 2 == 1, "a burst ends with a beep"


def test_only_a_trip_the_hand_switch_and_a_warning_may_be_silenced() -> None:
    silenced = {name for name, pattern in PATTERNS.items() if pattern.may_be_silenced}
    assert silenced == {
        SoundName.TRIP,
        SoundName.HAND_SWITCH,
        SoundName.SKIN,
        SoundName.CONTACT,
    }


def test_what_is_heard_once_never_repeats_and_what_lasts_does() -> None:
    once = {name for name, pattern in PATTERNS.items() if pattern.every_us is None}
    assert once == {SoundName.END, SoundName.DRILL_STEP, SoundName.CUE}


@pytest.mark.parametrize("name", SoundName)
def test_no_sound_is_on_for_more_than_a_quarter_of_a_minute(name: SoundName) -> None:
    rhythm = Rhythm()
    rhythm.play(name, 0)
    assert sum(played(rhythm, range(6_000))) <= 1_500


@pytest.mark.parametrize("name", [SoundName.CONTACT, SoundName.SKIN, SoundName.WITH_PATIENT])
@pytest.mark.parametrize("every_ticks", [400, 450, 790, 1_000])
def test_bursts_that_begin_anew_after_cues_are_on_for_three_tenths_at_most(
    name: SoundName, every_ticks: int
) -> None:
    rhythm = Rhythm()
    rhythm.play(name, 0)
    cues = frozenset(range(37, 6_000, every_ticks))
    assert sum(played(rhythm, range(6_000), cues)) <= 1_800


@pytest.mark.parametrize("name", [SoundName.CONTACT, SoundName.SKIN, SoundName.WITH_PATIENT])
@pytest.mark.parametrize("at_tick", range(0, 820, 23))
def test_a_cue_at_any_moment_is_a_beep_of_60_ms_with_silence_around_it(
    name: SoundName, at_tick: int
) -> None:
    """Hazard: a cue that vanishes in the beeps of a warning."""
    rhythm = Rhythm()
    rhythm.play(name, 0)
    found = beeps(played(rhythm, range(1_200), frozenset({at_tick})))
    cues = [
        (begin, ticks)
        for begin, ticks in found
        if ticks == 6 and 0 <= begin - at_tick <= CLEAR_TICKS
    ]
    assert len(cues) == 1
    cue = found.index(cues[0])
    if cue:
        before = found[cue - 1]
        assert cues[0][0] - sum(before) >= CLEAR_TICKS - 1
    assert found[cue + 1][0] - sum(cues[0]) >= CLEAR_TICKS


@pytest.mark.parametrize("name", [SoundName.CONTACT, SoundName.SKIN, SoundName.WITH_PATIENT])
@pytest.mark.parametrize("at_tick", range(5, 120, 9))
def test_a_burst_that_a_cue_broke_is_heard_whole_after_it(name: SoundName, at_tick: int) -> None:
    rhythm = Rhythm()
    rhythm.play(name, 0)
    found = beeps(played(rhythm, range(400), frozenset({at_tick})))
    if at_tick * TICK_US < PATTERNS[name].length_us:
        last = found[-PATTERNS[name].beeps :]
        assert [10 * ticks for _, ticks in last] == list(PATTERNS[name].ms[::2])


def test_a_trip_ends_a_cue_and_is_heard_after_a_short_silence() -> None:
    rhythm = Rhythm()
    rhythm.cue(0)
    assert rhythm.is_on(0)
    rhythm.play(SoundName.TRIP, 3 * TICK_US)
    found = beeps([rhythm.is_on(tick * TICK_US) for tick in range(3, 400)])
    assert found[0][0] <= CLEAR_TICKS
    assert [10 * ticks for _, ticks in found] == [150] * 10


def test_a_sound_that_ends_is_silent_at_once() -> None:
    rhythm = Rhythm()
    rhythm.play(SoundName.TRIP, 0)
    assert rhythm.is_on(TICK_US)
    rhythm.play(None, 2 * TICK_US)
    assert not any(rhythm.is_on(tick * TICK_US) for tick in range(2, 2_000))


def test_a_late_tick_moves_a_burst_and_breaks_none() -> None:
    rhythm = Rhythm()
    rhythm.play(SoundName.CONTACT, 0)
    played(rhythm, range(100))
    found = beeps(played(rhythm, range(905, 1_100)))
    assert [10 * ticks for _, ticks in found] == [200, 200, 200]


@pytest.mark.parametrize("code", CautionCode)
def test_every_caution_has_a_sound_that_lasts_as_long_as_it_does(code: CautionCode) -> None:
    """Hazard: a warning that nobody looks at, because it makes no sound."""
    assert OF_CAUTIONS[code] in WARNINGS
    assert PATTERNS[OF_CAUTIONS[code]].every_us is not None
    assert list(WARNINGS) == sorted(WARNINGS, key=list(PATTERNS).index)
