"""What the buzzer plays, read from its line in the recording, and how a person silences it."""

from itertools import pairwise
from typing import Any

import pytest

from appliance.link.roles import Role
from appliance.messages.actions import Acknowledge, Pause, Silence, Stop, Touched
from appliance.messages.replies import Refused, Reply
from appliance.messages.snapshot import SoundView
from appliance.messages.wire import SoundName
from appliance.records.queries import read_facts
from appliance.records.storage.store import open_read_only
from tests.support.buzzer import heard, rhythm
from tests.support.clinic import Clinic
from tests.support.drill_person import begin
from tests.support.people import KIM, leave_untouched, sign_in, sit_down, staff
from tests.support.screen import Screen
from tests.support.texts import Said, said

pytestmark = pytest.mark.proves("sounds")

S = 1_000_000
FIVE = [150, 100, 150, 100, 150, 350, 150, 100, 150]
TRIP = [*FIVE, 700, *FIVE]
HAND_SWITCH = [100, 80, 100, 80, 100, 700, 100, 80, 100, 80, 100]
SKIN = [120, 120, 120, 300, 120, 120, 120, 300, 120, 120, 120, 300, 120, 120, 120]
CONTACT = [200, 200, 200, 200, 200]


def sound(clinic: Clinic) -> SoundView | None:
    clinic.wait(60)
    return clinic.view.sound


def named(clinic: Clinic) -> tuple[str, bool] | None:
    """Return what is shown to sound, and whether it is silenced."""
    shown = sound(clinic)
    return None if shown is None else (shown.name.value, shown.silenced_for_us is not None)


def silence(clinic: Clinic, name: SoundName) -> None:
    answer = clinic.ask(Silence(sound=name))
    assert isinstance(answer, Reply), answer


def refused(clinic: Clinic, name: SoundName) -> Said:
    answer = clinic.ask(Silence(sound=name))
    assert isinstance(answer, Refused), answer
    assert said(answer).limit == "sound"
    return said(answer)


def tripped(clinic: Clinic, fault: str = "estop") -> int:
    """Treat, let a fault trip the unit and return when."""
    clinic.treat(level_ua=3_000)
    clinic.board.fault_set(fault)
    clinic.until("Tripped")
    return clinic.now_us


def poor_contact(clinic: Clinic) -> None:
    clinic.board.fault_set("resistor:1=2600")
    clinic.treat()
    clinic.until_true(lambda: clinic.view.sound is not None, "sound")


# --- each sound as it is heard -----------------------------------------------------------------


def test_a_trip_sounds_three_and_two_twice_every_6_s_until_it_is_acknowledged(
    clinic: Clinic,
) -> None:
    """Hazard: a trip that was heard once, while nobody was in the room."""
    at_us = tripped(clinic)
    assert named(clinic) == ("trip", False)
    clinic.wait(18_000)
    clinic.board.fault_clear("estop")
    clinic.until_true(lambda: clinic.view.trip is not None and not clinic.view.trip.cause_present)
    clinic.do(Acknowledge())
    quiet_us = clinic.now_us
    assert named(clinic) is None
    clinic.wait(8_000)
    beeps = heard(clinic, at_us - 60_000)
    first = beeps[:10]
    assert first[0].at_ms - at_us / 1_000 <= 20
    assert rhythm(first) == TRIP
    begins = [beep.at_ms for beep in beeps[::10]]
    assert [later - begins[0] for later in begins[:4]] == [0, 6_000, 12_000, 18_000]
    assert beeps[-1].at_ms + beeps[-1].for_ms <= quiet_us / 1_000 + 10


def test_a_trip_that_ramps_down_sounds_from_its_beginning(clinic: Clinic) -> None:
    clinic.treat(level_ua=10_000)
    clinic.watching = False
    clinic.until("RampDown")
    at_us = clinic.now_us
    clinic.until("Tripped")
    clinic.wait(200)
    assert heard(clinic)[0].at_ms <= at_us / 1_000 + 20


def test_the_patients_switch_has_a_sound_of_its_own(clinic: Clinic) -> None:
    at_us = tripped(clinic, "hand-switch")
    assert named(clinic) == ("hand_switch", False)
    clinic.wait(4_200)
    beeps = heard(clinic, at_us - 60_000)
    assert rhythm(beeps[:6]) == HAND_SWITCH
    assert beeps[6].at_ms - beeps[0].at_ms == 4_000


def test_another_trip_beside_the_patients_switch_sounds_as_a_trip(clinic: Clinic) -> None:
    tripped(clinic, "hand-switch")
    assert named(clinic) == ("hand_switch", False)
    clinic.wait(500)
    at_us = clinic.now_us
    clinic.board.fault_set("estop")
    clinic.wait(5_000)
    assert named(clinic) == ("trip", False)
    assert rhythm(heard(clinic, at_us)[:10]) == TRIP


def test_poor_contact_sounds_three_even_beeps_every_8_s_until_it_is_good(clinic: Clinic) -> None:
    poor_contact(clinic)
    assert named(clinic) == ("contact", False)
    clinic.wait(9_500)
    clinic.board.fault_set("resistor:1=2200")
    clinic.until_true(lambda: clinic.view.sound is None, "silence")
    quiet_us = clinic.now_us
    clinic.wait(9_000)
    beeps = heard(clinic)
    assert rhythm(beeps[:3]) == CONTACT
    assert beeps[3].at_ms - beeps[0].at_ms == 8_000
    assert beeps[-1].at_ms <= quiet_us / 1_000


def test_phases_that_differ_sound_four_groups_of_two_until_they_are_equal(clinic: Clinic) -> None:
    """Hazard: a direct current under a pad that nobody looks at."""
    clinic.treat("brief-intense-tens", level_ua=8_000, channels=(1,))
    clinic.board.fault_set("phase-mismatch:1=20")
    clinic.until_true(lambda: clinic.view.sound is not None, "sound")
    assert named(clinic) == ("skin", False)
    since_us = clinic.now_us
    clinic.wait(10_000)
    silence(clinic, SoundName.SKIN)
    assert named(clinic) == ("skin", True)
    beeps = heard(clinic, since_us - 200_000)
    assert rhythm(beeps[:8]) == SKIN
    assert beeps[8].at_ms - beeps[0].at_ms == 8_000


def test_the_end_of_a_session_sounds_once_long_and_short(clinic: Clinic) -> None:
    clinic.treat(level_ua=3_000)
    clinic.do(Stop())
    clinic.until("Finished")
    at_us = clinic.now_us
    assert named(clinic) == ("end", False)
    clinic.wait(2_000)
    assert named(clinic) is None, "what was heard once is named for 2 s"
    clinic.wait(8_000)
    assert rhythm(heard(clinic, at_us - 60_000)) == [500, 150, 150]


def test_each_step_of_a_drill_sounds_four_short_beeps(clinic: Clinic) -> None:
    begin(clinic, "hand-switch")
    at_us = clinic.now_us
    assert named(clinic) == ("drill_step", False)
    clinic.wait(1_000)
    assert rhythm(heard(clinic, at_us - 100_000)) == [60] * 7


def test_the_question_who_is_with_the_patient_sounds_until_a_touch(clinic: Clinic) -> None:
    staff(clinic, KIM)
    sit_down(clinic, Role.KIOSK)
    sign_in(clinic, KIM)
    clinic.treat(level_ua=3_000)
    leave_untouched(clinic, 120)
    at_us = clinic.now_us
    clinic.wait(5_000)
    assert named(clinic) == ("with_patient", False)
    assert refused(clinic, SoundName.WITH_PATIENT).nearest == "touch the screen or enter the PIN"
    clinic.do(Touched())
    quiet_us = clinic.now_us
    assert named(clinic) is None
    clinic.wait(5_000)
    beeps = heard(clinic, at_us - 200_000)
    assert rhythm(beeps[:5]) == [400, 150, *[100] * 7]
    assert beeps[5].at_ms - beeps[0].at_ms == 4_000
    assert beeps[-1].at_ms <= quiet_us / 1_000 + 10


def test_lines_are_driven_only_when_something_changes(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Hazard: a tick that waits for a line each time has less left for what it watches."""
    tripped(clinic)
    clinic.wait(6_000)
    driven: list[dict[str, bool]] = []
    lines = clinic.engine.loop._indicators._lines
    monkeypatch.setattr(lines, "set_lamps", lambda **levels: driven.append(levels))
    clinic.wait(12_000)
    assert len(driven) == 2 * 20, "a rise and a fall of ten beeps, twice"
    assert all(before != after for before, after in pairwise(driven))


# --- the cue ------------------------------------------------------------------------------------


@pytest.mark.proves("announced", "sounds")
def test_a_cue_is_heard_alone_between_the_beeps_of_another_sound(
    clinic: Clinic,
) -> None:
    """Hazard: a contraction whose cue was taken for a beep of something else."""
    staff(clinic, KIM)
    sit_down(clinic, Role.KIOSK)
    sign_in(clinic, KIM)
    screen = Screen(clinic)
    screen.start(channels=(1,))
    screen.until("Delivering")
    leave_untouched(clinic, 120)
    screen.heard.clear()
    screen.wait(58_000)
    since_us = clinic.now_us - 58 * S
    cues_ms = [at_us / 1_000 for at_us, _ in screen.cues()]
    beeps = heard(clinic, since_us)
    short = [beep for beep in beeps if round(beep.for_ms, -1) == 60]
    assert any(beep.for_ms > 150 for beep in beeps), "the question sounded as well"
    assert len(short) == len(cues_ms) >= 3
    for cue_ms, beep in zip(cues_ms, short, strict=True):
        assert -10 <= beep.at_ms - cue_ms <= 220
        near = [
            other
            for other in beeps
            if other is not beep
            and other.at_ms - 195 < beep.at_ms + beep.for_ms
            and beep.at_ms < other.at_ms + other.for_ms + 195
        ]
        assert near == []


@pytest.mark.proves("announced", "sounds")
def test_a_cue_cannot_be_silenced(clinic: Clinic) -> None:
    screen = Screen(clinic)
    screen.start()
    screen.wait(60)
    assert named(clinic) == ("cue", False)
    shown = sound(clinic)
    assert shown is not None
    assert not shown.may_be_silenced
    assert refused(clinic, SoundName.CUE).nearest == "it ends by itself"


# --- silence ------------------------------------------------------------------------------------


def test_a_silenced_trip_is_silent_for_120_s_and_sounds_again(clinic: Clinic) -> None:
    """Hazard: an alarm that was silenced and forgotten."""
    tripped(clinic)
    clinic.wait(1_000)
    silence(clinic, SoundName.TRIP)
    silent_us = clinic.now_us
    shown = sound(clinic)
    assert shown is not None
    assert shown.silenced_for_us is not None
    assert not shown.may_be_silenced
    assert 119 * S < shown.silenced_for_us <= 120 * S
    assert clinic.state == "Tripped"
    clinic.wait(121_000)
    assert named(clinic) == ("trip", False)
    later = [beep.at_ms for beep in heard(clinic, silent_us + 10_000)]
    assert abs(later[0] - silent_us / 1_000 - 120_000) <= 20


def test_a_silence_is_recorded_with_what_sounded_and_who_asked(clinic: Clinic) -> None:
    tripped(clinic)
    silence(clinic, SoundName.TRIP)
    clinic.wait(200)
    (recorded,) = all_events(clinic, "sound_silenced")
    assert recorded == {
        "sound": "trip",
        "causes": ["T01"],
        "for_us": 120 * S,
        "operator": "anna",
    }


def test_a_trip_after_a_silence_is_heard_at_once(clinic: Clinic) -> None:
    """Hazard: another fault within two minutes that nobody hears."""
    tripped(clinic, "hand-switch")
    silence(clinic, SoundName.HAND_SWITCH)
    assert named(clinic) == ("hand_switch", True)
    clinic.board.fault_set("estop")
    clinic.wait(100)
    assert named(clinic) == ("trip", False)


def test_a_silence_of_a_trip_ends_with_its_acknowledgement(clinic: Clinic) -> None:
    tripped(clinic)
    silence(clinic, SoundName.TRIP)
    clinic.board.fault_clear("estop")
    clinic.until_true(lambda: clinic.view.trip is not None and not clinic.view.trip.cause_present)
    clinic.do(Acknowledge())
    clinic.board.fault_set("estop")
    clinic.until("Tripped")
    assert named(clinic) == ("trip", False)


def test_a_silenced_warning_stays_silent_though_its_caution_comes_and_goes(
    clinic: Clinic,
) -> None:
    poor_contact(clinic)
    silence(clinic, SoundName.CONTACT)
    silent_us = clinic.now_us
    clinic.do(Pause())
    clinic.until("Paused")
    assert named(clinic) is None
    for ohm in (1_000, 2_600):
        clinic.board.fault_set(f"resistor:1={ohm}")
        clinic.wait(100)
    assert heard(clinic, silent_us + 10_000) == []


def test_a_warning_on_another_channel_is_heard_though_the_first_is_silenced(
    clinic: Clinic,
) -> None:
    poor_contact(clinic)
    silence(clinic, SoundName.CONTACT)
    assert named(clinic) == ("contact", True)
    clinic.board.fault_set("resistor:2=2600")
    clinic.until_true(
        lambda: clinic.view.sound is not None and clinic.view.sound.silenced_for_us is None,
        "sound again",
    )


def test_a_trip_during_a_silenced_warning_is_heard(clinic: Clinic) -> None:
    poor_contact(clinic)
    silence(clinic, SoundName.CONTACT)
    clinic.board.fault_set("estop")
    clinic.until("Tripped")
    assert named(clinic) == ("trip", False)


def test_a_tap_for_a_warning_does_not_silence_the_trip_that_has_come(clinic: Clinic) -> None:
    """Hazard: the alarm of a trip silenced by a finger that was on its way."""
    poor_contact(clinic)
    clinic.board.fault_set("estop")
    clinic.until("Tripped")
    answer = refused(clinic, SoundName.CONTACT)
    assert (answer.allowed, answer.nearest) == ("Output was stopped", "look, then silence")
    assert named(clinic) == ("trip", False)


def test_nothing_and_what_is_silent_already_cannot_be_silenced(clinic: Clinic) -> None:
    clinic.unlock()
    assert refused(clinic, SoundName.TRIP).nearest == "nothing to silence"
    tripped(clinic)
    silence(clinic, SoundName.TRIP)
    clinic.wait(20_000)
    again = refused(clinic, SoundName.TRIP)
    assert again.allowed == "once in 120 s"
    assert again.nearest == "ask again in 100 s"
    clinic.wait(200)
    assert len(all_events(clinic, "sound_silenced")) == 1


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.OBSERVER])
def test_whoever_may_acknowledge_may_silence_without_a_sign_in(clinic: Clinic, role: Role) -> None:
    tripped(clinic)
    sit_down(clinic, role)
    silence(clinic, SoundName.TRIP)
    assert named(clinic) == ("trip", True)


def all_events(clinic: Clinic, name: str) -> list[dict[str, Any]]:
    """Return the facts of every event of a name, of whatever session."""
    clinic.engine.loop._journal._records.flush()
    with open_read_only(clinic.data) as db:
        numbers = db.execute("SELECT number FROM events WHERE name = ?", (name,)).fetchall()
        return [dict(read_facts(db, number) or {}) for (number,) in numbers]
