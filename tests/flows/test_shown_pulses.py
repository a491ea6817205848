"""What a screen shows of the pulses now, and the word for the contact of each channel."""

import pytest

from appliance.control.reporting.contact_verdicts import OF_CAUTIONS, OF_CHECK, OF_TRIPS
from appliance.messages.actions import CheckContact, Pause, Resume
from appliance.messages.snapshot import PlanView
from appliance.messages.wire import ContactVerdict
from appliance.safety.interlocks.rule import CautionCode
from tests.support.clinic import Clinic

pytestmark = pytest.mark.proves("state-shown")


def plan(clinic: Clinic) -> PlanView:
    found = clinic.view.plan
    assert found is not None
    return found


def contact(clinic: Clinic, channel: int = 1) -> ContactVerdict:
    return clinic.channel(channel).contact


def test_no_word_names_one_pad_of_a_pair() -> None:
    assert {verdict.value for verdict in ContactVerdict} == {
        "good",
        "acceptable",
        "poor",
        "open",
        "short",
        "unknown",
    }


def test_the_plan_is_shown_once_it_is_prescribed_and_plays_nothing_before_the_start(
    clinic: Clinic,
) -> None:
    clinic.unlock()
    assert clinic.view.plan is None
    clinic.prescribe("conventional-tens")
    clinic.wait(50)
    assert (plan(clinic).kind, plan(clinic).purpose) == ("conventional", "sensory")
    assert plan(clinic).region == "lower_back"
    assert (plan(clinic).pulses_per_second, plan(clinic).pulses_in_burst) == (0, 1)
    assert plan(clinic).rate_millihertz == 80_000


def test_pulses_a_second_are_those_that_are_counted(clinic: Clinic) -> None:
    clinic.treat("conventional-tens")
    before = clinic.channel(1).pulses
    clinic.wait(5_000)
    counted = (clinic.channel(1).pulses - before) / 5
    assert abs(counted - plan(clinic).pulses_per_second) <= 2


def test_a_pause_shows_that_nothing_plays(clinic: Clinic) -> None:
    clinic.treat("conventional-tens")
    clinic.do(Pause())
    clinic.until("Paused")
    clinic.wait(50)
    assert plan(clinic).pulses_per_second == 0


def test_a_sweep_is_shown_as_it_is_now(clinic: Clinic) -> None:
    clinic.treat("modulated-tens", channels=(1,))
    rates, widths = set(), set()
    for _ in range(100):
        clinic.wait(100)
        rates.add(plan(clinic).rate_millihertz)
        widths.add(plan(clinic).phase_us)
    prescription = clinic.engine.loop.state.setup.treatment.prescription  # type: ignore[union-attr]
    sweep = prescription.parts[0].sweep
    assert sweep is not None
    for seen, ends, unit in ((rates, sweep.rate_hz, 1_000), (widths, sweep.phase_us, 1)):
        if ends is not None:
            assert min(ends) * unit <= min(seen) < max(seen) <= max(ends) * unit
            assert len(seen) > 5


def test_bursts_are_shown_with_their_pulses(clinic: Clinic) -> None:
    clinic.unlock()
    clinic.prescribe("burst-tens")
    clinic.wait(50)
    assert plan(clinic).pulses_in_burst > 1
    clinic.prescribe("burst-ac")
    clinic.wait(50)
    shown = plan(clinic)
    assert shown.pulse_period_us is not None
    assert shown.pulses_in_burst > 1
    assert shown.pulse_period_us < 1_000_000_000 // shown.rate_millihertz


def test_off_times_play_no_pulses(clinic: Clinic) -> None:
    clinic.start("nmes-strengthening", channels=(1,))
    clinic.until("Resting")
    clinic.wait(100)
    assert plan(clinic).pulses_per_second == 0


@pytest.mark.parametrize(
    ("fault", "word"),
    [
        ("lead-off:1", ContactVerdict.OPEN),
        ("short:1", ContactVerdict.SHORT),
        ("resistor:1=3000", ContactVerdict.POOR),
        ("resistor:1=1000", ContactVerdict.GOOD),
    ],
)
def test_the_contact_check_gives_each_channel_its_word(
    clinic: Clinic, fault: str, word: ContactVerdict
) -> None:
    clinic.unlock()
    clinic.prescribe()
    clinic.wait(50)
    assert contact(clinic) is ContactVerdict.UNKNOWN
    clinic.board.fault_set(fault)
    clinic.do(CheckContact())
    clinic.until("ContactCheck")
    clinic.until("Armed", "Ready")
    clinic.wait(50)
    assert (contact(clinic, 1), contact(clinic, 2)) == (word, ContactVerdict.GOOD)


def test_contact_turns_poor_on_the_channel_whose_pads_went_dry(clinic: Clinic) -> None:
    clinic.treat(level_ua=12_000)
    clinic.wait(1_000)
    assert contact(clinic) is ContactVerdict.GOOD
    clinic.board.fault_set("resistor:1=3000")
    clinic.until_true(lambda: contact(clinic) is not ContactVerdict.GOOD, "verdict")
    assert contact(clinic) is ContactVerdict.POOR
    assert contact(clinic, 2) is ContactVerdict.GOOD


def test_a_better_word_takes_a_second_of_good_pulses(clinic: Clinic) -> None:
    clinic.board.fault_set("resistor:1=2600")
    clinic.treat()
    clinic.wait(2_000)
    assert contact(clinic) is ContactVerdict.POOR
    clinic.board.fault_set("resistor:1=2200")
    clinic.until_true(lambda: not clinic.view.notes, "end of the caution")
    assert contact(clinic) is ContactVerdict.POOR
    gone_us = clinic.view.at_us
    clinic.until_true(lambda: contact(clinic) is ContactVerdict.GOOD, "better word")
    assert 900_000 <= clinic.view.at_us - gone_us <= 1_200_000


def test_a_lead_that_came_off_is_open_until_the_trip_is_acknowledged(clinic: Clinic) -> None:
    clinic.treat()
    clinic.board.fault_set("lead-off:1")
    clinic.trip()
    clinic.wait(100)
    assert contact(clinic) is ContactVerdict.OPEN
    assert contact(clinic, 2) is ContactVerdict.GOOD


def test_a_pause_keeps_the_last_word(clinic: Clinic) -> None:
    clinic.treat()
    clinic.do(Pause())
    clinic.until("Paused")
    clinic.wait(5_000)
    assert contact(clinic) is ContactVerdict.GOOD
    clinic.do(Resume())
    clinic.until("RampUp", "Delivering")
    assert contact(clinic) is ContactVerdict.GOOD


def test_every_rule_over_contact_has_a_word() -> None:
    assert set(OF_CAUTIONS) == set(CautionCode) - {CautionCode.RESIDUAL_RISING}
    assert {code.value for code in OF_TRIPS} == {"T06", "T07", "T08", "T09", "T40"}
    assert OF_CHECK.keys() == set(type(next(iter(OF_CHECK))))
