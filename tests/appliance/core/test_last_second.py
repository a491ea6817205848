"""The time with current within the last second, to the microsecond. Numbers are restated here."""

import random

import pytest

from appliance.core.plan.decode import DecodedPhase, DecodedPulse
from appliance.core.plan.dose import LastSecond

pytestmark = pytest.mark.proves("gate")

SECOND_US = 1_000_000


def pulse(start_us: int, phase_us: int = 300, gap_us: int = 50) -> DecodedPulse:
    second_us = start_us + phase_us + gap_us
    phases = (DecodedPhase(1, start_us, phase_us), DecodedPhase(-1, second_us, phase_us))
    return DecodedPulse(1, start_us, phases, gap_us)


def test_the_first_pulse_counts_for_its_two_phases_and_no_more() -> None:
    assert LastSecond().add(0, pulse(400)) == 600


def test_pulses_of_several_slices_add_up_while_all_lie_in_the_second() -> None:
    second = LastSecond()
    assert [second.add(25_000 * i, pulse(400)) for i in range(4)] == [600, 1_200, 1_800, 2_400]


@pytest.mark.parametrize(
    ("opens_us", "inside_us"),
    [
        # The first pulse has current from 1 000 to 1 300 and from 1 350 to 1 650 µs.
        (999, 600),
        (1_000, 600),
        (1_001, 599),
        (1_299, 301),
        (1_300, 300),
        (1_301, 300),
        (1_349, 300),
        (1_350, 300),
        (1_351, 299),
        (1_649, 1),
        (1_650, 0),
        (1_651, 0),
    ],
)
def test_of_a_pulse_that_reaches_into_the_second_the_part_inside_counts(
    opens_us: int, inside_us: int
) -> None:
    second = LastSecond()
    second.add(0, pulse(1_000))
    # The second ends with the last phase of the pulse that is added.
    assert second.add(SECOND_US, pulse(opens_us - 650)) == inside_us + 600


def test_pulses_that_have_left_the_second_are_forgotten_several_at_a_time() -> None:
    second = LastSecond()
    for start_us in (400, 2_400, 4_400, 990_000):
        second.add(0, pulse(start_us))
    assert second.add(SECOND_US, pulse(500_000)) == 1_200
    assert second.add(SECOND_US, pulse(502_000)) == 1_800


def test_the_second_ends_with_the_last_of_however_many_phases() -> None:
    second = LastSecond()
    second.add(0, pulse(1_000))
    phases = tuple(DecodedPhase(1, 1_000 + 200 * i, 100) for i in range(3))
    # The last of the three ends at 1 001 500: of the first pulse 1 500 to 1 650 is inside.
    assert second.add(SECOND_US, DecodedPulse(1, 1_000, phases, 0)) == 150 + 300


def test_any_train_counts_as_it_would_by_looking_at_every_microsecond_of_it() -> None:
    chance = random.Random(7)
    second, on, end_us = LastSecond(), [], 0
    for number in range(600):
        start_us = end_us + chance.choice((300, 900, 4_000, 40_000))
        added = pulse(start_us, chance.randint(50, 500), chance.randint(10, 250))
        end_us = added.end_us
        on += [(phase.start_us, phase.start_us + phase.duration_us) for phase in added.phases]
        opens_us = end_us - SECOND_US
        expected = sum(max(to_us - max(from_us, opens_us), 0) for from_us, to_us in on)
        slice_us = 25_000 * (number // 3)
        moved = DecodedPulse(
            1,
            start_us - slice_us,
            tuple(phase._replace(start_us=phase.start_us - slice_us) for phase in added.phases),
            added.interphase_us,
        )
        assert second.add(slice_us, moved) == expected
