"""What is missing before a patient may be treated, in the order a clinician resolves it. Pure.

- Who it is, what the session before left without an answer, and with which complaint.
- What is asked first thing at a visit: was the redness gone, was there anything by the next day?
- The screening: what is open, what stops, what needs a reason.
- The course: its end, what its review decided, the rest since the last session, first minutes.
- Where the pads lie and of what they are, the patch test of their material.
- At each site: sensation, then skin.
- The pads as they lie, and what the patient is told.

What a valid screening stops comes first of all, as nothing else is worth doing then; an answer of
one that is not valid any more stays behind the question that renews it. Notes come last.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from appliance.clinical.body import Side
from appliance.clinical.closing.close_out import judge_holding_up
from appliance.clinical.closing.harm import judge_harm
from appliance.clinical.course.judge import judge_course
from appliance.clinical.course.minutes import judge_minutes
from appliance.clinical.course.order import judge_order
from appliance.clinical.exercises.home_programme import judge_asked
from appliance.clinical.fact import FactTime
from appliance.clinical.finding import Consequence, Finding
from appliance.clinical.outcomes.answers import judge_opening
from appliance.clinical.patients.file import PatientFile
from appliance.clinical.patients.registration import unregistered
from appliance.clinical.placement.history import judge_placed
from appliance.clinical.placement.pad_sets import PadLimits, judge_pads
from appliance.clinical.placement.placement import PlannedPlacement
from appliance.clinical.planned import PlannedTreatment
from appliance.clinical.pre_use.told import judge_told
from appliance.clinical.programme import Programme
from appliance.clinical.screening.judge import (
    full_screening_open,
    judge_screening,
)
from appliance.clinical.screening.questions import ScreeningSettings
from appliance.clinical.skin.bounds import tightest
from appliance.clinical.skin.patch_test import judge_next_day, judge_patch_test
from appliance.clinical.skin.sensation import judge_sensation, sensation_bounds
from appliance.clinical.skin.skin import judge_follow_up, judge_skin, skin_bounds
from appliance.core.limits.limits import Region
from appliance.core.limits.patient_limits import PatientBounds
from appliance.texts.common_phrases import NONE
from appliance.texts.text import Text, text


@dataclass(frozen=True, slots=True, kw_only=True)
class ClinicalSettings:
    """What a clinic may set."""

    screening: ScreeningSettings = field(default_factory=ScreeningSettings)
    pads: PadLimits = field(default_factory=PadLimits)


USUAL_SETTINGS = ClinicalSettings()


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedTreatment:
    """A programme for a region and side; no placement and no pads while they are not chosen."""

    programme: Programme
    region: Region
    side: Side
    placement: PlannedPlacement | None = None
    pad_set: str = ""
    feel_again: bool = False


def missing_before_start(
    file: PatientFile,
    wanted: WantedTreatment,
    now: FactTime,
    settings: ClinicalSettings = USUAL_SETTINGS,
    continued: Sequence[str] = (),
) -> tuple[Finding, ...]:
    """Return every open finding and every note; `now` as of `judged_at`.

    Treatment may start when none of them blocks (`Consequence.blocks`). `continued` are the
    sessions that it continues after a harmless trip: it is one session with them, and where the
    same pads still lie, close-out and a new look at them are not wanted yet.
    """
    lying = pads_still_lying(file, wanted, continued)
    earlier = [session for session in file.given if session.session not in continued]
    planned = planned_of(file, wanted)
    screening = judge_screening(file.screening, planned, now, settings.screening)
    valid = full_screening_open(file.screening, now, settings.screening) is None
    findings = (
        *(() if file.identity else (unregistered(file.patient),)),
        *judge_holding_up(file.close_outs, lying),
        *judge_harm(file.harm),
        *judge_opening([complaint for complaint, _ in file.outcomes.complaints]),
        *judge_follow_up(file.skin, continued),
        *judge_next_day(file.patch_tests, now),
        *screening,
        *judge_course(file.courses, earlier, wanted.programme, wanted.region, now),
        *judge_minutes(earlier, wanted.programme, wanted.region, now),
        *judge_order(file.courses, earlier, wanted.programme, wanted.region),
        *_judge_pads(file, wanted, now, settings, lying=bool(lying)),
        *_judge_material(file, planned, now),
        *judge_sensation(file.sensation, planned, now),
        *judge_skin(file.skin, planned, now),
        *_judge_placed(file, wanted, now),
        *judge_told(file.told, wanted.programme.name, now),
        *judge_asked(file.exercises, now),
    )

    def rank(finding: Finding) -> int:
        if finding.consequence is Consequence.NOTE:
            return 2
        stops = finding.consequence is Consequence.STOP and finding in screening
        return 0 if stops and valid else 1

    return tuple(sorted(findings, key=rank))


def pads_still_lying(
    file: PatientFile, wanted: WantedTreatment, continued: Sequence[str]
) -> Sequence[str]:
    """Return the continued sessions if the wanted pads were those of the last, () otherwise."""
    pads = file.pads.sets.get(wanted.pad_set)
    if not continued or pads is None or pads.last_session != continued[-1]:
        return ()
    return continued


def bounds_before_start(file: PatientFile, wanted: WantedTreatment, now: FactTime) -> PatientBounds:
    """Return the limits that skin and sensation set together, as limits take them.

    They hold beside those of the records: `tightest` joins both. `now` as of `judged_at`.
    """
    planned = planned_of(file, wanted)
    return tightest(
        (skin_bounds(file.skin, planned), sensation_bounds(file.sensation, planned, now))
    )


def planned_of(file: PatientFile, wanted: WantedTreatment) -> PlannedTreatment:
    """Return a wanted treatment as screening and skin look at it."""
    pads = file.pads.sets.get(wanted.pad_set)
    return PlannedTreatment(
        region=wanted.region,
        side=wanted.side,
        purpose=wanted.programme.purpose,
        kind=wanted.programme.kind,
        sites=() if wanted.placement is None else wanted.placement.sites,
        material="" if pads is None else pads.label.material,
    )


def _judge_pads(
    file: PatientFile,
    wanted: WantedTreatment,
    now: FactTime,
    settings: ClinicalSettings,
    *,
    lying: bool,
) -> tuple[Finding, ...]:
    if wanted.placement is None:
        return (_choose("placement", text("before_start.placement")),)
    key = wanted.placement.key
    if (key.region, key.side) != (wanted.region, wanted.side):
        return (_choose("placement", text("before_start.placement_here")),)
    if not wanted.pad_set:
        return (_choose("pad_set", text("before_start.pads")),)
    return judge_pads(file.pads, wanted.pad_set, wanted.placement, settings.pads, now, lying=lying)


def _judge_placed(file: PatientFile, wanted: WantedTreatment, now: FactTime) -> tuple[Finding, ...]:
    if wanted.placement is None:
        return ()
    return judge_placed(file.placement, wanted.placement, wanted.pad_set, now)


def _judge_material(
    file: PatientFile, planned: PlannedTreatment, now: FactTime
) -> tuple[Finding, ...]:
    if not planned.material:
        return ()
    return judge_patch_test(
        file.patch_tests,
        file.skin,
        planned.material,
        sensitive=file.screening.is_sensitive,
        now=now,
    )


def _choose(item: str, nearest: Text) -> Finding:
    return Finding(
        consequence=Consequence.ASK,
        rule="refusal.before_start",
        item=item,
        found=NONE,
        allowed=text("before_start.chosen"),
        nearest=nearest,
    )
