"""Segments of pulses and slices, built once for each set of numbers and cached."""

from functools import lru_cache

from appliance.core.prescription.waveform import Biphasic, Carrier
from drivers.quantities import Microseconds
from drivers.slices import ALL_OFF, LEAD_IN_US, Segment, Slice, negative_gate, positive_gate

IDLE_US = 25_000
"""Length of a slice that has nothing to align to: the middle of what the stream allows."""
# A few sub-sensory pulses: docs/design.md section 6, docs/clinical-sources.md section 4.1.
CONTACT_PHASE_US = 200
CONTACT_INTERPHASE_US = 100
CONTACT_PULSE_PERIOD_US = 10_000

Segments = tuple[Segment, ...]


@lru_cache(maxsize=1_024)
def pulse_segments(
    channel: int, phase_us: int, interphase_us: int, *, positive_first: bool
) -> Segments:
    """Return the gates of one symmetric pulse."""
    gates = (positive_gate(channel), negative_gate(channel))
    first, second = gates if positive_first else gates[::-1]
    return (
        Segment(first, phase_us),
        Segment(ALL_OFF, interphase_us),
        Segment(second, phase_us),
    )


@lru_cache(maxsize=16)
def carrier_segments(channel: int, carrier: Carrier) -> Segments:
    """Return the gates of one carrier burst: cycles without a pause, positive phase first."""
    cycle = pulse_segments(channel, carrier.phase_us, carrier.gap_us, positive_first=True)
    gap = Segment(ALL_OFF, carrier.gap_us)
    return ((*cycle, gap) * carrier.cycles)[:-1]


def block_segments(
    channel: int, waveform: Biphasic | Carrier, phase_us: int, *, positive_first: bool
) -> Segments:
    """Return the gates of what a channel plays in its turn: a pulse, or a carrier burst."""
    if isinstance(waveform, Carrier):
        return carrier_segments(channel, waveform)
    return pulse_segments(channel, phase_us, waveform.interphase_us, positive_first=positive_first)


@lru_cache(maxsize=256)
def silence(duration_us: int) -> Segments:
    """Return the segments of a slice without pulses."""
    return (Segment(ALL_OFF, duration_us),)


def idle_slice(number: int) -> Slice:
    """Return a slice without pulses, for a stream that must go on while nothing is delivered."""
    return Slice(number, Microseconds(IDLE_US), silence(IDLE_US))


def test_slice(number: int, channel: int) -> Slice:
    """Return a slice of two pulses on one channel, for the contact check (codes of <= 2 mA)."""
    pulse = pulse_segments(channel, CONTACT_PHASE_US, CONTACT_INTERPHASE_US, positive_first=True)
    pulse_us = 2 * CONTACT_PHASE_US + CONTACT_INTERPHASE_US
    lead = Segment(ALL_OFF, LEAD_IN_US)
    pause = Segment(ALL_OFF, CONTACT_PULSE_PERIOD_US - pulse_us)
    rest = Segment(ALL_OFF, IDLE_US - LEAD_IN_US - CONTACT_PULSE_PERIOD_US - pulse_us)
    return Slice(number, Microseconds(IDLE_US), (lead, *pulse, pause, *pulse, rest))
