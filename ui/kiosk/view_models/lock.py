"""The lock screen."""

from dataclasses import replace

from ui.kiosk.journey.harm import pauses_without_anybody
from ui.kiosk.journey.lock import PIN_SHOWN, SET_UP, ForgottenPin, Lock, row_of
from ui.kiosk.journey.place import Kiosk
from ui.kiosk.locale.words import _
from ui.kiosk.view_models.blocks import (
    Block,
    Card,
    Column,
    Entry,
    FormView,
    Gap,
    Heading,
    Keys,
)
from ui.kiosk.view_models.keyboard import done_key, pin_pad
from ui.kiosk.view_models.message import MessageView, StepView
from ui.kiosk.view_models.parts import KeyLook, KeyView
from ui.kiosk.view_models.refusals import refusal_text
from ui.kiosk.view_models.shell import paused_because

TILES, ROWS, TILE = 6, 3, 84
"""So many operators are shown, in so many rows of this height where there are fewer."""
FEW, SHORT = 4, 11
"""So many operators with names of so many letters have their role below the name."""
LONGEST = 9
"""A word of more letters is wider than a tile with an icon; it is divided in its middle."""
LINE, SHORT_PROBLEM, LONG_PROBLEM = 30, 22, 62
"""A problem of so many letters takes one line below a PIN; a longer one up to three."""
S_US = 1_000_000


def lock_title(kiosk: Kiosk) -> str:
    """Return the name of the unit, with that of the clinic once it is known."""
    rows = kiosk.rows(SET_UP) or ()
    clinic = next((str(row.get("clinic", "")) for row in rows if row["step"] == "clinic"), "")
    return f"stimkiosk · {clinic}" if clinic else "stimkiosk"


def lock_view(place: Lock, kiosk: Kiosk) -> FormView:
    """Return who can sign in, and a PIN for whoever was chosen."""
    operators = [row for row in kiosk.rows("operators") or () if row["kind"] == "operator"]
    if not any(row["has_pin"] for row in operators):
        return _not_set_up(kiosk)
    most = TILES if len(operators) <= TILES else TILES - 1
    short = len(operators) <= FEW and all(len(str(row["operator"])) <= SHORT for row in operators)
    tiles = tuple(
        KeyView(
            action=f"operator:{row['operator']}",
            text=tile_name(str(row["operator"])),
            note=role_words(str(row["role"])) if short else "",
            icon="person" if row["role"] != "service" else "gear",
            look=KeyLook.CHOSEN if row["operator"] == place.operator else KeyLook.PLAIN,
        )
        for row in operators[place.first : place.first + most]
    )
    if len(operators) > TILES:
        after = place.first + most
        after = after if after < len(operators) else 0
        tiles = (*tiles, KeyView(action=f"page:{after}", text=_("Others"), icon="people"))
    waits = _waits(place, kiosk)
    left = Column(
        share=360,
        blocks=(
            Heading(text=_("Who is treating?")),
            *_tiles(tiles, chosen=bool(place.operator) and waits is None),
            _felt(kiosk)
            or waits
            or _untold(kiosk)
            or _below(kiosk, only_wide=bool(place.operator)),
        ),
    )
    columns = (left, Column(share=280, blocks=_pin(place, kiosk)))
    rail, turn = (_language_key(),), str(place.first)
    return FormView(line=paused_because(kiosk), columns=columns, rail=rail, turn=turn)


def _tiles(tiles: tuple[KeyView, ...], *, chosen: bool) -> tuple[Block, ...]:
    """Return the names; few of them leave room below, but on a tall display above a PIN."""
    rows = -(-len(tiles) // 2)
    names = Keys(columns=2, how="tile", keys=tiles)
    if rows == ROWS:
        return (names,)
    few = replace(names, height=TILE * rows - 8, only_wide=chosen)
    beside_pin = (replace(names, only_tall=True),) if chosen else ()
    return (few, Gap(only_wide=chosen), *beside_pin)


def tile_name(name: str) -> str:
    """Return a name in words short enough to stand beside an icon: longer ones are divided."""
    return " ".join(
        f"{word[: (len(word) + 1) // 2]}-\n{word[(len(word) + 1) // 2 :]}"
        if len(word) > LONGEST
        else word
        for word in name.split(" ")
    )


def _language_key() -> KeyView:
    return KeyView(action="languages", text=_("Language"), icon="globe")


def _felt(kiosk: Kiosk) -> Keys | None:
    """Return the key to say what was felt in a treatment that is paused: it needs no PIN."""
    if not pauses_without_anybody(kiosk):
        return None
    text, note = _("Was anything felt?"), _("kept in the record")
    key = KeyView(action="harm", text=text, note=note, icon="pain", look=KeyLook.OUTLINED)
    return Keys(height=92, how="tile", keys=(key,))


def _waits(place: Lock, kiosk: Kiosk) -> Card | None:
    """Return that somebody has to wait, None where the one who was chosen has not."""
    waits_us = int(row_of(kiosk, place.operator).get("locked_out_us", 0) or 0)
    if not waits_us:
        return None
    seconds = -(-waits_us // S_US)
    return Card(
        height=92,
        icon="lock",
        look="warn",
        title=_("Too many wrong PINs"),
        text=_("{name} can sign in again in {time} s. Others can now.").format(
            name=place.operator, time=seconds
        ),
    )


def _untold(kiosk: Kiosk) -> Card | None:
    """Return who has to be told of a refusal, without whom or what it is about."""
    name = next((each.by for each in kiosk.unheard if each.by), "")
    if not name:
        return None
    return Card(
        height=92,
        icon="warn",
        look="warn",
        title=_("Not accepted: an entry of {name}").format(name=name),
        text=_("What it was is shown once {name} has signed in.").format(name=name),
    )


def _below(kiosk: Kiosk, *, only_wide: bool = False) -> Card:
    reset = next((row for row in kiosk.rows("operators") or () if row["kind"] == "reset"), None)
    if reset is not None:
        text = _("The PINs of the lead clinicians were cleared over SSH by {who}.")
        return Card(height=92, icon="warn", look="warn", text=text.format(who=reset["by"]))
    return Card(
        height=92,
        icon="info",
        only_wide=only_wide,
        title=_("Not conformity-tested."),
        text=_("An open reference design, not a cleared medical device."),
    )


def _pin(place: Lock, kiosk: Kiosk) -> tuple[Block, ...]:
    waits_us = int(row_of(kiosk, place.operator).get("locked_out_us", 0) or 0)
    on = bool(place.operator) and not waits_us
    problem = _problem(place, kiosk, waits_us)
    enter = done_key("enter", _("Enter"), on=on and bool(place.pin))
    if place.operator and not place.pin and not place.chooses_new:
        enter = KeyView(action="forgot", text=_("Forgot"))
    pad = pin_pad(on=on, left=enter)
    blocks = (Heading(text=_heading(place)), pin_entry(place.pin, problem), *pad)
    if on:
        return blocks
    # On a tall display the digits come once there is somebody to type them.
    return tuple(replace(block, only_wide=True) for block in blocks if not block.only_tall)


def pin_entry(pin: str, problem: str) -> Entry:
    """Return the dots of a PIN, with what is wrong below them."""
    high = SHORT_PROBLEM if len(problem) <= LINE else LONG_PROBLEM
    return Entry(
        caption="",
        text=pin,
        secret=True,
        places=PIN_SHOWN,
        problem=problem,
        problem_high=high,
        height=48 + (high + 6 if problem else 0),
    )


def forgotten_view(place: ForgottenPin, kiosk: Kiosk) -> MessageView:
    """Return how somebody gets a new PIN."""
    del kiosk
    return MessageView(
        title=_("The PIN of {name} is forgotten").format(name=place.operator),
        icon="lock",
        detail=_("Nobody can read a PIN, not even service."),
        steps=(
            StepView(text=_("A lead clinician sets a one-time PIN."), icon="person"),
            StepView(text=_("Sign in with it here, then choose a new PIN."), icon="unlock"),
            StepView(text=_("No lead clinician at hand: call service."), icon="call"),
        ),
    )


def _heading(place: Lock) -> str:
    if not place.operator:
        return _("PIN")
    if place.chooses_new:
        return _("The new PIN again") if place.again else _("Choose a new PIN")
    return _("PIN of {name}").format(name=place.operator)


def _problem(place: Lock, kiosk: Kiosk, waits_us: int) -> str:
    if waits_us:
        return _("Wrong PINs: try again in {time} s").format(time=-(-waits_us // S_US))
    if place.differs:
        return _("The two PINs differ")
    return "" if kiosk.refused is None else refusal_text(kiosk.refused)


def role_words(role: str) -> str:
    """Return a role of an operator in words."""
    return {
        "lead": _("lead clinician"),
        "clinician": _("clinician"),
        "service": _("service"),
    }.get(role, role)


def _not_set_up(kiosk: Kiosk) -> FormView:
    begin = KeyView(
        action="set_up",
        text=_("Set up this unit"),
        note=_("language, clinic, clock, lead clinician"),
        icon="tool",
        look=KeyLook.LEAD,
    )
    keys = [begin]
    if kiosk.snapshot is not None and kiosk.snapshot.rig != "hardware":
        keys.append(
            KeyView(
                action="try_it",
                text=_("Try it on the virtual board"),
                note=_("nobody is treated; no PIN"),
                icon="screen",
                look=KeyLook.OUTLINED,
            )
        )
    blocks = (
        Heading(text=_("This unit is not set up yet")),
        Keys(height=200 if len(keys) > 1 else 96, how="tile", keys=tuple(keys)),
        _below(kiosk),
        Heading(text=""),
    )
    return FormView(columns=(Column(blocks=blocks),), rail=(_language_key(),))
