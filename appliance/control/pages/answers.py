"""Every kind of page by its name, and how a query is answered with one.

A new page is one line in `PAGES` and a function that returns rows: texts in them are keys with
values, as in a snapshot. Its shape belongs into `USAGE`, which a refusal lists, and into
docs/link.md.
"""

from collections.abc import Mapping

import msgspec

from appliance.control.pages.close_out import close_out_rows, to_complete_rows
from appliance.control.pages.courses import course_rows
from appliance.control.pages.due_outcomes import due_rows, outcome_rows
from appliance.control.pages.help import help_rows
from appliance.control.pages.history import history_rows
from appliance.control.pages.home_lists import advice_rows, exercise_rows
from appliance.control.pages.landmarks import landmark_rows
from appliance.control.pages.missing import missing_rows
from appliance.control.pages.motor_points import motor_point_rows
from appliance.control.pages.operators import operator_rows, set_up_rows
from appliance.control.pages.own_programmes import copy_rows, draft_rows, edit_rows, own_rows
from appliance.control.pages.page import PRESENT, TREATING, PageKind, PageSources
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
from appliance.control.pages.self_test import self_test_rows
from appliance.control.pages.series import series_rows
from appliance.control.pages.trips import trip_rows
from appliance.control.pages.unit import all_due_rows, unit_rows
from appliance.control.pages.visit import visit_rows
from appliance.core.refusal import Refusal
from appliance.link.action_words import action_words
from appliance.link.roles import Role
from appliance.link.text_conversion import refused
from appliance.messages.actions import Query
from appliance.messages.replies import Page, Refused
from appliance.records.queries import page_of
from appliance.texts.common_phrases import listed
from appliance.texts.text import Text, text

PAGES: Mapping[str, PageKind] = {
    "patients": PageKind(registered_rows, TREATING, about_patients=True),
    "patient": PageKind(patient_rows, TREATING, about_patients=True),
    "screening": PageKind(question_rows, TREATING),
    "history": PageKind(history_rows, TREATING, about_patients=True),
    "series": PageKind(series_rows, PRESENT),
    "programmes": PageKind(programme_rows),
    "evidence": PageKind(evidence_rows),
    "offers": PageKind(offer_rows),
    "own_programmes": PageKind(own_rows, TREATING),
    "own_copy": PageKind(copy_rows, TREATING),
    "own_edit": PageKind(edit_rows, TREATING),
    "own_draft": PageKind(draft_rows, TREATING),
    "placements": PageKind(placement_rows),
    "told": PageKind(told_rows),
    "trips": PageKind(trip_rows),
    "help": PageKind(help_rows),
    "close_out": PageKind(close_out_rows, TREATING, about_patients=True),
    "to_complete": PageKind(to_complete_rows, TREATING, about_patients=True),
    "due_outcomes": PageKind(due_rows, TREATING, about_patients=True),
    "course": PageKind(course_rows, TREATING, about_patients=True),
    "outcomes": PageKind(outcome_rows, TREATING, about_patients=True),
    "landmarks": PageKind(landmark_rows, TREATING),
    "motor_points": PageKind(motor_point_rows, TREATING, about_patients=True),
    "visit": PageKind(visit_rows, TREATING, about_patients=True),
    "exercises": PageKind(exercise_rows, TREATING),
    "advice": PageKind(advice_rows, TREATING),
    "operators": PageKind(operator_rows),
    "set_up": PageKind(set_up_rows),
    "missing": PageKind(missing_rows, TREATING, about_patients=True, about_unit=True),
    "unit": PageKind(unit_rows, PRESENT, about_unit=True),
    "due": PageKind(all_due_rows, PRESENT, about_unit=True),
    "self_test": PageKind(self_test_rows, PRESENT),
}
"""Pages by kind; "sessions" and "session:ID" are read by `appliance.records.queries`."""
USAGE = (
    "sessions",
    "session:ID",
    "patients:TEXT",
    "patient:ID",
    "screening",
    "screening:PROGRAMME:REGION",
    "missing:PATIENT:PROGRAMME:REGION:SIDE",
    "missing:PATIENT:PROGRAMME:REGION:SIDE:PLACEMENT:DEPTH:PAD_SET",
    "history:PATIENT",
    "series:SESSION",
    "programmes",
    "evidence",
    "offers",
    "own_programmes",
    "own_copy:NAME",
    "own_edit:NAME",
    "own_draft:PART:DRAFT",
    "placements:PROGRAMME:REGION",
    "placements:PROGRAMME:REGION:SIDE",
    "told:PROGRAMME",
    "trips",
    "help",
    "help:TOPIC",
    "close_out:SESSION",
    "close_out:PATIENT",
    "to_complete",
    "course:PATIENT",
    "due_outcomes:PATIENT",
    "outcomes:PATIENT",
    "landmarks:REGION:SIDE",
    "motor_points:PATIENT",
    "motor_points:PATIENT:REGION:SIDE",
    "visit:PATIENT",
    "exercises:AREA",
    "advice",
    "operators",
    "set_up",
    "unit",
    "due",
    "self_test",
)
"""What may be asked for; words in capitals are filled in by the client."""


def page_kind(what: str) -> PageKind | None:
    """Return the kind of page that a query is for, None if it is read from the records."""
    return PAGES.get(what.partition(":")[0])


def kinds_allowed() -> Text:
    """Return the text that lists what may be asked for."""
    return text("query.allowed", kinds=listed(USAGE))


def refuse_reader(query: Query, role: Role) -> Refused | None:
    """Return the refusal of a peer that may not read this page, None if it may."""
    kind = page_kind(query.what)
    if kind is None or role in kind.may_read:
        return None
    asked = text("role.asked", action=action_words(Query), role=role.value)
    allowed = listed(sorted(role.value for role in kind.may_read))
    return refused(query.request, "refusal.role", asked, allowed, "sessions")


def answer_with_page(query: Query, kind: PageKind, sources: PageSources) -> Page | Refused:
    """Return one page, or why there is none."""
    patients, unit = sources.patients.fault, sources.unit.fault
    if kind.about_patients and patients is not None:
        return _unknown(query, "query.patients", patients)
    if kind.about_unit and unit is not None:
        return _unknown(query, "query.unit", unit)
    found = kind.rows(query.what.partition(":")[2], sources)
    if isinstance(found, Refusal):
        return refused(query.request, found.rule, found.asked, found.allowed, found.nearest)
    rows = (
        {"number": number, **msgspec.to_builtins(row, str_keys=True)}
        for number, row in enumerate(found, 1)
        if number > query.after
    )
    page = page_of(rows, "number", query.limit)
    return Page(request=query.request, rows=page.rows, next_after=page.next_after)


def _unknown(query: Query, asked: str, fault: str) -> Refused:
    allowed = text("query.known_files", fault=fault)
    nearest = text("patient_ceiling.records_first")
    return refused(query.request, "refusal.query", text(asked), allowed, nearest)
