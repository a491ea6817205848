"""Samples of screens before and after a treatment: lock, set-up, Home, patients, close-out."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache, partial
from typing import Any

from appliance.control.pages.close_out import close_out_rows, to_complete_rows
from appliance.control.pages.unit import all_due_rows
from appliance.messages.replies import Refused
from appliance.messages.snapshot import CloseOutView
from appliance.messages.wire import StateName, TextView
from tests.support.kiosk.samples.sample import (
    ALIAS,
    BORN,
    Sample,
    Samples,
    at,
    pages_of,
    rows,
    snapshot,
    treatment,
)
from tests.support.simulated_unit import Unit
from ui.cli.treatment.simulated_facts import SimulatedFact
from ui.kiosk.journey.close_out import CloseOut
from ui.kiosk.journey.home import Home
from ui.kiosk.journey.languages import Languages
from ui.kiosk.journey.lock import ForgottenPin, Lock
from ui.kiosk.journey.new_patient import NewPatient
from ui.kiosk.journey.patients import Patients
from ui.kiosk.journey.place import Place, Row, Sheet, Unheard
from ui.kiosk.journey.repeat import Repeat
from ui.kiosk.journey.set_up import STEPS, SetUp
from ui.kiosk.journey.typed import ACCENTS

SESSION = "0001-001"
ROLES = ("lead", "clinician", "clinician", "service")
NAMES = ("anna", "ben", "chiara", "service")
PARTS = (
    "pads_off",
    "skin",
    "stopped_because",
    "pain_after",
    "seated",
    "exercises",
    "advice",
    "outcomes",
)
DONE = {"utc_us": 1_795_962_686_000_000, "trusted": True}
NEXT_US = 1_798_554_686_000_000
LOCKED = snapshot(StateName.LOCKED)


def _operator(name: str, role: str, **more: Any) -> Row:
    usual = {"kind": "operator", "has_pin": True, "one_time": False, "locked_out_us": 0}
    return {**usual, "operator": name, "role": role, **more}


def _operators(**more: Any) -> Mapping[str, tuple[Row, ...]]:
    found = tuple(_operator(name, role, **more) for name, role in zip(NAMES, ROLES, strict=True))
    return {"operators": found}


def set_up_page(step: str) -> Mapping[str, tuple[Row, ...]]:
    done = STEPS[: STEPS.index(step)] if step in STEPS else STEPS
    clinic = {"clinic": "Physio Am Markt", "telephone": "+49 30 12345"}
    found = tuple(
        {
            "step": each,
            "done": each in done,
            "name": _text(f"set_up.{each}"),
            **(clinic if each == "clinic" and each in done else {}),
        }
        for each in STEPS
    )
    return {"set_up": found, "operators": ()}


def _text(key: str) -> Row:
    return {"type": "text", "key": key, "values": {}}


def refused(
    rule: str, asked: str = "none", allowed: str = "none", nearest: str = "none"
) -> Refused:
    """Return a refusal of keys of texts without values."""
    texts = {"asked": asked, "allowed": allowed, "nearest": nearest}
    named = {name: TextView(key=key, values={}) for name, key in texts.items()}
    return Refused(request=1, rule=rule, **named)


EASY = refused("refusal.pin", "pin.easy", "pin.not_easy", "pin.another")


def _untold() -> Unheard:
    """Return a refusal that came once its operator had gone."""
    text = TextView(key="operator.in_charge")
    refused = Refused(request=1, rule="refusal.any", asked=text, allowed=text, nearest=text)
    return Unheard("chiara", refused)


def _locked(place: Place, pages: Mapping[str, tuple[Row, ...]], **more: Any) -> Sample:
    return at(place, pages, snapshot=LOCKED, me=None, **more)


@cache
def after_session() -> Unit:
    """Return a unit on which a patient was treated whose close-out is open."""
    unit = Unit()
    unit.record(SimulatedFact("patient_registered", {"born": BORN, "alias": ALIAS}))
    unit.ended(SESSION, motor=True)
    return unit


def _home_pages() -> Mapping[str, tuple[Row, ...]]:
    unit = after_session()
    return {
        **pages_of(unit),
        "to_complete": rows(unit.page(to_complete_rows, "")),
        "due": rows(unit.page(all_due_rows, "")),
    }


def _in_order(row: Row) -> Row:
    return {**row, "status": "in_order", "since": DONE, "due_utc_us": NEXT_US}


def self_test_page(*, passed: bool) -> tuple[Row, ...]:
    """Return the page of the self-test."""
    why = _text("note.latch_stays_clear")
    proof = {"passed": True, "ratio_ppm": 1_000_012, "worst_width_error_us": 1, "failures": []}
    found: list[Row] = [
        {"kind": "genesis", "at": DONE, "device": "0371c058-5257-42a2-9956-4c1df835bc0b"},
        {"kind": "boot", "at": DONE, "build": "0.1.0", "calibration": "nominal"},
        {"kind": "self_test", "at": DONE, "passed": passed, "failures": [] if passed else [why]},
        *([{"kind": "timing_proof", "at": DONE, **proof}] if passed else []),
    ]
    return tuple(found)


def _home(*, due: bool) -> Sample:
    """Return Home where things are due, or where all is in order and a session was done."""
    pages = _home_pages()
    session = {"opened_utc_us": DONE["utc_us"], "clock_trusted": True}
    tested = {"self_test": self_test_page(passed=True), "sessions": (session,)}
    drill = {**pages["due"][0], "kind": "drill", "item": "e-stop"}
    calm = {"to_complete": (), "due": tuple(_in_order(row) for row in (*pages["due"], drill))}
    pages = {**pages, **tested, **({} if due else calm)}
    held = CloseOutView(session=SESSION, pads_off=False, skin=False) if due else None
    return at(Home(), pages, snapshot=snapshot(close_out=held))


def _close_out(part: str, **changed: Any) -> Sample:
    """Return the close-out at a part: those before it are done."""
    found = rows(after_session().page(close_out_rows, SESSION))
    before = PARTS[: PARTS.index(part)] if part in PARTS else PARTS
    page = tuple(
        {**row, "outcome": "done" if row["part"] in before else None, "required": True}
        if row["kind"] == "part"
        else row
        for row in found
    )
    held = CloseOutView(session=SESSION, pads_off=False, skin=False)
    place = replace(CloseOut(session=SESSION), **changed)
    return at(place, {f"close_out:{SESSION}": page}, snapshot=snapshot(close_out=held))


def _patients(place: Patients | Repeat) -> Sample:
    pages = _home_pages()
    page = place.page if isinstance(place, Patients) else Patients().page
    return at(place, {**pages, page: pages["patients:"]})


def _new(**changed: Any) -> Sample:
    kiosk: dict[str, Any] = {}
    if "refused" in changed:
        kiosk["refused"] = changed.pop("refused")
    return at(NewPatient(**changed), pages_of(after_session()), **kiosk)


def _accents(sample: Sample) -> Sample:
    return Sample(sample.place, replace(sample.kiosk, sheet=Sheet(ACCENTS)))


AT_HOME: Samples = {
    "lock": lambda: _locked(Lock(), _operators()),
    "lock_pin": lambda: _locked(
        Lock(operator="anna", pin="12"), _operators(), refused=refused("refusal.pin")
    ),
    "lock_weak_pin": lambda: _locked(
        Lock(operator="anna", old_pin="7351"), _operators(one_time=True), refused=EASY
    ),
    "set_up_weak_pin": lambda: _locked(
        SetUp(name="ANNA", named=True), set_up_page("lead"), refused=EASY
    ),
    "lock_waits": lambda: _locked(Lock(operator="anna"), _operators(locked_out_us=30_000_000)),
    "lock_untold": lambda: _locked(Lock(), _operators(), unheard=(_untold(),)),
    "lock_paused": lambda: at(
        Lock(operator="anna"),
        _operators(),
        snapshot=snapshot(
            StateName.PAUSED,
            operator="anna",
            pin_needed=True,
            paused_because=TextView(key="ended.nobody_there"),
        ),
        me=None,
    ),
    "lock_forgotten": lambda: _locked(ForgottenPin(operator="anna"), _operators()),
    "lock_new_pin": lambda: _locked(
        Lock(operator="anna", old_pin="1", differs=True), _operators(one_time=True)
    ),
    "lock_not_set_up": lambda: _locked(Lock(), {"operators": ()}),
    **{f"set_up_{step}": partial(_locked, SetUp(), set_up_page(step)) for step in (*STEPS, "done")},
    "set_up_pin": lambda: _locked(SetUp(name="ANNA", named=True, pin="12"), set_up_page("lead")),
    "set_up_telephone": lambda: _locked(
        SetUp(clinic="NORTH", clinic_named=True, telephone="03012"), set_up_page("clinic")
    ),
    "lock_clinic": lambda: _locked(Lock(), {**set_up_page("drill"), **_operators()}),
    "languages": lambda: _locked(Languages(came_from=Lock()), _operators()),
    "home": lambda: _home(due=False),
    "home_due": lambda: _home(due=True),
    "patients": lambda: _patients(Patients()),
    "repeat": lambda: _patients(Repeat(treatment=treatment(), came_from=Patients())),
    "patients_search": lambda: _patients(Patients(wanted="P2", typing=True)),
    "new_patient_accents": lambda: _accents(_new(alias="P2")),
    "patients_search_accents": lambda: _accents(_patients(Patients(wanted="P2", typing=True))),
    "new_patient": lambda: _new(alias="P2"),
    "new_patient_year": lambda: _new(alias="P218", at_year=True, year="19"),
    "new_patient_done": lambda: _new(alias="P218", year="1974", at_year=True, patient="P-0021"),
    **{f"close_out_{part}": partial(_close_out, part) for part in (*PARTS, "done")},
    "close_out_left_out": lambda: _close_out("skin", leaving_out=True),
}
