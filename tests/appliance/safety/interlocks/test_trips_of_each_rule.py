"""Which rule gives which trip, and how many readings each needs: at first and in a new stream.

All rules run together here, as in a tick; `test_judge` restates what each remembers at first.
"""

from collections.abc import Callable
from inspect import unwrap
from types import CodeType, FunctionType
from typing import Any

import pytest

from appliance.safety.interlocks.judge import CHANNEL_RULES, RULES, InterlockMemory, judge
from appliance.safety.interlocks.readings import ChannelReading, Readback, Readings, Sample
from appliance.safety.interlocks.rule import CautionCode
from appliance.safety.trips.codes import TripCode
from drivers.interfaces import GuardStatus
from drivers.quantities import DacCode, Microseconds, Millivolts
from tests.appliance.safety.interlocks.bench import (
    GOOD_INPUTS,
    GOOD_STREAM,
    MS,
    S,
    T,
    at_set,
    but,
    channel,
    held,
    pulses,
    readings,
    repeat,
)

GIVES: dict[str, set[str]] = {
    "estop": {"T01"},
    "hand_switch": {"T02"},
    "inputs_fresh": {"T16"},
    "fault_latch": {"T03"},
    "loop_overrun": {"T26"},
    "guard": {"T17", "T18", "T19"},
    "looping_wave": {"T20"},
    "gates_off": {"T12", "T39"},
    "wave_clock": {"T22"},
    "marker_gap": {"T21"},
    "underrun": {"T23"},
    "supply": {"T24", "T25"},
    "supply_stuck": {"T38"},
    "reference": {"T14"},
    "adc_still": {"T14"},
    "screen_silent": {"T27"},
    "journal": {"T28"},
    "clock_jump": {"T29"},
    "measured_above_set": {"T04"},
    "dac_stuck": {"T15"},
    "adc_at_end": {"T14"},
    "adc_frozen": {"T14"},
    "lead_off": {"T06"},
    "pad_lifted": {"W06"},
    "short": {"T07"},
    "phase_missing": {"T11"},
    "phase_unseen": {"T11"},
    "readings_stale": {"T13"},
    "compliance_reached": {"T09"},
    "test_load": {"T41"},
    "set_against_measured": {"T05"},
    "residual": {"T10", "W01"},
    "contact_drift": {"T08", "T40", "W02", "W05"},
    "contact_high": {"W03"},
    "contact_poor": {"W04"},
}
OF_OTHERS = {"T30", "T31", "T32", "T33", "T34", "T35", "T36", "T37"}
"""What drivers, gate, self-test and engine find by themselves."""


def codes_in(function: Callable[..., object]) -> set[str]:
    """Return the codes a function names, by itself or through functions it calls."""
    found: set[str] = set()
    waiting, seen = [function], {function.__name__}
    while waiting:
        # Whatever is wrapped around a rule, its own code is what counts.
        each = unwrap(waiting.pop())
        for name in _names(each.__code__):
            if name in TripCode.__members__:
                found.add(TripCode[name].value)
            if name in CautionCode.__members__:
                found.add(CautionCode[name].value)
            called = each.__globals__.get(name)
            if isinstance(called, FunctionType) and name not in seen:
                seen.add(name)
                waiting.append(called)
    return found


def _names(code: CodeType) -> set[str]:
    inner = [each for each in code.co_consts if isinstance(each, CodeType)]
    return set(code.co_names).union(*map(_names, inner))


@pytest.mark.proves_none
def test_every_rule_gives_the_trips_and_cautions_named_here_and_no_other() -> None:
    found = {rule.name: codes_in(rule.judge) for rule in RULES}
    found |= {rule.name: codes_in(rule.judge) for rule in CHANNEL_RULES}
    assert found == GIVES


@pytest.mark.proves_none
def test_every_trip_code_is_given_by_a_rule_or_named_as_found_by_others() -> None:
    given = set.union(*GIVES.values())
    assert given & OF_OTHERS == set()
    assert given | OF_OTHERS == {code.value for code in [*TripCode, *CautionCode]}


def at(now_us: int, **changes: Any) -> Readings:
    """Return a tick at a time, everything fresh by then."""
    return readings(
        **{
            "now_us": Microseconds(now_us),
            "inputs_at_us": Microseconds(now_us),
            "guard_at_us": Microseconds(now_us),
            "guard": GuardStatus(running=True, alive=now_us // MS, tripped=0),
            "screen_at_us": Microseconds(now_us),
            **changes,
        }
    )


def told(memory: InterlockMemory, tick: Readings) -> tuple[InterlockMemory, list[str]]:
    """Run all rules over a tick; return the codes of trips and cautions."""
    memory, trips, cautions = judge(memory, tick)
    told_now = [found.code.value for found in trips]
    return memory, told_now + [found.code.value for found in cautions]


@pytest.mark.proves("loop-in-time", "guard-watched")
@pytest.mark.parametrize("now_us", [0, 1, 49_999, T, 30 * 86_400 * S])
@pytest.mark.parametrize("alive", [0, 1, 4_294_967_295])
def test_nothing_is_late_set_or_still_at_the_first_tick_whenever_it_is(
    now_us: int, alive: int
) -> None:
    """There is no tick, no clock, no counter and no supply before it to compare with."""
    tick = at(
        now_us,
        guard=GuardStatus(running=True, alive=alive, tripped=0),
        stream=but(GOOD_STREAM, slice_ends_us=now_us),
        channels=(channel(held_at_us=now_us),),
        rail=Sample(Millivolts(120_000), Microseconds(now_us)),
        reference=Sample(Millivolts(2_500), Microseconds(now_us)),
        supply_at_us=now_us,
    )
    assert told(InterlockMemory(), tick)[1] == []
    dark = but(tick, inputs=but(GOOD_INPUTS, supply_good=False))
    assert told(InterlockMemory(), dark)[1] == []


@pytest.mark.proves("supply-watched")
def test_a_supply_that_was_good_before_it_was_switched_off_may_come_as_late_as_the_first() -> None:
    memory = InterlockMemory()
    no = but(GOOD_INPUTS, supply_good=False)
    ticks = [
        at(T, supply_at_us=T),
        at(T + 10 * MS, supply_on=False, supply_at_us=T + 10 * MS, inputs=no),
        at(T + 20 * MS, supply_at_us=T + 20 * MS, inputs=no),
    ]
    for tick in ticks:
        memory, found = told(memory, but(tick, stream=but(GOOD_STREAM, slice_ends_us=tick.now_us)))
        assert found == []


WRONG = Readback(DacCode(142), DacCode(50), DacCode(100))


def signed(*currents_ua: int) -> list[ChannelReading]:
    """Return one reading a pulse with these currents as they are."""
    return [channel(pulses=n + 1, held=held(each)) for n, each in enumerate(currents_ua)]


NEEDS: list[tuple[str, str, list[ChannelReading]]] = [
    ("measured_above_set", "T04", pulses([at_set(20_000, 25_001)])),
    ("dac_stuck", "T15", pulses([{"readback": WRONG}])),
    ("adc_at_end", "T14", pulses([at_set(60_000, 118_800, 0)])),
    ("adc_frozen", "T14", signed(*[20_000] * 4)),
    ("readings_stale", "T13", signed(*range(20_000, 20_005))),
    ("lead_off", "T06", pulses(repeat(2, **at_set(20_000, 9_999, 114_000)))),
    ("lead_off", "T06", pulses(repeat(3, **at_set(20_000, 20_000, 100_001)))),
    ("pad_lifted", "W06", pulses([at_set(20_000, 9_999, 114_000)], pad_is_held=True)),
    ("short", "T07", pulses(repeat(3, **at_set(20_000, 20_000, 1_999)))),
    ("compliance_reached", "T09", pulses(repeat(3, **at_set(40_000, 40_000, 114_000)))),
    ("contact_high", "W03", pulses(repeat(8, **at_set(20_000, 20_000, 50_020)))),
    ("contact_poor", "W04", pulses(repeat(8, **at_set(20_000, 20_000, 26_040)))),
    ("set_against_measured", "T05", pulses(repeat(3, **at_set(20_000, 16_999)))),
    ("set_against_measured", "T05", pulses(repeat(5, **at_set(20_000, 0, 0)))),
    ("phase_missing", "T11", signed(*[20_000, 0] * 4)),
    ("phase_unseen", "T11", signed(*range(20_000, 20_032))),
    ("residual", "T10", signed(*[22_500 if n % 4 in {0, 3} else -20_000 for n in range(16)])),
    ("residual", "W01", signed(*[20_500 if n % 4 in {0, 3} else -20_000 for n in range(16)])),
]
"""For each rule of a channel just as many readings as it takes to find something."""


def found_at(code: str, series: list[ChannelReading], streams: list[int]) -> list[int]:
    """Return at which of a series of ticks, 10 ms apart, a code was told."""
    memory, seen = InterlockMemory(), []
    for n, (reading, number) in enumerate(zip(series, streams, strict=True)):
        now_us = Microseconds(T + n * 10 * MS)
        stream = but(GOOD_STREAM, number=number, slice_ends_us=now_us)
        tick = at(now_us, channels=(but(reading, held_at_us=now_us),), stream=stream)
        memory, codes = told(memory, tick)
        if code in codes:
            seen.append(n)
    return seen


@pytest.mark.proves(
    "measured-above-set",
    "dac-readback",
    "readings-fresh",
    "lead-off",
    "short",
    "compliance",
    "contact-poor",
    "set-against-measured",
    "phase-missing",
    "residual-charge",
)
@pytest.mark.parametrize(("rule", "code", "series"), NEEDS)
def test_a_rule_that_has_seen_nothing_needs_all_it_looks_at(
    rule: str, code: str, series: list[ChannelReading]
) -> None:
    assert code in GIVES[rule]
    assert found_at(code, series, [1] * len(series)) == [len(series) - 1]


@pytest.mark.proves(
    "measured-above-set",
    "dac-readback",
    "readings-fresh",
    "lead-off",
    "short",
    "compliance",
    "contact-poor",
    "set-against-measured",
    "phase-missing",
    "residual-charge",
)
@pytest.mark.parametrize(("rule", "code", "series"), NEEDS)
def test_in_a_new_stream_a_rule_needs_all_of_it_again(
    rule: str, code: str, series: list[ChannelReading]
) -> None:
    assert code in GIVES[rule]
    before, after = len(series) - 1, len(series)
    again = [*series[:-1], *series]
    assert found_at(code, again, [1] * before + [2] * after) == [before + after - 1]


@pytest.mark.proves("contact-drift")
def test_pads_that_are_known_to_drift_are_told_at_the_first_pulse_of_a_new_stream() -> None:
    """12 holds to know them, then 8 to see them and 15 more to be sure."""
    known, drifted = repeat(12, **at_set(20_000, 20_000)), at_set(20_000, 20_000, 26_020)
    series = pulses([*known, *repeat(23, **drifted)])
    assert found_at("T08", series, [1] * 35) == [34]
    again = [*series[:34], series[0]._replace(held=series[34].held)]
    assert found_at("T08", again, [1] * 34 + [2]) == [34]
    assert found_at("T08", series[:34], [1] * 34) == []
