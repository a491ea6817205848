"""The edge of the forecast of contact, to less than a microsecond."""

import pytest

from appliance.safety.interlocks.readings import ChannelReading
from drivers.quantities import Channel, Microseconds
from tests.appliance.safety.interlocks.bench import (
    MS,
    S,
    T,
    at_set,
    but,
    codes,
    look_channel,
    pulses,
)

pytestmark = pytest.mark.proves("contact-forecast")


def rising(from_ohm: int, took_us: int) -> list[ChannelReading]:
    """Return a contact of channel 2 that rises from there to 119.9 % of its baseline of 1 kΩ.

    The window's second largest hold counts, so the last but one is large too.
    """
    ohms = [1_000] * 12 + [from_ohm] * 16 + [1_199] * 2
    began_us = T + 190 * MS
    times = [T + n * 10 * MS for n in range(20)]
    times += [began_us + n * S for n in range(1, 10)] + [began_us + took_us]
    ticks = pulses([at_set(10_000, 10_000, ohm * 10) for ohm in ohms], channel=Channel(2))
    return [
        but(each, held_at_us=Microseconds(at_us)) for each, at_us in zip(ticks, times, strict=True)
    ]


@pytest.mark.parametrize(
    ("from_ohm", "took_us", "code"),
    [(1_165, 10_099_010, "W02"), (1_165, 10_099_011, None), (1_164, 10_396_040, None)],
)
def test_a_forecast_leaves_away_what_is_less_than_a_microsecond(
    from_ohm: int, took_us: int, code: str | None
) -> None:
    """34 thousandths in 10.09901 s: the 101 left take 30 000 000.3 µs, then 30 000 003.3.

    35 thousandths in 10.39604 s: 30 000 001.1 µs.
    """
    found = look_channel("contact_drift", rising(from_ohm, took_us))
    assert codes(found) == [*[None] * 29, code]
    if found[-1] is not None:
        told = (found[-1].channel, found[-1].detail)
        assert told == (2, "contact at 119 % of its baseline and rising")
