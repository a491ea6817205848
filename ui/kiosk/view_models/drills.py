"""The list of drills with what is due, and what one needs before it begins."""

from appliance.messages.wire import DrillKind
from ui.kiosk.journey.drills import (
    DUE,
    LOADS_OHM,
    NO_LOAD,
    ON_A_CHANNEL,
    WITH_LOAD,
    Drills,
    PrepareDrill,
    drill_row,
    next_channel,
    unit_channels,
)
from ui.kiosk.journey.place import Kiosk, Row
from ui.kiosk.locale.words import _
from ui.kiosk.view_models.blocks import (
    Block,
    Card,
    Column,
    FormView,
    Heading,
    Keys,
    Steps,
)
from ui.kiosk.view_models.days import day_of, day_of_us
from ui.kiosk.view_models.drill_words import ICONS, PARTS, drill_name, drill_title
from ui.kiosk.view_models.message import StepView
from ui.kiosk.view_models.parts import KeyLook, KeyView
from ui.kiosk.view_models.shell import BACK
from ui.kiosk.view_models.steps import problem_card
from ui.kiosk.view_models.unit_blocks import HandsOn, StateRow, StateRows

IN_ORDER, DUE_SOON, FAILED, NEVER = "ok", "due soon", "failed", "never done"
NOTE_LOCKED, NOTE_OPEN = "drill.note.locked", "drill.note.open"


def drills_view(place: Drills, kiosk: Kiosk) -> FormView:
    """Return every drill with the last one, when it is due, and a key."""
    rows = [row for row in kiosk.rows(DUE) or () if row["kind"] == "drill"]
    first = next((row for row in rows if row["status"] != IN_ORDER), None)
    lines = tuple(_line(row, unit_channels(kiosk), lead=row is first) for row in rows)
    return FormView(
        title=_("Drills"),
        line=_("They show that every stop still works."),
        rail=(BACK,),
        columns=(
            Column(blocks=(_banner(kiosk), StateRows(rows=lines, lines=5), *problem_card(kiosk))),
        ),
    )


def _banner(kiosk: Kiosk) -> Card:
    """Return whether a drill locks the treatment, as the note of the engine has it."""
    notes = () if kiosk.snapshot is None else kiosk.snapshot.drill_notes
    keys = {note.key for note in notes}
    nobody = _("Nobody wears pads during a drill.")
    if NOTE_LOCKED in keys:
        title = _("Locked until all drills have passed")
        return Card(height=68, icon="lock", look="alarm", title=title, text=nobody)
    if NOTE_OPEN in keys:
        title = _("Drills are due, treatment stays open")
        return Card(height=68, icon="info", look="advice", title=title, text=nobody)
    return Card(height=68, icon="drill", title=_("Each drill is due every 30 days"), text=nobody)


def _line(row: Row, channels: tuple[int, ...], *, lead: bool) -> StateRow:
    kind = str(row["item"])
    words, icon, role = _state(row)
    due = row["status"] != IN_ORDER
    look = KeyLook.LEAD if lead else KeyLook.OUTLINED if due else KeyLook.PLAIN
    return StateRow(
        icon=ICONS[DrillKind(kind)],
        title=drill_name(kind),
        note=_last(row, channels),
        state=words,
        state_icon=icon,
        state_role=role,
        key=KeyView(action=f"drill:{kind}", text=_("Do") if not due else _("Do now"), look=look),
    )


def _last(row: Row, channels: tuple[int, ...]) -> str:
    """Return when the last one was, and who did it or which channel is next; "" for none."""
    if not row["since"]:
        return ""
    who = str(row["by"] or "")
    if row["channel"] is not None and row["item"] in ON_A_CHANNEL:
        who = _("channel {number} next").format(number=next_channel(channels, row["channel"]))
    return " · ".join(filter(None, (day_of(row["since"]), who)))


def _state(row: Row) -> tuple[str, str, str]:
    """Return words, icon and role of where a drill stands."""
    day = day_of_us(row["due_utc_us"])
    match str(row["status"]):
        case "ok":
            return _("Valid to {day}").format(day=day), "check", "good"
        case "due soon":
            return _("Due on {day}").format(day=day), "clock", "advice"
        case "failed":
            return _("Not passed"), "cross", "alarm_high"
        case "never done":
            return _("Never done"), "warn", "alarm_high"
        case _ if day:
            return _("Overdue since {day}").format(day=day), "warn", "alarm_high"
        case _:
            return _("Overdue: no clock tells"), "warn", "alarm_high"


def prepare_drill_view(place: PrepareDrill, kiosk: Kiosk) -> FormView:
    """Return what a drill needs, what is done, what has to happen; channel, load and the start."""
    steps = tuple(
        StepView(text=text, icon=icon)
        for text, icon in zip(_steps(place.kind), ("hand", "press", "check"), strict=True)
    )
    left: tuple[Block, ...] = (
        Heading(text=_("Before you begin")),
        Steps(steps=steps),
        Card(height=72, icon="warn", look="warn", title=_("Nobody wears pads during a drill.")),
    )
    begin = KeyView(
        action="begin" if place.is_complete else "",
        text=_("Begin the drill"),
        note="" if place.is_complete else _choose_first(place.kind),
        icon="play",
        look=KeyLook.LEAD if place.is_complete else KeyLook.OFF,
    )
    right = (
        HandsOn(part=PARTS[place.kind]),
        *_load(place),
        *_channel(place, kiosk),
        *problem_card(kiosk),
    )
    return FormView(
        title=drill_title(place.kind),
        line=_before(drill_row(kiosk, place.kind)),
        rail=(BACK,),
        turn=place.kind,
        columns=(
            Column(share=356, blocks=left),
            Column(share=284, blocks=(*right, Keys(height=76, keys=(begin,)))),
        ),
    )


def _before(row: Row) -> str:
    """Return when the last one was, by whom and on which channel, "" for none."""
    if not row.get("since"):
        return ""
    day, by, channel = day_of(row["since"]), str(row["by"] or ""), row["channel"]
    where = "" if channel is None else _("channel {number}").format(number=channel)
    return _("Last: {what}").format(what=" · ".join(filter(None, (day, by, where))))


def _choose_first(kind: DrillKind) -> str:
    if kind is DrillKind.ESTOP:
        return _("choose a load or none")
    return _("choose the test load first")


def _load(place: PrepareDrill) -> tuple[Block, ...]:
    if place.kind not in WITH_LOAD:
        return ()
    loads = [(load, _("{ohm} Ω").format(ohm=load)) for load in LOADS_OHM]
    if place.kind is DrillKind.ESTOP:
        loads.insert(0, (NO_LOAD, _("None")))
    keys = tuple(
        _choice(f"load:{load}", text, chosen=place.load_ohm == load) for load, text in loads
    )
    return Heading(text=_("Test load")), Keys(height=56, columns=len(keys), keys=keys)


def _channel(place: PrepareDrill, kiosk: Kiosk) -> tuple[Block, ...]:
    channels = unit_channels(kiosk)
    if place.kind not in {*ON_A_CHANNEL, *WITH_LOAD} or not channels:
        return ()
    if not place.needs_channel:
        return ()
    keys = tuple(
        _choice(
            f"channel:{channel}",
            _("Channel {number}").format(number=channel),
            chosen=place.channel == channel,
        )
        for channel in channels
    )
    return Heading(text=_("Channel")), Keys(height=56, columns=2, keys=keys)


def _choice(action: str, text: str, *, chosen: bool) -> KeyView:
    return KeyView(action=action, text=text, look=KeyLook.CHOSEN if chosen else KeyLook.OUTLINED)


def _steps(kind: DrillKind) -> tuple[str, str, str]:
    """Return what a drill needs, what a person does, and what the unit has to do."""
    match kind:
        case DrillKind.ESTOP:
            return (
                _("You need a hand at the red button."),
                _("Press it, release it, acknowledge."),
                _("Latch, guard and engine must all see it."),
            )
        case DrillKind.HAND_SWITCH:
            return (
                _("You need the patient's hand switch."),
                _("Squeeze it, let go. Unplug it, plug it in."),
                _("The unit must stop both times."),
            )
        case DrillKind.LEAD:
            return (
                _("You need leads on a test load or on pads."),
                _("Unplug one lead, then plug it in again."),
                _("The contact check must find it off."),
            )
        case DrillKind.KNOWN_LOAD:
            return (
                _("You need a resistor of 500 or 1000 Ω."),
                _("Connect it and keep your hands off."),
                _("What is set must be what is measured."),
            )
        case DrillKind.WATCHDOG:
            return (
                _("You need nothing."),
                _("Wait until the unit has tried it."),
                _("Latch and guard must end a silent engine."),
            )
