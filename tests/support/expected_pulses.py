"""The pulses of a prescription, computed independently of the product and only from its fields.

Imports none of plan, compiler and decode; their constants are restated here.
"""

from typing import NamedTuple

from appliance.core.prescription.prescription import Prescription
from appliance.core.prescription.waveform import Biphasic, Carrier, Part

FIRST_US = 200
LAST_SILENCE_US = 70_000


class Expected(NamedTuple):
    channel: int
    start_us: int
    phase_us: int
    interphase_us: int
    positive_first: bool


def expected_pulses(asked: Prescription) -> list[Expected]:
    """Return every pulse of the whole treatment in order of time."""
    found: list[Expected] = []
    for part, start_us, on_us, channels in on_times(asked):
        found += _of_on_time(part, start_us, on_us, channels)
    return sorted(found, key=lambda pulse: pulse.start_us)


def on_times(asked: Prescription) -> list[tuple[Part, int, int, tuple[int, ...]]]:
    """Return (part, start, length, channels) of every on-time that fits completely."""
    found: list[tuple[Part, int, int, tuple[int, ...]]] = []
    timed = [part for part in asked.parts if part.kind != "active_rest"]
    given_us = sum(part.duration_us or 0 for part in timed)
    begins_us = 0
    for part in timed:
        length_us = part.duration_us or asked.duration_us - given_us
        place = asked.parts.index(part)
        behind = asked.parts[place + 1] if asked.parts[place + 1 :] else None
        rest = behind if behind is not None and behind.kind == "active_rest" else None
        is_last = part is timed[-1]
        found += _of_part(asked, part, rest, begins_us, length_us, is_last)
        begins_us += length_us
    return found


def _of_part(
    asked: Prescription,
    part: Part,
    rest: Part | None,
    begins_us: int,
    length_us: int,
    is_last: bool,
) -> list[tuple[Part, int, int, tuple[int, ...]]]:
    if part.on_off is None:
        gap_us = 0 if is_last else 1_000_000 - LAST_SILENCE_US
        return [(part, begins_us, length_us - gap_us, asked.channels)]
    on_us, cycle_us = part.on_off.on_us, part.on_off.on_us + part.on_off.off_us
    alternating = asked.use == "alternating"
    turns = [(channel,) for channel in asked.channels] if alternating else [asked.channels]
    found = []
    for number in range(length_us // cycle_us + 1):
        for turn, channels in enumerate(turns):
            start_us = number * cycle_us + turn * (cycle_us // len(turns))
            needed_us = on_us if is_last else cycle_us
            if start_us + needed_us <= length_us:
                found.append((part, begins_us + start_us, on_us, channels))
        if rest is not None and rest.on_off is not None:
            start_us = number * cycle_us + on_us - LAST_SILENCE_US + rest.on_off.off_us
            needed_us = rest.on_off.on_us + (0 if is_last else 1_000_000 - LAST_SILENCE_US)
            if start_us + needed_us <= length_us:
                found.append((rest, begins_us + start_us, rest.on_off.on_us, asked.channels))
    return found


def _of_on_time(
    asked: Part, start_us: int, on_us: int, channels: tuple[int, ...]
) -> list[Expected]:
    form = asked.waveform
    longest_us, stagger_us = _stagger(asked, len(channels))
    last_end_us = on_us - LAST_SILENCE_US
    found: list[Expected] = []
    for k, at_us in enumerate(_moments(asked, on_us)):
        final_us = FIRST_US + at_us + (len(channels) - 1) * stagger_us + longest_us
        if final_us > last_end_us:
            break
        for turn, channel in enumerate(channels):
            pulse_us = start_us + FIRST_US + at_us + turn * stagger_us
            if isinstance(form, Carrier):
                cycle_us = 2 * (form.phase_us + form.gap_us)
                found += [
                    Expected(channel, pulse_us + c * cycle_us, form.phase_us, form.gap_us, True)
                    for c in range(form.cycles)
                ]
                continue
            first = {"positive": True, "negative": False, "alternating": k % 2 == 0}[form.leading]
            phase_us = _phase(asked, at_us)
            found.append(Expected(channel, pulse_us, phase_us, form.interphase_us, first))
    return found


def _moments(asked: Part, on_us: int) -> list[int]:
    sweep, burst = asked.sweep, asked.burst
    if burst is not None:
        return sorted(
            start_us + j * burst.pulse_period_us
            for start_us in range(0, on_us, asked.period_us)
            for j in range(burst.pulses)
        )
    if sweep is None or sweep.rate_hz is None:
        return list(range(0, on_us, asked.period_us))
    found, at_us = [], 0
    while at_us < on_us:
        found.append(at_us)
        millihertz = _triangle(
            1_000 * sweep.rate_hz[0], 1_000 * sweep.rate_hz[1], at_us, sweep.cycle_us
        )
        whole, rest = divmod(1_000_000_000, millihertz)
        at_us += whole + (rest > 0)
    return found


def _phase(asked: Part, at_us: int) -> int:
    if asked.sweep is None or asked.sweep.phase_us is None:
        return asked.waveform.phase_us
    return _triangle(*asked.sweep.phase_us, at_us, asked.sweep.cycle_us)


def _triangle(first: int, second: int, at_us: int, cycle_us: int) -> int:
    half_us, into_us = cycle_us // 2, at_us % cycle_us
    if into_us > half_us:
        into_us = min(cycle_us - into_us, half_us)
    return first + (second - first) * into_us // half_us


def _stagger(asked: Part, channels: int) -> tuple[int, int]:
    form, sweep = asked.waveform, asked.sweep
    turn_us = asked.burst.pulse_period_us if asked.burst else asked.period_us
    if isinstance(form, Biphasic):
        phases, rates = [form.phase_us], [1]
        if sweep is not None:
            phases += sweep.phase_us or ()
            rates += sweep.rate_hz or ()
        longest_us = 2 * max(phases) + form.interphase_us
        turn_us = min(turn_us, *(-(-1_000_000 // rate) for rate in rates))
    else:
        longest_us = form.cycles * 2 * (form.phase_us + form.gap_us) - form.gap_us
    return longest_us, max(min(turn_us, 20_000) // channels, longest_us + 300)
