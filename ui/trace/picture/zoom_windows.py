"""Chooses what a picture zooms in on: a rise of the amplitude, and one pulse at full amplitude."""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from ui.trace.phases import RecordedPulse, pulses
from ui.trace.session_parts import told_apart
from ui.trace.vcd.reader import Recording

LOW_SHARE = 0.1
HIGH_SHARE = 0.9
FIRST_LOOK_NS = 500_000_000
BEFORE_NS = 100_000_000
"""Shown before the first pulse of the treatment: not the contact check."""
SHORTEST_RISE_NS = 20_000_000
TELLING_UA = 1.0
"""A pulse must be this much greater to be the fullest: rounding makes no difference."""


class ZoomWindow(NamedTuple):
    """A stretch of a recording."""

    from_ns: int
    to_ns: int


@dataclass(frozen=True, slots=True)
class ZoomWindows:
    """What to show of a channel; without a rise, its beginning."""

    channel: int
    has_rise: bool
    rise: ZoomWindow
    pulse: RecordedPulse


def choose_views(
    recording: Recording, channels: Sequence[int], full_scale_ua: int, within: ZoomWindow
) -> ZoomWindows | None:
    """Return the views of the channel with the greatest amplitude; None if none ever pulsed."""
    best: tuple[float, int, Sequence[float], Sequence[int], RecordedPulse] | None = None
    for channel in channels:
        found = _amplitudes(recording, channel, full_scale_ua, within)
        if found is not None and (best is None or found[0] > best[0]):
            best = (found[0], channel, *found[1:])
    if best is None:
        return None
    peak_ua, channel, amplitudes_ua, starts_ns, pulse = best
    found_rise = find_rise(starts_ns, amplitudes_ua, peak_ua)
    rise = found_rise or ZoomWindow(starts_ns[0], starts_ns[0] + FIRST_LOOK_NS)
    begins_ns = max(rise.from_ns, within.from_ns, starts_ns[0] - BEFORE_NS)
    shown = ZoomWindow(begins_ns, min(rise.to_ns, within.to_ns))
    return ZoomWindows(channel, found_rise is not None, shown, pulse)


def find_rise(
    starts_ns: Sequence[int], amplitudes_ua: Sequence[float], peak_ua: float
) -> ZoomWindow | None:
    """Return the quickest climb from a tenth to nine tenths of the peak, with some room around.

    None where the amplitude never climbs, or does so within one slice.
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
    """Return peak, amplitude and start of every pulse, and the first pulse of full amplitude."""
    amplitudes_ua, starts_ns = array("d"), array("q")
    fullest: RecordedPulse | None = None
    peak_ua = 0.0
    for pulse, is_check in told_apart(pulses(recording, channel, full_scale_ua)):
        if is_check or not within.from_ns <= pulse.first.start_ns <= within.to_ns:
            continue
        amplitude_ua = abs(pulse.first.mean_ua)
        amplitudes_ua.append(amplitude_ua)
        starts_ns.append(pulse.first.start_ns)
        if pulse.second is not None and not pulse.is_cut and amplitude_ua > peak_ua + TELLING_UA:
            peak_ua, fullest = amplitude_ua, pulse
    return None if fullest is None else (peak_ua, amplitudes_ua, starts_ns, fullest)
