"""Turns a client's request into a prescription that this subject may have, or a refusal.

The client names a patient and says nothing of limits: what holds for that patient is looked up
here, and a look-up that fails is a refusal, never a patient without a ceiling. A test load has no
limits but the general ones and counts for nobody.
"""

import dataclasses
from dataclasses import dataclass
from typing import NamedTuple

from msgspec.structs import replace

from appliance.clinical.catalogue import to_prescription
from appliance.clinical.course.judge import judge_course
from appliance.clinical.finding import refusal_of
from appliance.clinical.patients.before_start import WantedTreatment, bounds_before_start
from appliance.clinical.patients.file import PatientFile
from appliance.clinical.patients.registration import unregistered
from appliance.clinical.placement.pad_sets import usable_sets
from appliance.clinical.programme import Programme
from appliance.clinical.skin.bounds import tightest
from appliance.control.commands.repeat_last import last_treatment
from appliance.control.commands.wanted_programme import wanted_programme
from appliance.control.commands.wanted_treatment import (
    on_placement,
    refuse_on_load,
    wanted_treatment,
)
from appliance.control.pages.page import KnownPatients
from appliance.control.procedures.contact_measurement import TEST_AMPLITUDE_UA
from appliance.control.treatment.raise_back import InterruptedSession
from appliance.core.limits import limits
from appliance.core.limits.limits import SESSION_MIN_US, Region
from appliance.core.limits.patient_limits import (
    NO_BOUNDS,
    PatientBounds,
    bounds_of,
    check_ceiling,
    check_duration,
    scope_of,
)
from appliance.core.prescription.contracting_current import has_the_charge
from appliance.core.prescription.contraction_counts import (
    check_contractions,
    contractions_left,
    longest_session_us,
    refuse_another,
)
from appliance.core.prescription.densest import densest_of
from appliance.core.prescription.prescription import Prescription, PrescriptionError
from appliance.core.prescription.waveform import ChannelUse, PartKind, ProgrammeKind
from appliance.core.readable_text import refuse_reason, says_something
from appliance.core.refusal import Refusal
from appliance.messages.actions import Prescribe, RepeatLast
from appliance.messages.wire import Subject
from appliance.records.patient_history import LONGEST, PatientRegister, pseudonym
from appliance.texts.common_phrases import NONE, at_most, listed, seconds
from appliance.texts.text import TextValue, microamps, text
from drivers.quantities import phase_charge_pc

OF_THE_PRESCRIPTION = "refusal.ceiling"
EXAMPLE = "P-17"
"""A pseudonym as one may look."""


@dataclass(frozen=True, slots=True)
class AcceptedPrescription:
    """A prescription, what it is for, and what held for that patient; None for a test load.

    `wanted` is where the pads of a patient lie and which they are, `programme` what it was made of.
    """

    prescription: Prescription
    subject: Subject
    patient: str | None
    bounds: PatientBounds
    wanted: WantedTreatment | None = None
    programme: Programme | None = None


def prescribe(
    request: Prescribe | RepeatLast,
    register: PatientRegister,
    known: KnownPatients,
    channels: tuple[int, ...],
) -> AcceptedPrescription | Refusal:
    """Return what may be given on a board with these channels, or the first refusal.

    `known` are the files of patients; skin and sensation in them may lower the limits. What is
    repeated passes every check again.
    """
    if isinstance(request, RepeatLast):
        repeated = last_treatment(request, register)
        if isinstance(repeated, Refusal):
            return repeated
        if known.interrupted is not None:  # the minutes of then, or what is left of them
            found = _accept(replace(repeated, duration_us=None), register, known, channels)
            if isinstance(found, AcceptedPrescription) and _left(found, known) is not None:
                return found
        request = repeated
    return _accept(request, register, known, channels)


def _accept(
    request: Prescribe,
    register: PatientRegister,
    known: KnownPatients,
    channels: tuple[int, ...],
) -> AcceptedPrescription | Refusal:
    programme = wanted_programme(request, known.own)
    if isinstance(programme, Refusal):
        return programme
    whom = _whom(request, programme, known._replace(fault=register.fault or known.fault))
    if isinstance(whom, Refusal):
        return whom
    patient, wanted = whom
    request = on_placement(request, wanted)
    bounds = NO_BOUNDS if patient is None else _bounds(programme, request, patient, register)
    if isinstance(bounds, Refusal):
        return bounds
    bounds = _with_file(bounds, whom, known)
    left = _continued(programme, request, whom, bounds, known)
    request = _for_what_is_left(request, left, bounds)
    refusal = (
        (refuse_reason(request.reason) if request.reason else None)
        or _refuse_check(bounds.ceiling_ua, bounds.ceiling_by)
        or _refuse_check(request.ceiling_ua, OF_THE_PRESCRIPTION)
        or _refuse_again(programme, request, patient, known, left)
        or check_ceiling(request.ceiling_ua, bounds)
        or check_duration(request.duration_us, bounds)
    )
    if refusal is not None:
        return refusal
    try:
        prescription = _prescription(programme, request, bounds)
    except PrescriptionError as error:
        return error.refusals[0]
    bounds = _with_contractions(prescription, bounds, left)
    refusal = _refuse_channels(prescription, channels)
    refusal = refusal or _refuse_contractions(prescription, bounds, left)
    made_for = request.subject or Subject.TEST_LOAD, patient, bounds, wanted, programme
    return refusal or AcceptedPrescription(prescription, *made_for)


def _with_contractions(
    prescription: Prescription, bounds: PatientBounds, left: InterruptedSession | None
) -> PatientBounds:
    """Return the limits with the contractions that may begin on call, those before it counted."""
    if not any(part.kind is PartKind.ON_CALL for part in prescription.parts):
        return bounds
    given_us, called = _before(bounds, left)
    first = bounds.first_given_us is not None
    most = contractions_left(prescription, first=first, given_us=given_us, called=called)
    return dataclasses.replace(bounds, contractions_left=most)


def _before(bounds: PatientBounds, left: InterruptedSession | None) -> tuple[int, int]:
    """Return the time of contractions by cycle before a session, and those that were called.

    In a first one they are those of today, with those of a session that it continues.
    """
    given_us, called = (0, 0) if left is None else (left.by_cycle_us, left.contractions)
    if bounds.first_given_us is not None:
        given_us = bounds.first_given_us
    return given_us, max(called, bounds.called)


def _refuse_contractions(
    prescription: Prescription, bounds: PatientBounds, left: InterruptedSession | None
) -> Refusal | None:
    """Refuse too many contractions in a first session, or with those that a session had."""
    first = bounds.first_given_us is not None
    if not first and left is None:
        return None
    given_us, called = _before(bounds, left)
    on_call = bounds.contractions_left is not None  # then their number ends it, not the minutes
    called = 0 if on_call else called
    refusal = check_contractions(prescription, first=first, given_us=given_us, called=called)
    if refusal is None and bounds.contractions_left == 0:
        return refuse_another(prescription, first=first)
    return refusal


def _refuse_channels(prescription: Prescription, channels: tuple[int, ...]) -> Refusal | None:
    unknown = [n for n in prescription.channels if n not in channels]
    if not unknown:
        return None
    names = ", ".join(str(n) for n in channels)
    allowed = text("channel.on_this_board", channels=names)
    return Refusal("refusal.channel", unknown[0], allowed, 1)


class _Whom(NamedTuple):
    """The pseudonym of a patient, and where the pads lie; None for a test load."""

    patient: str | None
    wanted: WantedTreatment | None


def _whom(request: Prescribe, programme: Programme, known: KnownPatients) -> _Whom | Refusal:
    """Return who is treated and where, or why nobody can be."""
    if request.subject is None:
        return _refuse_subject(NONE)
    if request.subject is Subject.TEST_LOAD:
        if request.patient is not None:
            return _refuse_subject(text("subject.load_and_patient"))
        return refuse_on_load(request) or _Whom(None, None)
    if request.patient is None:
        return _refuse_subject(text("subject.nobody_named"))
    patient = pseudonym(request.patient)
    if patient is None:
        return refuse_pseudonym(request.patient)
    wanted = _refuse_file(patient, known) or wanted_treatment(request, programme)
    if isinstance(wanted, Refusal):
        return wanted
    return _refuse_pads(wanted.pad_set, known.files.of(patient)) or _Whom(patient, wanted)


def _refuse_file(patient: str, known: KnownPatients) -> Refusal | None:
    """Refuse a patient whose file is unknown, or who is not registered."""
    if known.fault is not None:
        return _refuse_unreadable(patient, known.fault)
    registered = known.files.of(patient).identity is not None
    return None if registered else unregistered(patient).refusal()


def _refuse_pads(pad_set: str, file: PatientFile) -> Refusal | None:
    """Refuse pads that nobody named, or that are not labelled for this patient."""
    if pad_set in file.pads.sets:
        return None
    labels = usable_sets(file.pads)
    asked = text("pad_set.unknown") if pad_set else NONE
    nearest = labels[-1] if labels else text("pad_set.label_new")
    return Refusal("refusal.pad_set", asked, listed(labels), nearest)


def _with_file(bounds: PatientBounds, whom: _Whom, known: KnownPatients) -> PatientBounds:
    """Return the limits of the records together with those that skin and sensation set."""
    if whom.patient is None or whom.wanted is None:
        return bounds
    file, now = known.files.of(whom.patient), known.files.judged_at(known.now)
    return tightest((bounds, bounds_before_start(file, whom.wanted, now)))


def _refuse_subject(asked: TextValue) -> Refusal:
    return Refusal("refusal.subject", asked, text("subject.allowed"), text("subject.nearest"))


def refuse_pseudonym(name: str) -> Refusal:
    """Refuse what is no pseudonym, without repeating it: it may be somebody's name."""
    asked, allowed = text("patient.asked", count=len(name)), text("patient.allowed", most=LONGEST)
    return Refusal("refusal.patient", asked, allowed, EXAMPLE)


def _refuse_unreadable(patient: str, fault: str) -> Refusal:
    allowed = text("patient.readable", fault=fault)
    return Refusal("refusal.patient", patient, allowed, text("patient.records_first"))


def _refuse_check(ceiling_ua: int | None, by: str) -> Refusal | None:
    """Refuse a ceiling, of the patient or the request, below the current of a contact check."""
    if ceiling_ua is None or ceiling_ua >= TEST_AMPLITUDE_UA:
        return None
    least = microamps(TEST_AMPLITUDE_UA)
    allowed = text("ceiling.contact_check", least=least)
    nearest = least if by == OF_THE_PRESCRIPTION else text("ceiling.do_not_treat")
    return Refusal(by, microamps(ceiling_ua), allowed, nearest)


def _bounds(
    programme: Programme, request: Prescribe, patient: str, register: PatientRegister
) -> PatientBounds | Refusal:
    place = _place(programme, request.region)
    scope = scope_of(place)
    if register.fault is not None:
        return _refuse_unreadable(patient, register.fault)
    history = register.standing(patient, scope)
    return bounds_of(
        history,
        scope,
        programme.purpose,
        able=_is_able(programme, request, place, history.ceiling_ua),
        reason_given=says_something(request.reason),
        finds=programme.kind.finds,
    )


def _is_able(programme: Programme, request: Prescribe, place: Region, own_ua: int | None) -> bool:
    """Return whether the requested current has the charge to contract, whatever its purpose."""
    reason_given = says_something(request.reason)
    most_ua = limits.ceiling_ua(
        place, programme.purpose, reason_given=reason_given, patient_ceiling_ua=own_ua
    )
    asked_ua = request.ceiling_ua
    ceiling_ua = min(programme.ceiling_ua, most_ua) if asked_ua is None else asked_ua
    charges_pc = (
        phase_charge_pc(part.amplitude_ua(ceiling_ua), densest_of(part).phase_us)
        for part in programme.parts()
    )
    return has_the_charge(max(charges_pc))


def _refuse_again(
    programme: Programme,
    request: Prescribe,
    patient: str | None,
    known: KnownPatients,
    left: InterruptedSession | None,
) -> Refusal | None:
    """Refuse one session too many, or too soon; one that is continued is the session it was."""
    if patient is None:
        return None
    file, now = known.files.of(patient), known.files.judged_at(known.now)
    own = () if left is None else left.sessions
    earlier = [session for session in file.given if session.session not in own]
    place = _place(programme, request.region)
    refusal = refusal_of(judge_course(file.courses, earlier, programme, place, now))
    return refusal or _refuse_minutes(programme, request, left)


def _continued(
    programme: Programme,
    request: Prescribe,
    whom: _Whom,
    bounds: PatientBounds,
    known: KnownPatients,
) -> InterruptedSession | None:
    """Return the session that this request continues after a harmless trip, None for none."""
    if known.interrupted is None or whom.patient is None:
        return None
    try:
        prescription = _prescription(programme, request, bounds)
    except PrescriptionError:
        return None  # it is refused for what is wrong with it
    of_patient = (whom.patient, bounds, whom.wanted)
    return _left(AcceptedPrescription(prescription, Subject.PATIENT, *of_patient), known)


def _left(accepted: AcceptedPrescription, known: KnownPatients) -> InterruptedSession | None:
    left, asked = known.interrupted, (accepted.patient, accepted.prescription, accepted.wanted)
    if left is None or not left.continued_by(*asked, known.now.monotonic_us):
        return None
    return left


def _for_what_is_left(
    request: Prescribe, left: InterruptedSession | None, bounds: PatientBounds
) -> Prescribe:
    """Return a request for the minutes left of a session, where it names none."""
    if left is None or request.duration_us is not None:
        return request
    most_us = left.left_us if bounds.duration_us is None else bounds.duration_us
    return replace(request, duration_us=min(left.left_us, most_us))


def _refuse_minutes(
    programme: Programme, request: Prescribe, left: InterruptedSession | None
) -> Refusal | None:
    """Refuse more minutes than one session may have, together with those it had."""
    if left is None or request.duration_us is None:
        return None
    brief, finds = programme.kind is ProgrammeKind.BRIEF_INTENSE, programme.kind.finds
    longest_us = limits.longest_session_us(programme.purpose, brief_intense=brief, finds=finds)
    most_us = longest_us - left.given_us
    if request.duration_us <= most_us:
        return None
    asked, most = seconds(request.duration_us), seconds(most_us)
    return Refusal("refusal.session", asked, at_most(most), most)


def _place(programme: Programme, region: str | None) -> Region:
    return programme.region if region not in set(Region) else Region(region)


def _prescription(programme: Programme, request: Prescribe, bounds: PatientBounds) -> Prescription:
    duration_us = request.duration_us
    if duration_us is None and bounds.duration_us is not None:
        duration_us = min(programme.duration_us, bounds.duration_us)
    prescription = to_prescription(
        programme,
        request.channels,
        duration_us=duration_us,
        region=request.region,
        pad_area_mm2=request.pad_area_mm2,
        ceiling_ua=request.ceiling_ua,
        patient_ceiling_ua=bounds.ceiling_ua,
        use=ChannelUse.ALTERNATING if request.alternating else ChannelUse.SIMULTANEOUS,
        on_call=request.on_call,
        tap_ua=request.tap_ua,
        reason=request.reason,
    )
    if request.duration_us is not None or bounds.first_given_us is None:
        return prescription
    called = 0 if request.on_call else bounds.called  # on call their number ends it
    given_us = bounds.first_given_us
    longest_us = longest_session_us(prescription, first=True, given_us=given_us, called=called)
    if longest_us is None or not SESSION_MIN_US <= longest_us < prescription.duration_us:
        return prescription
    return dataclasses.replace(prescription, duration_us=longest_us)
