"""A patient's sessions over days: the course, a line for each session, pain and level as charts."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from ui.kiosk.journey.history import ON_PAGE, History
from ui.kiosk.journey.place import Kiosk, Row
from ui.kiosk.locale.words import _, choice, sentence
from ui.kiosk.view_models.blocks import Beside, Block, Card, Column, FormView, Keys, Say
from ui.kiosk.view_models.channels import clock_text, milliamps
from ui.kiosk.view_models.charts import (
    DISC,
    RING,
    Chart,
    ChartLine,
    Charts,
    Stem,
    runs_of,
    ticks_of,
    top_of,
)
from ui.kiosk.view_models.days import time_of_us
from ui.kiosk.view_models.harm import ICONS
from ui.kiosk.view_models.parts import KeyLook, KeyView
from ui.kiosk.view_models.shell import BACK
from ui.kiosk.view_models.steps import problem_card
from ui.kiosk.view_models.summary import skin_text
from ui.kiosk.view_models.tables import Progress, TableCell, TableKeys, TableKeyView

US_PER_S, MILLI, WORST = 1_000_000, 1000, 10
PAIN = ("pain_before", "pain_after")
DUE = "advice"
"""The look of what is due."""
MOST_DRAWN = 10
"""Sessions in a chart."""
TABLE = 284
"""Five lines of 47 and their heads."""
SHARES = (106, 58, 49, 49, 50, 46)


def history_view(place: History, kiosk: Kiosk) -> FormView:
    """Return the list on the left, the charts on the right."""
    whose, rows = place.whose, kiosk.rows(place.whose.history)
    born = "" if whose.born is None else _("born {year}").format(year=whose.born)
    course = place.course(kiosk)
    left = (*_progress(course, rows or ()), *_list(place, rows), *problem_card(kiosk, 56))
    right = (*_next(course), _charts(course, rows or ()), _foot(course))
    return FormView(
        title=" · ".join(filter(None, (whose.name, born))),
        line=_head_line(course, rows or ()),
        rail=(BACK, KeyView(action="patient", text=_("Patient"), icon="person")),
        turn=str(place.first),
        columns=(Column(share=392, blocks=left), Column(share=256, blocks=right)),
    )


def _head_line(course: Row | None, rows: Sequence[Row]) -> str:
    if course is None:
        return _("Course and history")
    ahead = ahead_of(course)
    done = _("{done} of {planned} sessions").format(
        done=len(course["sessions"]), planned=planned_sessions(course, rows)
    )
    return " · ".join(filter(None, (done, ahead.line)))


def course_title(course: Row) -> str:
    """Return what a course is for and where."""
    goal = choice("goal", str(course["goal"]))
    return sentence(
        _("{goal}, {region}").format(goal=goal, region=choice("region", str(course["region"])))
    )


def planned_sessions(course: Row, rows: Sequence[Row]) -> int:
    """Return how many sessions the course has with the programme given last."""
    given = next((row["programme"] for row in rows if row["session"] in course["sessions"]), "")
    by_name = {row["programme"]: row["sessions"] for row in course["programmes"]}
    return int(by_name.get(given) or max(by_name.values(), default=0))


def _progress(course: Row | None, rows: Sequence[Row]) -> tuple[Block, ...]:
    if course is None:
        return ()
    done, of = len(course["sessions"]), planned_sessions(course, rows)
    words = _("{done} of {planned} sessions").format(done=done, planned=of)
    return (Progress(title=course_title(course), done=done, of=of, words=words, only_wide=True),)


def _list(place: History, rows: Sequence[Row] | None) -> tuple[Block, ...]:
    if not rows:
        text = "" if rows is None else _("No session yet.")
        return (Say(text=text, role="text_soft"),)
    shown = rows[place.first : place.first + ON_PAGE]
    heads = (_("day"), _("min"), "1", "2", _("pain"), _("skin"))
    table = TableKeys(heads=heads, shares=SHARES, keys=tuple(map(_line, shown)), height=TABLE)
    page, pages = place.first // ON_PAGE + 1, -(-len(rows) // ON_PAGE)
    if pages == 1:
        return (table,)
    newer = KeyLook.PLAIN if place.first else KeyLook.OFF
    older = KeyLook.PLAIN if page < pages else KeyLook.OFF
    up = KeyView(action="newer", text=_("Newer"), icon="up", look=newer)
    down = KeyView(action="older", text=_("Older"), icon="down", look=older)
    where = Say(text=f"{page} / {pages}", style="body_bold", align="centre", valign="middle")
    parts = (Keys(keys=(up,)), where, Keys(keys=(down,)))
    return table, Beside(height=48, shares=(5, 2, 5), parts=parts)


def _line(row: Row) -> TableKeyView:
    levels = {channel["channel"]: channel["comfortable_ua"] for channel in row["channels"]}
    grade = row["skin"]
    skin = TableCell(text=skin_text(grade), role="text_off")
    if grade is not None:
        harmless = grade == 0
        icon, role = ("check", "good") if harmless else ("warn", "warn")
        skin = TableCell(text=skin_text(grade), icon=icon, role=role)
    minutes = clock_text(row["elapsed_us"]) if row["elapsed_us"] is not None else "–"
    cells = (
        _day(row),
        TableCell(text=minutes, bold=False),
        *(_level(levels, channel) for channel in (1, 2)),
        TableCell(text=_pain_cell(row), bold=False),
        skin,
    )
    return TableKeyView(action=f"session:{row['session']}", icon="next", cells=cells)


def _day(row: Row) -> TableCell:
    """Return the day; with what was told in the session, the last of it, as an icon."""
    told = ICONS[row["harm"][-1]["felt"]] if row["harm"] else ""
    return TableCell(text=short_day(row["opened"]), icon=told, role="warn" if told else "text")


def _pain_cell(row: Row) -> str:
    """Return pain before and after without a word between them: the cell is narrow."""
    scores = ("–" if row[name] is None else str(row[name]) for name in PAIN)
    before, after = scores
    return "–" if before == after == "–" else f"{before} – {after}"


def _level(levels: dict[int, int], channel: int) -> TableCell:
    level_ua = levels.get(channel)
    if not level_ua:
        return TableCell(text="–", role="text_off")
    return TableCell(text=milliamps(level_ua), role=f"channel_{channel}")


def short_day(stamp: Row) -> str:
    """Return day and month of a time of a row, "–" where its clock was not trusted."""
    if not stamp["trusted"]:
        return "–"
    return day_and_month(stamp["utc_us"])


def day_and_month(utc_us: int) -> str:
    """Return day and month of a moment at this place."""
    day = datetime.fromtimestamp(utc_us / US_PER_S, UTC).astimezone()
    months = (
        _("Jan"),
        _("Feb"),
        _("Mar"),
        _("Apr"),
        _("May"),
        _("Jun"),
        _("Jul"),
        _("Aug"),
        _("Sep"),
        _("Oct"),
        _("Nov"),
        _("Dec"),
    )
    return _("{day} {month}").format(day=day.day, month=months[day.month - 1])


class Ahead(NamedTuple):
    """What comes next in a course: a card's icon, look and words, and the words for one line."""

    icon: str
    look: str
    text: str
    line: str = ""


def ahead_of(course: Row) -> Ahead:
    """Return from when the next session of a course may be, or what is due before it."""
    findings = [finding for row in course["programmes"] for finding in row["findings"]]
    if course["decision"] is not None:
        return Ahead("todo", "plain", _("Reviewed. A new course is next."))
    if any(finding["rule"] == "refusal.course_review" for finding in findings):
        return Ahead("todo", DUE, _("The course is at its end: review it."))
    from_us = [finding["from_utc_us"] for finding in findings if finding.get("from_utc_us")]
    if not from_us:
        return Ahead("check", "good", _("The next session may be now."))
    first_us = min(from_us)
    at = _("{day}, {time}").format(day=day_and_month(first_us), time=time_of_us(first_us))
    text = _("Next session from {moment}").format(moment=at)
    return Ahead("clock", "plain", text, _("next from {moment}").format(moment=at))


def _next(course: Row | None) -> tuple[Block, ...]:
    if course is None:
        return ()
    ahead = ahead_of(course)
    card = Card(height=60, icon=ahead.icon, look=ahead.look, text=ahead.text, only_wide=True)
    return (card,)


def _charts(course: Row | None, rows: Sequence[Row]) -> Charts:
    named = () if course is None else course["sessions"]
    drawn = [row for row in rows if row["session"] in named or not named][:MOST_DRAWN][::-1]
    return Charts(charts=(_pain(drawn), _levels(drawn)))


def _pain(rows: Sequence[Row]) -> Chart:
    title = _("Pain")
    asked = [row for row in rows if (row["pain_before"], row["pain_after"]) != (None, None)]
    if not asked:
        return Chart(title=title, empty=_("Not asked yet."))
    last = max(len(asked) - 1, 1)
    stems = tuple(
        Stem(
            at=number / last,
            before=_share(row["pain_before"]),
            after=_share(row["pain_after"]),
            is_newest=row is asked[-1],
        )
        for number, row in enumerate(asked)
    )
    return Chart(
        title=title,
        unit=_("0 to 10"),
        ticks=ticks_of(WORST),
        stems=stems,
        marks=((RING, _("before")), (DISC, _("after"))),
        from_text=short_day(asked[0]["opened"]),
        to_text=_last_day(asked),
    )


def _share(score: int | None) -> float | None:
    return None if score is None else score / WORST


def _levels(rows: Sequence[Row]) -> Chart:
    title = _("Level kept")
    kept = [_kept(row) for row in rows]
    values = [level for levels in kept for level in levels.values()]
    if not values:
        return Chart(title=title, empty=_("No level was kept yet."))
    top = top_of(values)
    channels = sorted({channel for levels in kept for channel in levels})
    lines = tuple(
        ChartLine(channel=channel, runs=runs_of([levels.get(channel) for levels in kept], top))
        for channel in channels
    )
    return Chart(
        title=title,
        unit="mA",
        ticks=ticks_of(top),
        lines=lines,
        marks=tuple((str(channel), "") for channel in channels),
        from_text=short_day(rows[0]["opened"]),
        to_text=_last_day(rows),
    )


def _kept(row: Row) -> dict[int, float]:
    return {
        channel["channel"]: channel["comfortable_ua"] / MILLI
        for channel in row["channels"]
        if channel["comfortable_ua"]
    }


def _last_day(rows: Sequence[Row]) -> str:
    return short_day(rows[-1]["opened"]) if len(rows) > 1 else ""


def _foot(course: Row | None) -> Keys:
    outcomes = KeyView(action="outcomes", text=_("Outcomes"), look=KeyLook.OUTLINED)
    if course is None or not course["sessions"]:
        return Keys(height=60, keys=(outcomes,))
    decided = course["decision"] is not None
    text = _("New course") if decided else _("Review")
    due = decided or ahead_of(course).look == DUE
    review = KeyView(
        action="new_course" if decided else "review",
        text=text,
        look=KeyLook.LEAD if due else KeyLook.OUTLINED,
    )
    return Keys(height=60, columns=2, keys=(outcomes, review))
