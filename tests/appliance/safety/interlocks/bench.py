"""Readings of a unit where all is well, for one thing at a time to go wrong."""

from collections.abc import Iterable
from typing import Any, TypeVar, cast

from appliance.safety.interlocks.held_value import LastJudged, take_held
from appliance.safety.interlocks.judge import CHANNEL_RULES, RULES, InterlockMemory, judge
from appliance.safety.interlocks.readings import (
    BoardFacts,
    ChannelReading,
    Readings,
    Sample,
    StreamReading,
)
from appliance.safety.interlocks.rule import Finding
from appliance.safety.trips.trip import Trip
from appliance.texts.english import english
from drivers.interfaces import GuardStatus, HeldReading, Inputs
from drivers.quantities import Channel, Microamps, Microseconds, Millivolts

MS, S = 1_000, 1_000_000
T = Microseconds(100 * S)
"""A time well after everything began."""
BOARD = BoardFacts(Millivolts(120_000), Millivolts(2_500), Microamps(120_000), Millivolts(150_000))
ORDER = (1, -1, -1, 1)
"""The phase held of each pulse, over and over."""


V = TypeVar("V")


def but(value: V, **changes: Any) -> V:
    """Return a named tuple with fields changed; plain numbers do for units."""
    return cast("V", cast("Any", value)._replace(**changes))


def held(current_ua: int, voltage_mv: int | None = None) -> HeldReading:
    """Return a hold; without a voltage, that of 1 kΩ."""
    return HeldReading(
        Microamps(current_ua), Millivolts(current_ua if voltage_mv is None else voltage_mv)
    )


def channel(**changes: Any) -> ChannelReading:
    """Return channel 1 at 20 mA into 1 kΩ, pulses of 200 µs at 100 per second."""
    reading = ChannelReading(
        channel=Channel(1),
        set_low_ua=Microamps(20_000),
        set_high_ua=Microamps(20_000),
        ceiling_ua=Microamps(60_000),
        held=held(20_000),
        held_at_us=Microseconds(T),
        pulses=1,
        phase_us=Microseconds(200),
        mean_period_us=Microseconds(10_000),
    )
    return reading._replace(**changes)


def at_set(set_ua: int, current_ua: int, voltage_mv: int | None = None) -> dict[str, Any]:
    """Return the fields of a hold at a set amplitude."""
    return {
        "set_low_ua": set_ua,
        "set_high_ua": set_ua,
        "held": held(current_ua, voltage_mv),
    }


GOOD_INPUTS = Inputs(estop_closed=True, hand_switch_closed=True, supply_good=True, latch_clear=True)
GOOD_STREAM = StreamReading(
    number=1,
    playing=True,
    begun_us=Microseconds(T - 10 * S),
    sent=403,
    markers=400,
    slice_ends_us=Microseconds(T + 10 * MS),
    idle=False,
    interval_us=Microseconds(25_000),
    planned_us=Microseconds(25_000),
    drift_ppm=200,
)


def readings(**changes: Any) -> Readings:
    """Return a tick of a clean treatment at time T."""
    clean = Readings(
        now_us=Microseconds(T),
        wall_us=Microseconds(1_800_000_000 * S),
        board=BOARD,
        inputs=GOOD_INPUTS,
        inputs_at_us=Microseconds(T),
        guard=GuardStatus(running=True, alive=7, tripped=0),
        guard_at_us=Microseconds(T),
        channels=(channel(),),
        rail=Sample(Millivolts(120_000), Microseconds(T - 100 * MS)),
        reference=Sample(Millivolts(2_500), Microseconds(T - 100 * MS)),
        stream=GOOD_STREAM,
        guarded=True,
        energising=True,
        checking=False,
        supply_on=True,
        supply_at_us=Microseconds(T - 60 * S),
        journal_ok=True,
        screen_at_us=Microseconds(T),
    )
    return clean._replace(**changes)


def look(name: str, ticks: Iterable[Readings]) -> list[Finding | None]:
    """Run one rule of the whole board over ticks; return what it found at each."""
    rule = next(rule for rule in RULES if rule.name == name)
    memory, findings = rule.fresh, []
    for tick in ticks:
        memory, finding = rule.judge(memory, tick)
        findings.append(finding)
    return findings


def look_channel(
    name: str, channels: Iterable[ChannelReading], **changes: Any
) -> list[Finding | None]:
    """Run one rule of a channel over readings, each 10 ms after the last unless it says when."""
    rule = next(rule for rule in CHANNEL_RULES if rule.name == name)
    memory, seen, findings = rule.fresh, LastJudged(), []
    for reading in channels:
        seen, hold = take_held(seen, reading)
        tick = readings(now_us=reading.held_at_us, channels=(reading,), **changes)
        memory, finding = rule.judge(memory, hold, tick)
        findings.append(finding)
    return findings


def pulses(fields: Iterable[dict[str, Any]], **every: Any) -> list[ChannelReading]:
    """Return one reading per pulse and tick, with the signs of the order + − − +."""
    series = []
    for n, each in enumerate(fields):
        reading = channel(**{"pulses": n + 1, "held_at_us": T + n * 10 * MS, **every, **each})
        if "held" in each and reading.held is not None:
            sign = ORDER[n % 4]
            reading = reading._replace(
                held=held(sign * reading.held.current_ua, sign * reading.held.voltage_mv)
            )
        series.append(reading)
    return series


def code_of(finding: Finding | None) -> str | None:
    """Return the code of a finding."""
    return None if finding is None else finding.code.value


def codes(findings: Iterable[Finding | None]) -> list[str | None]:
    """Return the codes of findings."""
    return [code_of(each) for each in findings]


def said(found: Finding | None) -> tuple[str, int | None, str]:
    """Return code, channel and detail of a finding, which there has to be."""
    assert found is not None
    assert found.detail is not None
    return found.code.value, found.channel, english(found.detail)


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


def judged(ticks: Iterable[Readings], memory: InterlockMemory | None = None) -> list[Trip]:
    """Run every rule over ticks; return every trip."""
    memory = InterlockMemory() if memory is None else memory
    trips: list[Trip] = []
    for tick in ticks:
        memory, found, _ = judge(memory, tick)
        trips += found
    return trips


def repeat(count: int, **fields: Any) -> list[dict[str, Any]]:
    """Return the same fields `count` times."""
    return [fields] * count


def last(name: str, series: list[ChannelReading], **changes: Any) -> str | None:
    """Return what a rule found at the last of a series."""
    return codes(look_channel(name, series, **changes))[-1]
