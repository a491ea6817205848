"""What a sample is, and the unit and patient that all samples are of."""

from collections.abc import Callable, Mapping
from functools import cache
from types import MappingProxyType
from typing import Any, NamedTuple, cast

import msgspec

from appliance.clinical.body import Side
from appliance.clinical.catalogue import load_catalogue
from appliance.control.pages.page import Rows
from appliance.control.pages.patient_file import patient_rows
from appliance.control.pages.patients import registered_rows
from appliance.control.pages.placements import placement_rows
from appliance.control.pages.programmes import (
    evidence_rows,
    offer_rows,
    programme_rows,
    told_rows,
)
from appliance.control.pages.screening import question_rows
from appliance.control.pages.unit import unit_rows
from appliance.core.limits.limits import Region
from appliance.messages.snapshot import Snapshot
from appliance.messages.wire import StateName
from tests.support.no_sources import NOTHING
from tests.support.simulated_unit import Unit, wanted_of
from tests.support.snapshots import AT_REST
from ui.cli.treatment.simulated_facts import SimulatedFact, fact_for
from ui.kiosk.journey.place import Awaited, Kiosk, Place, Row, SignedIn
from ui.kiosk.journey.steps import step_for
from ui.kiosk.journey.treatment import Treatment

PATIENT, ALIAS, BORN = "P-0013", "P217", 1974
PROGRAMME, REGION, SIDE = "nmes-strengthening", Region.LOWER_BACK, Side.BOTH
PLACED = {"placement": "lumbar-large", "depth": "usual", "pad_set": "A"}
ME = SignedIn(operator="anna", role="lead", token="-")  # noqa: S106 - a name, no secret
CLOCK = "14:32"


class Sample(NamedTuple):
    """A place and the kiosk around it."""

    place: Place
    kiosk: Kiosk


def snapshot(state: StateName = StateName.READY, **changed: Any) -> Snapshot:
    """Return a snapshot of a unit at rest with other values."""
    return msgspec.structs.replace(AT_REST, state=state, **changed)


def treatment(**changed: Any) -> Treatment:
    """Return what the patient of the samples is treated with."""
    values: dict[str, Any] = {
        "patient": PATIENT,
        "first_step": step_for,
        "alias": ALIAS,
        "born": BORN,
        "programme": PROGRAMME,
        "region": REGION.value,
        "side": SIDE.value,
        **changed,
    }
    return Treatment(**values)


def rows(made: Rows) -> tuple[Row, ...]:
    """Return rows of a page as a client gets them."""
    found: Any = msgspec.to_builtins(list(cast("Any", made)), str_keys=True)
    return tuple(msgspec.json.decode(msgspec.json.encode(found)))


def at(place: Place, pages: Mapping[str, tuple[Row, ...]], **changed: Any) -> Sample:
    """Return a sample with pages of the engine; `changed` are values of the kiosk."""
    values: dict[str, Any] = {"snapshot": snapshot(), "me": ME, "clock": CLOCK, **changed}
    return Sample(place, Kiosk(place=place, pages=MappingProxyType(dict(pages)), **values))


def awaiting(place: Place, tag: str) -> Mapping[int, Awaited]:
    """Return that an action of a place is on its way."""
    return MappingProxyType({1: Awaited(tag, place, 1, recorded=True)})


@cache
def fixed_pages() -> Mapping[str, tuple[Row, ...]]:
    """Return the pages that no patient changes."""
    about = f"{PROGRAMME}:{REGION.value}"
    return {
        "programmes": rows(programme_rows("", NOTHING)),
        "offers": rows(offer_rows("", NOTHING)),
        "evidence": rows(evidence_rows("", NOTHING)),
        f"told:{PROGRAMME}": rows(told_rows(PROGRAMME, NOTHING)),
        f"screening:{about}": rows(question_rows(about, NOTHING)),
        f"placements:{about}": rows(placement_rows(about, NOTHING)),
        f"placements:{about}:{SIDE.value}": rows(placement_rows(f"{about}:{SIDE.value}", NOTHING)),
    }


class Moment(NamedTuple):
    """A moment on the way to Start: what is missing, and every page as it was then."""

    missing: tuple[Row, ...]
    pages: Mapping[str, tuple[Row, ...]]


def pages_of(unit: Unit, missing: tuple[Row, ...] = ()) -> Mapping[str, tuple[Row, ...]]:
    """Return every page of a unit as it is now."""
    return {
        **fixed_pages(),
        "patients:": rows(unit.page(registered_rows, "")),
        f"patient:{PATIENT}": rows(unit.page(patient_rows, PATIENT)),
        "unit": rows(unit.page(unit_rows, "")),
        treatment().page: missing,
        treatment(**PLACED).page: missing,
    }


@cache
def way_to_start() -> Mapping[str, Moment]:
    """Return each moment by the screen that asks for what is missing then; "" once nothing is."""
    unit = Unit()
    moments: dict[str, Moment] = {}
    unit.record(SimulatedFact("patient_registered", {"born": BORN, "alias": ALIAS}))
    wanted = wanted_of(load_catalogue()[PROGRAMME], REGION, SIDE)
    fact: Any = SimulatedFact("", {})
    while isinstance(fact, SimulatedFact):
        situation = unit.situation(wanted, PATIENT)
        missing = rows(cast("Any", situation.findings))
        name = type(step_for(treatment(), missing)).__name__
        moments.setdefault(name, Moment(missing, pages_of(unit, missing)))
        fact = fact_for(situation)
        if isinstance(fact, SimulatedFact):
            unit.record(fact, PATIENT)
    return moments


def finding(rule: str, item: str, consequence: str = "ask", **more: Any) -> Row:
    """Return a row of the page of what is missing that the usual way does not have."""
    texts = {name: {"type": "text", "key": "none", "values": {}} for name in ("found", "allowed")}
    nearest = {"type": "text", "key": more.pop("nearest", "none"), "values": {}}
    blocks = consequence != "note"
    row = {"rule": rule, "item": item, "consequence": consequence, "blocks": blocks}
    return {**row, **texts, "nearest": nearest, "answered_by": "", **more}


Samples = Mapping[str, Callable[[], Sample]]
