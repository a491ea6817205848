"""Choose the two enlarged parts of a picture: a rise of the amplitude, and one full pulse."""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from ui.trace.phases import RecordedPulse, pulses
from ui.trace.session_parts import mark_contact_check
from ui.trace.vcd.reader import Recording

LOW_SHARE = 0.1
HIGH_SHARE = 0.9
WITHOUT_RISE_NS = 500_000_000
BEFORE_NS = 100_000_000
"""Time shown before the first pulse of the treatment; short, so that no contact check is in it."""
SHORTEST_RISE_NS = 20_000_000
MIN_DIFFERENCE_UA = 1.0
"""A pulse counts as larger than an earlier one only by more than this; rounding is not enough."""


class ZoomWindow(NamedTuple):
    """A time window of a recording."""

    from_ns: int
    to_ns: int


@dataclass(frozen=True, slots=True)
class ZoomWindows:
    """The channel, the window of the rise and the pulse to show; without a rise, its beginning."""

    channel: int
    has_rise: bool
    rise: ZoomWindow
    pulse: RecordedPulse


def choose_views(
    recording: Recording, channels: Sequence[int], full_scale_ua: int, within: ZoomWindow
) -> ZoomWindows | None:
    """Return what to show of the channel with the highest amplitude; None if no channel pulsed."""
    best: tuple[float, int, Sequence[float], Sequence[int], RecordedPulse] | None = None
    for channel in channels:
        amplitudes = _amplitudes(recording, channel, full_scale_ua, within)
        if amplitudes is not None and (best is None or amplitudes[0] > best[0]):
            best = (amplitudes[0], channel, *amplitudes[1:])
    if best is None:
        return None
    peak_ua, channel, amplitudes_ua, starts_ns, pulse = best
    rise = find_rise(starts_ns, amplitudes_ua, peak_ua)
    window = rise or ZoomWindow(starts_ns[0], starts_ns[0] + WITHOUT_RISE_NS)
    begins_ns = max(window.from_ns, within.from_ns, starts_ns[0] - BEFORE_NS)
    shown = ZoomWindow(begins_ns, min(window.to_ns, within.to_ns))
    return ZoomWindows(channel, rise is not None, shown, pulse)


def find_rise(
    starts_ns: Sequence[int], amplitudes_ua: Sequence[float], peak_ua: float
) -> ZoomWindow | None:
    """Return the quickest rise from 10 to 90 % of the peak, with a margin before and after.

    None if the amplitude never rises, or rises within one slice (20 ms).
    """
    quickest: ZoomWindow | None = None
    low_ns: int | None = None
    for start_ns, amplitude_ua in zip(starts_ns, amplitudes_ua, strict=True):
        if amplitude_ua < LOW_SHARE * peak_ua:
            low_ns = start_ns
        elif amplitude_ua >= HIGH_SHARE * peak_ua and low_ns is not None:
            took_ns = start_ns - low_ns
            if took_ns >= SHORTEST_RISE_NS and (
                quickest is None or took_ns < quickest.to_ns - quickest.from_ns
            ):
                quickest = ZoomWindow(low_ns, start_ns)
            low_ns = None
    if quickest is None:
        return None
    took_ns = quickest.to_ns - quickest.from_ns
    return ZoomWindow(max(0, quickest.from_ns - took_ns // 4), quickest.to_ns + took_ns // 2)


def _amplitudes(
    recording: Recording, channel: int, full_scale_ua: int, within: ZoomWindow
) -> tuple[float, Sequence[float], Sequence[int], RecordedPulse] | None:
    """Return the peak, amplitude and start of every pulse, and the first pulse at the peak."""
    amplitudes_ua, starts_ns = array("d"), array("q")
    largest: RecordedPulse | None = None
    peak_ua = 0.0
    for pulse, is_check in mark_contact_check(pulses(recording, channel, full_scale_ua)):
        if is_check or not within.from_ns <= pulse.first.start_ns <= within.to_ns:
            continue
        amplitude_ua = abs(pulse.first.mean_ua)
        amplitudes_ua.append(amplitude_ua)
        starts_ns.append(pulse.first.start_ns)
        is_whole = pulse.second is not None and not pulse.is_cut
        if is_whole and amplitude_ua > peak_ua + MIN_DIFFERENCE_UA:
            peak_ua, largest = amplitude_ua, pulse
    return None if largest is None else (peak_ua, amplitudes_ua, starts_ns, largest)
