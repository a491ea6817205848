"""Keep what was last measured of each channel, for as long as it is true, and how far it was off.

A reading counts when it is of a pulse not counted yet and every pulse that can have been held was
set to the same amplitude: which of them it was does not matter then. To ask for a certain pulse
would starve at rates in step with the tick (100 per second), where each reading comes within a
millisecond of a pulse.
"""

from types import MappingProxyType

from appliance.control.engine_state import EngineState, MeasuredState
from appliance.safety.interlocks.limits import CONTACT_FROM_UA
from appliance.safety.interlocks.readings import ChannelReading, Readings
from drivers.quantities import US_PER_MS

STANDS_PERIODS = 2
PHASE_STANDS_PERIODS = 4
"""From pulse to pulse the level may be changing once; a phase is held again after three at most
(order + − − +)."""
STANDS_US = 50 * US_PER_MS
"""And this much for reading it: two slices, whose start is known only when it is reported (D)."""


class ChannelMeasurements:
    """Takes one reading a pulse: a held value shows again until the next pulse."""

    def __init__(self, engine: EngineState) -> None:
        self._engine = engine
        self._channels = dict(engine.measured.channels)
        engine.claim(MeasuredState)(MeasuredState(MappingProxyType(self._channels)))
        self._pulses: dict[int, int] = {}
        self._taken_us: dict[int, int] = {}
        self._phases: dict[int, dict[bool, tuple[int, int]]] = {}
        """Of each channel and sign: when it was held last, and the ohms."""
        self._contact_us: dict[int, int] = {}
        self._stream = 0

    def begin_session(self) -> None:
        """Forget the highest level and the worst error of the session before."""
        for channel in self._channels:
            self._channels[channel] = self._channels[channel]._replace(
                worst_error_ua=0, highest_ua=0
            )

    def take_contact(self, channel: int, ohm: int | None) -> None:
        """Keep what a contact check found on a channel, until pulses show more."""
        self._channels[channel] = self._channels[channel]._replace(contact_ohm=ohm)

    def take(self, readings: Readings) -> None:
        """Take the readings of this tick; clear values that are out of date.

        A new stream counts its pulses from zero. Without a stream nothing is measured, and contact
        is what was last found, by the contact check too.
        """
        number, now_us = readings.stream.number, readings.now_us
        begins = number != self._stream
        if begins:
            self._stream, self._pulses, self._phases = number, {}, {}
        period_us = self._period_us()
        for reading in readings.channels:
            channel = reading.channel
            if begins:
                self._channels[channel] = self._channels[channel]._replace(
                    measured_ua=None, voltage_mv=None
                )
                self._contact_us[channel] = now_us
            if number and reading.pulses > self._pulses.get(channel, 0):
                self._pulses[channel] = reading.pulses
                self._take_one(reading, now_us)
            if number:
                self._expire(channel, now_us, period_us)

    def _period_us(self) -> int:
        treatment = self._engine.setup.treatment
        return 0 if treatment is None else treatment.longest_period_us

    def _take_one(self, reading: ChannelReading, now_us: int) -> None:
        held, set_ua = reading.held, reading.set_high_ua
        if held is None or reading.set_low_ua != set_ua:
            return
        measured_ua = abs(held.current_ua)
        known = self._channels[reading.channel]
        self._channels[reading.channel] = known._replace(
            measured_ua=measured_ua,
            voltage_mv=abs(held.voltage_mv),
            highest_ua=max(known.highest_ua, set_ua),
            worst_error_ua=max(known.worst_error_ua, abs(measured_ua - set_ua)),
        )
        self._taken_us[reading.channel] = now_us
        # Current and voltage are read one after the other, a pulse may have ended in between.
        whole = (held.current_ua > 0) == (held.voltage_mv > 0)
        if measured_ua >= CONTACT_FROM_UA and (whole or not held.voltage_mv):
            ohm = abs(held.voltage_mv) * 1_000 // measured_ua
            self._phases.setdefault(reading.channel, {})[held.current_ua > 0] = (now_us, ohm)

    def _expire(self, channel: int, now_us: int, period_us: int) -> None:
        stands_us = STANDS_PERIODS * period_us + STANDS_US
        if now_us - self._taken_us.get(channel, 0) > stands_us:
            self._channels[channel] = self._channels[channel]._replace(
                measured_ua=None, voltage_mv=None
            )
        phases_us = PHASE_STANDS_PERIODS * period_us + STANDS_US
        known = self._phases.setdefault(channel, {})
        for sign in [sign for sign, (held_us, _) in known.items() if now_us - held_us > phases_us]:
            del known[sign]
        if len(known) > 1:
            # The mean of both: the second finds tissue still charged and shows less.
            ohm = sum(ohm for _, ohm in known.values()) // len(known)
            if ohm != self._channels[channel].contact_ohm:
                self._channels[channel] = self._channels[channel]._replace(contact_ohm=ohm)
            self._contact_us[channel] = min(held_us for held_us, _ in known.values())
        elif now_us - self._contact_us[channel] > phases_us:
            self._channels[channel] = self._channels[channel]._replace(contact_ohm=None)
