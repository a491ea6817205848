"""What is said of a placement: where each pad lies, the steps in words, what to feel and to see."""

from collections.abc import Mapping

from appliance.clinical.body import Side
from appliance.clinical.placement.placement import DepthVariant, PlannedPad, PlannedPlacement
from appliance.clinical.placement.positions import (
    BesideSpine,
    Between,
    Direction,
    FromLandmark,
    Gap,
    Landmark,
    Level,
    PadPart,
    Position,
)
from appliance.clinical.programme import Programme
from appliance.core.limits.limits import Purpose
from appliance.core.prescription.waveform import ProgrammeKind
from appliance.texts.text import Text, millimetres, percent, text

BEFORE = ("placement.step.output_off", "placement.step.wash_and_dry", "placement.step.clip_hair")
"""Said before the pads: output off [Everyway Comfy EMS p. 9]; clip, never shave [EMSI Flex-It]."""
AFTER = ("placement.step.press_edges", "placement.step.leads")
"""Said after the pads: full contact, edges down [Enraf Endomed 484 p. 47; EMSI Flex-It p. 21]."""

FIND: Mapping[Level, str] = {
    Level.C3: "level.find.c3",
    Level.C3_C4: "level.find.c3_c4",
    Level.C4: "level.find.c4",
    Level.C7: "level.find.c7",
    Level.C7_T1: "level.find.c7_t1",
    Level.T1: "level.find.t1",
    Level.T1_T2: "level.find.t1_t2",
    Level.T3: "level.find.t3",
    Level.T4: "level.find.t4",
    Level.T6: "level.find.t6",
    Level.T8: "level.find.t8",
    Level.T9: "level.find.t9",
    Level.T12: "level.find.t12",
    Level.L1: "level.find.l1",
    Level.L3: "level.find.l3",
    Level.L4: "level.find.l4",
    Level.L5: "level.find.l5",
}
"""How fingers find a level: C7 stands out, T3 root of the scapular spine, T7 to T8 lower corner of
the blade, L4 line of the iliac crests, S2 the dimples (M); the others are counted from these."""
NAMES: Mapping[Landmark, str] = {
    Landmark.BACK_OF_SKULL: "landmark.back_of_skull",
    Landmark.C7: "landmark.c7",
    Landmark.T3: "landmark.t3",
    Landmark.T8: "landmark.t8",
    Landmark.ACROMION: "landmark.acromion",
    Landmark.UPPER_CORNER_OF_SHOULDER_BLADE: "landmark.upper_corner_of_shoulder_blade",
    Landmark.ROOT_OF_SCAPULAR_SPINE: "landmark.root_of_scapular_spine",
    Landmark.LOWER_CORNER_OF_SHOULDER_BLADE: "landmark.lower_corner_of_shoulder_blade",
    Landmark.DIMPLE: "landmark.dimple",
}
_GAPS: Mapping[Gap, str] = {
    Gap.BESIDE_THE_PROCESS: "gap.beside_the_process",
    Gap.HALF_A_FINGER: "gap.half_a_finger",
    Gap.ONE_FINGER: "gap.one_finger",
    Gap.TWO_FINGERS: "gap.two_fingers",
}
_PARTS: Mapping[PadPart, str] = {
    PadPart.CENTRE: "pad_part.centre",
    PadPart.UPPER_EDGE: "pad_part.upper_edge",
    PadPart.LOWER_EDGE: "pad_part.lower_edge",
}
_DIRECTIONS: Mapping[Direction, str] = {
    Direction.UP: "direction.up",
    Direction.DOWN: "direction.down",
    Direction.OUTWARDS: "direction.outwards",
    Direction.INWARDS: "direction.inwards",
}

_SIDES: Mapping[Side, str] = {
    Side.LEFT: "side.left",
    Side.RIGHT: "side.right",
    Side.BOTH: "side.both",
}

_STRONG = text("expected.feel.contraction"), text("expected.see.contraction")
_VISIBLE = text("expected.feel.visible"), text("expected.see.visible")
_CONTRACTIONS: Mapping[ProgrammeKind, tuple[Text, Text]] = {
    ProgrammeKind.CONTRACT_RELAX: _VISIBLE,
    ProgrammeKind.CIRCULATION: _VISIBLE,
    ProgrammeKind.STABILISATION: (text("expected.feel.along"), text("expected.see.along")),
}
"""What is felt and seen of contractions that are wanted in another way than strong."""


def position_text(position: Position) -> Text:
    """Return a position in words: landmark, direction and relative measure."""
    match position:
        case BesideSpine():
            return text(
                "position.beside_spine",
                part=Text(_PARTS[position.part]),
                level=position.level.value,
                gap=Text(_GAPS[position.gap]),
            )
        case Between():
            return text(
                "position.between",
                share=percent(position.percent),
                start=Text(NAMES[position.start]),
                end=Text(NAMES[position.end]),
            )
        case FromLandmark():
            return _from_landmark(position)


def _from_landmark(position: FromLandmark) -> Text:
    landmark = Text(NAMES[position.landmark])
    if position.fingers == 0:
        return text("position.on_landmark", landmark=landmark)
    direction = Text(_DIRECTIONS[position.direction])
    if position.fingers == 1:
        return text("position.one_finger", direction=direction, landmark=landmark)
    return text("position.fingers", count=position.fingers, direction=direction, landmark=landmark)


def landmark_text(landmark: Landmark) -> Text:
    """Return a landmark in words."""
    return Text(NAMES[landmark])


def how_to_find(position: Position) -> tuple[Text, ...]:
    """Return how fingers find the level of a position; nothing for landmarks that need no count."""
    return (Text(FIND[position.level]),) if isinstance(position, BesideSpine) else ()


def spot_text(spot: str) -> Text:
    """Return a spot of a placement in words, without its side."""
    return Text(f"spot.{spot}")


def pad_step(pad: PlannedPad) -> Text:
    """Return the step that places one pad."""
    return text(
        "placement.step.place_pad",
        pad=pad.label,
        width=millimetres(pad.width_mm),
        height=millimetres(pad.height_mm),
        where=position_text(pad.at),
        side=Text(_SIDES[pad.side]),
    )


def steps(planned: PlannedPlacement) -> tuple[Text, ...]:
    """Return every step of a placement in the order of doing."""
    levels = dict.fromkeys(hint for pad in planned.pads for hint in how_to_find(pad.at))
    placement = planned.placement
    return (
        *map(Text, BEFORE),
        *map(Text, placement.steps),
        *levels,
        *(pad_step(pad) for pad in planned.pads),
        Text(placement.orientation),
        Text(placement.polarity),
        spacing_step(placement.depths[planned.key.depth]),
        *map(Text, AFTER),
    )


def spacing_step(variant: DepthVariant) -> Text:
    """Return how far apart the pads of a channel lie, in real mm from edge to edge."""
    least, most = map(millimetres, variant.spacing_mm)
    return text("placement.step.spacing", least=least, most=most)


def motor_point_text(planned: PlannedPlacement) -> tuple[Text, ...]:
    """Return where to begin the search for each motor point of a placement."""
    return tuple(
        text(
            "placement.motor_point",
            muscle=Text(f"muscle.{point.muscle}"),
            where=position_text(point.at),
        )
        for point in planned.placement.motor_point
    )


def to_feel_and_see(programme: Programme) -> tuple[Text, Text]:
    """Return what the patient should feel and what the operator should see."""
    if programme.purpose is Purpose.MOTOR:
        if programme.on_off is not None:
            return _CONTRACTIONS.get(programme.kind, _STRONG)
        return text("expected.feel.twitch"), text("expected.see.twitch")
    if programme.kind is ProgrammeKind.BRIEF_INTENSE:
        return text("expected.feel.near_tolerance"), text("expected.see.nothing_moves")
    return text("expected.feel.tingling"), text("expected.see.nothing_moves")
