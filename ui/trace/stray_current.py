"""Finds current where none may flow: with no gate on, or with the bridges disabled.

With the shunt open and no gate on nothing can flow. With the shunt closed, tissue and DC block
discharge through its 100 kΩ: at most what 120 V, the compliance, drive through it, and from there
on less and less. What a discharge may grow by on the way is the charge of the block alone: 40 µC,
the most a phase may hold, are 4 V on 10 µF.
"""

from collections.abc import Iterator

from ui.trace.envelope import spans
from ui.trace.phases import Level, power
from ui.trace.vcd.reader import Recording

NOTHING_UA = 1.0
"""A thousand times what the recording rounds to."""
DISCHARGE_UA = 1_200.0
"""120 V through 100 kΩ (docs/design.md section 4; SHUNT_OHM of the virtual board)."""
GROWTH_UA = 40.0
"""4 V through 100 kΩ."""


def stray_currents(
    recording: Recording, channel: int, from_ns: int, to_ns: int
) -> Iterator[tuple[int, float]]:
    """Yield (time in ns, current in µA, signed) of each stretch of current that may not be."""
    lines = [Level(recording.get(f"gate{channel}_{side}")) for side in ("pos", "neg")]
    lines.append(Level(power(recording)))
    shunt = _Shunt(recording, channel)
    for start_ns, end_ns, current_ua in spans(recording.get(f"i{channel}_ua"), 0, to_ns):
        now_ns = start_ns if abs(current_ua) > NOTHING_UA else end_ns
        while now_ns < end_ns:
            if shunt.lets(now_ns, abs(current_ua)):
                now_ns = shunt.level.next_ns
                continue
            positive, negative, is_powered = [line.at(now_ns) for line in lines]
            if now_ns >= from_ns and not (is_powered and (positive or negative)):
                yield now_ns, current_ua
                break
            now_ns = min(each.next_ns for each in (*lines, shunt.level))


class _Shunt:
    """The shunt of a channel at moments that only grow, and what it lets flow.

    One that was not recorded is taken as closed for good, and lets any discharge pass.
    """

    def __init__(self, recording: Recording, channel: int) -> None:
        steps = recording.get(f"shunt{channel}")
        self._is_recorded = bool(steps.times_ns)
        self.level = Level(steps)
        self._judged_ns = -1
        self._allowed_ua = 0.0 if self._is_recorded else DISCHARGE_UA

    def lets(self, now_ns: int, size_ua: float) -> bool:
        """Say whether so much may flow through the shunt now, and until it changes next."""
        is_closed = self.level.at(now_ns)
        since_ns = self.level.since_ns
        if self._is_recorded and since_ns != self._judged_ns:
            self._judged_ns = since_ns
            closing_ua = size_ua if now_ns == since_ns else 0.0
            self._allowed_ua = min(max(closing_ua, GROWTH_UA), DISCHARGE_UA)
        return bool(is_closed or not self._is_recorded) and size_ua <= self._allowed_ua
