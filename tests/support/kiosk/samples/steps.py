"""Samples of the steps between choosing a treatment and Start."""

from dataclasses import replace
from functools import partial
from types import MappingProxyType
from typing import Any

import msgspec

from appliance.clinical.closing.facts import StoppedBecause
from appliance.clinical.closing.harm import HarmState, judge_harm
from appliance.control.pages.missing import finding_row
from appliance.messages.snapshot import HandSwitchView
from appliance.messages.wire import TextView
from tests.support.kiosk.samples.home import refused
from tests.support.kiosk.samples.sample import (
    PLACED,
    Moment,
    Sample,
    Samples,
    at,
    finding,
    rows,
    snapshot,
    treatment,
    way_to_start,
)
from ui.kiosk.journey.checks import Checks
from ui.kiosk.journey.complaint import Complaint
from ui.kiosk.journey.follow_ups import FollowUps
from ui.kiosk.journey.pad_sets import CheckPads, ChoosePads
from ui.kiosk.journey.pads import ChoosePlacement, PlacePads
from ui.kiosk.journey.patch_test import AlteredSensation, PatchTest
from ui.kiosk.journey.place import Place, Row
from ui.kiosk.journey.ready import Ready
from ui.kiosk.journey.reasons import HarmReason, ScreeningReason
from ui.kiosk.journey.screening import FULL, Screening, VisitList
from ui.kiosk.journey.steps import AtFinding, step_for
from ui.kiosk.journey.told import TellPatient
from ui.kiosk.journey.treatment import Treat
from ui.kiosk.journey.unit_checks import CHECKED, CLEANED, CheckUnit, CleanUnit

SITES = ("lower_back/left/l1", "lower_back/left/l5")


def _moment(step: str) -> Moment:
    return way_to_start()[step]


def _step(step: str, **changed: Any) -> Sample:
    """Return the screen that asks for what is missing at that moment of the usual way."""
    moment = _moment(step)
    chosen = treatment(**PLACED)
    place = step_for(chosen, moment.missing)
    return at(place.with_fields(**changed), moment.pages)


def _at(place: Place, step: str = "Ready", **changed: Any) -> Sample:
    return at(place, _moment(step).pages, **changed)


def _screening(number: int, *, answered: bool = False) -> Sample:
    moment = _moment("Screening")
    asked = finding("refusal.screening", FULL)
    place = Screening(treatment=treatment(), finding=asked, page=number)
    sample = at(place, moment.pages)
    if not answered:
        return sample
    given = {
        str(row["id"]): str(row["flagged"]) for row in sample.kiosk.rows(place.questions) or ()
    }
    return at(place.with_fields(given=MappingProxyType(given)), moment.pages)


def _screenings() -> Samples:
    pages = range(18)
    return {f"screening_{number}": partial(_screening, number) for number in pages}


def _ready(step: str, **changed: Any) -> Sample:
    switch = HandSwitchView(step=step, text=TextView(key=f"hand_switch.{step}", values={}))
    place = Ready(treatment=treatment(**PLACED), sent=True, is_set_up=True).with_fields(**changed)
    whole_us = 600_000_000
    shown = snapshot(hand_switch=switch, programme="nmes-strengthening", remaining_us=whole_us)
    return _at(place, snapshot=shown)


def _contact() -> Sample:
    """Return how a contact check was not passed on both channels."""
    sample = _ready("proven")
    assert sample.kiosk.snapshot is not None
    notes = tuple(
        TextView(key="note.contact", values={"channel": channel, "contact": contact})
        for channel, contact in ((1, "open"), (2, "poor"))
    )
    seen = msgspec.structs.replace(sample.kiosk.snapshot, notes=notes)
    return Sample(sample.place, replace(sample.kiosk, snapshot=seen))


def _finding(kind: Any, *found: Any, **changed: Any) -> Sample:
    moment = _moment("Ready")
    place = kind(treatment=treatment(**PLACED), finding=found[0], **changed)
    return at(place, {**moment.pages, place.treatment.page: found})


def _harm() -> Row:
    """Return what is missing after burning was told, as the engine says it."""
    told = HarmState(because=StoppedBecause.BURNING, session="0001-001")
    (row,) = rows(map(finding_row, judge_harm(told)))
    return row


def _follow_ups() -> Sample:
    rows = (
        *({"kind": "skin", **finding("refusal.skin", f"skin_follow_up:{site}")} for site in SITES),
        {"kind": "patch_test", **finding("refusal.patch_test", "patch_test:hydrogel A")},
        {"kind": "exercise", **finding("refusal.exercises", "exercise:chin_tuck", "note")},
    )
    place = FollowUps(treatment=treatment(**PLACED), finding=rows[0], asked=rows)
    return at(place, {**_moment("Ready").pages, place.treatment.visit: rows})


FROM_US = 1_795_962_686_000_000
BEFORE_START: Samples = {
    "complaint": lambda: _step("Complaint"),
    "complaint_reason": lambda: _at(
        Complaint(treatment=treatment(), weeks=6, diagnosis="none_yet"), "Complaint"
    ),
    **_screenings(),
    "screening_answered": lambda: _screening(0, answered=True),
    "visit_list": lambda: _finding(VisitList, finding("refusal.screening", "visit_list")),
    "screening_reason": lambda: _finding(
        ScreeningReason, finding("refusal.screening", "pregnant", "confirm")
    ),
    "harm_reason": lambda: _finding(HarmReason, _harm()),
    "follow_ups": _follow_ups,
    "choose_pads": lambda: _step("ChoosePads"),
    "choose_pads_naming": lambda: _step("ChoosePads", naming=True, material="CF"),
    "choose_pads_labelled": lambda: _at(
        ChoosePads(treatment=treatment(**PLACED), labelled="A"), "ChoosePads"
    ),
    "checks_pads": lambda: _step("Checks"),
    "checks": lambda: _finding(
        Checks,
        finding("refusal.pad_set", "A"),
        finding("refusal.unit_check", "case", answered_by=CHECKED),
        finding("refusal.care", "cleaning", answered_by=CLEANED),
    ),
    "check_pads": lambda: _finding(CheckPads, finding("refusal.pad_set", "A")),
    "patch_test": lambda: _step("PatchTest"),
    "patch_test_declining": lambda: _step("PatchTest", declining=True),
    **{
        f"patch_test_{nearest}": partial(
            _finding,
            PatchTest,
            finding(
                "refusal.patch_test",
                "patch_test:gel A",
                nearest=f"patch_test.{nearest}",
                from_utc_us=FROM_US if nearest == "read_now" else None,
            ),
        )
        for nearest in ("offer", "apply", "read_now", "time_by_hand", "other_material")
    },
    "altered_sensation": lambda: _finding(
        AlteredSensation, finding("refusal.sensation", f"sensation:{SITES[0]}", "confirm")
    ),
    "choose_placement": lambda: _at(ChoosePlacement(treatment=treatment(pad_set="A")), "Complaint"),
    "sensation": lambda: _step("Sensation"),
    "skin_before": lambda: _step("CheckSkin"),
    **{
        f"place_pads_{number}": partial(
            _at, PlacePads(treatment=treatment(**PLACED), page=number), "PlacePads"
        )
        for number in range(3)
    },
    "tell_patient": lambda: _step("TellPatient"),
    "tell_patient_turned": lambda: _at(
        TellPatient(treatment=treatment(**PLACED), turned=True), "TellPatient"
    ),
    "tell_patient_language": lambda: _step("TellPatient", choosing=True),
    "check_unit": lambda: _finding(
        CheckUnit, finding("refusal.unit_check", "case", answered_by=CHECKED)
    ),
    "clean_unit": lambda: _finding(CleanUnit, finding("refusal.care", "cleaning")),
    "finding": lambda: _finding(AtFinding, finding("refusal.course", "course", "stop")),
    "finding_of_screening": lambda: _finding(
        AtFinding, finding("refusal.screening", "drowsy", "stop")
    ),
    "treat": lambda: _at(Treat(treatment=treatment(**PLACED))),
    "ready": lambda: _at(Ready(treatment=treatment(**PLACED))),
    "ready_refused": lambda: _at(
        Ready(treatment=treatment(**PLACED)), refused=refused("refusal.before_start")
    ),
    **{
        f"ready_{step}": partial(_ready, step) for step in ("close", "squeeze", "release", "proven")
    },
    "ready_contact": _contact,
    "ready_why": lambda: _ready("squeeze", why=True),
}
