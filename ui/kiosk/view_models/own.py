"""The editor of an own programme: the train as it will be, its values, title and reason."""

from collections.abc import Iterator
from dataclasses import replace

from ui.kiosk.journey.own import KEEP, PARTS, POINT, PULSE, SESSION, TABS, TIMES, EditOwn
from ui.kiosk.journey.own_draft import found, healing, is_accepted, name_of, of_kind, value_at
from ui.kiosk.journey.place import Kiosk, Row
from ui.kiosk.journey.units import SHOWN, to_shown
from ui.kiosk.locale.words import _, decimal, pgettext, say_row, sentence
from ui.kiosk.view_models.blocks import (
    Beside,
    Block,
    Card,
    Column,
    Entry,
    FormView,
    Gap,
    Heading,
    Keys,
    Rows,
)
from ui.kiosk.view_models.complaint import own_words, reason_keys
from ui.kiosk.view_models.keyboard import digit_keys, done_key, field_beside, keyboard
from ui.kiosk.view_models.parts import KeyLook, KeyView
from ui.kiosk.view_models.shell import BACK
from ui.kiosk.view_models.steps import problem_card
from ui.kiosk.view_models.train import part_names, train
from ui.kiosk.view_models.train_blocks import Steppers, StepperView

LINES = 4
"""Values on a page: more need another page."""
PICTURE_HIGH, FOOT_HIGH = 116, 48
FEW_PARTS = 3
"""So many parts have room beside a pulse."""
WIDE_CHOICE = 2
"""A choice of more answers opens a page of them."""
OF_TIMES = ("share_percent", "duration_s", "after_ms", "times.")
"""Begin the names of values that are on the page of times."""
CHANGES = {
    PULSE: ("add_burst", "remove_burst", "add_sweep_rate", "add_sweep_phase", "remove_sweep"),
    TIMES: ("add_times", "remove_times"),
    PARTS: ("add_before", "add_active_rest", "add_after", "remove_part"),
}
"""Changes of the train by the page that offers them."""


def own_view(place: EditOwn, kiosk: Kiosk) -> FormView:
    """Return the page that is open, or what is typed or asked over it."""
    over = f"{place.entering}{place.naming}{place.reasoning}{place.typing}{place.leaving}"
    return FormView(
        title=place.title or _("Own programme"),
        line=_line(place, kiosk),
        rail=(BACK,),
        turn=f"{place.tab} {place.part} {place.first} {over}",
        columns=_columns(place, kiosk),
    )


def _line(place: EditOwn, kiosk: Kiosk) -> str:
    """Return version and, where a part is looked at, which one."""
    if not place.version:
        return ""
    version = _("Own programme, version {number}").format(number=place.version)
    part = part_names(place.rows(kiosk)).get(place.part, "")
    return version if place.tab in {SESSION, KEEP} or not part else f"{version} · {part}"


def _columns(place: EditOwn, kiosk: Kiosk) -> tuple[Column, ...]:
    if place.leaving:
        return (Column(blocks=_leave(kiosk)),)
    if place.naming:
        return (Column(blocks=_name(place, kiosk)),)
    if place.typing:
        heading = Heading(text=_("Why is it made?"))
        return (Column(blocks=own_words(place.words, kiosk, heading)),)
    if place.reasoning:
        heading = Heading(text=_("Why is it made?"))
        return (Column(blocks=(heading, *problem_card(kiosk), reason_keys(_reasons()))),)
    rows = place.rows(kiosk)
    if place.entering:
        choice = found(rows, "choice", field=place.entering)
        return _entering(place, kiosk) if choice is None else (_choose(choice),)
    if not rows:
        return (Column(blocks=(*problem_card(kiosk), Gap())),)
    return (Column(blocks=_page(place, kiosk, rows)),)


def _reasons() -> tuple[str, ...]:
    return (
        _("For one complaint"),
        _("As a published protocol"),
        _("Better tolerated so"),
        _("Next stage of a course"),
        _("For teaching"),
    )


def _page(place: EditOwn, kiosk: Kiosk, rows: tuple[Row, ...]) -> tuple[Block, ...]:
    """Return the train above, the values below it, and the keys to the other pages."""
    items = tuple(_items(place, rows))
    shown = items[place.first : place.first + LINES]
    middle: Block = Steppers(rows=shown, lines=LINES)
    if place.tab == PARTS:
        middle = _parts(place, rows)
    if place.tab == KEEP:
        return (*_keep(place, kiosk, rows), _foot(place, rows, 0))
    return (_picture(place, kiosk, rows), middle, _foot(place, rows, len(items)))


def _picture(place: EditOwn, kiosk: Kiosk, rows: tuple[Row, ...]) -> Block:
    """Return the train; beside it what is refused."""
    refusals = of_kind(rows, "refusal")
    refused = kiosk.refused is not None or bool(refusals)
    drawn = train(rows, place.draft, place.part, PICTURE_HIGH, small=refused)
    if place.tab != PULSE and len(drawn.parts) > FEW_PARTS:
        drawn = replace(drawn, pulse=None)  # the parts need its room for their names
    if not refused:
        return drawn
    card = problem_card(kiosk) or (_refused(refusals[0]),)
    return Beside(height=PICTURE_HIGH, shares=(2, 3), parts=(drawn, Column(blocks=card[:1])))


def _refused(row: Row) -> Card:
    asked, allowed = say_row(row["asked"]), say_row(row["allowed"])
    clauses = (
        _("Not accepted: {asked}").format(asked=asked),
        _("Accepted: {allowed}").format(allowed=allowed),
    )
    return Card(icon="warn", look="alarm", text=". ".join(clauses))


def _tab_of(row: Row) -> str:
    """Return the page that a value is on."""
    if not row["part"]:
        return SESSION
    name = str(row["field"]).removeprefix(f"{row['part']}.")
    return TIMES if name.startswith(OF_TIMES) else PULSE


def _items(place: EditOwn, rows: tuple[Row, ...]) -> Iterator[StepperView]:
    """Yield the values of a page, then the changes it offers, two in a row."""
    for row in of_kind(rows, "field", "choice"):
        if _tab_of(row) == place.tab:
            yield _number(place, row, rows) if row["kind"] == "field" else _answers(place, row)
    if place.tab == TIMES:
        for row in of_kind(rows, "note"):
            yield StepperView(name=sentence(say_row(row["text"])), limits="", keys=())
    keys = tuple(_changes(place.tab, rows))
    for at in range(0, len(keys), 2):
        yield StepperView(name="", limits="", keys=keys[at : at + 2], is_choice=True)


def _changes(tab: str, rows: tuple[Row, ...]) -> Iterator[KeyView]:
    for row in of_kind(rows, "change"):
        if row["change"] in CHANGES.get(tab, ()):
            can = bool(row["accepted"])
            yield KeyView(
                action=f"change:{row['change']}" if can else "",
                text=sentence(say_row(row["name"])),
                note="" if can else _("not with these values"),
                icon="bin" if str(row["change"]).startswith("remove") else "plus",
                look=KeyLook.OUTLINED if can else KeyLook.OFF,
            )


def with_unit(value: int, unit: str) -> str:
    """Return a value of the engine as the screen writes it."""
    return f"{decimal(to_shown(value, unit))} {SHOWN[unit].sign}".strip()


def limits_of(row: Row) -> str:
    """Return what may be reached, as words."""
    unit = str(row["unit"])
    least, most = (decimal(to_shown(int(row[name]), unit)) for name in ("least", "most"))
    sign = SHOWN[unit].sign
    words = _("{least} to {most} {unit}").format(least=least, most=most, unit=sign)
    return words.strip()


def _number(place: EditOwn, row: Row, rows: tuple[Row, ...]) -> StepperView:
    """Return a value with minus and plus; with what is wrong where another value would be right."""
    field, unit = str(row["field"]), str(row["unit"])
    value = value_at(place.draft, field)
    now = int(row["value"]) if value is None else int(value)
    heals = healing(rows, field)
    take = None
    if heals is not None:
        words = _("Take {value}").format(value=with_unit(int(heals[1]), unit))
        take = KeyView(action=f"take:{field}={heals[1]}", text=words, look=KeyLook.OUTLINED)
    return StepperView(
        name=sentence(say_row(row["name"])),
        limits=limits_of(row),
        problem="" if heals is None else _("not accepted"),
        take=take,
        keys=(
            _step("less", "minus", field, on=row["lower"] is not None),
            KeyView(action=f"enter:{field}", text=with_unit(now, unit), look=KeyLook.OUTLINED),
            _step("more", "plus", field, on=row["higher"] is not None),
        ),
    )


def _step(name: str, icon: str, field: str, *, on: bool) -> KeyView:
    look = KeyLook.OUTLINED if on else KeyLook.OFF
    return KeyView(action=f"{name}:{field}" if on else "", icon=icon, look=look)


def _answers(place: EditOwn, row: Row) -> StepperView:
    """Return a choice: its answers, or the present one on a key that opens all of them."""
    choices = row["choices"]
    keys = tuple(_answer(row, each) for each in choices)
    if len(choices) > WIDE_CHOICE:
        chosen = next((each for each in choices if each["value"] == row["value"]), choices[0])
        words = sentence(say_row(chosen["name"]))
        keys = (
            KeyView(action=f"enter:{row['field']}", text=words, icon="list", look=KeyLook.OUTLINED),
        )
    return StepperView(name=sentence(say_row(row["name"])), limits="", keys=keys, is_choice=True)


def _answer(row: Row, each: Row) -> KeyView:
    chosen = each["value"] == row["value"]
    can = chosen or bool(each["accepted"])
    look = KeyLook.CHOSEN if chosen else KeyLook.OUTLINED
    return KeyView(
        action=f"set:{row['field']}={name_of(each['value'])}" if can else "",
        text=sentence(say_row(each["name"])),
        note="" if can else _("not with these values"),
        icon="check" if chosen else "",
        look=look if can else KeyLook.OFF,
    )


def _choose(row: Row) -> Column:
    keys = tuple(_answer(row, each) for each in row["choices"])
    heading = Heading(text=sentence(say_row(row["name"])))
    return Column(blocks=(heading, Keys(height=70 * len(keys), keys=keys), Gap()))


def _parts(place: EditOwn, rows: tuple[Row, ...]) -> Keys:
    """Return the parts on keys, in order, and what may be added or taken away."""
    summary = found(rows, "draft") or {"parts": ()}
    parts = tuple(
        KeyView(
            action=f"part:{part['part']}",
            text=sentence(say_row(part["name"])),
            icon="check" if part["part"] == place.part else "",
            look=KeyLook.CHOSEN if part["part"] == place.part else KeyLook.OUTLINED,
        )
        for part in summary["parts"]
    )
    return Keys(columns=3, columns_tall=2, keys=(*parts, *_changes(PARTS, rows)))


def _foot(place: EditOwn, rows: tuple[Row, ...], count: int) -> Keys:
    """Return the keys to the other pages; one that turns further where a page has more values.

    A page with a value that takes a refusal away is marked.
    """
    refused = {
        _tab_of({"part": _part_of(str(change["field"])), "field": change["field"]})
        for refusal in of_kind(rows, "refusal")
        for change in refusal["changes"]
    }
    keys = [
        KeyView(
            action=f"tab:{tab}",
            text=f"{words} !" if tab in refused else words,
            look=KeyLook.CHOSEN if tab == place.tab else KeyLook.PLAIN,
        )
        for tab, words in zip(TABS, _tab_words(), strict=True)
    ]
    if count > LINES:
        first = place.first + LINES if place.first + LINES < count else 0
        pages = f"{place.first // LINES + 1}/{-(-count // LINES)}"
        keys.append(KeyView(action=f"first:{first}", text=pages, icon="down"))
    wide, tall = len(keys), 3
    return Keys(height=FOOT_HIGH, columns=wide, columns_tall=tall, how="small", keys=tuple(keys))


def _part_of(field: str) -> str:
    head, _dot, rest = field.partition(".")
    if head in {"before", "after"}:
        return f"{head}.{rest.partition('.')[0]}"
    return head if rest else ""


def _tab_words() -> tuple[str, ...]:
    return (
        pgettext("values of a pulse", "Pulse"),
        _("Times"),
        _("Parts"),
        _("Session"),
        _("Keep"),
    )


def _keep(place: EditOwn, kiosk: Kiosk, rows: tuple[Row, ...]) -> tuple[Block, ...]:
    """Return what is kept: title, reason and author; what hinders it is said."""
    me = "" if kiosk.me is None else kiosk.me.operator
    can = place.may_keep(kiosk)
    version = _("version {number}").format(number=place.version)
    facts = ((_("Author"), me), (_("Reason"), place.reason or "–"))
    name = KeyView(action="name", text=_("Title"), icon="edit", look=KeyLook.OUTLINED)
    why = KeyView(action="why", text=_("Reason"), icon="list", look=KeyLook.OUTLINED)
    keep = KeyView(
        action="keep" if can else "",
        text=_("Keep"),
        note=version if can else _hinders(place, kiosk),
        icon="save",
        look=KeyLook.LEAD if can else KeyLook.OFF,
    )
    return (
        _picture(place, kiosk, rows),
        Rows(rows=((_("Title"), place.title or "–"), *facts)),
        Keys(height=72, columns=3, keys=(name, why, keep)),
    )


def _hinders(place: EditOwn, kiosk: Kiosk) -> str:
    """Return why it cannot be kept yet."""
    if not place.title.strip():
        return _("without a title")
    if not place.reason:
        return _("without a reason")
    accepted = is_accepted(place.draft, place.part, kiosk)
    return "" if accepted else _("not accepted")


def _leave(kiosk: Kiosk) -> tuple[Block, ...]:
    leave = KeyView(action="leave", text=_("Give the changes up"), icon="bin")
    stay = KeyView(action="back", text=_("Go on changing"), icon="edit", look=KeyLook.LEAD)
    title = _("Leave without keeping?")
    text = _("The changes of this draft are kept nowhere else.")
    return (
        Card(height=84, icon="warn", look="warn", title=title, text=text),
        *problem_card(kiosk),
        Gap(),
        Keys(height=76, columns=2, keys=(leave, stay)),
    )


def _name(place: EditOwn, kiosk: Kiosk) -> tuple[Block, ...]:
    done = done_key("named", _("Done"), on=bool(place.title.strip()))
    field = Entry(caption="", text=place.title, hint=_("Title"))
    heading = Heading(text=_("What is it called?"))
    return heading, field_beside(field, done), *problem_card(kiosk), keyboard()


def _entering(place: EditOwn, kiosk: Kiosk) -> tuple[Column, ...]:
    """Return digits for a value, with its limits."""
    row = found(place.rows(kiosk), "field", field=place.entering)
    if row is None:
        return (Column(blocks=(Gap(),)),)
    unit = str(row["unit"])
    enter = done_key("entered", _("Enter"), on=bool(place.digits))
    hint = with_unit(int(value_at(place.draft, place.entering) or row["value"]), unit)
    entry = Entry(caption=SHOWN[unit].sign, text=decimal(place.digits), hint=hint, height=56)
    left = (
        Heading(text=sentence(say_row(row["name"]))),
        entry,
        Card(height=56, icon="info", text=limits_of(row)),
        *problem_card(kiosk),
        Gap(only_wide=True),
        Keys(height=76, keys=(enter,)),
    )
    point = KeyView(action=f"digit:{POINT}", text=decimal(POINT))
    keys = digit_keys(left=point if SHOWN[unit].parts > 1 else None)
    right = Keys(columns=3, how="digit", keys=keys)
    return Column(share=340, blocks=left), Column(share=300, blocks=(right,))
