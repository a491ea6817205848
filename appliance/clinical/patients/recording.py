"""Whether a fact may be recorded: one question for every kind of fact about a patient. Pure.

A `Refusal` says what would be accepted. A `Finding` is a question: the same fact with its answer is
accepted. None means that the fact may become an event. What a first feeling has to agree with is
known only to whoever treats (`refuse_feeling`).
"""

from collections.abc import Callable, Collection, Mapping
from typing import Any, TypeAlias

from appliance.clinical.closing.facts import HarmReviewed
from appliance.clinical.closing.harm import refuse_review
from appliance.clinical.closing.recording import refuse_close_out, refuse_session
from appliance.clinical.course.facts import CourseOpened, CourseReviewed
from appliance.clinical.course.review import refuse_course
from appliance.clinical.exercises.facts import AdviceGiven, ExercisesAsked, ExercisesGiven
from appliance.clinical.exercises.home_programme import (
    judge_given,
    refuse_advice,
    refuse_asked,
    refuse_given,
)
from appliance.clinical.fact import Fact, FactTime
from appliance.clinical.finding import Finding
from appliance.clinical.outcomes.answers import refuse_outcome
from appliance.clinical.own.shelf import OwnProgrammes, find_any, unknown
from appliance.clinical.patients.facts import AliasChanged, PatientNoted, PatientRegistered
from appliance.clinical.patients.file import PatientFile
from appliance.clinical.patients.files import PatientFiles
from appliance.clinical.patients.ids import refuse_id
from appliance.clinical.patients.registration import (
    refuse_alias_change,
    refuse_note,
    refuse_registration,
    unregistered,
)
from appliance.clinical.placement.facts import (
    MotorPointFound,
    PadSetChecked,
    PadSetDiscarded,
    PadSetLabelled,
    PadSetUsed,
    PadsPlaced,
)
from appliance.clinical.placement.history import refuse_placed
from appliance.clinical.placement.motor_points import refuse_point
from appliance.clinical.placement.pad_sets import refuse_label, refuse_unknown_set
from appliance.clinical.placement.placements import plan_placement
from appliance.clinical.pre_use.facts import SqueezeWaived
from appliance.clinical.screening.answering import (
    refuse_answers,
    refuse_confirmation,
    refuse_visit_list,
)
from appliance.clinical.screening.facts import (
    ScreeningAnswered,
    ScreeningConfirmed,
    VisitListAnswered,
)
from appliance.clinical.screening.questions import ScreeningSettings
from appliance.clinical.skin.facts import (
    AlteredSensationAccepted,
    PatchTestApplied,
    PatchTestDeclined,
    PatchTestFollowedUp,
    PatchTestRead,
    SensationTested,
    SkinCheckedBefore,
    SkinFollowedUp,
    SkinReinspected,
)
from appliance.clinical.skin.patch_test import (
    refuse_application,
    refuse_decline,
    refuse_next_day,
    refuse_reading,
)
from appliance.clinical.skin.sensation import refuse_acceptance, refuse_test
from appliance.clinical.skin.skin import (
    refuse_before,
    refuse_follow_up,
    refuse_reinspection,
)
from appliance.core.readable_text import refuse_operator, refuse_reason
from appliance.core.refusal import Refusal
from appliance.texts.text import text

Objection: TypeAlias = Refusal | Finding | None


def refuse_fact(
    fact: Fact,
    files: PatientFiles,
    now: FactTime,
    known: Collection[str] = (),
    *,
    current: str | None = None,
) -> Objection:
    """Return why a fact cannot be recorded as it is, None if it can.

    `now` as the clock shows it; `known` are the pseudonyms of the records, from before there were
    ids, `current` is the session that runs now if it is of this patient. Everybody is registered
    first, and simulated facts are for a virtual rig.
    """
    refusal = refuse_operator(fact.operator) or _refuse_simulated(fact, files)
    if refusal is not None:
        return refusal
    file, judged = files.of(fact.patient), files.judged_at(now)
    if isinstance(fact, PatientRegistered):
        return refuse_id(fact.patient, known) or refuse_registration(
            fact, files.identities(), judged
        )
    if file.identity is None:
        return unregistered(fact.patient).refusal()
    if isinstance(fact, AliasChanged):
        return refuse_alias_change(fact, file.identity, files.identities())
    of_session = refuse_session(fact, file.close_outs, current)
    if of_session is None and isinstance(fact, HarmReviewed):
        of_session = refuse_review(fact, file.harm, current)
    if of_session is not None:
        return of_session
    if isinstance(fact, CourseOpened | CourseReviewed):
        known_of = (file.courses, file.given, file.outcomes)
        return refuse_course(fact, *known_of, judged, files.is_lead)
    judge = _JUDGES.get(type(fact))
    if judge is not None:
        return judge(fact, file, judged, files.settings.screening)
    placed = _placed(fact, file, files.own()) if isinstance(fact, PadsPlaced) else None
    return placed or refuse_outcome(fact) or refuse_close_out(fact, file.close_outs, judged)


def _refuse_simulated(fact: Fact, files: PatientFiles) -> Refusal | None:
    if not fact.simulated or files.virtual:
        return None
    return Refusal(
        "refusal.simulated",
        text("simulated.asked"),
        text("simulated.allowed"),
        text("simulated.nearest"),
    )


def _exercises(fact: ExercisesGiven, file: PatientFile) -> Objection:
    refusal = refuse_given(fact, file.exercises)
    return refusal or next(iter(judge_given(fact, file.exercises)), None)


def _placed(fact: PadsPlaced, file: PatientFile, own: OwnProgrammes) -> Objection:
    """Refuse pads elsewhere than their own placement says, or of no set of this patient."""
    key, programme = fact.key, find_any(fact.key.programme, own)
    if isinstance(programme, tuple):
        return unknown(key.programme, programme[:1])
    planned = plan_placement(
        programme, key.region, key.side, placement=key.placement, depth=key.depth
    )
    if isinstance(planned, Refusal):
        return planned
    return refuse_unknown_set(file.pads, fact) or refuse_placed(fact, planned)


def _decline(fact: PatchTestDeclined, file: PatientFile) -> Objection:
    sensitive = file.screening.is_sensitive
    return refuse_decline(fact, file.patch_tests, file.skin, sensitive=sensitive)


_Judge: TypeAlias = Callable[[Any, PatientFile, FactTime, ScreeningSettings], Objection]
_JUDGES: Mapping[type[Fact], _Judge] = {
    PatientNoted: lambda fact, *_: refuse_note(fact),
    ScreeningAnswered: lambda fact, *_: refuse_answers(fact),
    VisitListAnswered: lambda fact, file, now, settings: refuse_visit_list(
        fact, file.screening, now, settings
    ),
    ScreeningConfirmed: lambda fact, file, *_: refuse_confirmation(fact, file.screening),
    SkinCheckedBefore: lambda fact, *_: refuse_before(fact),
    SkinFollowedUp: lambda fact, file, *_: refuse_follow_up(fact, file.skin),
    SkinReinspected: lambda fact, file, *_: refuse_reinspection(fact, file.skin),
    SensationTested: lambda fact, *_: refuse_test(fact),
    AlteredSensationAccepted: lambda fact, file, now, _: refuse_acceptance(
        fact, file.sensation, now
    ),
    PatchTestApplied: lambda fact, file, *_: refuse_application(fact, file.patch_tests),
    PatchTestRead: lambda fact, file, now, _: refuse_reading(fact, file.patch_tests, now),
    PatchTestFollowedUp: lambda fact, file, *_: refuse_next_day(fact, file.patch_tests),
    PatchTestDeclined: lambda fact, file, *_: _decline(fact, file),
    PadSetLabelled: lambda fact, file, *_: refuse_label(file.pads, fact),
    PadSetChecked: lambda fact, file, *_: refuse_unknown_set(file.pads, fact),
    PadSetUsed: lambda fact, file, *_: refuse_unknown_set(file.pads, fact),
    PadSetDiscarded: lambda fact, file, *_: refuse_unknown_set(file.pads, fact),
    MotorPointFound: lambda fact, *_: refuse_point(fact),
    SqueezeWaived: lambda fact, *_: refuse_reason(fact.reason),
    ExercisesGiven: lambda fact, file, *_: _exercises(fact, file),
    ExercisesAsked: lambda fact, file, *_: refuse_asked(fact, file.exercises),
    AdviceGiven: lambda fact, *_: refuse_advice(fact),
}
