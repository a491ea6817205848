"""An ADC that stands still is told from a DAC that does not follow."""

import pytest

from appliance.safety.interlocks.readings import Readback, Readings, Sample
from drivers.quantities import DacCode, Microseconds, Millivolts
from tests.appliance.safety.interlocks.bench import T, but, channel, codes, look, readings

pytestmark = pytest.mark.proves("readings-fresh", "dac-readback")


def quiet_reads(count: int, *, code: int = 0, given: int = 68, step: int = 99) -> list[Readings]:
    """Return ticks with a new rail and reference each; the `step`th reference moves by 1 mV."""
    readback = Readback(DacCode(code), DacCode(given), DacCode(given))
    return [
        readings(
            channels=(channel(readback=readback),),
            rail=Sample(Millivolts(120_000), Microseconds(T + n * 40_000)),
            reference=Sample(Millivolts(2_500 + (n == step)), Microseconds(T + n * 40_000)),
        )
        for n in range(count)
    ]


@pytest.mark.parametrize(
    ("ticks", "code"),
    [
        (quiet_reads(8), None),
        (quiet_reads(9), "T14"),
        (quiet_reads(9, code=27), None),  # 41 codes off: as given
        (quiet_reads(9, code=26), "T14"),
        (quiet_reads(9, code=109), None),
        (quiet_reads(9, code=110), "T14"),
        (quiet_reads(9, step=4), None),
        (quiet_reads(14, step=4), "T14"),  # 5 to 13 are nine that are the same
        (quiet_reads(13, step=4), None),
    ],
)
def test_a_readback_that_is_wrong_by_an_adc_that_stands_still_is_the_adcs_fault(
    ticks: list[Readings], code: str | None
) -> None:
    """Eight repeats of rail and reference together; one that moves is a living ADC."""
    assert codes(look("adc_still", ticks))[-1] == code


def test_a_rail_that_moves_or_samples_that_are_not_new_are_no_frozen_adc() -> None:
    moved = [
        but(tick, rail=Sample(Millivolts(120_000 + n % 2), Microseconds(T + n)))
        for n, tick in enumerate(quiet_reads(20))
    ]
    old = [but(tick, rail=Sample(Millivolts(120_000), Microseconds(T))) for tick in quiet_reads(20)]
    unread = [but(tick, reference=None) for tick in quiet_reads(20)]
    for ticks in (moved, old, unread):
        assert codes(look("adc_still", ticks)) == [None] * 20


def test_a_living_reading_before_leaves_a_wrong_readback_to_the_dac() -> None:
    assert codes(look("adc_still", [readings(channels=(channel(),))] * 20)) == [None] * 20
