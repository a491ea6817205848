"""Minimum and maximum of a current in equal time bins, for plots of long times."""

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ui.trace.vcd.reader import Steps


@dataclass(frozen=True, slots=True)
class Envelope:
    """Equal bins from `from_ns` to `to_ns`: the minimum and maximum of the signal in each."""

    from_ns: int
    to_ns: int
    least: Sequence[float]
    most: Sequence[float]


def envelope(steps: Steps, from_ns: int, to_ns: int, bins: int) -> Envelope:
    """Return the envelope of a signal. Even a pulse much shorter than a bin is in it."""
    least, most = array("d", [0.0]) * bins, array("d", [0.0]) * bins
    if to_ns <= from_ns:
        return Envelope(from_ns, to_ns, least, most)
    per_ns = bins / (to_ns - from_ns)
    seen = bytearray(bins)
    for start_ns, end_ns, value in spans(steps, from_ns, to_ns):
        first = int((start_ns - from_ns) * per_ns)
        # A value that ends exactly where a bin begins is not in that bin.
        last = min(-int(-(end_ns - from_ns) * per_ns // 1) - 1, bins - 1)
        for index in range(first, max(first, last) + 1):
            if not seen[index]:
                seen[index] = 1
                least[index] = most[index] = value
            elif value < least[index]:
                least[index] = value
            elif value > most[index]:
                most[index] = value
    return Envelope(from_ns, to_ns, least, most)


def spans(steps: Steps, from_ns: int, to_ns: int) -> Iterator[tuple[int, int, float]]:
    """Yield (start, end, value) of every value in the window, clipped to it, in ns.

    Values of zero length are left out; before its first change the signal is 0.
    """
    times, values = steps.times_ns, steps.values
    if not times:
        return
    if times[0] > from_ns:
        yield from_ns, min(times[0], to_ns), 0.0
    for index, (start_ns, end_ns) in enumerate(pairwise((*times, to_ns))):
        start, end = max(start_ns, from_ns), min(end_ns, to_ns)
        if end > start:
            yield start, end, values[index]
