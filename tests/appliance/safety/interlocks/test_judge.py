"""All rules together: order, memory, and what makes memory void."""

import pytest

from appliance.safety.interlocks.judge import CHANNEL_RULES, RULES, InterlockMemory, judge
from appliance.safety.interlocks.readings import ChannelReading, Readings
from appliance.safety.trips.codes import TripSeverity
from drivers.interfaces import GuardStatus
from drivers.quantities import Channel
from tests.appliance.safety.interlocks.bench import (
    GOOD_INPUTS,
    GOOD_STREAM,
    MS,
    at_set,
    but,
    channel,
    judged,
    pulses,
    readings,
)

pytestmark = pytest.mark.proves("latched-trips")


def ticks(series: list[ChannelReading], **changes: object) -> list[Readings]:
    """Return one tick per reading of a channel, everything else fresh at its time."""
    return [
        readings(
            now_us=each.held_at_us,
            inputs_at_us=each.held_at_us,
            guard_at_us=each.held_at_us,
            guard=GuardStatus(running=True, alive=each.held_at_us // MS, tripped=0),
            stream=but(GOOD_STREAM, slice_ends_us=each.held_at_us),
            channels=(each,),
            **changes,
        )
        for each in series
    ]


def test_every_rule_has_a_name_of_its_own() -> None:
    names = [rule.name for rule in RULES] + [rule.name for rule in CHANNEL_RULES]
    assert len(set(names)) == len(names) == 34
    assert names[0] == "estop"


def test_a_clean_tick_finds_nothing() -> None:
    memory, trips, cautions = judge(InterlockMemory(), readings())
    assert (trips, cautions) == ((), ())
    assert (memory.stream, memory.checking, len(memory.channels)) == (1, False, 1)


def test_cuts_come_before_ramps_and_causes_before_consequences() -> None:
    inputs = but(GOOD_INPUTS, estop_closed=False, supply_good=False, latch_clear=False)
    tick = readings(inputs=inputs, journal_ok=False, screen_at_us=None, reference=None)
    codes = [found.code.value for found in judge(InterlockMemory(), tick).trips]
    assert codes == ["T01", "T25", "T14", "T27", "T28"]
    assert [found.severity for found in judge(InterlockMemory(), tick).trips] == [
        *[TripSeverity.CUT] * 3,
        *[TripSeverity.RAMP] * 2,
    ]


def test_cautions_are_told_apart_from_trips() -> None:
    series = pulses([at_set(9_000, 9_000, 27_000)] * 8)
    memory, seen = InterlockMemory(), []
    for tick in ticks(series):
        memory, trips, cautions = judge(memory, tick)
        seen.append((trips, [found.code.value for found in cautions]))
    assert seen == [*[((), [])] * 7, ((), ["W03"])]


def test_each_channel_is_judged_by_itself() -> None:
    good = channel(channel=Channel(1))
    bad = channel(channel=Channel(2), **at_set(20_000, 40_000))
    trips = judge(InterlockMemory(), readings(channels=(good, bad))).trips
    assert [(found.code.value, found.channel) for found in trips] == [("T04", 2)]


@pytest.mark.parametrize("count", [1, 2, 4])
def test_any_number_of_channels_is_judged(count: int) -> None:
    every = tuple(channel(channel=Channel(n + 1)) for n in range(count))
    assert len(judge(InterlockMemory(), readings(channels=every)).memory.channels) == count


def test_a_new_stream_forgets_holds_but_not_pads() -> None:
    bad = ticks(pulses([at_set(20_000, 20_000, 4_000)] * 40))
    memory = InterlockMemory()
    for tick in bad:
        memory = judge(memory, tick).memory
    before = memory.channels[0]
    again = but(
        bad[-1],
        now_us=bad[-1].now_us + 10 * MS,
        stream=but(GOOD_STREAM, number=2),
        channels=(channel(pulses=0, held_at_us=bad[-1].now_us + 10 * MS),),
    )
    after = judge(memory, again).memory.channels[0]
    assert before.seen.pulses == 40
    assert after.seen.pulses == 0
    for rule, old, new in zip(CHANNEL_RULES, before.parts, after.parts, strict=True):
        if rule.of_pads:
            assert new == old
            assert rule.name != "contact_drift" or old.baselines
        elif rule.name not in {"adc_frozen", "readings_stale"}:  # these two look at every tick
            assert new == rule.fresh


def test_two_bad_pulses_before_a_new_stream_do_not_count_after_it() -> None:
    series = pulses([at_set(40_000, 30_000)] * 3)
    first = ticks(series)
    assert [found.code.value for found in judged(first)] == ["T05"]
    first[2] = but(first[2], stream=but(first[2].stream, number=2))
    assert judged(first) == []


def test_a_new_contact_check_forgets_the_pads() -> None:
    def drifted(checking: tuple[bool, ...]) -> list[str]:
        ohms = [1_000] * 20 + [1_000] * len(checking) + [1_400] * 30
        series = ticks(pulses([at_set(20_000, 20_000, ohm * 20) for ohm in ohms]))
        flags = [False] * 20 + list(checking) + [False] * 30
        return [
            found.code.value
            for found in judged(
                [but(tick, checking=flag) for tick, flag in zip(series, flags, strict=True)]
            )
        ]

    assert "T08" in drifted((False, False))
    assert drifted((True, True)) == []
