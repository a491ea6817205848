"""Pages of close-outs: `close_out:SESSION` or `close_out:PATIENT`, and `to_complete`.

A close-out begins with a row of kind `close_out`; then one of kind `part` for each step, in the
order of doing; then one of kind `care`: whether the unit was wiped since. A patient's close-out is
the one the next session waits for, else the newest that is not complete, else the newest.
"""

from collections.abc import Iterator
from itertools import chain

from appliance.clinical.choice import choice_text
from appliance.clinical.closing.close_out import CloseOut
from appliance.clinical.closing.facts import CloseOutPart, StoppedBecause
from appliance.clinical.closing.steps import (
    REASONS,
    CloseOutStep,
    close_out_steps,
    seated_left_s,
)
from appliance.clinical.fact import FactTime, session_order
from appliance.clinical.patients.file import PatientFile
from appliance.clinical.patients.outcomes_due import are_due_at
from appliance.clinical.skin.facts import SkinGrade
from appliance.clinical.skin.sites import site_text
from appliance.clinical.unit.care import CLEANING
from appliance.clinical.unit.facts import OutOfUseReason
from appliance.control.pages.page import (
    KnownPatients,
    KnownUnit,
    PageSources,
    Row,
    Rows,
    plain_text,
    plain_time,
)
from appliance.control.pages.patients import find_file
from appliance.control.stops.ended_because import ended_because
from appliance.core.refusal import Refusal
from appliance.texts.common_phrases import NONE
from appliance.texts.text import Text, text


def close_out_rows(wanted: str, sources: PageSources) -> Rows:
    """Return one close-out, or that there is none."""
    known = sources.patients
    found = find_close_out(wanted, known)
    if isinstance(found, Refusal):
        return found
    file, close_out = found
    return chain(rows_of(file, close_out, known), _cleaning(close_out, sources.unit))


def find_close_out(wanted: str, known: KnownPatients) -> tuple[PatientFile, CloseOut] | Refusal:
    """Return the close-out of a session or of a patient, with the file it is in."""
    return _of_session(wanted, known) or _of_patient(wanted, known)


def to_complete_rows(_wanted: str, sources: PageSources) -> Iterator[Row]:
    """Yield every step of every patient that is still open, the oldest session first."""
    return open_step_rows(sources.patients)


def open_step_rows(known: KnownPatients) -> Iterator[Row]:
    """Yield a row for each open step."""
    for file, close_out, step in open_steps(known):
        yield {
            "patient": file.patient,
            "alias": file.identity and file.identity.alias,
            "session": close_out.session,
            "since": plain_time(close_out.opened),
            **_step(step),
        }


def open_steps(known: KnownPatients) -> Iterator[tuple[PatientFile, CloseOut, CloseOutStep]]:
    """Yield what is still open of every patient's close-outs, the oldest session first."""
    close_outs = [
        (close_out, file)
        for file in known.files.all()
        if file.identity is not None
        for close_out in file.close_outs.by_session.values()
    ]
    for close_out, file in sorted(close_outs, key=lambda each: session_order(each[0].session)):
        for step in close_out_steps(close_out, outcomes_due=False):
            if step.is_open:
                yield file, close_out, step


def _of_session(wanted: str, known: KnownPatients) -> tuple[PatientFile, CloseOut] | None:
    for file in known.files.all():
        close_out = file.close_outs.by_session.get(wanted)
        if close_out is not None and file.identity is not None:
            return known.files.of(file.patient), close_out
    return None


def _of_patient(wanted: str, known: KnownPatients) -> tuple[PatientFile, CloseOut] | Refusal:
    file = find_file(wanted, known)
    if isinstance(file, Refusal):
        return file
    close_outs = file.close_outs
    close_out = close_outs.holding_up or close_outs.open or close_outs.newest
    if close_out is not None:
        return file, close_out
    allowed = text("close_out.open_session")
    return Refusal("refusal.close_out", NONE, allowed, text("query.no_session_yet"))


def rows_of(file: PatientFile, close_out: CloseOut, known: KnownPatients) -> Iterator[Row]:
    """Yield one close-out, then its steps."""
    now = known.files.judged_at(known.now)
    yield _head(file, close_out)
    for step in close_out_steps(close_out, outcomes_due=are_due_at(file, close_out.session)):
        yield {"kind": "part", **_step(step), **_details(step.part, close_out, now)}


def _cleaning(close_out: CloseOut, unit: KnownUnit) -> Iterator[Row]:
    """Yield whether the unit was wiped since the output ended; nothing where that is unknown."""
    if unit.fault is not None:
        return
    cleaned = unit.file.care.cleaned
    yield {
        "kind": "care",
        "item": CLEANING,
        "done": cleaned is not None and cleaned.moment >= close_out.opened.moment,
        "to_do": plain_text(text("care_do.cleaning")),
    }


def _head(file: PatientFile, close_out: CloseOut) -> Row:
    cause = ended_because(close_out.cause) or Text("ended.interrupted")
    because = close_out.because
    return {
        "kind": "close_out",
        "session": close_out.session,
        "patient": file.patient,
        "region": close_out.region,
        "motor": close_out.motor,
        "opened": plain_time(close_out.opened),
        "completed": plain_time(close_out.completed),
        "cause": close_out.cause,
        "cause_text": plain_text(cause),
        "because": because,
        "because_text": because and plain_text(choice_text(because)),
        "harms": because is not None and because.harms,
        "holds_up": bool(close_out.holds_up),
        "take_out_of_use": _out_of_use(close_out),
        "parts": list(_parts(file, close_out.session)),
    }


def _parts(file: PatientFile, session: str) -> Iterator[Row]:
    """Yield each part of a session that was continued, the oldest first; the one by itself else."""
    first = {each.session: each.continues or each.session for each in file.given}
    for part in file.close_outs.by_session.values():
        if first.get(part.session, part.session) == first.get(session, session):
            yield {"session": part.session, "open": part.completed is None}


def _out_of_use(close_out: CloseOut) -> OutOfUseReason | None:
    """Return why the unit is offered to be taken out of use, None where nothing points to it."""
    broken = SkinGrade.BROKEN in close_out.grades.values()
    burnt = broken or close_out.because is StoppedBecause.BURNING
    return OutOfUseReason.BURN if burnt else None


def _step(step: CloseOutStep) -> Row:
    return {
        "part": step.part,
        "name": plain_text(choice_text(step.part)),
        "outcome": step.outcome,
        "required": step.required,
        "holds_up": step.holds_up,
        "may_defer": step.may_defer,
        "may_leave_out": step.may_leave_out,
        "to_do": plain_text(step.to_do),
        "reasons": [plain_text(reason) for reason in REASONS] if step.may_leave_out else [],
    }


def _details(part: CloseOutPart, close_out: CloseOut, now: FactTime) -> Row:
    match part:
        case CloseOutPart.SKIN:
            return {"sites": [_site(close_out, number) for number in range(len(close_out.levels))]}
        case CloseOutPart.SEATED:
            return {"left_s": seated_left_s(close_out, now)}
        case _:
            return {}


def _site(close_out: CloseOut, number: int) -> Row:
    level = close_out.levels[number]
    return {
        "site": level.site,
        "name": plain_text(site_text(level.site)),
        "level_ua": level.level_ua,
        "grade": close_out.grades.get(level.site),
    }
