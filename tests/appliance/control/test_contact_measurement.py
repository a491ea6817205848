"""How the contact check judges a pad by what it measured, at its limits."""

import pytest

from appliance.control.procedures.contact_measurement import PadContact, judge_contact
from drivers.interfaces import HeldReading
from drivers.quantities import Channel, Microamps, Millivolts


def held(ohm: int, current_ua: int = 2_000) -> HeldReading:
    return HeldReading(Microamps(current_ua), Millivolts(ohm * current_ua // 1_000))


@pytest.mark.proves("contact-check")
@pytest.mark.parametrize(
    ("ohm", "contact"),
    [
        (99, PadContact.SHORT),
        (100, PadContact.GOOD),
        (2_499, PadContact.GOOD),
        (2_500, PadContact.POOR),
        (4_999, PadContact.POOR),
        (5_000, PadContact.OPEN),
    ],
)
def test_contact_is_judged_by_its_ohms(ohm: int, contact: PadContact) -> None:
    reading = HeldReading(Microamps(-10_000), Millivolts(-ohm * 10))
    result = judge_contact(Channel(1), (reading,) * 3, 120_000)
    assert result.contact is contact
    assert result.usable == (contact in {PadContact.GOOD, PadContact.POOR})


@pytest.mark.proves("contact-check")
def test_no_current_or_the_rail_is_an_open_pad_and_no_reading_a_missing_one() -> None:
    assert judge_contact(Channel(1), (held(500, 999),), 120_000).contact is PadContact.OPEN
    rail = HeldReading(Microamps(2_000), Millivolts(114_001))
    assert judge_contact(Channel(1), (rail,), 120_000).contact is PadContact.OPEN
    assert judge_contact(Channel(1), (), 120_000).contact is PadContact.MISSING


@pytest.mark.proves("bystander")
@pytest.mark.parametrize(
    ("positive_mv", "negative_mv", "alike"),
    [
        ((2_000,), (2_000,), True),
        ((2_000, 2_060), (1_900, 1_980), True),
        ((2_000,), (1_600,), True),
        ((2_000,), (1_598,), False),
        ((1_598,), (2_000,), False),
        ((2_638, 2_564), (1_392, 1_465), False),
        ((2_000, 2_000), (), False),
        ((), (2_000, 2_000), False),
    ],
)
def test_a_load_is_a_resistor_when_both_phases_meet_the_same(
    positive_mv: tuple[int, ...], negative_mv: tuple[int, ...], alike: bool
) -> None:
    """Skin still holds charge of the first phase when the second ends."""
    before = HeldReading(Microamps(0), Millivolts(0))
    readings = [HeldReading(Microamps(2_000), Millivolts(mv)) for mv in positive_mv]
    readings += [HeldReading(Microamps(-2_000), Millivolts(-mv)) for mv in negative_mv]
    assert judge_contact(Channel(1), (before, *readings), 120_000).phases_alike == alike


@pytest.mark.proves("contact-check")
def test_one_reading_from_before_the_first_pulse_does_not_matter() -> None:
    readings = (HeldReading(Microamps(0), Millivolts(0)), held(700), held(700), held(700))
    assert judge_contact(Channel(2), readings, 120_000).ohm == 700
