"""Where a pad lies on a patient: palpable landmark, direction, relative measure. Never in mm.

This is what is said to the operator and what is recorded. The mm of the reference figure are in
`drawn.toml`, for drawing only.
"""

from enum import StrEnum
from typing import TypeAlias

import msgspec


class Level(StrEnum):
    """A spinous process, or the gap between two."""

    C3 = "C3"
    C3_C4 = "C3-C4"
    C4 = "C4"
    C7 = "C7"
    C7_T1 = "C7-T1"
    T1 = "T1"
    T1_T2 = "T1-T2"
    T3 = "T3"
    T4 = "T4"
    T6 = "T6"
    T8 = "T8"
    T9 = "T9"
    T12 = "T12"
    L1 = "L1"
    L3 = "L3"
    L4 = "L4"
    L5 = "L5"


class Landmark(StrEnum):
    """A point that fingers find; those with two sides mean the side that is treated."""

    BACK_OF_SKULL = "back_of_skull"
    C7 = "c7"
    T3 = "t3"
    T8 = "t8"
    ACROMION = "acromion"
    UPPER_CORNER_OF_SHOULDER_BLADE = "upper_corner_of_shoulder_blade"
    ROOT_OF_SCAPULAR_SPINE = "root_of_scapular_spine"
    LOWER_CORNER_OF_SHOULDER_BLADE = "lower_corner_of_shoulder_blade"
    DIMPLE = "dimple"


class PadPart(StrEnum):
    """Which part of the pad lies at the level."""

    CENTRE = "centre"
    UPPER_EDGE = "upper_edge"
    LOWER_EDGE = "lower_edge"


class Gap(StrEnum):
    """How far the inner edge of the pad is from the midline, in finger breadths."""

    BESIDE_THE_PROCESS = "beside_the_process"
    HALF_A_FINGER = "half_a_finger"
    ONE_FINGER = "one_finger"
    TWO_FINGERS = "two_fingers"


class Direction(StrEnum):
    """A direction on the body from a landmark."""

    UP = "up"
    DOWN = "down"
    OUTWARDS = "outwards"
    INWARDS = "inwards"


class _Position(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind"
):
    """A position of a pad on the treated side."""


class BesideSpine(_Position, frozen=True, kw_only=True, tag="beside_spine"):
    """Beside the spine at a vertebral level."""

    level: Level
    part: PadPart = PadPart.CENTRE
    gap: Gap


class Between(_Position, frozen=True, kw_only=True, tag="between"):
    """Centre at a share of the way from one landmark to another, 0 to 100 percent."""

    start: Landmark
    end: Landmark
    percent: int


class FromLandmark(_Position, frozen=True, kw_only=True, tag="from_landmark"):
    """Centre in a direction from a landmark, 0 to 4 finger breadths away."""

    landmark: Landmark
    direction: Direction
    fingers: int


Position: TypeAlias = BesideSpine | Between | FromLandmark
