"""Find current where none may flow: with no gate on, or with the bridges disabled.

With the shunt open and no gate on, no current can flow. With the shunt closed, tissue and DC-block
capacitor discharge through its 100 kΩ: at most with the current that the compliance voltage of
120 V drives through it, and then with less and less. While the shunt is closed this current can
grow only by the voltage of the DC-block capacitor: 40 µC, the limit of a phase, are 4 V on 10 µF.
"""

from collections.abc import Iterator

from ui.trace.min_max_bins import spans
from ui.trace.phases import Level, power
from ui.trace.vcd.reader import Recording

NOTHING_UA = 1.0
"""Below this a current counts as zero: a thousand times the resolution of the recording."""
DISCHARGE_UA = 1_200.0
"""120 V through 100 kΩ (docs/design.md section 4; SHUNT_OHM of the virtual board)."""
GROWTH_UA = 40.0
"""4 V through 100 kΩ."""


def stray_currents(
    recording: Recording, channel: int, from_ns: int, to_ns: int
) -> Iterator[tuple[int, float]]:
    """Yield (time in ns, signed current in µA) for each stretch of current that is not allowed."""
    lines = [Level(recording.get(f"gate{channel}_{side}")) for side in ("pos", "neg")]
    lines.append(Level(power(recording)))
    shunt = _Shunt(recording, channel)
    for start_ns, end_ns, current_ua in spans(recording.get(f"i{channel}_ua"), 0, to_ns):
        now_ns = start_ns if abs(current_ua) > NOTHING_UA else end_ns
        while now_ns < end_ns:
            if shunt.allows(now_ns, abs(current_ua)):
                now_ns = shunt.level.next_ns
                continue
            positive, negative, is_powered = [line.at(now_ns) for line in lines]
            if now_ns >= from_ns and not (is_powered and (positive or negative)):
                yield now_ns, current_ua
                break
            now_ns = min(line.next_ns for line in (*lines, shunt.level))


class _Shunt:
    """The shunt of a channel, read at increasing times, and the current allowed through it.

    One that was not recorded counts as always closed, so that any discharge is allowed.
    """

    def __init__(self, recording: Recording, channel: int) -> None:
        steps = recording.get(f"shunt{channel}")
        self._is_recorded = bool(steps.times_ns)
        self.level = Level(steps)
        self._judged_ns = -1
        self._allowed_ua = 0.0 if self._is_recorded else DISCHARGE_UA

    def allows(self, now_ns: int, size_ua: float) -> bool:
        """Tell whether this current may flow through the shunt from now until its next change."""
        is_closed = self.level.at(now_ns)
        since_ns = self.level.since_ns
        if self._is_recorded and since_ns != self._judged_ns:
            self._judged_ns = since_ns
            closing_ua = size_ua if now_ns == since_ns else 0.0
            self._allowed_ua = min(max(closing_ua, GROWTH_UA), DISCHARGE_UA)
        return bool(is_closed or not self._is_recorded) and size_ua <= self._allowed_ua
