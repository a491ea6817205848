"""The wave being built: one for the whole daemon, shared by every client."""

import struct
from itertools import starmap

from drivers.virtual.pigpiod.codes import MAX_USER_GPIO, WORD_MASK, Err, character_bytes

Pulse = tuple[int, int, int]
"""GPIO to switch on, GPIO to switch off, microseconds until the next pulse."""

MAX_PULSES = 12_000
MAX_CHARS = 1_200
MAX_MICROS = 1_800_000_000
MIN_BAUD, MAX_BAUD = 50, 1_000_000
MAX_BITS = 32
MIN_HALF_STOPS, MAX_HALF_STOPS = 2, 8
_NEVER = WORD_MASK
_PULSE = struct.Struct("<III")


def unpack_pulses(extension: bytes) -> list[Pulse]:
    """Return the pulses of a WVAG extension; an incomplete last pulse is ignored."""
    whole = len(extension) // _PULSE.size * _PULSE.size
    return list(_PULSE.iter_unpack(extension[:whole]))


class PendingWave:
    """Pulses added so far, and the statistics for WVSM, WVSP and WVSC."""

    def __init__(self) -> None:
        self.pulses: list[Pulse] = []
        self.micros = self.high_micros = 0
        self.count = self.high_count = 0
        self.cbs = self.high_cbs = 0

    def clear(self) -> None:
        """Start a new empty wave; the highest values so far stay."""
        self.pulses = []
        self.micros = self.count = self.cbs = 0

    def consume(self) -> list[Pulse]:
        """Remove and return the pulses; the statistics keep describing them (gpioWaveCreate)."""
        pulses, self.pulses = self.pulses, []
        return pulses

    def add(self, pulses: list[Pulse]) -> int:
        """Merge `pulses` into the wave from time 0 (rawWaveAddGeneric); return the new count."""
        if len(pulses) > MAX_PULSES:
            return Err.TOO_MANY_PULSES
        if self.pulses and pulses:
            merged, cbs = _merge(pulses, self.pulses)
        else:
            merged = pulses or self.pulses
            cbs = sum(starmap(_blocks_of, merged))
        if len(merged) >= MAX_PULSES:
            return Err.TOO_MANY_PULSES
        self.pulses = merged
        self._note(sum(delay for _, _, delay in merged), len(merged), cbs)
        return len(merged)

    def _note(self, micros: int, count: int, cbs: int) -> None:
        self.micros, self.count, self.cbs = micros, count, cbs
        self.high_micros = max(self.high_micros, micros)
        self.high_count = max(self.high_count, count)
        self.high_cbs = max(self.high_cbs, cbs)


def _blocks_of(on: int, off: int, delay_us: int) -> int:
    return (1 if on or off else 0) + (1 if delay_us else 0)


def _merge(new: list[Pulse], old: list[Pulse]) -> tuple[list[Pulse], int]:
    """Merge two waves by time; pulses due together become one.

    The count of blocks follows rawWaveAddGeneric, which counts a delay before it extends it.
    """
    starts: list[tuple[int, int, int]] = []
    sources = (new, old)
    positions, due = [0, 0], [0, 0]
    end = cbs = 0
    while min(due) != _NEVER and len(starts) < MAX_PULSES:
        now = min(due)
        on = off = 0
        for side in (0, 1):
            if due[side] == now:
                pulse = sources[side][positions[side]]
                positions[side] += 1
                on, off = on | pulse[0], off | pulse[1]
                due[side] = now + pulse[2]
                end = max(end, due[side])
        starts.append((now, on, off))
        cbs += _blocks_of(on, off, min(due) - now)
        for side in (0, 1):
            if positions[side] >= len(sources[side]):
                due[side] = _NEVER
    return _with_delays(starts, end), cbs


def _with_delays(starts: list[tuple[int, int, int]], end: int) -> list[Pulse]:
    following = [at for at, _, _ in starts[1:]] + [end]
    return [(on, off, after - at) for (at, on, off), after in zip(starts, following, strict=True)]


def check_serial(gpio: int, baud: int, bits: int, stops: int) -> int:
    """Return 0, or the error of gpioWaveAddSerial for these settings."""
    if gpio > MAX_USER_GPIO:
        return Err.BAD_USER_GPIO
    if not MIN_BAUD <= baud <= MAX_BAUD:
        return Err.BAD_WAVE_BAUD
    if not 1 <= bits <= MAX_BITS:
        return Err.BAD_DATABITS
    return 0 if MIN_HALF_STOPS <= stops <= MAX_HALF_STOPS else Err.BAD_STOPBITS


def serial_pulses(
    gpio: int, baud: int, bits: int, stops: int, offset_us: int, text: bytes
) -> list[Pulse]:
    """Return the pulses of serial characters: idle high, start bit, data LSB first, stop bits.

    `stops` counts half bits; characters above 8 and 16 bits take two and four bytes.
    """
    size = character_bytes(bits)
    times_us = _bit_times_us(baud, bits, stops)
    mask = 1 << gpio
    levels: list[tuple[int, int]] = [(1, max(offset_us, times_us[0]))]
    for at in range(0, len(text) // size * size, size):
        character = int.from_bytes(text[at : at + size], "little")
        frame = [0, *(character >> bit & 1 for bit in range(bits)), 1]
        start = len(levels)
        for level, duration_us in zip(frame, times_us, strict=True):
            if len(levels) > start and levels[-1][0] == level:
                levels[-1] = (level, levels[-1][1] + duration_us)
            else:
                levels.append((level, duration_us))
    return [(mask if level else 0, 0 if level else mask, us) for level, us in levels]


def _bit_times_us(baud: int, bits: int, stops: int) -> list[int]:
    """Return start, data and stop times, rounded so that errors do not add up (waveBitDelay)."""
    full = 1_000_000_000 // baud
    ends = [((bit + 1) * full + 500) // 1_000 for bit in range(bits + 1)]
    ends.append(((bits + 1) * full + stops * full // 2 + 500) // 1_000)
    return [end - start for start, end in zip([0, *ends], ends, strict=False)]
