"""Marks of what the patient feels: accepted only while something can be felt, and recorded."""

from pathlib import Path

import pytest

from appliance.messages.actions import HoldRise, MarkFelt, Pause, Stop
from appliance.messages.snapshot import RangeView
from tests.flows.test_patients import refusal
from tests.support.clinic import Clinic, open_clinic

pytestmark = pytest.mark.proves("felt")


def marks(clinic: Clinic) -> list[tuple[int, str, int]]:
    return [(each["channel"], each["felt"], each["level_ua"]) for each in clinic.events("felt")]


def ranges(clinic: Clinic) -> list[RangeView]:
    clinic.wait(60)
    return list(clinic.view.ranges)


def test_a_mark_is_accepted_only_while_pulses_play_at_a_level(clinic: Clinic) -> None:
    mark = MarkFelt(channel=1, felt="first_felt")
    assert refusal(clinic, mark).limit == "channel"
    clinic.start(channels=(1,))
    assert refusal(clinic, mark).allowed == "while pulses play there at a level above zero"
    assert refusal(clinic, MarkFelt(channel=2, felt="comfortable")).limit == "channel"
    clinic.raise_to(3_000)
    clinic.do(mark)
    again = refusal(clinic, mark)
    assert (again.limit, again.allowed) == ("felt", "once a channel and session")
    clinic.raise_to(5_000)
    clinic.do(MarkFelt(channel=1, felt="comfortable"))
    clinic.do(Pause())
    clinic.until("Paused")
    assert refusal(clinic, MarkFelt(channel=1, felt="too_strong")).limit == "felt"
    assert marks(clinic) == [(1, "first_felt", 3_000), (1, "comfortable", 5_000)]


def test_too_strong_lowers_at_once_and_a_pressed_key_does_not_climb_back(clinic: Clinic) -> None:
    clinic.treat(level_ua=8_000, channels=(1,))
    clinic.wait(3_500)
    clinic.do(MarkFelt(channel=1, felt="too_strong"))
    clinic.wait(1_100)
    assert clinic.channel(1).level_ua == 7_000
    held = refusal(clinic, HoldRise(channel=1, pressed=True))
    assert held.allowed == "up to 7 mA"
    assert marks(clinic) == [(1, "too_strong", 8_000)]
    assert clinic.events("level_changed")[-1]["cause"] == "too_strong"


def test_no_mark_is_accepted_in_a_rest_between_contractions(clinic: Clinic) -> None:
    clinic.start("nmes-endurance", channels=(1,))
    clinic.until("Delivering")
    clinic.raise_to(1_000)
    clinic.until("Resting")
    assert refusal(clinic, MarkFelt(channel=1, felt="comfortable")).limit == "felt"


def test_marks_make_a_personal_range_that_a_later_engine_shows(tmp_path: Path) -> None:
    """Hazard: a session begins as if nobody knew what was too strong before."""
    data = tmp_path / "data"
    with open_clinic(tmp_path / "1", data=data) as clinic:
        clinic.treat(level_ua=3_000, channels=(1,))
        patient = clinic.view.patient
        assert ranges(clinic) == []
        clinic.do(MarkFelt(channel=1, felt="first_felt"))
        clinic.raise_to(5_000)
        clinic.do(MarkFelt(channel=1, felt="comfortable"))
        clinic.raise_to(6_000)
        clinic.do(MarkFelt(channel=1, felt="too_strong"))
        known = RangeView(channel=1, first_felt_ua=3_000, comfortable_ua=5_000, too_strong_ua=6_000)
        assert ranges(clinic) == [known]
        clinic.do(Stop())
        clinic.until("Finished")
    with open_clinic(tmp_path / "2", data=data, after_us=3_600_000_000) as clinic:
        clinic.unlock()
        clinic.close_out()
        clinic.prescribe("low-rate-tens", channels=(1,), patient=patient)
        assert ranges(clinic) == [], "another programme feels otherwise"
        clinic.prescribe(channels=(1,), patient=patient)
        assert ranges(clinic) == [known]
        clinic.prescribe(channels=(1,))
        assert ranges(clinic) == []
