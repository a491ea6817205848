"""What the sheet of one session says, as texts without a language; read from the records.

No word says that anything helped, and nobody is named but by the alias that the patient chose.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from appliance.clinical.catalogue import load_catalogue
from appliance.clinical.exercises.exercise_list import Exercise, load_exercises
from appliance.clinical.patients.file import PatientFile
from appliance.core.limits.limits import Purpose, Region
from appliance.core.refusal import Refusal
from appliance.operators.set_up import SetUp
from appliance.records.drills import rig_of_records
from appliance.records.operator_facts import OperatorFacts
from appliance.records.patient_facts import PatientFacts
from appliance.records.queries import SessionSummary, nearest_sessions, read_facts, read_summary
from appliance.records.storage.store import open_read_only
from appliance.safety.arming_policy import kind_of_rig
from appliance.texts.common_phrases import listed
from appliance.texts.text import Text, TextValue, microamps, text, utc_microseconds

RULE = "refusal.sheet"
US_PER_MIN = 60_000_000
LEVEL_PLACES = 100
"""Levels are told to a tenth of a mA."""


class Block(NamedTuple):
    """A part of the sheet: its title, and lines below it; `warns` has a frame."""

    title: Text
    lines: tuple[Text, ...]
    warns: bool = False


class Home(NamedTuple):
    """An exercise: its name with the dose, its steps, and when to stop."""

    title: Text
    dose: Text
    steps: tuple[Text, ...]
    stop: tuple[Text, ...]


class SheetContent(NamedTuple):
    """All of the sheet; `day` is None where the clock was not trusted."""

    session: str
    clinic: str
    telephone: str
    alias: str
    day: TextValue | None
    facts: tuple[tuple[Text, TextValue], ...]
    blocks: tuple[Block, ...]
    home: tuple[Home, ...]
    advice: tuple[Text, ...]


def read_content(folder: Path, session: str) -> SheetContent | Refusal:
    """Return what the sheet of a session says; raises `ApplianceError`."""
    with open_read_only(folder) as db:
        summary = read_summary(db, session)
        opened = None if summary is None else read_facts(db, summary.opening)
        closed = None if summary is None else read_facts(db, summary.closing or 0)
        near = nearest_sessions(db, session, 1)
        rig = rig_of_records(db) or kind_of_rig(virtual=False)
    patient = (opened or {}).get("patient")
    known = (opened or {}).get("region") in set(Region)
    if summary is None or opened is None or closed is None or patient is None or not known:
        asked = text("sheet.asked", session=session)
        return Refusal(RULE, asked, text("sheet.of_whom"), listed(near) if near else text("none"))
    file = PatientFacts.load(folder, rig).files.of(patient)
    return content_of(summary, opened, closed, file, OperatorFacts.load(folder).set_up)


def content_of(
    summary: SessionSummary,
    opened: Mapping[str, Any],
    closed: Mapping[str, Any],
    file: PatientFile,
    set_up: SetUp,
) -> SheetContent:
    """Return what the sheet of a session that has ended says."""
    region, motor = Region(opened["region"]), is_motor(opened)
    day = utc_microseconds(summary.opened_utc_us) if summary.clock_trusted else None
    given = file.exercises.given
    listed_exercises = load_exercises()
    return SheetContent(
        session=summary.id,
        clinic=set_up.clinic or "",
        telephone=set_up.telephone,
        alias="" if file.identity is None else file.identity.alias or "",
        day=day,
        facts=tuple(_facts(opened, closed)),
        blocks=_blocks(region, motor=motor),
        home=tuple(
            _home(listed_exercises[name], each.picked)
            for name, each in given.items()
            if name in listed_exercises
        ),
        advice=tuple(
            Text(f"advice.{name.replace('-', '_')}")
            for name in file.exercises.advice
            if not name.startswith(("warning", "look"))
        ),
    )


def is_motor(opened: Mapping[str, Any]) -> bool:
    """Return whether muscles were meant to contract."""
    programme = load_catalogue().get(opened.get("programme", ""))
    purpose = opened.get("prescription", {}).get("purpose")
    return purpose == Purpose.MOTOR if programme is None else programme.purpose is Purpose.MOTOR


def _facts(opened: Mapping[str, Any], closed: Mapping[str, Any]) -> list[tuple[Text, TextValue]]:
    programme = load_catalogue().get(opened["programme"])
    name: TextValue = opened.get("title") or opened["programme"]
    name = name if programme is None else programme.title_text
    place: TextValue = Text(f"choice.region.{opened['region']}")
    if opened.get("side"):
        place = text("sheet.where", region=place, side=Text(f"choice.side.{opened['side']}"))
    minutes = max(round(closed["elapsed_us"] / US_PER_MIN), 1)
    kept = [ua for channel in closed["channels"] if (ua := channel.get("comfortable_ua", 0))]
    facts: list[tuple[Text, TextValue]] = [
        (text("sheet.programme"), name),
        (text("sheet.place"), place),
        (text("sheet.time"), text("sheet.minutes", minutes=minutes)),
    ]
    if kept:
        levels = listed([microamps(round(ua / LEVEL_PLACES) * LEVEL_PLACES) for ua in kept])
        facts.append((text("sheet.level"), levels))
    return facts


def _blocks(region: Region, *, motor: bool) -> tuple[Block, ...]:
    feel = text("sheet.feel_sore" if motor else "sheet.feel_tingling")
    warning = "advice.warning_neck" if region.is_neck else "advice.warning_nerves"
    help_at_once = (Text(warning), *((Text("advice.warning_muscle"),) if motor else ()))
    skin = (text("sheet.skin_call"), text("sheet.skin_care"))
    return (
        Block(text("sheet.feel"), (feel, text("sheet.feel_pink"))),
        Block(text("sheet.skin"), skin, warns=True),
        Block(text("sheet.warning"), help_at_once, warns=True),
    )


def _home(exercise: Exercise, picked: Any) -> Home:
    return Home(
        title=exercise.title,
        dose=exercise.dose(picked.sets, picked.repetitions, picked.days_a_week),
        steps=(Text(exercise.start), *exercise.step_texts),
        stop=tuple(map(Text, exercise.stop)),
    )
