"""The pads of a patient: which set, a new one, and the look at it."""

from ui.kiosk.journey.pad_sets import GOOD, LOOKED_AT, CheckPads, ChoosePads
from ui.kiosk.journey.place import Kiosk, Row
from ui.kiosk.locale.words import _, say_row, sentence
from ui.kiosk.view_models.blocks import (
    Beside,
    Block,
    Card,
    Column,
    Entry,
    FormView,
    Heading,
    Keys,
    LineKeys,
    LineKeyView,
    Question,
    Say,
)
from ui.kiosk.view_models.keyboard import field_beside, keyboard
from ui.kiosk.view_models.parts import KeyLook, KeyView
from ui.kiosk.view_models.steps import before_pads, problem_card, step_title
from ui.kiosk.view_models.unit_checks import DAMAGED, answer_keys

SETS_SHOWN, MATERIALS_SHOWN, MAKERS_SHOWN = 3, 2, 4


def choose_pads_view(place: ChoosePads, kiosk: Kiosk) -> FormView:
    """Return the sets of this patient, or the material of a new one."""
    blocks = _naming(place, kiosk) if place.naming else _sets(place, kiosk)
    return FormView(
        title=step_title(place.treatment),
        line=_("Pads"),
        rail=before_pads(),
        turn="naming" if place.naming else "sets",
        columns=(Column(blocks=blocks),),
    )


def check_pads_view(place: CheckPads, kiosk: Kiosk) -> FormView:
    """Return what is looked at on a set."""
    used = next((row for row in place.sets(kiosk) if row["pad_set"] == place.pad_set), None)
    head = Heading(
        text=_("Look at pad set {label}").format(label=place.pad_set),
        note="" if used is None else _uses(used),
    )
    another = KeyView(action="another", text=_("Another set"), icon="pad", look=KeyLook.OUTLINED)
    foot = Beside(
        height=64, shares=(316, 332), parts=(Keys(keys=(another,)), Keys(keys=(_good(place),)))
    )
    return FormView(
        title=step_title(place.treatment),
        line=_("Checks before use"),
        rail=before_pads(),
        columns=(Column(blocks=(head, *_looks(place), *problem_card(kiosk), foot)),),
    )


def _looks(place: CheckPads) -> tuple[Block, ...]:
    """Return a question for each thing looked at, and what a bad answer means."""
    questions: tuple[Block, ...] = tuple(
        Question(
            height=None,
            text=text,
            keys=answer_keys(
                f"look:{thing}", place.answers.get(thing), ((GOOD, _("Good")), (DAMAGED, bad))
            ),
            look="alarm" if place.answers.get(thing) == DAMAGED else "plain",
            key_width=152,
        )
        for thing, text, bad in looked_at()
    )
    if DAMAGED not in place.answers.values():
        return questions
    words = _("Damaged pads can burn: out of use now.")
    return (*questions, Card(height=44, icon="warn", look="alarm", text=words))


def _good(place: CheckPads) -> KeyView:
    given = len(place.answers)
    rest = _("The others are good") if given else _("All of these are good")
    text = _("Record") if given == len(LOOKED_AT) else rest
    return KeyView(action="rest_good", text=text, icon="check", look=KeyLook.LEAD)


def looked_at() -> tuple[tuple[str, str, str], ...]:
    """Return what is looked at, what is good of it, and what the other answer is called."""
    return (
        ("edges", _("Edges flat, none rolled up"), _("Damaged")),
        ("gel", _("Gel moist, clean and even"), _("Damaged")),
        ("whole", _("Pad, wire and plug whole"), _("Damaged")),
        ("date", _("Date on the bag not passed"), _("Passed")),
    )


def _sets(place: ChoosePads, kiosk: Kiosk) -> tuple[Block, ...]:
    size = place.size(kiosk)
    needs = "" if size is None else _pads(len(place.pads(kiosk)), *size)
    lines = tuple(
        LineKeyView(
            action=f"set:{row['pad_set']}",
            text=str(row["pad_set"]),
            note=_uses(row),
            more=_pads(row["pads"], row["width_mm"], row["height_mm"]),
            more_note=str(row["material"]),
            icon="next",
            look=KeyLook.OUTLINED,
        )
        for row in place.usable(kiosk)[:SETS_SHOWN]
    )
    if not lines or (not place.fitting(kiosk) and place.size(kiosk) is not None):
        return _first_set(place, kiosk, needs)
    new = KeyView(
        action="new",
        text=_("Label a new set"),
        note=_("set {label}").format(label=place.label(kiosk)),
        icon="pad",
        look=KeyLook.OUTLINED,
    )
    return (
        Heading(text=_("Which pads?"), note=needs),
        *_refused(place),
        *problem_card(kiosk),
        LineKeys(keys=lines, lines=SETS_SHOWN),
        Keys(height=76, how="tile", keys=(new,)),
    )


def _first_set(place: ChoosePads, kiosk: Kiosk, needs: str) -> tuple[Block, ...]:
    """Return the makers of pads as keys: there is no set to choose."""
    label = place.label(kiosk)
    hint = Card(
        height=72,
        icon="pad",
        title=_("Open a new bag: set {label}").format(label=label),
        text=_("Write “{label}” and the patient on the bag.").format(label=label),
    )
    known = place.size(kiosk) is not None
    makers = tuple(
        KeyView(
            action=f"same:{material}" if known else "",
            text=material,
            look=KeyLook.OUTLINED if known else KeyLook.OFF,
        )
        for material in place.materials(kiosk)[:MAKERS_SHOWN]
    )
    other = KeyView(action="new", text=_("Another maker"), icon="edit", look=KeyLook.OUTLINED)
    return (
        Heading(text=_("Who makes the pads?"), note=needs),
        *_refused(place),
        *(problem_card(kiosk) or (hint,)),
        Keys(columns=2, keys=(*makers, other)),
    )


def _pads(count: int, width_mm: int, height_mm: int) -> str:
    words = _("{count} pads of {width} x {height} mm")
    return words.format(count=count, width=width_mm, height=height_mm)


def _refused(place: ChoosePads) -> tuple[Card, ...]:
    """Return why the set that was chosen cannot be used."""
    finding = place.finding
    if finding.get("consequence") != "stop":
        return ()
    title = sentence(say_row(finding["found"]))
    if finding["item"]:
        title = _("Set {label}: {found}").format(
            label=finding["item"], found=say_row(finding["found"])
        )
    text = _("Accepted: {allowed}").format(allowed=say_row(finding["allowed"]))
    return (Card(height=88, icon="warn", look="alarm", title=title, text=text),)


def _naming(place: ChoosePads, kiosk: Kiosk) -> tuple[Block, ...]:
    named = bool(place.material.strip()) and place.size(kiosk) is not None
    label = KeyView(
        action="label" if named else "",
        text=_("Label {label}").format(label=place.label(kiosk)),
        look=KeyLook.LEAD if named else KeyLook.OFF,
    )
    before = place.materials(kiosk)[:MATERIALS_SHOWN]
    same = tuple(
        KeyView(action=f"same:{material}", text=material, look=KeyLook.OUTLINED)
        for material in before
    )
    hint = _("Write “{label}” and the patient on the bag.").format(label=place.label(kiosk))
    again: tuple[Block, ...] = (Keys(height=48, columns=len(same), keys=same),) if same else ()
    field = Entry(caption=_("Maker's name of the pad"), text=place.material)
    return (
        field_beside(field, label),
        *(problem_card(kiosk) or (Say(height=20, text=hint),)),
        *again,
        keyboard(),
    )


def _uses(row: Row) -> str:
    """Return how often a set was used."""
    return _("{count} uses").format(count=row["uses"])
