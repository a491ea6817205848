"""The oscilloscope of the board: the true current of the last moments, and when the buzzer sounded.

It costs nothing until it is read for the first time.
"""

from collections import deque
from itertools import dropwhile

from drivers.quantities import NS_PER_US
from drivers.virtual.output_stage.stage import OutputStage
from drivers.virtual.pins import PinBank
from drivers.virtual.timeline import Timeline

KEPT_STEPS = 4_096
"""Steps of current kept for each channel: 40 ms of a carrier, seconds of single pulses."""
KEPT_SOUNDS = 64
LONGEST_US = 1_000_000
SOUNDS_US = 5_000_000
"""How far back the buzzer is told."""

Step = tuple[int, float]
"""(board time in ns, µA from then on)."""


class Scope:
    """Follows the load current of every channel and the line of the buzzer from now on."""

    def __init__(self, timeline: Timeline, pins: PinBank, stage: OutputStage) -> None:
        self._timeline = timeline
        self._channels = stage.channels
        self._steps = [deque[Step](maxlen=KEPT_STEPS) for _ in stage.channels]
        self._sounds = deque[Step](maxlen=KEPT_SOUNDS)
        buzzer = stage.board.pins.buzzer
        self._sounds.append((timeline.now_ns, pins.level(buzzer)))
        pins.subscribe(
            1 << buzzer,
            lambda _, levels: self._sounds.append((timeline.now_ns, levels >> buzzer & 1)),
        )
        stage.also_follow(lambda index, at_ns, ua: self._steps[index].append((at_ns, ua)))

    def read(self, window_us: int) -> dict[str, object]:
        """Return the last `window_us` of every channel, and the buzzer's last 5 s.

        `currents` has steps (µs since the start of the window, µA from then on) for each channel,
        `sounds` steps (µs since now, level). Raises `ValueError` for a window of no or too much
        time.
        """
        if not 1 <= window_us <= LONGEST_US:
            raise ValueError(f"window_us is 1 to {LONGEST_US}, not {window_us}")
        now_ns = self._timeline.now_ns
        for channel in self._channels:
            channel.circuit.sample_until(now_ns)
        begin_ns = max(now_ns - window_us * NS_PER_US, 0)
        return {
            "time_us": now_ns // NS_PER_US,
            "window_us": window_us,
            "currents": [_since(steps, begin_ns, begin_ns) for steps in self._steps],
            "sounds": _since(self._sounds, now_ns - SOUNDS_US * NS_PER_US, now_ns),
        }


def _since(steps: "deque[Step]", begin_ns: int, zero_ns: int) -> list[tuple[float, float]]:
    """Return the steps from `begin_ns` on, the first one as it was then; times from `zero_ns`."""
    before = [value for at_ns, value in steps if at_ns <= begin_ns]
    first = (begin_ns, before[-1] if before else 0.0)
    later = dropwhile(lambda step: step[0] <= begin_ns, steps)
    return [((at_ns - zero_ns) / NS_PER_US, round(value, 1)) for at_ns, value in (first, *later)]
