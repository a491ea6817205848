"""Where to treat, what for, and the programmes for a goal; what is not offered, with its reason."""

from dataclasses import replace

from ui.kiosk.journey.choose import (
    BOTH,
    EMS,
    LEFT,
    ON_PAGE,
    PROGRAMMES,
    RIGHT,
    TENS,
    Choose,
    Goal,
)
from ui.kiosk.journey.place import Kiosk, Row
from ui.kiosk.locale.words import _, choice, listed, say_row, sentence
from ui.kiosk.view_models.blocks import (
    AreaPicker,
    Beside,
    Block,
    Card,
    Column,
    FormView,
    Gap,
    Heading,
    Keys,
    LineKeys,
    LineKeyView,
    Lines,
    LineView,
    Zone,
)
from ui.kiosk.view_models.own_keys import own_rail
from ui.kiosk.view_models.parts import KeyLook, KeyView
from ui.kiosk.view_models.programme import numbers_line, programme_blocks
from ui.kiosk.view_models.shell import BACK
from ui.kiosk.view_models.steps import problem_card, step_title
from ui.kiosk.view_models.turn_pages import turn_pages

LINES, LINES_TALL = {EMS: 5, TENS: 5}, {EMS: 5, TENS: 3}
"""Goals one below the other in each list: room for all there are, and what is not offered."""


def choose_view(place: Choose, kiosk: Kiosk) -> FormView:
    """Return what is chosen next."""
    treatment = place.treatment
    row = place.row(kiosk)
    history = KeyView(action="history", text=_("History"), icon="history")
    rail = (BACK, history, *own_rail(treatment.programme, chosen=bool(treatment.side)))
    columns: tuple[Column, ...]
    if not treatment.side:
        columns, line = _where(place, kiosk), _("Where?")
    elif row is not None:
        blocks = programme_blocks(place, row, kiosk)
        columns, line = (Column(blocks=blocks),), say_row(row["title"])
    elif place.why_not:
        columns, line = (Column(blocks=_not_offered(place, kiosk)),), _("Not offered here")
    elif place.goal:
        columns, line = (Column(blocks=_of_goal(place, kiosk)),), _("Choose a programme")
    else:
        columns, line = _goals(place, kiosk), _("What for? EMS contracts, TENS is felt.")
    return FormView(
        title=treatment.name if not treatment.side else step_title(treatment),
        line=line,
        rail=rail,
        turn=f"{treatment.side != ''}{treatment.programme}{place.goal}{place.first}{place.why_not}",
        columns=columns,
    )


def _where(place: Choose, kiosk: Kiosk) -> tuple[Column, Column]:
    """Return the back with its areas on the left, what was touched there on the right."""
    rows = kiosk.rows(PROGRAMMES) or ()
    regions = tuple(dict.fromkeys(str(name) for row in rows for name in row["regions"]))
    zones = tuple(_zone(place, region, side) for region in regions for side in (LEFT, RIGHT))
    words = _area(place.treatment.region, place.area_side) if place.area_side else ""
    chosen = Card(height=68, icon="info", text=_("Touch the areas on the figure."))
    if words:
        chosen = Card(height=68, icon="check", look="good", title=words)
    go = KeyView(
        action=f"areas:{place.area_side}" if words else "",
        text=_("Choose a programme"),
        look=KeyLook.LEAD if words else KeyLook.OFF,
    )
    beside = (
        Heading(text=_("Which region?"), only_wide=True),
        *_again(place, kiosk),
        *problem_card(kiosk),
        chosen,
        Gap(only_wide=True),
        *_both(place),
        Keys(height=76, keys=(go,)),
    )
    return Column(share=276, blocks=(AreaPicker(zones=zones),)), Column(share=364, blocks=beside)


def _zone(place: Choose, region: str, side: str) -> Zone:
    chosen = place.treatment.region == region and place.area_side in {side, BOTH}
    return Zone(
        action=f"zone:{region}:{side}",
        text=_area(region, side),
        look=KeyLook.CHOSEN if chosen else KeyLook.OUTLINED,
        region=region,
        side=side,
    )


def _area(region: str, side: str) -> str:
    return listed(sentence(choice("region", region)), choice("side", side))


def _both(place: Choose) -> tuple[Block, ...]:
    """Return a key that takes both sides where one is touched, so that it costs no touch more."""
    if place.area_side not in {LEFT, RIGHT}:
        return ()
    both = KeyView(
        action=f"areas:{BOTH}", text=_area(place.treatment.region, BOTH), look=KeyLook.OUTLINED
    )
    return (Keys(height=64, keys=(both,)),)


def _again(place: Choose, kiosk: Kiosk) -> tuple[Block, ...]:
    """Return the place that was treated before as one key, nothing before the first time."""
    last = place.last_place(kiosk)
    if last is None:
        return ()
    key = KeyView(
        action="again",
        text=_area(*last),
        note=_("treated there before"),
        icon="history",
        look=KeyLook.OUTLINED,
    )
    return (Keys(height=64, how="tile", keys=(key,)),)


def _goals(place: Choose, kiosk: Kiosk) -> tuple[Column, ...]:
    """Return the goals that are offered there: those that contract, beside those that are felt."""
    goals = [goal for goal in place.goals(kiosk) if goal.programmes]
    why_not = LineKeyView(action="why_not", text=_("Not offered"), note=_("and why"), icon="off")
    columns = []
    for group, words, last in ((EMS, "EMS", (why_not,)), (TENS, "TENS", ())):
        keys = (*(_goal(goal) for goal in goals if goal.group == group), *last)
        lists = LineKeys(
            keys=keys,
            lines=LINES[group],
            columns=2 if group == EMS else 1,
            lines_tall=LINES_TALL[group],
            columns_tall=2,
        )
        blocks = (Heading(text=words, height=28), lists)
        columns.append(Column(blocks=blocks, share=2 if group == EMS else 1))
    first = replace(columns[0], blocks=(*problem_card(kiosk), *columns[0].blocks))
    return first, columns[1]


def _goal(goal: Goal) -> LineKeyView:
    """Return the key of a goal: to its only programme, or to the list of those for it."""
    text = sentence(say_row(goal.row["title"]))
    if len(goal.programmes) == 1:
        [row] = goal.programmes
        note = numbers_line(row)
        return LineKeyView(
            action=f"programme:{row['name']}", text=text, note=note, look=KeyLook.OUTLINED
        )
    note = _("{count} programmes").format(count=len(goal.programmes))
    return LineKeyView(action=f"goal:{goal.name}", text=text, note=note, look=KeyLook.OUTLINED)


def _of_goal(place: Choose, kiosk: Kiosk) -> tuple[Block, ...]:
    """Return the programmes for a goal, each to look at and to take as it usually is."""
    goal = place.goal_of(kiosk)
    programmes = () if goal is None else goal.programmes
    turns = len(programmes) > ON_PAGE + 1
    shown = programmes[place.first :][: ON_PAGE if turns else ON_PAGE + 1]
    title = "" if goal is None else sentence(say_row(goal.row["title"]))
    turn = (turn_pages(place.first, len(programmes), ON_PAGE),) if turns else ()
    return (
        *problem_card(kiosk),
        Heading(text=title, height=28),
        *(_to_take(row) for row in shown),
        Gap(),
        *turn,
    )


def _to_take(row: Row) -> Beside:
    minutes = _("{minutes} min").format(minutes=round(row["minutes"]))
    look = LineKeyView(
        action=f"programme:{row['name']}",
        text=say_row(row["title"]),
        note=f"{numbers_line(row)} · {minutes}",
        icon="next",
        look=KeyLook.OUTLINED,
    )
    take = KeyView(action=f"take:{row['name']}", text=_("Take"), look=KeyLook.OUTLINED)
    parts = (LineKeys(keys=(look,), lines=1), Keys(keys=(take,)))
    return Beside(height=72, shares=(3, 1), parts=parts)


def _not_offered(place: Choose, kiosk: Kiosk) -> tuple[Block, ...]:
    """Return the goals without a programme on this region, below the reason they share."""
    reasons: dict[str, list[str]] = {}
    for goal in place.goals(kiosk):
        if not goal.programmes and goal.offer["reason"] is not None:
            reason = sentence(say_row(goal.offer["reason"]))
            reasons.setdefault(reason, []).append(say_row(goal.row["title"]))
    lines = [
        line
        for reason, goals in reasons.items()
        for line in (LineView(f"{reason}.", head=True), LineView(sentence(listed(*goals))))
    ]
    return (Lines(lines=tuple(lines)),)
