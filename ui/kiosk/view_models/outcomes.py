"""Outcomes of a course: what changed, what is offered now, and the entry of each measure."""

from ui.kiosk.journey.outcomes import ACTIVITY, CHANGE, INDEX, MOVEMENTS, RANGES, Outcomes, Score
from ui.kiosk.journey.place import Kiosk, Row
from ui.kiosk.locale.words import _, choice, clauses, say_row, sentence
from ui.kiosk.view_models.blocks import (
    Block,
    Card,
    Column,
    Entry,
    FormView,
    Gap,
    Heading,
    Keys,
    Question,
    Steps,
)
from ui.kiosk.view_models.keyboard import digit_keys, done_key, field_beside, keyboard
from ui.kiosk.view_models.message import StepView
from ui.kiosk.view_models.parts import KeyLook, KeyView
from ui.kiosk.view_models.shell import BACK
from ui.kiosk.view_models.steps import problem_card

MOTIONS = ("full", "limited", "painful")
MOST_SHOWN = 5


def outcomes_view(place: Outcomes, kiosk: Kiosk) -> FormView:
    """Return the changes on the left, what is offered on the right."""
    changes = place.changes(kiosk)[-MOST_SHOWN:]
    left: tuple[Block, ...] = (Heading(text=_("Since the first time")),)
    if changes:
        left = (*left, Steps(steps=tuple(map(_changed, changes))))
    else:
        left = (*left, Card(height=72, icon="info", text=_("Nothing was asked yet.")), Gap())
    due = place.due(kiosk)
    right: tuple[Block, ...] = (Heading(text=_("Offered now") if due else ""),)
    if due:
        keys = tuple(map(_offered, due))
        right = (
            *right,
            Keys(height=76 * len(keys) - 8, how="tile", keys=keys),
            Gap(only_wide=True),
        )
    else:
        text = _("Offered at the first session, at every sixth and at a review.")
        right = (*right, Card(height=112, icon="clock", text=text), Gap(only_wide=True))
    return FormView(
        title=place.whose.name,
        line=_("Outcomes"),
        rail=(BACK,),
        columns=(Column(share=390, blocks=left), Column(share=258, blocks=right)),
    )


def _offered(row: Row) -> KeyView:
    index, region = row["index"] or "", row["region"]
    return KeyView(
        action=f"enter:{row['measure']}:{index}:{region}",
        text=sentence(say_row(row["name"])),
        note=_("recorded today") if row["today"] else "",
        icon="check" if row["today"] else "edit",
        look=KeyLook.OUTLINED,
    )


def _changed(row: Row) -> StepView:
    first, last = row["first"], row["last"]
    state = str(last)
    if row["count"] > 1:
        state = _("{first} to {last}").format(first=first, last=last)
    change = clauses(*(say_row(text) for text in row["change"]))
    text = ": ".join(filter(None, (_named(row), change)))
    return StepView(text=text, icon="chart", state=state)


def _named(row: Row) -> str:
    match row["kind"]:
        case "pain":
            return _("Pain before, {region}").format(region=choice("region", row["name"]))
        case "index":
            return sentence(choice("disability_index", row["name"]))
        case "activity":
            return str(row["name"])
        case _:
            return sentence(choice("measure", row["kind"]))


def score_view(place: Score, kiosk: Kiosk) -> FormView:
    """Return the entry of one measure."""
    make = {INDEX: _index, ACTIVITY: _activity, CHANGE: _global_change}.get(place.measure, _motion)
    name = choice("measure", place.measure)
    if place.measure == INDEX:
        name = choice("disability_index", place.index)
    return FormView(
        title=place.whose.name,
        line=sentence(name),
        rail=(BACK,),
        turn=f"{place.typing}{bool(place.activity)}",
        columns=make(place, kiosk),
    )


def _index(place: Score, kiosk: Kiosk) -> tuple[Column, ...]:
    most = RANGES.get(place.index, 100)
    record = done_key("record", _("Record"), on=bool(place.typed))
    text = _("Filled in on paper. Only the score is kept.")
    left = (
        Heading(text=_("Score, 0 to {most}").format(most=most)),
        Entry(caption="", text=place.typed, hint=f"0 – {most}"),
        Card(height=72, icon="info", text=text, only_wide=True),
        *problem_card(kiosk),
        Gap(only_wide=True),
        Keys(height=76, keys=(record,)),
    )
    pad = (Keys(columns=3, how="digit", keys=digit_keys()),)
    return Column(share=330, blocks=left), Column(share=318, blocks=pad)


def _activity(place: Score, kiosk: Kiosk) -> tuple[Column, ...]:
    if place.typing:
        return (Column(blocks=_naming(place, kiosk)),)
    if not place.activity:
        return (Column(blocks=_which(place, kiosk)),)
    scores = tuple(
        KeyView(action=f"score:{score}", text=str(score), look=KeyLook.OUTLINED)
        for score in range(11)
    )
    text = _("How well does it go? 0 is not at all, 10 is as well as before.")
    blocks = (
        Heading(text=place.activity),
        Card(height=72, icon="info", text=text),
        *problem_card(kiosk),
        Keys(columns=6, columns_tall=3, keys=scores),
    )
    return (Column(blocks=blocks),)


def _which(place: Score, kiosk: Kiosk) -> tuple[Block, ...]:
    usual = (
        _("Sitting"),
        _("Walking"),
        _("Lifting"),
        _("Turning the head"),
        _("Sleeping"),
        _("Work at a desk"),
    )
    named = tuple(dict.fromkeys((*place.activities(kiosk), *usual)))[:7]
    chips = tuple(
        KeyView(action=f"activity:{name}", text=name, look=KeyLook.OUTLINED) for name in named
    )
    own = KeyView(action="own_words", text=_("In own words"), icon="edit")
    return Heading(text=_("Which activity?")), Keys(columns=2, keys=(*chips, own))


def _naming(place: Score, kiosk: Kiosk) -> tuple[Block, ...]:
    done = done_key("done", _("Take"), on=bool(place.typed.strip()))
    field = Entry(caption="", text=place.typed, hint=_("An activity, without names"))
    return (
        field_beside(field, done),
        *problem_card(kiosk, 60),
        keyboard(),
    )


def _motion(place: Score, kiosk: Kiosk) -> tuple[Column, ...]:
    questions = tuple(_direction(place, movement) for movement in MOVEMENTS)
    return (Column(blocks=(*problem_card(kiosk, 56), *questions)),)


def _direction(place: Score, movement: str) -> Question:
    given = place.motions.get(movement)
    keys = tuple(
        KeyView(
            action=f"move:{movement}:{motion}",
            text=sentence(choice("motion", motion)),
            look=KeyLook.CHOSEN if given == motion else KeyLook.OUTLINED,
        )
        for motion in MOTIONS
    )
    text = sentence(choice("movement", movement))
    return Question(text=text, keys=keys, height=None, key_width=124, keys_share=0.62)


def _global_change(place: Score, kiosk: Kiosk) -> tuple[Column, ...]:
    words = (
        _("Very much better"),
        _("Much better"),
        _("A little better"),
        _("Unchanged"),
        _("A little worse"),
        _("Much worse"),
        _("Very much worse"),
    )
    keys = tuple(
        KeyView(action=f"score:{score}", text=text, look=KeyLook.OUTLINED)
        for score, text in enumerate(words, 1)
    )
    heading = Heading(text=_("Since the first session, the patient says:"), height=54)
    return (Column(blocks=(heading, *problem_card(kiosk), Keys(gap=4, keys=keys))),)
