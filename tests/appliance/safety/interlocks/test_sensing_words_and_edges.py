"""What the rules over phases and sensing tell, and the edges on which they decide."""

from typing import Any

import pytest

from appliance.safety.interlocks.judge import InterlockMemory, judge
from appliance.safety.interlocks.readings import ChannelReading, Readback, Readings, Sample
from appliance.safety.interlocks.rule import Finding
from drivers.quantities import Channel, DacCode, Microseconds, Millivolts
from tests.appliance.safety.interlocks.bench import (
    GOOD_STREAM,
    MS,
    S,
    T,
    at_set,
    but,
    channel,
    code_of,
    codes,
    held,
    look,
    look_channel,
    pulses,
    readings,
    repeat,
)

pytestmark = pytest.mark.proves("readings-fresh", "phase-missing", "latched-trips")


def said(found: Finding | None) -> tuple[str, int | None, str]:
    assert found is not None
    return found.code.value, found.channel, found.detail


def of_signs(*currents_ua: int, begun_us: int = T, **every: Any) -> list[ChannelReading]:
    """Return readings of channel 2 with these held currents, one pulse and 10 ms apart."""
    fields = {"channel": Channel(2), **every}
    return [
        channel(
            **{
                "pulses": n + 1,
                "held_at_us": Microseconds(begun_us + n * 10 * MS),
                "held": held(current_ua),
                **fields,
            }
        )
        for n, current_ua in enumerate(currents_ua)
    ]


@pytest.mark.parametrize(("flows_ua", "word"), [(20_000, "negative"), (-20_000, "positive")])
def test_a_missing_phase_and_one_never_seen_name_channel_and_phase(
    flows_ua: int, word: str
) -> None:
    half = of_signs(*[flows_ua, 0] * 4)
    assert said(look_channel("phase_missing", half)[-1]) == ("T11", 2, f"no {word} phase")
    alone = of_signs(*[flows_ua] * 32)
    told = ("T11", 2, f"{word} phase not seen in 32 holds")
    assert said(look_channel("phase_unseen", alone)[-1]) == told


def test_one_gate_that_is_on_is_told_as_a_mask() -> None:
    assert said(look("gates_off", [readings(gate_levels=0b10)])[-1]) == ("T39", None, "gates 0x2")


def test_a_lead_that_chatters_tells_on_how_many_pulses() -> None:
    opened = at_set(20_000, 20_000, 110_000)
    series = repeat(8, **at_set(20_000, 20_000))
    for n in (0, 1, 3, 5, 7):
        series[n] = opened
    fields = [*repeat(4, **at_set(20_000, 20_000)), *series]
    found = look_channel("lead_off", pulses(fields, channel=Channel(2)))
    told = "set 20000 µA, measured 20000 µA at 110000 mV on 5 of 12 pulses"
    assert said(found[-1]) == ("T06", 2, told)
    assert found[:-1] == [None] * 11


def stale_at(now_us: int, reading: ChannelReading) -> Finding | None:
    """Return what is said of a reading that is this old by then."""
    tick = readings(now_us=Microseconds(now_us), channels=(reading,))
    found = judge(InterlockMemory(), tick).trips
    return next((trip for trip in found if trip.code.value == "T13"), None)


def test_holds_that_are_missing_or_old_are_told_apart() -> None:
    (missing,) = of_signs(20_000, held=None)
    assert said(stale_at(T, missing)) == ("T13", 2, "not read")
    (old,) = of_signs(20_000)
    assert stale_at(T + 50_000, old) is None
    assert said(stale_at(T + 50_001, old)) == ("T13", 2, "50001 µs old")


@pytest.mark.parametrize("begun_us", [T, -20 * MS])
def test_a_hold_that_stands_is_told_with_pulses_and_time_from_whenever_it_was_due(
    begun_us: int,
) -> None:
    """Three pulses of one sign fit no order; 20 ms later the hold has stood too long.

    In the second case that moment is the very start of the engine's clock.
    """
    still = of_signs(*range(20_000, 20_005), begun_us=begun_us)
    found = look_channel("readings_stale", still)
    assert found[:-1] == [None] * 4
    assert said(found[-1]) == ("T13", 2, "no new hold for 4 pulses and 20 ms")


@pytest.mark.parametrize("begun_us", [T, -20 * MS])
def test_a_frozen_pair_is_told_10_ms_after_it_was_due(begun_us: int) -> None:
    found = look_channel("adc_frozen", of_signs(*[20_000] * 4, begun_us=begun_us))
    assert found[:-1] == [None] * 3
    assert said(found[-1]) == ("T14", 2, "held values the same over 3 pulses")


def test_a_pulse_that_may_have_ended_or_not_leaves_both_places_of_the_order_open() -> None:
    """Reads at 1 or 2, 4 or 5, 8 or 9, 12 or 13 pulses: + at each, as + − − + has it."""
    ticks = [
        channel(
            pulses=count,
            exact=False,
            pulses_most=count + 1,
            held_at_us=Microseconds(T + n * 10 * MS),
        )
        for n, count in enumerate([1, 4, 8, 12, 16])
    ]
    assert look_channel("readings_stale", ticks) == [None] * 5


def test_the_end_of_the_range_is_told_with_the_value_and_the_channel() -> None:
    (current,) = of_signs(0, held=held(118_800, 0))
    told = ("T14", 2, "current 118800 µA is the end of the range")
    assert said(look_channel("adc_at_end", [current])[-1]) == told
    (voltage,) = of_signs(0, held=held(0, -148_500))
    told = ("T14", 2, "voltage 148500 mV is the end of the range")
    assert said(look_channel("adc_at_end", [voltage])[-1]) == told


def slow(n: int, *, rail: bool = True, reference: bool = True) -> Readings:
    """Return a tick with new reads of rail and reference that repeat, by a wrong readback."""
    at_us = Microseconds(T + n * 40 * MS)
    wrong = Readback(DacCode(0), DacCode(68), DacCode(68))
    return readings(
        channels=(channel(channel=Channel(2), readback=wrong),),
        rail=Sample(Millivolts(120_000), at_us) if rail else None,
        reference=Sample(Millivolts(2_500), at_us) if reference else None,
    )


def test_an_adc_that_stands_still_is_told_with_its_reads_and_the_channel() -> None:
    told = ("T14", 2, "readback, rail and reference the same over 8 reads")
    assert said(look("adc_still", [slow(n) for n in range(9)])[-1]) == told


@pytest.mark.parametrize("missing", [{"rail": False}, {"reference": False}])
@pytest.mark.parametrize("at", [0, 4])
def test_a_read_that_fails_begins_the_count_of_repeats_anew(
    missing: dict[str, bool], at: int
) -> None:
    ticks = [slow(n, **(missing if n == at else {})) for n in range(at + 10)]
    assert codes(look("adc_still", ticks)) == [None] * (at + 9) + ["T14"]


@pytest.mark.parametrize(("off", "code"), [((1, 3, 6), "T05"), ((1, 3, 7), None)])
def test_a_deviation_counts_for_six_holds(off: tuple[int, ...], code: str | None) -> None:
    fields = [at_set(20_000, 24_000 if n in off else 20_000) for n in range(1, off[-1] + 1)]
    assert code_of(look_channel("set_against_measured", pulses(fields))[-1]) == code


@pytest.mark.parametrize(("set_ua", "code"), [(2_000, "T08"), (1_999, None)])
def test_contact_is_followed_from_2_ma(set_ua: int, code: str | None) -> None:
    fields = [*repeat(12, **at_set(set_ua, 2_000)), *repeat(24, **at_set(set_ua, 2_000, 3_000))]
    found = look_channel("contact_drift", pulses(fields, channel=Channel(2)))
    assert code_of(found[-1]) == code
    if code:
        told = ("T08", 2, "contact at 150 % of its baseline, allowed 130 %")
        assert said(found[-1]) == told


def test_a_baseline_of_one_ohm_doubles_like_any_other() -> None:
    fields = [*repeat(12, **at_set(20_000, 20_000, 20)), *repeat(24, **at_set(20_000, 20_000, 40))]
    assert code_of(look_channel("contact_drift", pulses(fields))[-1]) == "T08"


def test_a_rise_of_a_thousandth_in_ten_seconds_is_forecast_where_two_are_left() -> None:
    """From 129.7 % to 129.8 % in 10 s leads to 130 % in 20 s; standing still never does."""
    known = repeat(12, **at_set(10_000, 10_000, 10_000))

    def rising_to(voltage_mv: int) -> Finding | None:
        fields = [*known, *repeat(30, **at_set(10_000, 10_000, 12_970))]
        fields += repeat(9, **at_set(10_000, 10_000, voltage_mv))
        ticks = pulses(fields)
        late = [but(each, held_at_us=Microseconds(T + n * S)) for n, each in enumerate(ticks)]
        return look_channel("contact_drift", late)[-1]

    found = rising_to(12_980)
    assert said(found) == ("W02", 1, "contact at 129 % of its baseline and rising")
    assert rising_to(12_970) is None


def test_a_contact_check_judges_no_hold_again_that_was_judged_before() -> None:
    reading = channel(pulses=20, held_at_us=T)
    before = judge(InterlockMemory(), readings(channels=(reading,))).memory
    later = but(reading, held_at_us=Microseconds(T + 10 * MS))
    after = judge(before, readings(channels=(later,), checking=True)).memory
    assert after.channels[0].seen == before.channels[0].seen
    anew = judge(before, readings(channels=(later,), stream=but(GOOD_STREAM, number=2))).memory
    assert anew.channels[0].seen != before.channels[0].seen
