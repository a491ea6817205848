"""All rules in two lists, and the function that runs them.

The order is that of causes before their consequences: an e-stop sets the fault latch, the latch
takes the supply away. The first cut found is the one named to a person.
"""

from typing import Any, NamedTuple, Self

from appliance.safety.interlocks import (
    contact,
    contact_drift,
    converters,
    engine_health,
    held_current,
    lines,
    pigpio_daemon,
    test_load_gone,
)
from appliance.safety.interlocks.held_value import LastJudged, take_held
from appliance.safety.interlocks.last_good import ChannelGood, LastGood, look, look_at_channel
from appliance.safety.interlocks.readings import Readings
from appliance.safety.interlocks.rule import (
    AnyChannelRule,
    AnyRule,
    Caution,
    ChannelRule,
    Finding,
    Rule,
)
from appliance.safety.trips.codes import TripSeverity
from appliance.safety.trips.trip import Trip

RULES: tuple[AnyRule, ...] = (
    Rule("estop", None, lines.estop),
    Rule("hand_switch", False, lines.hand_switch),
    Rule("inputs_fresh", None, lines.inputs_fresh),
    Rule("fault_latch", None, lines.fault_latch),
    Rule("loop_overrun", engine_health.TickSeen(), engine_health.loop_overrun),
    Rule("guard", pigpio_daemon.GuardSeen(), pigpio_daemon.guard),
    Rule("looping_wave", None, pigpio_daemon.looping_wave),
    Rule("gates_off", None, pigpio_daemon.gates_off),
    Rule("wave_clock", None, pigpio_daemon.wave_clock),
    Rule("marker_gap", None, pigpio_daemon.marker_gap),
    Rule("underrun", None, pigpio_daemon.underrun),
    Rule("supply", lines.SupplySeen(), lines.supply),
    Rule("supply_stuck", None, lines.supply_stuck),
    Rule("reference", None, converters.reference),
    Rule("adc_still", converters.UnchangedReads(), converters.adc_still),
    Rule("screen_silent", None, engine_health.screen_silent),
    Rule("journal", None, engine_health.journal),
    Rule("clock_jump", engine_health.ClocksSeen(), engine_health.clock_jump),
)
"""The rules over the whole board."""

CHANNEL_RULES: tuple[AnyChannelRule, ...] = (
    ChannelRule("measured_above_set", None, held_current.measured_above_set),
    ChannelRule("dac_stuck", None, converters.dac_stuck),
    ChannelRule("adc_at_end", None, converters.adc_at_end),
    ChannelRule("adc_frozen", converters.FrozenPair(), converters.adc_frozen),
    ChannelRule("lead_off", contact.NEW_LEAD, contact.lead_off),
    ChannelRule("pad_lifted", None, contact.pad_lifted),
    ChannelRule("short", (), contact.short),
    ChannelRule("phase_missing", (), held_current.phase_missing),
    ChannelRule("phase_unseen", held_current.OneSided(), held_current.phase_unseen),
    ChannelRule("readings_stale", converters.SignStreak(), converters.readings_stale),
    ChannelRule("compliance_reached", (), contact.compliance_reached),
    ChannelRule("test_load", test_load_gone.LoadHolds(), test_load_gone.test_load, of_pads=True),
    ChannelRule(
        "set_against_measured", held_current.Deviations(), held_current.set_against_measured
    ),
    ChannelRule("residual", held_current.Balance(), held_current.residual),
    ChannelRule("contact_drift", contact_drift.NEW_PAD, contact_drift.contact_drift, of_pads=True),
    ChannelRule("contact_high", (), contact.contact_high),
    ChannelRule("contact_poor", (), contact.contact_poor),
)
"""The rules over each channel."""

_JUDGES = tuple(rule.judge for rule in RULES)
_CHANNEL_JUDGES = tuple(rule.judge for rule in CHANNEL_RULES)
_FRESH = tuple(rule.fresh for rule in RULES)
_FRESH_CHANNEL = tuple(rule.fresh for rule in CHANNEL_RULES)


class ChannelMemory(NamedTuple):
    """What the channel rules remember of one channel; `good` outlasts streams and checks."""

    seen: LastJudged = LastJudged()
    by_rule: tuple[Any, ...] = _FRESH_CHANNEL
    good: ChannelGood = ChannelGood()


class InterlockMemory(NamedTuple):
    """What the rules remember from tick to tick, in the order of the rules."""

    by_rule: tuple[Any, ...] = _FRESH
    channels: tuple[ChannelMemory, ...] = ()
    stream: int = 0
    checking: bool = False
    good: LastGood = LastGood()

    def again(self, before_us: int, now_us: int) -> Self:
        """Return the memory for a second judgement in one tick.

        If no time (µs) has passed since the first, the second is not a tick that came too late.
        """
        if now_us != before_us:
            return self
        restarts = [rule.judge is engine_health.loop_overrun for rule in RULES]
        rules = zip(RULES, self.by_rule, restarts, strict=True)
        kept = tuple(rule.fresh if restart else memory for rule, memory, restart in rules)
        return self._replace(by_rule=kept)


class Judgement(NamedTuple):
    """The result of one tick: trips, with every cut before the first ramp, and cautions."""

    memory: InterlockMemory
    trips: tuple[Trip, ...]
    cautions: tuple[Caution, ...]

    @property
    def good(self) -> LastGood:
        """Return when the inputs were last judged good, this tick included."""
        return self.memory.good


def judge(memory: InterlockMemory, readings: Readings) -> Judgement:
    """Run every rule over the readings of a tick, once per control tick and in every state."""
    findings: list[Finding] = []
    by_rule = []
    for rule, rule_memory in zip(_JUDGES, memory.by_rule, strict=True):
        kept, finding = rule(rule_memory, readings)
        by_rule.append(kept)
        if finding is not None:
            findings.append(finding)
    channels = []
    for channel_memory, reading in zip(_channels(memory, readings), readings.channels, strict=True):
        seen, held = take_held(channel_memory.seen, reading)
        channel_by_rule, found_before = [], len(findings)
        for channel_rule, rule_memory in zip(_CHANNEL_JUDGES, channel_memory.by_rule, strict=True):
            kept, finding = channel_rule(rule_memory, held, readings)
            channel_by_rule.append(kept)
            if finding is not None:
                findings.append(finding)
        tripped = any(isinstance(finding, Trip) for finding in findings[found_before:])
        good = look_at_channel(channel_memory.good, held, readings.board, tripped=tripped)
        channels.append(ChannelMemory(seen, tuple(channel_by_rule), good))
    after = InterlockMemory(
        tuple(by_rule),
        tuple(channels),
        readings.stream.number,
        readings.checking,
        look(memory.good, readings, tuple(channel.good for channel in channels)),
    )
    return Judgement(after, *_sorted(findings)) if findings else Judgement(after, (), ())


def _channels(memory: InterlockMemory, readings: Readings) -> tuple[ChannelMemory, ...]:
    """Return the memories of the channels; a new stream or contact check resets its rules'."""
    if len(memory.channels) != len(readings.channels):
        return (ChannelMemory(),) * len(readings.channels)
    new_pads = readings.checking and not memory.checking
    new_stream = readings.stream.number != memory.stream
    if not new_pads and not new_stream:
        return memory.channels
    return tuple(
        ChannelMemory(
            LastJudged() if new_stream else channel.seen,
            tuple(
                rule.fresh if (new_pads if rule.of_pads else new_stream) else rule_memory
                for rule, rule_memory in zip(CHANNEL_RULES, channel.by_rule, strict=True)
            ),
            channel.good,
        )
        for channel in memory.channels
    )


def _sorted(findings: list[Finding]) -> tuple[tuple[Trip, ...], tuple[Caution, ...]]:
    trips = [finding for finding in findings if isinstance(finding, Trip)]
    trips.sort(key=lambda trip: trip.severity is not TripSeverity.CUT)
    return tuple(trips), tuple(finding for finding in findings if isinstance(finding, Caution))
