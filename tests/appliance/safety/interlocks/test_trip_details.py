"""What a trip tells besides its code: the channel it means, and the numbers seen and allowed.

The journal and the screen repeat it word for word, so that whoever looks for the cause finds it.
"""

from typing import Any

import pytest

from appliance.safety.interlocks.readings import Readback, Readings, Sample
from appliance.safety.interlocks.rule import Caution, Finding
from appliance.texts.english import english
from drivers.interfaces import GuardStatus
from drivers.quantities import Channel, DacCode, Microseconds, Millivolts
from tests.appliance.safety.interlocks.bench import (
    GOOD_INPUTS,
    GOOD_STREAM,
    MS,
    S,
    T,
    at_set,
    but,
    channel,
    look,
    look_channel,
    pulses,
    readings,
    repeat,
)

pytestmark = pytest.mark.proves("trip-texts")


def said(found: Finding | None) -> tuple[str, int | None, str]:
    assert found is not None
    assert found.detail is not None
    return found.code.value, found.channel, english(found.detail)


def stream(**changes: Any) -> Readings:
    return readings(stream=but(GOOD_STREAM, **changes))


def switched(age_us: int, *, on: bool = True, **changes: Any) -> Readings:
    return readings(now_us=T + age_us, supply_at_us=T, supply_on=on, **changes)


NO_SUPPLY = but(GOOD_INPUTS, supply_good=False)
GUARD = GuardStatus(running=True, alive=7, tripped=0)
LATER = T + 20 * MS
BOARD_TRIPS: list[tuple[str, list[Readings], tuple[str, str]]] = [
    ("estop", [readings(inputs=but(GOOD_INPUTS, estop_closed=False))], ("T01", "loop open")),
    ("hand_switch", [readings(inputs=but(GOOD_INPUTS, hand_switch_closed=False))], ("T02", "open")),
    (
        "fault_latch",
        [readings(inputs=but(GOOD_INPUTS, latch_clear=False))],
        ("T03", "set with the e-stop closed"),
    ),
    ("inputs_fresh", [readings(inputs=None)], ("T16", "no reading")),
    (
        "inputs_fresh",
        [readings(inputs_at_us=T - 50_001)],
        ("T16", "50001 µs old, allowed 50000 µs"),
    ),
    ("guard", [readings(guard=None)], ("T17", "no answer")),
    ("guard", [readings(guard_at_us=T - 150_001)], ("T17", "last heard 150001 µs ago")),
    ("guard", [readings(guard=but(GUARD, running=False))], ("T17", "not running")),
    (
        "guard",
        [readings(), readings(now_us=LATER, guard_at_us=LATER)],
        ("T17", "counter still at 7"),
    ),
    (
        # A guard first heard at the very start of the engine's clock is judged from there.
        "guard",
        [
            readings(now_us=0, guard_at_us=0),
            readings(now_us=20 * MS, guard_at_us=20 * MS),
        ],
        ("T17", "counter still at 7"),
    ),
    ("guard", [readings(guard=but(GUARD, tripped=1))], ("T18", "e-stop seen open")),
    ("guard", [readings(guard=but(GUARD, tripped=2))], ("T19", "silence")),
    ("guard", [readings(guard=but(GUARD, tripped=3))], ("T19", "latch 3")),
    (
        "loop_overrun",
        [readings(now_us=0), readings(now_us=50_001)],
        ("T26", "50001 µs since the last tick, allowed 50000 µs"),
    ),
    ("screen_silent", [readings(screen_at_us=None)], ("T27", "no screen")),
    ("screen_silent", [readings(screen_at_us=T - 2_902_999)], ("T27", "silent for 2902.999 ms")),
    ("journal", [readings(journal_ok=False)], ("T28", "not writable")),
    (
        "clock_jump",
        [readings(), readings(wall_us=readings().wall_us + 2_902_999)],
        ("T29", "set by 2902.999 ms"),
    ),
    (
        "supply",
        [switched(S, inputs=GOOD_INPUTS), switched(S, inputs=NO_SUPPLY)],
        ("T24", "SUPPLY_GOOD fell"),
    ),
    ("supply", [switched(S, inputs=NO_SUPPLY)], ("T25", "not good 200 ms after SUPPLY_EN")),
    ("supply", [readings(rail=None)], ("T24", "rail not read")),
    (
        "supply",
        [readings(rail=Sample(Millivolts(107_999), Microseconds(T)))],
        ("T24", "rail 107999 mV, nominal 120000 mV"),
    ),
    (
        "supply_stuck",
        [switched(2_902_999, on=False)],
        ("T38", "SUPPLY_GOOD 2902.999 ms after SUPPLY_EN"),
    ),
    ("looping_wave", [stream(markers=404)], ("T20", "404 markers of 403 slices")),
    (
        "looping_wave",
        [stream(slice_ends_us=T - 20_001)],
        ("T20", "slice 20001 µs past its end"),
    ),
    (
        "marker_gap",
        [stream(markers=0, begun_us=T - 100_001)],
        ("T21", "no marker after 100001 µs"),
    ),
    (
        "marker_gap",
        [stream(interval_us=27_001)],
        ("T21", "markers 27001 µs apart, planned 25000 µs"),
    ),
    ("wave_clock", [stream(drift_ppm=None)], ("T22", "unknown after 400 markers")),
    ("wave_clock", [stream(drift_ppm=-10_001)], ("T22", "-10001 ppm off, allowed 10000 ppm")),
    ("underrun", [stream(idle=True)], ("T23", "idle after 400 of 403 slices")),
    ("gates_off", [readings(gate_levels=0b11)], ("T12", "gates 0x3")),
    ("reference", [readings(reference=None)], ("T14", "reference not read")),
    (
        "reference",
        [readings(reference=Sample(Millivolts(2_551), Microseconds(T)))],
        ("T14", "reference 2551 mV, nominal 2500 mV"),
    ),
]


@pytest.mark.parametrize(("rule", "ticks", "told"), BOARD_TRIPS)
def test_a_trip_of_the_board_tells_what_was_seen_and_means_no_channel(
    rule: str, ticks: list[Readings], told: tuple[str, str]
) -> None:
    code, detail = told
    assert said(look(rule, ticks)[-1]) == (code, None, detail)


TWO = {"channel": Channel(2)}
CHANNEL_TRIPS: list[tuple[str, list[dict[str, Any]], tuple[str, str]]] = [
    ("measured_above_set", [at_set(10_000, 15_001)], ("T04", "set 10000 µA, measured 15001 µA")),
    (
        "measured_above_set",
        [at_set(60_000, 63_001)],
        ("T04", "ceiling 60000 µA, measured 63001 µA"),
    ),
    (
        # 5 % of 20 019 µA are 1 000.95 µA, of which the whole ones count.
        "measured_above_set",
        [{**at_set(20_019, 21_020), "ceiling_ua": 20_019}],
        ("T04", "ceiling 20019 µA, measured 21020 µA"),
    ),
    (
        # 15 % of 20 006 µA are 3 000.9 µA, of which the whole ones count.
        "set_against_measured",
        repeat(3, **at_set(20_006, 23_007)),
        ("T05", "set 20006 µA, measured 23007 µA on 3 pulses"),
    ),
    (
        "set_against_measured",
        repeat(3, **at_set(20_000, 16_999)),
        ("T05", "set 20000 µA, measured 16999 µA on 3 pulses"),
    ),
    (
        "lead_off",
        repeat(2, **at_set(20_000, 9_999, 120_000)),
        ("T06", "set 20000 µA, measured 9999 µA at 120000 mV on 2 of 2 pulses"),
    ),
    (
        "lead_off",
        [at_set(20_000, 0, 120_000), *[{"pulses": 1, **at_set(20_000, 0, 120_000)}] * 5],
        ("T06", "set 20000 µA, measured 0 µA at 120000 mV and not closed after 50 ms"),
    ),
    (
        "lead_off",
        repeat(3, **at_set(20_000, 20_000, 110_000)),
        ("T06", "set 20000 µA, measured 20000 µA at 110000 mV on 3 pulses"),
    ),
    (
        "set_against_measured",
        repeat(5, **at_set(20_000, 9_999, 20_000)),
        ("T05", "set 20000 µA, measured 9999 µA on 5 pulses"),
    ),
    (
        "short",
        repeat(3, **at_set(20_000, 20_000, 1_999)),
        ("T07", "set 20000 µA, measured 20000 µA at 1999 mV on 3 pulses"),
    ),
    (
        "short",
        repeat(3, **at_set(2_000, 2_000, 199)),
        ("T07", "set 2000 µA, measured 2000 µA at 199 mV on 3 pulses"),
    ),
    (
        # Five short holds of twelve, never three in a row, and the last is one of them.
        "short",
        [at_set(20_000, 20_000, 1_000 if n in {0, 2, 4, 6, 11} else 20_000) for n in range(12)],
        ("T07", "set 20000 µA, measured 20000 µA at 1000 mV on 5 of 12 pulses"),
    ),
    (
        "compliance_reached",
        repeat(3, **at_set(40_000, 40_000, 114_000)),
        ("T09", "set 40000 µA, measured 40000 µA at 114000 mV on 3 pulses"),
    ),
    ("contact_high", repeat(8, **at_set(2_000, 2_000, 5_002)), ("W03", "2501 Ω")),
    (
        "contact_drift",
        [*repeat(20, **at_set(20_000, 20_000)), *repeat(22, **at_set(20_000, 20_000, 8_000))],
        ("T40", "contact at 40 % of its baseline, allowed 50 %"),
    ),
    (
        "contact_drift",
        [*repeat(20, **at_set(20_000, 20_000)), *repeat(22, **at_set(20_000, 20_000, 12_000))],
        ("W05", "contact at 60 % of its baseline"),
    ),
    (
        "test_load",
        repeat(3, **at_set(3_000, 3_000, 2_000), load_ohm=500),
        ("T41", "666 Ω, allowed for 500 Ω"),
    ),
    (
        "contact_poor",
        repeat(8, **at_set(20_000, 20_000, 26_260)),
        ("W04", "1313 Ω at 20000 µA, good pads show less than 1300 Ω"),
    ),
    (
        "dac_stuck",
        [{"readback": Readback(DacCode(142), DacCode(50), DacCode(100))}],
        ("T15", "code 50 to 100 given, 142 read back"),
    ),
]


@pytest.mark.parametrize(("rule", "fields", "told"), CHANNEL_TRIPS)
def test_a_trip_of_a_channel_names_it_and_tells_what_was_seen(
    rule: str, fields: list[dict[str, Any]], told: tuple[str, str]
) -> None:
    code, detail = told
    found = look_channel(rule, pulses(fields, **TWO))
    assert said(found[-1]) == (code, 2, detail)
    assert found[:-1] == [None] * (len(found) - 1)


def residual(plus_ua: int, minus_ua: int) -> Finding | None:
    """Return what 16 holds find: 200 µs of every 10 ms, so 1/50 of the difference is direct."""
    series = [reading for n in range(4) for reading in (plus_ua, -minus_ua, -minus_ua, plus_ua)]
    ticks = [
        channel(
            channel=Channel(2),
            pulses=n + 1,
            held_at_us=Microseconds(T + n * 10 * MS),
            held=at_set(20_000, current_ua)["held"],
        )
        for n, current_ua in enumerate(series)
    ]
    return look_channel("residual", ticks)[-1]


def test_a_residual_tells_the_direct_current_in_whole_microamperes() -> None:
    assert said(residual(22_549, 20_000)) == ("T10", 2, "50 µA mean d.c., allowed under 50 µA")
    caution = residual(20_549, 20_000)
    assert isinstance(caution, Caution)
    assert (caution.channel, english(caution.detail)) == (2, "10 µA mean d.c.")
    assert residual(20_499, 20_000) is None
