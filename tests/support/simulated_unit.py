"""The clinical core as an engine uses it, without an engine, for a simulated patient."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from appliance.clinical.body import Side
from appliance.clinical.catalogue import load_catalogue
from appliance.clinical.closing.ended_session import EndedSession, close_out_facts
from appliance.clinical.closing.recording import known_levels
from appliance.clinical.fact import Fact
from appliance.clinical.fact_reading import read_fact
from appliance.clinical.patients.before_start import WantedTreatment
from appliance.clinical.patients.events import fact_types
from appliance.clinical.patients.files import PatientFiles
from appliance.clinical.patients.ids import next_id
from appliance.clinical.patients.recording import refuse_fact
from appliance.clinical.placement.placement import PlannedPlacement
from appliance.clinical.placement.placements import plan_placement
from appliance.clinical.programme import Programme
from appliance.clinical.unit.care import Treated
from appliance.clinical.unit.events import unit_fact_types
from appliance.clinical.unit.facts import UnitFact
from appliance.clinical.unit.recording import refuse_unit_fact
from appliance.clinical.unit.unit_file import UnitFile, judge_before_patient
from appliance.control.pages.missing import finding_row
from appliance.control.pages.page import KnownPatients, KnownUnit, PageSources
from appliance.control.pages.patient_file import patient_rows
from appliance.control.pages.patients import registered_rows
from appliance.control.pages.unit import unit_rows
from appliance.core.limits.limits import Region
from appliance.drills.schedule import DrillStanding
from drivers.board_file import load_board_file
from tests.support.facts import day
from ui.cli.treatment.simulated_close_out import close_out_fact
from ui.cli.treatment.simulated_facts import (
    FindingRow,
    SimulatedFact,
    Situation,
    fact_for,
    pad_set_for,
    registration,
)

PROGRAMME = "conventional-tens"
MOST_FACTS = 40


def every_treatment() -> Iterator[tuple[Programme, Region, Side]]:
    for programme in load_catalogue().values():
        for region in programme.regions:
            yield from ((programme, region, side) for side in Side)


def wanted_of(programme: Programme, region: Region, side: Side) -> WantedTreatment:
    planned = plan_placement(programme, region, side)
    assert isinstance(planned, PlannedPlacement)
    return WantedTreatment(programme=programme, region=region, side=side, placement=planned)


WANTED = wanted_of(load_catalogue()[PROGRAMME], Region.LOWER_BACK, Side.BOTH)


class Unit:
    """The clinical core as the engine uses it, and its pages, without an engine."""

    def __init__(self) -> None:
        self.files = PatientFiles(virtual=True)
        self.unit = UnitFile(virtual=True)
        self.treated: Treated | None = None
        self.now = day(0)

    def page(
        self, rows: Any, about: str, drills: tuple[DrillStanding, ...] = ()
    ) -> list[dict[str, Any]]:
        known = KnownPatients(self.files, self.now)
        unit = KnownUnit(self.unit, self.now, (1, 2))
        sources = PageSources(known, unit, drills, Path(), load_board_file())
        found: Any = msgspec.to_builtins(list(rows(about, sources)), str_keys=True)
        return list(found)

    def patients(self) -> list[dict[str, Any]]:
        return self.page(registered_rows, "")

    def record(self, fact: SimulatedFact, patient: str = "P-0013", **other: Any) -> Fact | UnitFact:
        """Record a fact as the engine would, or fail."""
        values = {"patient": patient, "operator": "treat", "simulated": True, **other}
        if fact.kind == "patient_registered":
            ids = {identity.patient for identity in self.files.identities()}
            values["patient"] = fact.values.get("patient") or next_id(ids)
        if fact.kind in unit_fact_types():
            return self._record_of_unit(fact)
        kind = fact_types()[fact.kind]
        known = known_levels(kind, fact.values, self.files.of(values["patient"]).close_outs)
        read = read_fact(kind, {**values, **known, **fact.values})
        assert isinstance(read, Fact), read
        objection = refuse_fact(read, self.files, self.now)
        assert objection is None, objection
        self.files.take(read, self.now)
        return read

    def _record_of_unit(self, fact: SimulatedFact) -> UnitFact:
        values = {"operator": "treat", "simulated": True, **fact.values}
        read = read_fact(unit_fact_types()[fact.kind], values)
        assert isinstance(read, UnitFact), read
        assert refuse_unit_fact(read, self.unit, (1, 2), self.now) is None
        self.unit = self.unit.after(read, self.now)
        return read

    def situation(self, wanted: WantedTreatment, patient: str = "P-0013") -> Situation:
        file = self.page(patient_rows, patient)
        assert wanted.placement is not None
        pad_set = pad_set_for(wanted.placement, file)
        chosen = WantedTreatment(
            programme=wanted.programme,
            region=wanted.region,
            side=wanted.side,
            placement=wanted.placement,
            pad_set=pad_set,
        )
        findings = (
            *self.files.missing_before_start(patient, chosen, self.now),
            *judge_before_patient(
                self.unit, wanted.placement.channels, patient, self.treated, self.now
            ),
        )
        rows = msgspec.to_builtins([finding_row(each) for each in findings], str_keys=True)
        return Situation(
            msgspec.convert(rows, list[FindingRow]), file, chosen, self.page(unit_rows, "")
        )

    def enter(self, wanted: WantedTreatment) -> list[str]:
        """Enter every fact that is needed and return their kinds."""
        entered: list[str] = []
        while isinstance(fact := fact_for(self.situation(wanted)), SimulatedFact):
            self.record(fact)
            entered.append(fact.kind)
            assert len(entered) < MOST_FACTS, entered
        assert fact is None, fact
        return entered

    def ended(self, session: str, *, motor: bool = False) -> None:
        """Let the engine open the close-out of a session."""
        assert WANTED.placement is not None
        ended = EndedSession(
            session=session,
            patient="P-0013",
            operator="treat",
            motor=motor,
            region=WANTED.region,
            cause="stop",
            levels_ua={1: 9_000, 2: 8_000},
            placement=WANTED.placement,
            pad_set="A",
        )
        for fact in close_out_facts(ended, self.files.of("P-0013").pads):
            self.files.take(fact, self.now)

    def close(self, session: str) -> list[str]:
        """Enter every fact of a close-out and return their kinds."""
        entered: list[str] = []
        while (fact := close_out_fact(self.close_out(session))) is not None:
            self.record(fact)
            entered.append(fact.kind)
            assert len(entered) < MOST_FACTS, entered
        return entered

    def close_out(self, session: str) -> dict[str, Any]:
        file = self.page(patient_rows, "P-0013")
        return next(row for row in file if row.get("session") == session and "parts" in row)


def one_patient() -> Unit:
    """Return a unit with one simulated patient."""
    made = Unit()
    made.record(registration("", made.patients()))
    return made
