"""Samples of the search for a motor point."""

from functools import cache
from typing import Any

from appliance.clinical.body import Side
from appliance.clinical.patients.file import PatientFile
from appliance.clinical.placement.facts import MotorPointFound
from appliance.clinical.placement.motor_points import FoundPoints
from appliance.clinical.placement.positions import Landmark
from appliance.control.pages.landmarks import landmark_rows
from appliance.control.pages.motor_points import found_rows
from appliance.control.pages.placements import placement_rows
from appliance.messages.snapshot import PlanView
from appliance.messages.wire import ContactVerdict, StateName, Subject
from tests.support.kiosk.channels import channel
from tests.support.kiosk.samples.output import HERE, S_US
from tests.support.kiosk.samples.sample import (
    ALIAS,
    BORN,
    PATIENT,
    PLACED,
    REGION,
    Sample,
    Samples,
    at,
    rows,
    snapshot,
    treatment,
    way_to_start,
)
from tests.support.no_sources import NOTHING
from tests.support.screening import at as at_time
from ui.kiosk.journey.engine_places import engine_place
from ui.kiosk.journey.motor_point import PAIR, POINT
from ui.kiosk.journey.of_patient import Whose
from ui.kiosk.journey.over import HELP
from ui.kiosk.journey.pads import PlacePads
from ui.kiosk.journey.patient_page import PatientPage
from ui.kiosk.journey.place import NO_SHEET, Row, Sheet
from ui.kiosk.journey.ready import Ready

SEARCH, SESSION = "motor-point-find", "0001-002"


def plan(side: str) -> PlanView:
    return PlanView(
        kind="motor_point_find",
        purpose="motor",
        region=REGION.value,
        rate_millihertz=2_000,
        phase_us=300,
        pulses_per_second=2,
        side=side,
    )


def found(session: str) -> Row:
    """Return a row of the page of points that were found."""
    fact = MotorPointFound(
        patient=PATIENT,
        operator="anna",
        simulated=False,
        session=session,
        region=REGION,
        side=Side.LEFT,
        placement=PLACED["placement"],
        channel=1,
        landmark=Landmark.DIMPLE,
        along_mm=140,
        across_mm=-5,
        level_ua=8_500,
    )
    file = PatientFile(patient=PATIENT, motor_points=FoundPoints().after(fact, at_time(100.5)))
    [row] = rows(found_rows(file))
    return row


@cache
def pages(side: str = "left", *, points: tuple[str, ...] = ()) -> dict[str, tuple[Row, ...]]:
    """Return the pages of a unit on which the pads of the search lie."""
    about = f"{SEARCH}:{REGION.value}:{side}"
    known = dict(way_to_start()["Ready"].pages)
    file = f"patient:{PATIENT}"
    known[file] = tuple(
        {**row, "key": {**row["key"], "side": side}} if row["kind"] == "placed" else row
        for row in known[file]
    )
    known[f"placements:{about}"] = rows(placement_rows(about, NOTHING))
    for own in ("left", "right"):
        landmarks = f"{REGION.value}:{own}"
        known[f"landmarks:{landmarks}"] = rows(landmark_rows(landmarks, NOTHING))
    known[f"motor_points:{PATIENT}"] = tuple(found(session) for session in points)
    return known


def _search(sheet: Sheet = NO_SHEET, side: str = "left", **changed: Any) -> Sample:
    """Return the screen of a search; `points` are the sessions in which one was found."""
    known = pages(side, points=changed.pop("points", ()))
    values: dict[str, Any] = {
        "session": SESSION,
        "programme": SEARCH,
        "patient": PATIENT,
        "subject": Subject.PATIENT,
        "stage": "on",
        "elapsed_us": 40 * S_US,
        "remaining_us": 140 * S_US,
        "channels": (channel(1, 8_500, measured_ua=8_400, ceiling_ua=25_000),),
        "contraction": None,
        "plan": plan(side),
        "presence": HERE,
        "operator": "anna",
        "operator_role": "lead",
        "at_us": S_US,
        **changed,
    }
    place = Ready(treatment=treatment(**PLACED, programme=SEARCH, side=side))
    sample = at(place, known, snapshot=snapshot(StateName.DELIVERING, **values), sheet=sheet)
    return Sample(engine_place(sample.kiosk) or place, sample.kiosk)


def _lifted(back_ua: int | None) -> Sample:
    lifted = channel(
        1, 0, contact=ContactVerdict.OPEN, ceiling_ua=25_000, raise_back_to_ua=back_ua, lifted=True
    )
    return _search(channels=(lifted,))


def _next_placement() -> Sample:
    place = PlacePads(treatment=treatment(**PLACED, side="left"))
    known = {**pages(points=("0001-001",))}
    side = f"placements:{place.treatment.programme}:{REGION.value}:left"
    known[side] = rows(placement_rows(side.removeprefix("placements:"), NOTHING))
    return at(place, known)


def _patient_page() -> Sample:
    whose = Whose(patient=PATIENT, alias=ALIAS, born=BORN)
    known = pages()
    file = (*known[whose.file], {"kind": "motor_point", **found("0001-001")})
    return at(PatientPage(whose=whose), {**known, whose.file: file, whose.history: ()})


SEARCHED: Samples = {
    "search_begun": lambda: _search(channels=(channel(1, 0, ceiling_ua=25_000),)),
    "search": _search,
    "search_lifted": lambda: _lifted(6_800),
    "search_lifted_from_zero": lambda: _lifted(None),
    "search_kept": lambda: _search(points=(SESSION,)),
    "search_point": lambda: _search(Sheet(POINT, "1:dimple:140:-5")),
    "search_both": lambda: _search(
        Sheet(PAIR, "2"),
        "both",
        channels=(channel(1, 0, ceiling_ua=25_000), channel(2, 3_000, ceiling_ua=25_000)),
    ),
    "search_help": lambda: _search(Sheet(HELP, "", S_US)),
    "search_pads": lambda: at(
        PlacePads(treatment=treatment(**PLACED, programme=SEARCH, side="left")), pages()
    ),
    "place_pads_point": _next_placement,
    "patient_page_point": _patient_page,
}
