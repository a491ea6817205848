"""ADC and DAC: possible values, a living ADC, and outputs that follow their codes."""

import pytest

from appliance.safety.interlocks.readings import Readback, Readings, Sample
from drivers.quantities import Channel, DacCode, Microseconds, Millivolts
from tests.appliance.safety.interlocks.bench import (
    MS,
    S,
    T,
    but,
    channel,
    codes,
    held,
    last,
    look,
    look_channel,
    of_signs,
    readings,
    said,
)


@pytest.mark.proves("readings-fresh")
@pytest.mark.parametrize(
    ("reference_mv", "code"),
    [(2_449, "T14"), (2_450, None), (2_500, None), (2_550, None), (2_551, "T14"), (0, "T14")],
)
def test_a_reference_off_by_more_than_2_percent_is_implausible(
    reference_mv: int, code: str | None
) -> None:
    tick = readings(reference=Sample(Millivolts(reference_mv), Microseconds(T)))
    assert codes(look("reference", [tick])) == [code]
    assert codes(look("reference", [but(tick, guarded=False)])) == [None]


@pytest.mark.proves("readings-fresh")
@pytest.mark.parametrize(("age_us", "code"), [(S, None), (S + 1, "T14")])
def test_a_reference_not_read_for_a_second_trips(age_us: int, code: str | None) -> None:
    sample = Sample(Millivolts(2_500), Microseconds(T - age_us))
    assert codes(look("reference", [readings(reference=sample)])) == [code]
    assert codes(look("reference", [readings(reference=None)])) == ["T14"]
    assert codes(look("reference", [readings(reference=None, guarded=False)])) == [None]


@pytest.mark.proves("readings-fresh")
@pytest.mark.parametrize(
    ("current_ua", "voltage_mv", "code"),
    [
        (118_799, 1_000, None),
        (118_800, 1_000, "T14"),
        (-118_800, 1_000, "T14"),
        (20_000, 148_499, None),
        (20_000, 148_500, "T14"),
        (20_000, -148_500, "T14"),
    ],
)
def test_a_hold_at_the_end_of_the_range_is_implausible(
    current_ua: int, voltage_mv: int, code: str | None
) -> None:
    assert last("adc_at_end", [channel(held=held(current_ua, voltage_mv))]) == code
    assert last("adc_at_end", [channel(held=held(current_ua, voltage_mv), pulses=0)]) is None


@pytest.mark.proves("dac-readback")
@pytest.mark.parametrize(
    ("code_read", "code"), [(958, "T15"), (959, None), (1_541, None), (1_542, "T15")]
)
def test_a_dac_41_codes_off_what_it_was_given_is_stuck(code_read: int, code: str | None) -> None:
    readback = Readback(DacCode(code_read), DacCode(1_000), DacCode(1_500))
    assert last("dac_stuck", [channel(readback=readback, pulses=0)]) == code
    assert last("dac_stuck", [channel()]) is None


@pytest.mark.proves("readings-fresh")
def test_the_end_of_the_range_is_told_with_the_value_and_the_channel() -> None:
    (current,) = of_signs(0, held=held(118_800, 0))
    told = ("T14", 2, "current 118800 µA is the end of the range")
    assert said(look_channel("adc_at_end", [current])[-1]) == told
    (voltage,) = of_signs(0, held=held(0, -148_500))
    told = ("T14", 2, "voltage 148500 mV is the end of the range")
    assert said(look_channel("adc_at_end", [voltage])[-1]) == told


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


@pytest.mark.proves("readings-fresh")
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


@pytest.mark.proves("readings-fresh")
def test_a_rail_that_moves_or_samples_that_are_not_new_are_no_frozen_adc() -> None:
    moved = [
        but(tick, rail=Sample(Millivolts(120_000 + n % 2), Microseconds(T + n)))
        for n, tick in enumerate(quiet_reads(20))
    ]
    old = [but(tick, rail=Sample(Millivolts(120_000), Microseconds(T))) for tick in quiet_reads(20)]
    unread = [but(tick, reference=None) for tick in quiet_reads(20)]
    for ticks in (moved, old, unread):
        assert codes(look("adc_still", ticks)) == [None] * 20


@pytest.mark.proves("readings-fresh")
def test_a_living_reading_before_leaves_a_wrong_readback_to_the_dac() -> None:
    assert codes(look("adc_still", [readings(channels=(channel(),))] * 20)) == [None] * 20


def slow(n: int, *, rail: bool = True, reference: bool = True) -> Readings:
    """Return a tick with new reads of rail and reference that repeat, by a wrong readback."""
    at_us = Microseconds(T + n * 40 * MS)
    wrong = Readback(DacCode(0), DacCode(68), DacCode(68))
    return readings(
        channels=(channel(channel=Channel(2), readback=wrong),),
        rail=Sample(Millivolts(120_000), at_us) if rail else None,
        reference=Sample(Millivolts(2_500), at_us) if reference else None,
    )


@pytest.mark.proves("readings-fresh")
def test_an_adc_that_stands_still_is_told_with_its_reads_and_the_channel() -> None:
    told = ("T14", 2, "readback, rail and reference the same over 8 reads")
    assert said(look("adc_still", [slow(n) for n in range(9)])[-1]) == told


@pytest.mark.proves("readings-fresh")
@pytest.mark.parametrize("missing", [{"rail": False}, {"reference": False}])
@pytest.mark.parametrize("at", [0, 4])
def test_a_read_that_fails_begins_the_count_of_repeats_anew(
    missing: dict[str, bool], at: int
) -> None:
    ticks = [slow(n, **(missing if n == at else {})) for n in range(at + 10)]
    assert codes(look("adc_still", ticks)) == [None] * (at + 9) + ["T14"]
