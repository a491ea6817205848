"""Keep what was last measured of each channel, and how far it ever was from what was set."""

from appliance.control.present import ChannelPresent, Present
from appliance.safety.interlock_limits import CONTACT_FROM_UA
from appliance.safety.interlocks.readings import ChannelReading, Readings


class Measurer:
    """Books one reading a pulse: a held value shows again until the next pulse."""

    def __init__(self, present: Present) -> None:
        self._present = present
        self._pulses: dict[int, int] = {}
        self._stream = 0

    def take(self, readings: Readings) -> None:
        """Book the readings of this tick; a new stream counts its pulses from zero."""
        if readings.stream.number != self._stream:
            self._stream, self._pulses = readings.stream.number, {}
        for reading in readings.channels:
            seen = self._present.channels[reading.channel]
            if reading.pulses > self._pulses.get(reading.channel, 0) and reading.exact:
                self._pulses[reading.channel] = reading.pulses
                _book(seen, reading)


def _book(seen: ChannelPresent, reading: ChannelReading) -> None:
    held, set_ua = reading.held, reading.set_high_ua
    if held is None or reading.set_low_ua != set_ua:
        return
    measured_ua = abs(held.current_ua)
    seen.measured_ua, seen.voltage_mv = measured_ua, abs(held.voltage_mv)
    seen.highest_ua = max(seen.highest_ua, set_ua)
    seen.worst_error_ua = max(seen.worst_error_ua, abs(measured_ua - set_ua))
    if measured_ua >= CONTACT_FROM_UA:
        _book_contact(seen, held.current_ua > 0, abs(held.voltage_mv) * 1_000 // measured_ua)


def _book_contact(seen: ChannelPresent, positive: bool, ohm: int) -> None:
    """Keep the mean of both phases: the second finds tissue still charged and shows less."""
    if positive:
        seen.positive_ohm = ohm
    else:
        seen.negative_ohm = ohm
    known = [each for each in (seen.positive_ohm, seen.negative_ohm) if each is not None]
    seen.contact_ohm = sum(known) // len(known)
