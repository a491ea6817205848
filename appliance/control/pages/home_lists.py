"""The pages `exercises`, `exercises:AREA` and `advice`: what a patient can take home."""

from collections.abc import Iterator

from appliance.clinical.exercises.exercise_list import (
    Area,
    Exercise,
    load_advice,
    load_exercises,
)
from appliance.control.pages.page import PageSources, Row, Rows, plain_text
from appliance.core.limits.limits import Region
from appliance.core.refusal import Refusal
from appliance.texts.common_phrases import listed
from appliance.texts.text import Text, text


def exercise_rows(wanted: str, _sources: PageSources) -> Rows:
    """Return the exercises of an area, all for ""."""
    if wanted == Region.SUBOCCIPITAL:
        wanted = Area.NECK
    if wanted and wanted not in set(Area):
        areas = listed([*Area])
        return Refusal("refusal.query", text("query.other_area"), areas, Area.NECK)
    return (
        _exercise(exercise)
        for exercise in load_exercises().values()
        if wanted in {"", exercise.area}
    )


def advice_rows(_wanted: str, _sources: PageSources) -> Iterator[Row]:
    """Yield every piece of advice."""
    for advice in load_advice().values():
        yield {"name": advice.name, "text": plain_text(advice.text), "source": advice.source}


def _exercise(exercise: Exercise) -> Row:
    dose = exercise.dose(exercise.sets, exercise.repetitions, exercise.days_a_week)
    return {
        "name": exercise.name,
        "area": exercise.area,
        "title": plain_text(exercise.title),
        "purpose": plain_text(Text(exercise.purpose)),
        "start": plain_text(Text(exercise.start)),
        "steps": [plain_text(step) for step in exercise.step_texts],
        "dose": plain_text(dose),
        "sets": exercise.sets,
        "repetitions": exercise.repetitions,
        "hold_s": exercise.hold_s,
        "days_a_week": exercise.days_a_week,
        "stop": [plain_text(Text(stop)) for stop in exercise.stop],
        "source": exercise.source,
    }
