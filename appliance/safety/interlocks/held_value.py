"""A held value prepared for the rules: whether it is new, how large it is, which phase it is.

Sample-and-hold keeps one phase end a pulse, in the order + − − + over pulses, and the loop reads
it at its own ticks. One such value is called a hold in this room. A hold is judged once, and only
if a pulse was planned since the last one judged.
"""

from typing import NamedTuple

from appliance.safety.interlocks.limits import (
    JUDGED_FROM_UA,
    LEAD_OFF_PERCENT,
    RAIL_PERCENT,
    SIGN_FROM_MV,
    SIGN_FROM_UA,
)
from appliance.safety.interlocks.readings import BoardFacts, ChannelReading
from drivers.quantities import Microamps, Microseconds, Millivolts


class LastJudged(NamedTuple):
    """The last hold judged of a channel: its pulse count and when it was read."""

    pulses: int = 0
    at_us: Microseconds = Microseconds(-1)


class HeldValue(NamedTuple):
    """One channel's held values at this tick.

    `new` says that they are to be judged as one more pulse; `judged` that the set amplitude is
    large enough for shares and signs to mean something. `sign` is +1 or −1 for the phase that was
    held, 0 where neither current nor voltage tells. Values are magnitudes.
    """

    reading: ChannelReading
    new: bool
    judged: bool
    measured_ua: Microamps
    voltage_mv: Millivolts
    sign: int


def take_held(seen: LastJudged, reading: ChannelReading) -> tuple[LastJudged, HeldValue]:
    """Compare a reading with the last hold judged; return what is judged now and the held value."""
    pair = reading.held
    if pair is None:
        return seen, HeldValue(reading, False, False, Microamps(0), Millivolts(0), 0)
    current_ua, voltage_mv = pair
    new = reading.pulses > seen.pulses and reading.held_at_us > seen.at_us
    if new:
        seen = LastJudged(reading.pulses, reading.held_at_us)
    judged = reading.set_low_ua >= JUDGED_FROM_UA
    sign = sign_of(current_ua, voltage_mv)
    held = HeldValue(
        reading, new, judged, Microamps(abs(current_ua)), Millivolts(abs(voltage_mv)), sign
    )
    return seen, held


def sign_of(current_ua: int, voltage_mv: int) -> int:
    """Return the sign of the phase that was held: by its current, else by its voltage, else 0.

    An open lead shows no current but stands at the rail; a short shows current without voltage.
    """
    if abs(current_ua) >= SIGN_FROM_UA:
        return 1 if current_ua > 0 else -1
    if abs(voltage_mv) >= SIGN_FROM_MV:
        return 1 if voltage_mv > 0 else -1
    return 0


def contact_ohm(held: HeldValue) -> int:
    """Return the load in ohms at the end of the phase; the current must not be 0."""
    return held.voltage_mv * 1_000 // held.measured_ua


def second_largest(values: tuple[int, ...]) -> int:
    """Return the second largest of eight holds: one of a first phase, and no single outlier."""
    return sorted(values)[-2]


def is_weak(held: HeldValue) -> bool:
    """Return whether less than half of the set current flowed."""
    return held.judged and held.measured_ua * 100 < held.reading.set_low_ua * LEAD_OFF_PERCENT


def at_rail(held: HeldValue, board: BoardFacts) -> bool:
    """Return whether the source was at its highest voltage."""
    return held.voltage_mv * 100 >= board.compliance_mv * RAIL_PERCENT


def is_gone(held: HeldValue, board: BoardFacts) -> bool:
    """Return whether the lead was certainly open: the source at its rail, and too little current.

    A phase that is missing, or a source that does not push, shows no voltage either.
    """
    return is_weak(held) and at_rail(held, board)
