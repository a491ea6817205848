"""When the inputs of the interlocks were last judged good, published with every judgement.

A stop is timed from its cause. Where nobody saw a cause begin, it began after the last input in
which the rules found nothing wrong: that time is taken here, by the tests of the rules themselves.
"""

from typing import NamedTuple

from appliance.safety.interlocks import contact, converters, held_current, pigpio_daemon
from appliance.safety.interlocks.held_value import HeldValue, at_rail, is_weak
from appliance.safety.interlocks.readings import BoardFacts, Readings
from drivers.interfaces import HeldReading, Inputs
from drivers.quantities import Microseconds


class ChannelGood(NamedTuple):
    """When a channel was last good.

    `positive_us` and `negative_us` are when the last pulse ended of which the hold of that phase
    was good; `readback_us` is when its DAC was last read back as given. `pair` is the last hold
    looked at: one that is the same bit by bit may be frozen, and is not believed.
    """

    positive_us: Microseconds | None = None
    negative_us: Microseconds | None = None
    readback_us: Microseconds | None = None
    pair: HeldReading | None = None

    def hold_us(self, *, both: bool) -> Microseconds | None:
        """Return when the last good pulse ended; with `both`, the older of the two phases'."""
        phases_us = (self.positive_us, self.negative_us)
        ends_us = [at_us for at_us in phases_us if at_us is not None]
        if not ends_us or (both and len(ends_us) < len(phases_us)):
            return None
        return min(ends_us) if both else max(ends_us)


class SliceGood(NamedTuple):
    """The last marker of a stream, and when the last slice began that took its planned time.

    The marker of the next slice says so. `began_us` is None before that.
    """

    stream: int = 0
    markers: int = 0
    marker_us: Microseconds = Microseconds(0)
    began_us: Microseconds | None = None


class LastGood(NamedTuple):
    """What was good when, in µs of the engine clock; None for never.

    `inputs_us` are when each line of `Inputs` was last read high, which is good of every one of
    them; `screen_us` is when the screen in charge was last heard.
    """

    inputs_us: tuple[Microseconds | None, ...] = (None,) * len(Inputs._fields)
    slices: SliceGood = SliceGood()
    screen_us: Microseconds | None = None
    channels: tuple[ChannelGood, ...] = ()

    def line_us(self, name: str) -> Microseconds | None:
        """Return when a line of `Inputs` was last good."""
        return self.inputs_us[Inputs._fields.index(name)]

    def channel(self, number: int) -> ChannelGood:
        """Return when channel `number` was last good; never, before the first judgement."""
        return self.channels[number - 1] if number <= len(self.channels) else ChannelGood()


def look(good: LastGood, readings: Readings, channels: tuple[ChannelGood, ...]) -> LastGood:
    """Return what is good after a tick; `channels` have been looked at with their rules."""
    inputs_us = good.inputs_us
    if readings.inputs is not None:
        at_us = readings.inputs_at_us
        pairs = zip(readings.inputs, inputs_us, strict=True)
        inputs_us = tuple(at_us if high else before_us for high, before_us in pairs)
    slices = _look_at_slices(good.slices, readings)
    return LastGood(inputs_us, slices, readings.screen_at_us, channels)


def look_at_channel(
    good: ChannelGood, held: HeldValue, board: BoardFacts, *, tripped: bool
) -> ChannelGood:
    """Return what is good of a channel after a tick in which its rules `tripped`, or did not."""
    reading = held.reading
    positive_us, negative_us, readback_us, pair = good
    if reading.readback is not None and converters.is_as_given(reading.readback):
        readback_us = reading.held_at_us
    if held.new and reading.held is not None:
        repeated, pair = reading.held == pair, reading.held
        ended_us = reading.pulse_ended_us
        if ended_us is not None and not repeated and not tripped and _is_good(held, board):
            if pair.current_ua > 0:
                positive_us = ended_us
            else:
                negative_us = ended_us
    return ChannelGood(positive_us, negative_us, readback_us, pair)


def _is_good(held: HeldValue, board: BoardFacts) -> bool:
    """Return whether a hold shows none of what the rules over holds count or trip on."""
    weak = is_weak(held) or at_rail(held, board)
    return not weak and held_current.off_bound_ua(held) is None and contact.is_load(held)


def _look_at_slices(good: SliceGood, readings: Readings) -> SliceGood:
    stream = readings.stream
    if stream.number != good.stream:
        good = good._replace(stream=stream.number, markers=0, began_us=None)
    if stream.markers == good.markers:
        return good
    in_time = pigpio_daemon.took_its_time(stream)
    began_us = good.marker_us if in_time else good.began_us
    return SliceGood(stream.number, stream.markers, stream.marker_us, began_us)
