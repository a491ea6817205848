"""Samples of the service: menu, self-test, about, care, out of use and back into use."""

from collections.abc import Mapping
from typing import Any

from appliance.control.pages.unit import all_due_rows, unit_rows
from appliance.messages.wire import TextView
from tests.support.kiosk.samples.home import self_test_page, set_up_page
from tests.support.kiosk.samples.sample import ME, Sample, Samples, at, rows, snapshot
from tests.support.simulated_unit import Unit
from ui.cli.treatment.simulated_facts import SimulatedFact
from ui.kiosk.journey.clinic import ClinicCard
from ui.kiosk.journey.out_of_use import PutBack, TakeOutOfUse
from ui.kiosk.journey.place import Place, Row, SignedIn
from ui.kiosk.journey.service import (
    CALIBRATION,
    SAFETY_CHECK,
    About,
    Care,
    InspectLeads,
    RecordCare,
    SelfTest,
    Service,
)
from ui.kiosk.journey.steps import step_for
from ui.kiosk.journey.treatment import Treatment

SERVICE = SignedIn(operator="sam", role="service", token="-")  # noqa: S106 - a name, no secret
GOOD = ("case", "display", "hand_switch", "emergency_stop", "lead_1", "lead_2")
OUT = TextView(
    key="out_of_use.since",
    values={"reason": TextView(key="choice.out_of_use_reason.burn", values={})},
)


def _pages(*, passed: bool = True, damaged: bool = False) -> Mapping[str, tuple[Row, ...]]:
    unit = Unit()
    if damaged:
        answers = {**dict.fromkeys(GOOD, "good"), "plugs": "damaged"}
        unit.record(SimulatedFact("unit_checked", {"answers": answers}))
        unit.record(SimulatedFact("unit_taken_out_of_use", {"reason": "burn", "words": ""}))
    return {
        "unit": rows(unit.page(unit_rows, "")),
        "due": rows(unit.page(all_due_rows, "")),
        "self_test": self_test_page(passed=passed),
    }


def _service(place: Place, me: SignedIn = SERVICE, **of: Any) -> Sample:
    shown = snapshot(out_of_use=OUT) if of.get("damaged") else snapshot()
    return at(place, _pages(**of), snapshot=shown, me=me)


LEADS = InspectLeads(
    treatment=Treatment(patient="", first_step=step_for, came_from=Care()),
    finding={"answered_by": "leads_inspected"},
)

IN_SERVICE: Samples = {
    "service": lambda: _service(Service()),
    "service_lead": lambda: _service(Service(), ME),
    "service_out_of_use": lambda: _service(Service(), ME, damaged=True),
    "self_test": lambda: _service(SelfTest()),
    "self_test_failed": lambda: _service(SelfTest(), passed=False),
    "clinic": lambda: at(ClinicCard(), set_up_page("drill")),
    "clinic_name": lambda: at(ClinicCard(changes="clinic", text="NORT"), set_up_page("drill")),
    "clinic_telephone": lambda: at(ClinicCard(changes="telephone"), set_up_page("drill")),
    "about": lambda: _service(About()),
    "care": lambda: _service(Care()),
    "care_clinician": lambda: _service(Care(), ME, damaged=True),
    "care_damaged": lambda: _service(Care(), damaged=True),
    "inspect_leads": lambda: _service(LEADS),
    "record_safety_check": lambda: _service(RecordCare(item=SAFETY_CHECK, digits="202611")),
    "record_calibration": lambda: _service(
        RecordCare(item=CALIBRATION, digits="20261129", at_number=True, number="C-41")
    ),
    "take_out_of_use": lambda: _service(TakeOutOfUse(), ME),
    "take_out_of_use_chosen": lambda: _service(TakeOutOfUse(reason="burn"), ME),
    "take_out_of_use_words": lambda: _service(TakeOutOfUse(reason="other", words="WET"), ME),
    "put_back": lambda: _service(PutBack(words="TESTED"), damaged=True),
    "put_back_part": lambda: _service(
        PutBack(part="plugs", row=_part("plugs"), words="NEW PLUG"), damaged=True
    ),
    "put_back_clinician": lambda: _service(PutBack(), ME, damaged=True),
}


def _part(part: str) -> Row:
    return next(row for row in _pages(damaged=True)["unit"] if row.get("part") == part)
