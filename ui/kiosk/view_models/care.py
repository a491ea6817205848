"""Care of the unit, a date on a report, out of use and back into use."""

from dataclasses import replace

from ui.kiosk.journey.out_of_use import IN_WORDS, REASONS, PutBack, TakeOutOfUse
from ui.kiosk.journey.place import Kiosk, Row
from ui.kiosk.journey.service import (
    DUE,
    SAFETY_CHECK,
    UNIT,
    Care,
    InspectLeads,
    RecordCare,
    is_service,
    today,
)
from ui.kiosk.locale.words import _, choice, date, listed, say_row, sentence
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
from ui.kiosk.view_models.days import day_of, day_of_us
from ui.kiosk.view_models.keyboard import digit_keys, done_key, keyboard
from ui.kiosk.view_models.parts import KeyLook, KeyView
from ui.kiosk.view_models.shell import BACK
from ui.kiosk.view_models.steps import problem_card
from ui.kiosk.view_models.unit_blocks import StateRow, StateRows
from ui.kiosk.view_models.unit_checks import check_unit_view

ICONS = {"leads": "plug", "safety_check": "flash", "calibration": "scale"}
BY_ANYBODY = "anybody"


def care_view(place: Care, kiosk: Kiosk) -> FormView:
    """Return each item of care, the cleaning, and damaged parts, with what may be recorded."""
    care = [row for row in kiosk.rows(DUE) or () if row["kind"] == "care"]
    unit = kiosk.rows(UNIT) or ()
    cleaning = [row for row in unit if row["kind"] == "cleaning"]
    damaged = [row for row in unit if row["kind"] == "part" and row["damaged_since"]]
    rows = (
        *(_item(row, kiosk) for row in care),
        *(_cleaning(row) for row in cleaning),
        *(_damaged(row, kiosk) for row in damaged),
    )
    return FormView(
        title=_("Care"),
        line=_("What is due on the unit"),
        rail=(BACK,),
        columns=(Column(blocks=(StateRows(rows=rows, lines=5), *problem_card(kiosk))),),
    )


def _item(row: Row, kiosk: Kiosk) -> StateRow:
    item, since = str(row["item"]), day_of(row["since"])
    done = _("Last: {what}").format(what=since) if since else _("never recorded")
    words, icon, role = _status(row)
    may = row["by"] == BY_ANYBODY or is_service(kiosk)
    key = KeyView(
        action=f"record:{item}" if may else "",
        text=_("Record") if may else _("By service"),
        look=KeyLook.OUTLINED if may else KeyLook.OFF,
    )
    return StateRow(
        icon=ICONS[item],
        title=_item_name(item),
        note=done,
        state=words,
        state_icon=icon,
        state_role=role,
        key=key,
    )


def _item_name(item: str) -> str:
    return {
        "leads": _("Leads, hand switch"),
        "safety_check": _("Safety check"),
        "calibration": _("Calibration"),
    }.get(item, item)


def _status(row: Row) -> tuple[str, str, str]:
    day, locks = day_of_us(row["due_utc_us"]), day_of_us(row["locks_utc_us"])
    match str(row["status"]):
        case "in_order":
            return _("Due on {day}").format(day=day) if day else _("In order"), "check", "good"
        case "overdue" if locks:
            return _("Locks on {day}").format(day=locks), "warn", "warn"
        case "overdue":
            return _("Due now"), "warn", "warn"
        case _:
            return _("Overdue: locked"), "lock", "alarm_high"


def _cleaning(row: Row) -> StateRow:
    since, due = day_of(row["since"]), bool(row["due"])
    note = _("Last: {what}").format(what=since) if since else _("never recorded")
    return StateRow(
        icon="wash",
        title=_("Wipe unit, leads, switch"),
        note=note,
        state=_("Due now") if due else _("In order"),
        state_icon="warn" if due else "check",
        state_role="warn" if due else "good",
        key=KeyView(action="cleaned", text=_("Wiped"), look=KeyLook.OUTLINED),
    )


def _damaged(row: Row, kiosk: Kiosk) -> StateRow:
    may = is_service(kiosk)
    key = KeyView(
        action=f"put_back:{row['part']}" if may else "",
        text=_("Put back") if may else _("By service"),
        look=KeyLook.OUTLINED if may else KeyLook.OFF,
    )
    return StateRow(
        icon="tool",
        title=sentence(say_row(row["name"])),
        note=day_of(row["damaged_since"]),
        state=_("Damaged"),
        state_icon="cross",
        state_role="alarm_high",
        key=key,
    )


def inspect_leads_view(place: InspectLeads, kiosk: Kiosk) -> FormView:
    """Return the weekly look at the leads, which is of no patient."""
    return replace(check_unit_view(place, kiosk), title=_("Care"))


def record_care_view(place: RecordCare, kiosk: Kiosk) -> FormView:
    """Return the day on the report with its digits, then the number with the keyboard."""
    safety = place.item == SAFETY_CHECK
    title = _("Safety check passed") if safety else _("Unit calibrated")
    blocks = _number(place, kiosk) if place.at_number else _day(place, kiosk)
    line = _("The report of the check") if safety else _("The certificate")
    return FormView(title=title, line=line, rail=(BACK,), turn=f"{place.at_number}", columns=blocks)


def _day(place: RecordCare, kiosk: Kiosk) -> tuple[Column, ...]:
    day = today(kiosk)
    then = done_key("next", _("Next"), on=place.is_dated)
    left: list[Block] = [
        Heading(text=_("Day on the report")),
        Entry(caption="", text=place.date, hint=_("year, month, day"), height=56),
        *problem_card(kiosk),
    ]
    if day:
        words = _("Today: {day}").format(day=date(day))
        left.append(
            Keys(height=64, keys=(KeyView(action="today", text=words, look=KeyLook.OUTLINED),))
        )
    digits = Keys(columns=3, how="digit", keys=digit_keys())
    return (
        Column(share=340, blocks=(*left, Gap(only_wide=True), Keys(height=76, keys=(then,)))),
        Column(share=300, blocks=(digits,)),
    )


def _number(place: RecordCare, kiosk: Kiosk) -> tuple[Column, ...]:
    on = bool(place.number.strip())
    safety = place.item == SAFETY_CHECK
    hint = _("Number of the report") if safety else _("Number of the certificate")
    heading = listed(hint, date(place.date))
    return (_typing(heading, place.number, hint, "record", _("Record"), kiosk, on=on),)


def take_out_view(place: TakeOutOfUse, kiosk: Kiosk) -> FormView:
    """Return the reasons, then what follows; another reason needs words."""
    title = _("Take out of use")
    line = _("Nobody is treated until service releases it")
    if place.reason in IN_WORDS:
        column = _typing(
            _("Why?"),
            place.words,
            _("What happened"),
            "take_out",
            title,
            kiosk,
            on=place.is_complete,
        )
        return FormView(title=title, line=line, rail=(BACK,), turn=place.reason, columns=(column,))
    keys = tuple(
        KeyView(
            action=f"reason:{reason}",
            text=sentence(choice("out_of_use_reason", reason)),
            look=KeyLook.CHOSEN if reason == place.reason else KeyLook.OUTLINED,
        )
        for reason in REASONS
    )
    take = KeyView(
        action="take_out" if place.is_complete else "",
        text=title,
        note="" if place.reason else _("choose why first"),
        icon="warn",
        look=KeyLook.LEAD if place.is_complete else KeyLook.OFF,
    )
    card = Card(height=84, icon="info", text=_keep())
    blocks = (Heading(text=_("Why?")), Keys(columns=2, keys=keys), card, *problem_card(kiosk))
    column = Column(blocks=(*blocks, Keys(height=76, how="tile", keys=(take,))))
    return FormView(title=title, line=line, rail=(BACK,), columns=(column,))


def _keep() -> str:
    return _("Keep pads, leads and unit as they are. See to the patient first.")


def put_back_view(place: PutBack, kiosk: Kiosk) -> FormView:
    """Return why the unit is out of use, and the words of service; others see who may."""
    title = _("Put back into use")
    if is_service(kiosk):
        heading = _("What was found and done")
        if place.part:
            heading = sentence(say_row(place.row["name"])) if place.row else place.part
        on = bool(place.words.strip())
        column = _typing(heading, place.words, _("in words"), "put_back", title, kiosk, on=on)
        return FormView(title=title, rail=(BACK,), columns=(column,))
    reasons = [row for row in kiosk.rows(UNIT) or () if row["kind"] == "out_of_use"]
    rows = tuple((day_of(row["since"]) or "–", sentence(say_row(row["name"]))) for row in reasons)
    card = Card(
        height=84,
        icon="lock",
        look="warn",
        title=_("Only service puts it back"),
        text=_("Service signs in with its own PIN."),
    )
    blocks = (card, Rows(rows=rows, height=44 * max(len(rows), 1)), Gap(), *problem_card(kiosk))
    return FormView(title=title, rail=(BACK,), columns=(Column(blocks=blocks),))


def _typing(
    heading: str, text: str, hint: str, action: str, words: str, kiosk: Kiosk, *, on: bool
) -> Column:
    done = done_key(action, words, on=on)
    field = Entry(caption="", text=text, hint=hint)
    return Column(
        blocks=(
            Heading(text=heading),
            Beside(height=56, shares=(440, 208), parts=(field, Keys(keys=(done,)))),
            *problem_card(kiosk),
            keyboard(),
        )
    )
