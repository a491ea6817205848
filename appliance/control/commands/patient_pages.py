"""Pages about patients for screens, from their files as they were when somebody asked. Pure.

    patients, patients:TEXT                  who is registered; TEXT is part of id, alias or year
    patient:ID                               one whole file; `kind` says what a row is about
    screening                                every question and what its answers mean
    missing:PATIENT:PROGRAMME:REGION:SIDE    what is missing before such a treatment may start

Texts are keys with values, as in a snapshot. Placement and pads of "missing" are those that lie on
the patient, if they are of this programme, region and side.
"""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import msgspec

from appliance.clinical.body import PadSite, Side
from appliance.clinical.catalogue import find
from appliance.clinical.fact import FactTime, same_day
from appliance.clinical.finding import Finding
from appliance.clinical.patients.before_start import WantedTreatment
from appliance.clinical.patients.file import PatientFile
from appliance.clinical.patients.files import PatientFiles
from appliance.clinical.patients.registration import unregistered
from appliance.clinical.placement.placement import PlannedPlacement
from appliance.clinical.placement.placements import plan_placement
from appliance.clinical.screening.judge import full_screening_open, is_asked_today
from appliance.clinical.screening.questions import load_questions, load_visit_list
from appliance.clinical.skin.sites import site_text
from appliance.core.limits.limits import Region
from appliance.core.refusal import Refusal
from appliance.link.roles import Role
from appliance.link.text_conversion import refused, view_value
from appliance.messages.actions import Query
from appliance.messages.replies import Page, Refused
from appliance.records.patient_history import pseudonym
from appliance.records.queries import page_of
from appliance.texts.common_phrases import listed
from appliance.texts.text import Text, TextValue, text

MAY_READ = frozenset({Role.KIOSK, Role.OWNER})
"""Who may read files of patients: not maintenance, which treats nobody."""
KINDS = ("patients", "patient", "screening", "missing")
_RULE = "refusal.query"

Row = dict[str, Any]


class KnownPatients(NamedTuple):
    """The files of patients at one moment, that moment, and why they are unknown, if they are."""

    files: PatientFiles
    now: FactTime
    fault: str | None = None


def is_about_patients(what: str) -> bool:
    """Return whether a query is answered here."""
    return what.partition(":")[0] in KINDS


def refuse_reading(query: Query, role: Role) -> Refused:
    """Return the refusal of a peer that may not read files of patients."""
    asked = text("role.asked", action=query.what.partition(":")[0], role=role.value)
    allowed = listed(sorted(role.value for role in MAY_READ))
    return refused(query.request, "refusal.role", asked, allowed, "sessions")


def answer_about_patients(query: Query, known: KnownPatients) -> Page | Refused:
    """Return one page, or why there is none."""
    if known.fault is not None:
        allowed = text("query.known_files", fault=known.fault)
        nearest = text("patient_ceiling.records_first")
        return refused(query.request, _RULE, text("query.patients"), allowed, nearest)
    found = _rows(query.what, known)
    if isinstance(found, Refusal):
        return refused(query.request, found.rule, found.asked, found.allowed, found.nearest)
    rows = (
        {"number": number, **msgspec.to_builtins(row, str_keys=True)}
        for number, row in enumerate(found, 1)
        if number > query.after
    )
    page = page_of(rows, "number", query.limit)
    return Page(request=query.request, rows=page.rows, next_after=page.next_after)


def _rows(what: str, known: KnownPatients) -> Iterator[Row] | Refusal:
    kind, _, rest = what.partition(":")
    match kind:
        case "patients":
            return _patients(rest, known)
        case "screening":
            return _questions()
        case "patient":
            file = _file(rest, known)
            return file if isinstance(file, Refusal) else file_rows(file, known)
        case _:
            wanted = missing_of(rest, known)
            return wanted if isinstance(wanted, Refusal) else map(finding_row, wanted)


def _file(named: str, known: KnownPatients) -> PatientFile | Refusal:
    patient = pseudonym(named)
    file = None if patient is None else known.files.of(patient)
    if file is None or file.identity is None:
        return unregistered(patient or "-").refusal()
    return file


def _patients(wanted: str, known: KnownPatients) -> Iterator[Row]:
    wanted = wanted.strip().casefold()
    for file in known.files.all():
        identity = file.identity
        if identity is None:
            continue
        named = (identity.patient, identity.alias or "", str(identity.born))
        if any(wanted in name.casefold() for name in named):
            yield {
                "patient": identity.patient,
                "alias": identity.alias,
                "born": identity.born,
                "newest": _when(file.newest),
                "simulated": file.has_simulated,
                "treated": [[region, side] for region, side in file.treated],
            }


def _questions() -> Iterator[Row]:
    items = {name: item.id for item in load_visit_list().values() for name in item.questions}
    for question in load_questions().values():
        yield {
            **msgspec.to_builtins(question),
            "name": _view(Text(f"screening.{question.id}.name")),
            "question": _view(Text(f"screening.{question.id}.question")),
            "help": _view(Text(f"screening.{question.id}.help")),
            "visit_item": items[question.id],
        }


def missing_of(wanted: str, known: KnownPatients) -> tuple[Finding, ...] | Refusal:
    """Return what is missing before a treatment, named as PATIENT:PROGRAMME:REGION:SIDE."""
    parts = wanted.split(":")
    if len(parts) != 4 or parts[2] not in set(Region) or parts[3] not in set(Side):  # noqa: PLR2004
        return Refusal(
            _RULE, text("query.patients"), text("query.missing"), listed([*Region, *Side])
        )
    file, programme = _file(parts[0], known), find(parts[1])
    if isinstance(file, Refusal):
        return file
    if isinstance(programme, tuple):
        return Refusal(
            "refusal.programme", parts[1], text("programme.allowed"), listed(list(programme))
        )
    region, side = Region(parts[2]), Side(parts[3])
    if region not in programme.regions:
        asked = text("region.asked", programme=programme.name, region=region)
        return Refusal("refusal.region", asked, listed(programme.regions), programme.region)
    placement = _lying(file, programme.name, region, side)
    pad_set = (
        "" if placement is None or not file.placement.placed else file.placement.placed.pad_set
    )
    treatment = WantedTreatment(
        programme=programme, region=region, side=side, placement=placement, pad_set=pad_set
    )
    return known.files.missing_before_start(file.patient, treatment, known.now)


def _lying(file: PatientFile, name: str, region: Region, side: Side) -> PlannedPlacement | None:
    """Return the plan of the pads that lie on the patient, None if they are for another."""
    placed, programme = file.placement.placed, find(name)
    if placed is None or isinstance(programme, tuple):
        return None
    key = placed.key
    if (key.programme, key.region, key.side) != (name, region, side):
        return None
    planned = plan_placement(programme, region, side, placement=key.placement, depth=key.depth)
    return None if isinstance(planned, Refusal) else planned


def finding_row(finding: Finding) -> Row:
    """Return a finding as a row: what it means, and its texts."""
    return {
        "consequence": finding.consequence,
        "blocks": finding.consequence.blocks,
        "rule": finding.rule,
        "item": finding.item,
        "found": _view(finding.found),
        "allowed": _view(finding.allowed),
        "nearest": _view(finding.nearest),
        "since": _when(finding.since),
        "from_utc_us": finding.from_utc_us,
    }


# --- one file --------------------------------------------------------------------------------


def file_rows(file: PatientFile, known: KnownPatients) -> Iterator[Row]:
    """Yield what is known of a patient, room by room; `kind` says what a row is about."""
    now = known.files.judged_at(known.now)
    yield from _identity(file)
    yield from _screening(file, known, now)
    yield from _sites(file, now)
    yield from _pads(file, now)
    yield from _outcomes(file, now)
    yield from _closing(file)


def _identity(file: PatientFile) -> Iterator[Row]:
    identity = file.identity
    if identity is None:
        return
    yield {
        "kind": "identity",
        "patient": identity.patient,
        "born": identity.born,
        "alias": identity.alias,
        "registered": _when(identity.registered),
        "simulated": file.has_simulated,
        "treated": [[region, side] for region, side in file.treated],
    }
    for note in identity.notes:
        yield {"kind": "note", "note": note}


def _screening(file: PatientFile, known: KnownPatients, now: FactTime) -> Iterator[Row]:
    state = file.screening
    needed = full_screening_open(state, now, known.files.settings.screening)
    yield {
        "kind": "screening",
        "valid": needed is None,
        "why": None if needed is None else _view(needed.found),
        "full": _when(state.full),
        "visited": _when(state.visited),
        "asked_today": is_asked_today(state, now),
        "changed": sorted(state.changed),
        "again": [[asked.question, asked.region] for asked in sorted(state.again, key=str)],
    }
    for asked, given in state.answers.items():
        yield {
            "kind": "answer",
            "question": asked.question,
            "region": asked.region,
            "answer": given.answer,
            "since": _when(given.at),
        }
    for reason, words in state.reasons.items():
        yield {
            "kind": "reason",
            **reason._asdict(),
            "words": words.words,
            "since": _when(words.at),
        }


def _sites(file: PatientFile, now: FactTime) -> Iterator[Row]:
    for site, skin in file.skin.sites.items():
        yield {
            "kind": "skin",
            **_site(site),
            "grade": skin.grade,
            "since": _when(skin.at),
            "level_ua": skin.level_ua,
            "cap_ua": skin.cap_ua,
            "blocked": _when(skin.blocked),
            "to_follow_up": _when(skin.to_follow_up),
        }
    for site, felt in file.sensation.sites.items():
        yield {
            "kind": "sensation",
            **_site(site),
            "feeling": felt.feeling,
            "reason": felt.reason,
            "since": _when(felt.at),
            "today": same_day(felt.at, now),
        }
    for material, test in file.patch_tests.tests.items():
        yield {
            "kind": "patch_test",
            "material": material,
            "applied": _when(test.applied),
            "read": _when(test.read),
            "grade": test.grade,
            "next_day": test.next_day,
            "declined": _when(test.declined),
            "blocked": _when(file.patch_tests.blocked.get(material)),
        }


def _pads(file: PatientFile, now: FactTime) -> Iterator[Row]:
    for pads in file.pads.sets.values():
        label, checked = pads.label, pads.checked
        yield {
            "kind": "pads",
            "pad_set": label.pad_set,
            "material": label.material,
            "width_mm": label.width_mm,
            "height_mm": label.height_mm,
            "pads": label.pads,
            "opened": _when(pads.opened),
            "uses": pads.uses,
            "checked_today": checked is not None and same_day(checked[1], now),
            "out_of_use": pads.out_of_use,
        }
    placement = file.placement
    if placement.placed is not None:
        yield {
            "kind": "placed",
            "key": placement.placed.key,
            "pad_set": placement.placed.pad_set,
            "since": _when(placement.placed_at),
            "felt": [[channel, step] for channel, step in placement.felt.items()],
        }
    for (key, channel), at in placement.right.items():
        yield {"kind": "felt_right", "key": key, "channel": channel, "since": _when(at)}
    for programme, at in file.told.programmes.items():
        yield {
            "kind": "told",
            "programme": programme,
            "since": _when(at),
            "today": same_day(at, now),
        }


def _outcomes(file: PatientFile, now: FactTime) -> Iterator[Row]:
    outcomes = file.outcomes
    for complaint, at in outcomes.complaints:
        yield {
            "kind": "complaint",
            "region": complaint.region,
            "side": complaint.side,
            "weeks": complaint.weeks,
            "diagnosis": complaint.diagnosis,
            "reason": complaint.reason,
            "since": _when(at),
        }
    for region, sessions in outcomes.pain.items():
        for session, pain in sessions.items():
            yield {"kind": "pain", "region": region, "session": session, **pain._asdict()}
    for index, scores in outcomes.indices.items():
        yield from (_score("index", index, score.score, score.at) for score in scores)
    for activity, scores in outcomes.activities.items():
        yield from (_score("activity", activity, score.score, score.at) for score in scores)
    for change in outcomes.global_changes:
        yield _score("global_change", "", change.score, change.at)
    for tested, at in outcomes.motions:
        row = {"region": tested.region, "motions": tested.motions}
        yield {"kind": "motion", **row, "since": _when(at)}
    for given in file.exercises.given.values():
        yield {
            "kind": "exercise",
            "given": given.picked,
            "since": _when(given.since),
            "went": given.went,
            "asked_today": given.asked is not None and same_day(given.asked, now),
        }
    for advice in file.exercises.advice:
        yield {"kind": "advice", "advice": advice}


def _closing(file: PatientFile) -> Iterator[Row]:
    for close_out in file.close_outs.by_session.values():
        yield {
            "kind": "close_out",
            "session": close_out.session,
            "motor": close_out.motor,
            "opened": _when(close_out.opened),
            "parts": dict(close_out.parts),
            "because": close_out.because,
            "completed": _when(close_out.completed),
        }


def _score(kind: str, name: str, score: int, at: FactTime) -> Row:
    return {"kind": kind, "name": name, "score": score, "since": _when(at)}


def _site(site: PadSite) -> Row:
    return {"site": site, "name": _view(site_text(site))}


def _when(at: FactTime | None) -> Mapping[str, object] | None:
    return None if at is None else {"utc_us": at.utc_us, "trusted": at.trusted}


def _view(value: TextValue) -> object:
    return msgspec.to_builtins(view_value(value))
