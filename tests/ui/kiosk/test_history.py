"""What was done, over days: one session in charts, a patient's sessions, the course."""

from typing import Any

import pytest

from tests.support.kiosk.sessions import (
    NEWEST_US,
    PATIENT,
    SESSION,
    WHOSE,
    course,
    history,
    kiosk,
    series,
    told,
    with_harm,
)
from ui.kiosk.journey.history import History, Summary
from ui.kiosk.journey.of_patient import Whose
from ui.kiosk.journey.place import Go, Kiosk
from ui.kiosk.view_models.blocks import Block, Card, FormView, Keys
from ui.kiosk.view_models.charts import (
    Bars,
    Chart,
    Charts,
    FactRow,
    joined_of,
    runs_of,
    ticks_of,
    top_of,
)
from ui.kiosk.view_models.days import time_of
from ui.kiosk.view_models.history import history_view
from ui.kiosk.view_models.parts import KeyLook
from ui.kiosk.view_models.summary import summary_view
from ui.kiosk.view_models.tables import Progress, TableKeys

SUMMARY = Summary(whose=WHOSE, session=SESSION)


def blocks(view: FormView) -> list[Block]:
    return [block for column in view.columns for block in column.blocks]


def charts(view: FormView) -> dict[str, Chart | Bars]:
    (found,) = [block for block in blocks(view) if isinstance(block, Charts)]
    return {chart.title: chart for chart in found.charts}


def facts(place: Summary, at: Kiosk) -> dict[str, str]:
    view = summary_view(place, at)
    return dict(*(block.facts for block in blocks(view) if isinstance(block, FactRow)))


def test_a_session_shows_what_was_set_and_measured_of_each_channel() -> None:
    level = charts(summary_view(SUMMARY, kiosk(SUMMARY)))["Level"]
    assert isinstance(level, Chart)
    assert [line.channel for line in level.lines] == [1, 2]
    assert level.ticks[-1] == (1.0, "40")
    assert max(y for line in level.lines for run in line.runs for _, y in run) == 0.8
    assert all(0 <= y <= 0.8 for dots in level.dots for _, y in dots.points)
    assert all(5 <= len(dots.points) <= 20 for dots in level.dots)
    assert level.to_text == "10 min"


def test_a_session_shows_contact_and_what_was_reached_of_each_limit() -> None:
    found = charts(summary_view(SUMMARY, kiosk(SUMMARY)))
    contact, dose = found["Contact"], found["Dose against limits"]
    assert isinstance(contact, Chart)
    assert {round(y, 3) for line in contact.lines for run in line.runs for _, y in run} == {
        0.6,
        0.65,
    }
    assert isinstance(dose, Bars)
    assert [(bar.value, bar.of, bar.share) for bar in dose.bars] == [
        ("9.6", "of 40 µC", 0.24),
        ("0.22", "of 1.0 mA/cm²", 0.22),
        ("10", "of 10", 1.0),
    ]


def test_a_session_says_what_was_noted_of_it() -> None:
    assert facts(SUMMARY, kiosk(SUMMARY)) == {
        "given": "10:00 of 10:00",
        "stops": "1 pause",
        "contraction": "visible",
        "pain": "6 to 3",
        "skin": "0",
    }


def test_a_session_and_its_line_show_pain_and_burning_that_were_told() -> None:
    """Hazard: a burn that the patient told at a pause is not seen before the next session."""
    at = kiosk(SUMMARY, **{f"history_of_{PATIENT}": with_harm()})
    (card,) = [each for each in blocks(summary_view(SUMMARY, at)) if isinstance(each, Card)]
    when = time_of(told("pain", 8_000)["at"])
    assert (card.look, card.icon) == ("warn", "burn")
    assert card.text.splitlines()[1:] == [
        f"Pain, 28.0 mA set, 27.9 measured, {when}",
        f"Burning, before the stop 30.5 mA set, 30.3 measured, {when}",
    ]
    (table,) = [
        each
        for each in blocks(history_view(History(whose=WHOSE), at))
        if isinstance(each, TableKeys)
    ]
    assert [line.cells[0].icon for line in table.keys] == ["burn", "", "", "", ""]


def test_a_session_that_nothing_was_measured_in_says_so() -> None:
    (head, *_) = series(elapsed_us=None, outcome=None, cause_text=None, reached=[])
    place = Summary(whose=Whose(), session=SESSION)
    at = kiosk(place, **{f"series_of_{SESSION}": (head,)})
    view = summary_view(place, at)
    assert all(chart.empty for chart in charts(view).values())
    assert SESSION in view.title
    assert [card.text for card in blocks(view) if isinstance(card, Card)] == [
        "This session is still open."
    ]
    assert "pain" not in facts(place, at)


def test_a_gap_in_the_measurements_is_a_gap_in_the_line() -> None:
    assert runs_of([1, None, 2, 3], 4) == (((0.0, 0.25),), ((2 / 3, 0.5), (1.0, 0.75)))
    assert runs_of([None, None], 4) == ()
    assert joined_of([1, None, 2], 4) == (((0.0, 0.25), (1.0, 0.5)),)
    assert joined_of([None], 4) == ()


@pytest.mark.parametrize(("value", "top"), [(0, 1), (0.9, 1), (1.1, 2), (33, 40), (250, 250)])
def test_a_scale_ends_above_every_value(value: float, top: int) -> None:
    assert top_of([value]) == top
    assert ticks_of(top)[-1] == (1.0, str(top))


def test_each_session_is_a_line_and_leads_to_its_summary() -> None:
    place = History(whose=WHOSE)
    (table,) = [
        block for block in blocks(history_view(place, kiosk(place))) if isinstance(block, TableKeys)
    ]
    assert [cell.text for cell in table.keys[0].cells][1:] == [
        "10:00",
        "32.0",
        "30.5",
        "6 – 3",
        "0",
    ]
    assert [cell.icon for line in table.keys for cell in line.cells[-1:]] == [
        "check",
        "check",
        "check",
        "warn",
        "check",
    ]
    following = place.touched(table.keys[0].action, kiosk(place)).place
    assert following == Summary(whose=WHOSE, session=SESSION, came_from=place)
    assert following.touched("back", kiosk(place)).place == place
    assert following.touched("history", kiosk(place)).place == place


def test_a_session_that_nobody_asked_about_has_dashes() -> None:
    place = History(whose=WHOSE, first=5)
    view = history_view(place, kiosk(place))
    (table,) = [block for block in blocks(view) if isinstance(block, TableKeys)]
    assert [cell.text for cell in table.keys[0].cells][2:] == ["20.0", "–", "–", "–"]


def test_pain_before_and_after_stand_on_one_stem_the_oldest_first() -> None:
    place = History(whose=WHOSE)
    pain = charts(history_view(place, kiosk(place)))["Pain"]
    assert isinstance(pain, Chart)
    assert [(stem.before, stem.after) for stem in pain.stems][-1] == (0.6, 0.3)
    assert [stem.is_newest for stem in pain.stems] == [False] * 4 + [True]
    level = charts(history_view(place, kiosk(place)))["Level kept"]
    assert isinstance(level, Chart)
    assert [len(run) for line in level.lines for run in line.runs] == [6, 5]


@pytest.mark.parametrize(
    ("findings", "changed", "words"),
    [
        ((), {}, "The next session may be now."),
        (({"rule": "refusal.rest", "from_utc_us": NEWEST_US},), {}, "Next session from"),
        (({"rule": "refusal.course_review"},), {}, "The course is at its end: review it."),
        ((), {"decision": "stop"}, "Reviewed. A new course is next."),
    ],
)
def test_the_course_says_what_comes_next(
    findings: tuple[dict[str, Any], ...], changed: dict[str, Any], words: str
) -> None:
    place = History(whose=WHOSE)
    at = kiosk(place, **{f"course_of_{PATIENT}": course(*findings, **changed)})
    view = history_view(place, at)
    assert any(isinstance(card, Card) and card.text.startswith(words) for card in blocks(view))
    keys = [key for block in blocks(view) if isinstance(block, Keys) for key in block.keys]
    leads = [key.action for key in keys if key.look is KeyLook.LEAD]
    assert leads == {"The course is at": ["review"], "Reviewed. A new": ["new_course"]}.get(
        words[:16].strip(), []
    )
    (progress,) = [block for block in blocks(view) if isinstance(block, Progress)]
    assert (progress.title, progress.done, progress.of) == ("Strength, lower back", 6, 20)


def test_a_patient_who_was_never_treated_has_no_chart_of_nothing() -> None:
    place = History(whose=WHOSE)
    at = kiosk(place, **{f"history_of_{PATIENT}": (), f"course_of_{PATIENT}": ()})
    found = charts(history_view(place, at))
    assert all(isinstance(chart, Chart) and chart.empty for chart in found.values())


def test_the_list_turns_its_pages_and_leads_back() -> None:
    place = History(whose=WHOSE)
    older = place.touched("older", kiosk(place)).place
    assert isinstance(older, History)
    assert older.first == 5
    newer = older.touched("newer", kiosk(place)).place
    assert newer == place
    assert place.touched("back", kiosk(place)).effects == (Go("home"),)
    assert len(history()) == 6
