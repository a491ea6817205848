"""When no current flowed any more, for certain, and which layer saw to it first.

Each layer that acted gives a moment by which the current was zero. All of them are upper bounds,
so the earliest is one too: it is what the records keep. Which layer it was goes by when each
acted, not by how well that is known.

    hardware   the fault latch disables supply and bridges: its edge + 1 ms
    guard      polls every millisecond and clears the gates at once: what it saw + 2 ms
    slices     the queue ran dry: the end of the last slice, by plan
    engine     the daemon answered the clear of the gates, or SUPPLY_EN went low: + 1 ms
"""

from collections.abc import Iterator
from typing import NamedTuple

from appliance.control.output.cut import CutReport
from appliance.control.output.rig_observation import Observation
from appliance.control.output.sampled_pulses import UNSURE_US
from appliance.control.stops.onset import Onset, OnsetEvidence, OnsetTracker
from drivers.pigpio.guard import SILENCE_US, TRIPPED_ESTOP, TRIPPED_SILENCE

LATCH_US = 1_000
"""docs/design.md sections 4 and 6: latch set or SUPPLY_EN low, zero current in < 1 ms."""
GUARD_US = 2_000
"""One poll of 1 ms, and one more for the script's own commands (docs/design.md section 6, layer
1)."""

NOTHING_UA = 1_000
"""A held reading below this shows no pulse: the least current that is judged (1 mA)."""


class ZeroCurrent(NamedTuple):
    """From `at_us` on no current flowed; `layer` acted first; `known_by` says what proves it."""

    at_us: int
    layer: str
    known_by: str


def zero_of_fall(last_pulse_us: int, ended_us: int) -> ZeroCurrent:
    """Return when a ramp down had come to zero: the end of its last known pulse above zero.

    `ended_us` is when the stream was ended; no pulse came after that.
    """
    if last_pulse_us + UNSURE_US < ended_us:
        return ZeroCurrent(last_pulse_us + UNSURE_US, "engine", "end of the last pulse above zero")
    return ZeroCurrent(ended_us, "engine", "waves stopped")


def time_to_zero_us(since: Onset, zero: ZeroCurrent) -> int | None:
    """Return how long the current took from its cause to zero, at the most; None if unknown.

    Where only the tick that judged the cause is known, and zero came before it, nobody knows.
    """
    if since.known_by is OnsetEvidence.JUDGED and zero.at_us < since.at_us:
        return None
    return max(zero.at_us - since.at_us, 0)


def measured_zero_us(
    observation: Observation | None, since: Onset | None, zero: ZeroCurrent | None
) -> int | None:
    """Return after how long held readings themselves showed nothing any more, where they did.

    A held reading is that of the last pulse: after a cut there is no new one to show zero.
    """
    if observation is None or since is None or zero is None or observation.held_at_us < zero.at_us:
        return None
    if any(held is None or abs(held.current_ua) >= NOTHING_UA for held in observation.held):
        return None
    return observation.held_at_us - since.at_us


class _Claim(NamedTuple):
    acted_us: int
    zero_us: int
    layer: str
    known_by: str


def zero_of_cut(
    report: CutReport,
    observation: Observation | None,
    onset: OnsetTracker,
    *,
    queue_ends_us: int | None,
    guard_tripped: int,
) -> ZeroCurrent | None:
    """Return when a cut's current was zero; None where nothing proves that it is.

    `queue_ends_us` is when the slices that were sent had all played, where they did.
    `guard_tripped` is the guard's latch as last known, the cut's own time included.
    """
    claims = [
        *_hardware(observation, onset),
        *_guard(observation, onset, guard_tripped, report),
        *_engine(report),
    ]
    if queue_ends_us is not None:
        claims.append(_Claim(queue_ends_us, queue_ends_us, "slices", "end of the last slice"))
    if not claims:
        return None
    earliest = min(claims, key=lambda claim: claim.zero_us)
    first = min(claims, key=lambda claim: claim.acted_us)
    return ZeroCurrent(earliest.zero_us, first.layer, earliest.known_by)


def _hardware(observation: Observation | None, onset: OnsetTracker) -> Iterator[_Claim]:
    if observation is None or observation.inputs is None or observation.inputs.latch_clear:
        return
    fell = onset.fall_of("latch_clear")
    if fell is not None:
        zero_us = fell.at_us + fell.unsure_us + LATCH_US
        yield _Claim(fell.at_us, zero_us, "hardware", "edge of the fault latch")
    else:
        # Before this reading, so before anything the engine did in the same tick.
        yield _Claim(
            observation.at_us - 1, observation.at_us + LATCH_US, "hardware", "fault latch read"
        )


def _guard(
    observation: Observation | None, onset: OnsetTracker, tripped: int, report: CutReport
) -> Iterator[_Claim]:
    opened = onset.fall_of("estop_closed")
    if tripped == TRIPPED_ESTOP and opened is not None:
        acted_us = opened.at_us + GUARD_US // 2
        zero_us = opened.at_us + opened.unsure_us + GUARD_US
        yield _Claim(acted_us, zero_us, "guard", "edge of the e-stop, guard tripped")
    elif tripped == TRIPPED_SILENCE:
        silent_us = onset.refreshed_by_us + SILENCE_US
        yield _Claim(silent_us, silent_us + GUARD_US, "guard", "silence timed, guard tripped")
    elif (
        tripped
        and observation is not None
        and observation.guard is not None
        and observation.guard.tripped
    ):
        yield _Claim(observation.at_us - 1, report.began_us, "guard", "guard read")


def _engine(report: CutReport) -> Iterator[_Claim]:
    """Where both acted, the gates were cleared first."""
    acted_us = report.began_us
    if report.gates_off_us is not None:
        yield _Claim(acted_us, report.gates_off_us, "engine", "gates cleared, waves stopped")
    if report.supply_off_us is not None:
        yield _Claim(acted_us, report.supply_off_us + LATCH_US, "engine", "SUPPLY_EN low")
