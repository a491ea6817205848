"""Every answer that a person chooses has words, and no words are without an answer."""

from enum import IntEnum, StrEnum

import pytest

from appliance.clinical.body import Side
from appliance.clinical.choice import choice_text
from appliance.clinical.closing.close_out import PartOutcome
from appliance.clinical.closing.facts import CloseOutPart, StoppedBecause
from appliance.clinical.exercises.exercise_list import Area
from appliance.clinical.exercises.facts import Done
from appliance.clinical.outcomes.change import Direction
from appliance.clinical.outcomes.due import Measure
from appliance.clinical.outcomes.facts import (
    ContractionGrade,
    Diagnosis,
    DisabilityIndex,
    Motion,
    Movement,
    PainMoment,
)
from appliance.clinical.placement.facts import DiscardReason, FeltAt, PadState
from appliance.clinical.placement.placement import Depth
from appliance.clinical.screening.facts import Answer, VisitAnswer
from appliance.clinical.screening.questions import Page
from appliance.clinical.skin.facts import (
    Feeling,
    Gone,
    NextDay,
    PatchTestPlace,
    SensationMethod,
    SkinGrade,
)
from appliance.clinical.unit.facts import OutOfUseReason, PartState, UnitPart
from appliance.core.prescription.sessions_per_patient import Goal
from appliance.messages.wire import SoundName
from appliance.texts.catalogue.choices import CHOICES

KINDS: list[type[StrEnum | IntEnum]] = [
    Answer,
    Feeling,
    Gone,
    NextDay,
    Page,
    PatchTestPlace,
    SensationMethod,
    SkinGrade,
    VisitAnswer,
    Area,
    CloseOutPart,
    ContractionGrade,
    Depth,
    Diagnosis,
    Direction,
    DisabilityIndex,
    DiscardReason,
    Done,
    FeltAt,
    Goal,
    Measure,
    Motion,
    Movement,
    OutOfUseReason,
    PadState,
    PainMoment,
    PartOutcome,
    PartState,
    Side,
    SoundName,
    StoppedBecause,
    UnitPart,
]


def test_every_answer_has_words_and_no_words_are_without_an_answer() -> None:
    keys = {choice_text(choice).key for kind in KINDS for choice in kind}
    assert keys == CHOICES.keys()


@pytest.mark.parametrize("kind", KINDS)
def test_no_two_answers_to_one_question_read_the_same(kind: type[StrEnum | IntEnum]) -> None:
    words = [CHOICES[choice_text(choice).key] for choice in kind]
    assert len(set(words)) == len(words)


def test_a_key_is_made_of_the_name_of_the_enum_and_the_recorded_value() -> None:
    assert choice_text(FeltAt.AWAY_FROM_PADS).key == "choice.felt_at.away_from_pads"
