"""The page `patient:ID`: one whole file, room by room; `kind` says what a row is about."""

from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from appliance.clinical.body import PadSite
from appliance.clinical.fact import FactTime, same_day
from appliance.clinical.patients.file import PatientFile
from appliance.clinical.screening.judge import full_screening_open, is_asked_today
from appliance.clinical.skin.sites import site_text
from appliance.control.pages.motor_points import found_rows
from appliance.control.pages.page import (
    KnownPatients,
    PageSources,
    Row,
    Rows,
    plain_text,
    plain_time,
)
from appliance.control.pages.patients import find_file
from appliance.core.refusal import Refusal
from appliance.records.felt_ranges import load_ranges
from appliance.safety.arming_policy import kind_of_rig


def patient_rows(named: str, sources: PageSources) -> Rows:
    """Return the rows of one patient's file, or that nobody has this id."""
    file = find_file(named, sources.patients)
    if isinstance(file, Refusal):
        return file
    return chain(file_rows(file, sources.patients), _ranges(file, sources.folder))


def _ranges(file: PatientFile, folder: Path) -> Iterator[Row]:
    """Yield at which levels each channel was felt, by placement: the newest mark of each kind."""
    ranges = load_ranges(folder, kind_of_rig(virtual=file.virtual), file.patient)
    for whose, felt in ranges.items():
        key = {"key": whose.key, "channel": whose.channel}
        yield {"kind": "felt_range", **key, **felt._asdict()}


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
        "registered": plain_time(identity.registered),
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
        "why": None if needed is None else plain_text(needed.found),
        "full": plain_time(state.full),
        "visited": plain_time(state.visited),
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
            "since": plain_time(given.at),
        }
    for reason, words in state.reasons.items():
        yield {
            "kind": "reason",
            **reason._asdict(),
            "words": words.words,
            "since": plain_time(words.at),
        }


def _sites(file: PatientFile, now: FactTime) -> Iterator[Row]:
    for site, skin in file.skin.sites.items():
        yield {
            "kind": "skin",
            **_site(site),
            "grade": skin.grade,
            "since": plain_time(skin.at),
            "level_ua": skin.level_ua,
            "cap_ua": skin.cap_ua,
            "blocked": plain_time(skin.blocked),
            "to_follow_up": plain_time(skin.to_follow_up),
        }
    for site, felt in file.sensation.sites.items():
        yield {
            "kind": "sensation",
            **_site(site),
            "feeling": felt.feeling,
            "reason": felt.reason,
            "since": plain_time(felt.at),
            "today": same_day(felt.at, now),
        }
    for material, test in file.patch_tests.tests.items():
        yield {
            "kind": "patch_test",
            "material": material,
            "applied": plain_time(test.applied),
            "read": plain_time(test.read),
            "grade": test.grade,
            "next_day": test.next_day,
            "declined": plain_time(test.declined),
            "blocked": plain_time(file.patch_tests.blocked.get(material)),
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
            "opened": plain_time(pads.opened),
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
            "since": plain_time(placement.placed_at),
            "felt": [[channel, step] for channel, step in placement.felt.items()],
        }
    for (key, channel), at in placement.right.items():
        yield {"kind": "felt_right", "key": key, "channel": channel, "since": plain_time(at)}
    for row in found_rows(file):
        yield {"kind": "motor_point", **row}
    waiver = file.squeeze_waiver
    if waiver.at is not None:
        today = waiver.holds(now)
        row = {"kind": "cannot_squeeze", "reason": waiver.reason, "today": today}
        yield {**row, "since": plain_time(waiver.at)}
    for programme, at in file.told.programmes.items():
        yield {
            "kind": "told",
            "programme": programme,
            "since": plain_time(at),
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
            "since": plain_time(at),
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
        yield {"kind": "motion", **row, "since": plain_time(at)}
    for given in file.exercises.given.values():
        yield {
            "kind": "exercise",
            "given": given.picked,
            "since": plain_time(given.since),
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
            "region": close_out.region,
            "levels": close_out.levels,
            "opened": plain_time(close_out.opened),
            "parts": dict(close_out.parts),
            "because": close_out.because,
            "completed": plain_time(close_out.completed),
        }


def _score(kind: str, name: str, score: int, at: FactTime) -> Row:
    return {"kind": kind, "name": name, "score": score, "since": plain_time(at)}


def _site(site: PadSite) -> Row:
    return {"site": site, "name": plain_text(site_text(site))}
