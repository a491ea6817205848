"""Compile a plan into slices that the hardware can play, one after the other.

A slice is 20 to 30 ms long, ends only where every gate is off, starts with the lead-in that the
output stream needs and holds only whole pulses. Every edge lies exactly where the plan says.
"""

from enum import StrEnum
from typing import NamedTuple

from appliance.core.plan.pulse_timeline import OnTime, OnTimeKind, PulseTrainPlan
from appliance.core.plan.slice_boundaries import TrainPosition, slice_end
from appliance.core.plan.slice_shapes import IDLE_US, idle_slice, silence
from drivers.quantities import Microseconds
from drivers.slices import MAX_SLICE_US, MIN_SLICE_US, Slice

FIRST_POSITION = TrainPosition(0, 0, 0)


class Stage(StrEnum):
    """Where in the envelope a slice begins; in `REST` nothing is played."""

    RAMP_UP = "ramp_up"
    ON = "on"
    """The envelope is at the share of the level that the part has: the level may rise."""
    RAMP_DOWN = "ramp_down"
    ACTIVE_REST = "active_rest"
    REST = "rest"


class Cursor(NamedTuple):
    """Where the next slice begins, in which on-time, and what is next to play there."""

    start_us: int
    on_time: int
    place: TrainPosition


class PlannedSlice(NamedTuple):
    """A slice and its place in the plan.

    Envelope and pulse counts follow the order of `plan.channels`; a channel whose turn it is not
    has envelope 0. A cycle of a carrier counts as a pulse. A `waiting` slice is silence outside the
    plan: treatment time does not advance while it plays. `part` is that of the prescription.
    """

    slice: Slice
    start_us: int
    stage: Stage
    envelope_ppm: tuple[int, ...]
    pulses: tuple[int, ...]
    waiting: bool = False
    part: int = 0


def first_cursor(plan: PulseTrainPlan) -> Cursor:
    """Return the cursor at the beginning of the treatment."""
    return Cursor(plan.on_start_us(0), 0, FIRST_POSITION)


def compile_next(
    plan: PulseTrainPlan, cursor: Cursor, number: int
) -> tuple[PlannedSlice, Cursor] | None:
    """Return slice `number` at the cursor and the cursor behind it; None at the plan's end.

    A cursor is a value: compiling twice from one gives the same slice twice.
    """
    start_us, number_of_on_time, place = cursor
    if start_us >= plan.duration_us:
        return None
    on_time = plan.on_time(number_of_on_time)
    since_us = start_us - plan.on_start_us(number_of_on_time)
    if place.group_us > on_time.train.latest_us:
        return _silence(plan, cursor, number, since_us)
    duration_us, segments, counts, following = slice_end(on_time.train, place, since_us)
    planned = PlannedSlice(
        Slice(number, Microseconds(duration_us), segments),
        start_us,
        stage_at(on_time, since_us),
        _by_channel(plan, on_time, (on_time.envelope_ppm(since_us),) * len(counts)),
        _by_channel(plan, on_time, counts),
        part=on_time.part,
    )
    return planned, Cursor(start_us + duration_us, number_of_on_time, following)


def waiting_slice(plan: PulseTrainPlan, cursor: Cursor, number: int) -> PlannedSlice:
    """Return a slice of rest that does not advance the plan."""
    none = (0,) * len(plan.channels)
    part = plan.on_time(min(cursor.on_time, plan.on_times - 1)).part
    start_us = cursor.start_us
    piece = idle_slice(number)
    return PlannedSlice(piece, start_us, Stage.REST, none, none, waiting=True, part=part)


def opens_on_time(plan: PulseTrainPlan, cursor: Cursor) -> bool:
    """Return whether pulses of the cursor's on-time are still to come."""
    return cursor.on_time < plan.on_times and (
        cursor.place.group_us <= plan.train(cursor.on_time).latest_us
    )


def stage_at(on_time: OnTime, since_us: int) -> Stage:
    """Return the stage of a slice that begins `since_us` after its on-time did."""
    if since_us >= on_time.settled_us:
        return Stage.REST
    if on_time.kind is OnTimeKind.ACTIVE_REST:
        return Stage.ACTIVE_REST
    if since_us >= on_time.falls_us:
        return Stage.RAMP_DOWN
    return Stage.RAMP_UP if since_us < on_time.ramp_up_us else Stage.ON


def _silence(
    plan: PulseTrainPlan, cursor: Cursor, number: int, since_us: int
) -> tuple[PlannedSlice, Cursor]:
    """Return the next slice of silence before the next on-time, which begins with a new slice.

    `SETTLE_US` leaves at least two slices of silence, so any rest divides into legal lengths.
    """
    start_us, number_of_on_time, _ = cursor
    on_time = plan.on_time(number_of_on_time)
    next_us = plan.on_start_us(number_of_on_time + 1)
    left_us = next_us - start_us
    duration_us = IDLE_US
    if left_us < IDLE_US + 2 * MIN_SLICE_US:
        duration_us = left_us // -(-left_us // MAX_SLICE_US)
    turns = len(on_time.train.channels)
    planned = PlannedSlice(
        Slice(number, Microseconds(duration_us), silence(duration_us)),
        start_us,
        stage_at(on_time, since_us),
        _by_channel(plan, on_time, (on_time.envelope_ppm(since_us),) * turns),
        (0,) * len(plan.channels),
        part=on_time.part,
    )
    if duration_us == left_us:
        return planned, Cursor(next_us, number_of_on_time + 1, FIRST_POSITION)
    return planned, cursor._replace(start_us=start_us + duration_us)


def _by_channel(plan: PulseTrainPlan, on_time: OnTime, values: tuple[int, ...]) -> tuple[int, ...]:
    """Spread the values of an on-time's channels over all channels of the plan."""
    if len(values) == len(plan.channels):
        return values
    turn = plan.channels.index(on_time.train.channels[0])
    return tuple(values[0] if i == turn else 0 for i in range(len(plan.channels)))
