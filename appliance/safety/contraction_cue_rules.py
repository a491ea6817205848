"""Announce each on-phase: when its cue is due, and when the on-phase may begin after it. Pure.

An on-phase that was not announced does not play; the rest continues, whatever the delay.
docs/design.md section 7 and docs/decisions/0010-nothing-surprises.md.
"""

from dataclasses import dataclass

from drivers.quantities import US_PER_MS, US_PER_S

LEAD_US = 3 * US_PER_S
"""How long a cue comes ahead: time to hear it, to breathe out, and to say no (D)."""
MARGIN_US = 150 * US_PER_MS
"""How much earlier a cue is due, so that no rest is stretched by a late tick (50 ms) or by a wave
clock 1 % off over the lead (30 ms) (D)."""


@dataclass(frozen=True, slots=True)
class Cue:
    """The announcement of on-phase `on_phase` (from 0); times are on the engine clock.

    The on-phase never begins less than its lead after `announced_us`; `begins_us` is when it is
    expected, good to a slice.
    """

    on_phase: int
    announced_us: int
    begins_us: int


def lead_us(off_us: int) -> int:
    """Return how far ahead a cue comes; at most the rest, when that is shorter."""
    return min(LEAD_US, off_us)


def announce(
    cue: Cue | None, on_phase: int, expected_us: int, now_us: int, *, off_us: int
) -> Cue | None:
    """Return the cue to give now for the next on-phase, or None if not due or already given.

    `expected_us` is when the plan and the rest still owed allow the on-phase to begin.
    """
    if cue is not None and cue.on_phase == on_phase:
        return None
    wanted_us = lead_us(off_us)
    if expected_us - now_us > wanted_us + MARGIN_US:
        return None
    return Cue(on_phase, now_us, max(expected_us, now_us + wanted_us))


def may_begin(
    cue: Cue | None, on_phase: int, starts_us: int, rests_until_us: int, *, off_us: int
) -> bool:
    """Return whether an on-phase may begin with a slice that starts at `starts_us`."""
    if cue is None or cue.on_phase != on_phase:
        return False
    return starts_us - cue.announced_us >= lead_us(off_us) and starts_us >= rests_until_us
