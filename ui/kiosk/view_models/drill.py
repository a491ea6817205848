"""A drill under way, and its result: the part to press, seconds left, what is measured."""

from dataclasses import dataclass, replace

from appliance.messages.snapshot import DrillResult, DrillView, Snapshot
from appliance.messages.wire import DrillKind, StateName, TextView
from ui.kiosk.journey.drills import AtDrill, AtDrillResult, is_acknowledging
from ui.kiosk.journey.place import Kiosk
from ui.kiosk.locale.words import _, say
from ui.kiosk.view_models.blocks import (
    Beside,
    Block,
    Card,
    Column,
    FormView,
    Gap,
    Heading,
    Keys,
    Steps,
)
from ui.kiosk.view_models.channels import milliamps
from ui.kiosk.view_models.drill_words import (
    PARTS,
    drill_name,
    drill_title,
    measured_of,
    measured_steps,
)
from ui.kiosk.view_models.message import FigureView
from ui.kiosk.view_models.parts import KeyLook, KeyView
from ui.kiosk.view_models.refusals import told
from ui.kiosk.view_models.steps import problem_card
from ui.kiosk.view_models.unit_blocks import HandsOn

WHOLE_US, S_US = 120_000_000, 1_000_000
"""How long a drill may take; the bar of the time left is full with it."""
STATE_SHARE = 0.46
ROW_HIGH, MOST_FAILURES = 38, 2
LOCKED = "drill.note.locked"


@dataclass(frozen=True, slots=True, kw_only=True)
class DrillScreenView:
    """A step of a drill: the drawing of what to do, its words, and a column of what is measured.

    `left_s` are whole seconds, `left_share` of the whole time; `figures` change by themselves.
    """

    part: str
    text: str
    step: str
    left_s: int
    left_share: float
    left_word: str
    column: Column
    figures: tuple[FigureView, ...] = ()


def still_of(view: DrillScreenView) -> object:
    """Return what of the step never changes by itself."""
    captions = tuple(figure.caption for figure in view.figures)
    return view.part, view.text, view.step, view.column, captions


def give_up_key() -> KeyView:
    """Return the key that ends the drill; it counts as not passed then."""
    return KeyView(action="give_up", text=_("Give up\ndrill"), icon="cross")


def drill_head(kiosk: Kiosk) -> tuple[str, str]:
    """Return title and second line of the head."""
    snapshot = kiosk.snapshot
    if snapshot is None or snapshot.drill is None:
        return "", ""
    nobody = _("Nobody wears pads")
    line = f"{nobody} · {snapshot.operator}" if snapshot.operator else nobody
    return drill_title(snapshot.drill.kind), line


def drill_view(place: AtDrill, kiosk: Kiosk) -> DrillScreenView:
    """Return the step that the engine leads through now."""
    snapshot = kiosk.snapshot
    if snapshot is None or snapshot.drill is None:
        empty = Column(blocks=())
        return DrillScreenView(
            part="", text="", step="", left_s=0, left_share=0.0, left_word="", column=empty
        )
    drill = snapshot.drill
    return DrillScreenView(
        part=_part(drill),
        text=say(TextView(key=drill.key)),
        step=_step_words(drill),
        left_s=-(-drill.left_us // S_US),
        left_share=min(drill.left_us / WHOLE_US, 1.0),
        left_word=_("seconds left"),
        column=Column(blocks=(*_measured(drill), *_below(kiosk, snapshot, drill))),
        figures=_figures(snapshot, drill),
    )


def _step_words(drill: DrillView) -> str:
    """Return which step it is, and on which channel, where it is done on one."""
    step = _("Step {step} of {of}").format(step=drill.step, of=drill.of)
    if drill.channel is None:
        return step
    return " · ".join((step, _("Channel {number}").format(number=drill.channel)))


def _measured(drill: DrillView, result: DrillResult | None = None) -> tuple[Block, ...]:
    values = measured_of(drill.kind, with_load=drill.load_ohm is not None)
    steps = measured_steps(values, drill.measured if result is None else result.measured, result)
    done = sum(step.icon != value.icon for step, value in zip(steps, values, strict=True))
    note = _("{done} of {all}").format(done=done, all=len(steps)) if result is None else ""
    failed = result is not None and not result.passed
    return (
        Heading(text=_("What is measured"), note=note, only_wide=failed),
        Steps(
            steps=steps,
            height=len(steps) * ROW_HIGH,
            state_share=STATE_SHARE,
            only_wide=failed,
        ),
    )


def _below(kiosk: Kiosk, snapshot: Snapshot, drill: DrillView) -> tuple[Block, ...]:
    """Return the key that acknowledges, or what follows from no end in time."""
    problem = problem_card(kiosk, height=64)
    trip = snapshot.trip
    if snapshot.state is StateName.TRIPPED and trip is not None:
        text, on = _("Acknowledge"), is_acknowledging(drill) and not trip.cause_present
        key = KeyView(
            action="acknowledge" if on else "",
            text=text,
            note="" if on else _("possible once the cause is gone"),
            look=KeyLook.LEAD if on else KeyLook.OFF,
        )
        return (*problem, Gap(), Keys(height=76, keys=(key,)))
    words = _("Without an end in time, or given up, the drill counts as not passed.")
    return (*problem, Gap(), Card(height=68, only_wide=True, icon="info", text=words))


def _figures(snapshot: Snapshot, drill: DrillView) -> tuple[FigureView, ...]:
    """Return what is set and measured on the channel that feeds a test load."""
    if drill.load_ohm is None:
        return ()
    channel = next((each for each in snapshot.channels if each.channel == drill.channel), None)
    if channel is None:
        return ()
    return (
        FigureView(caption=_("set, mA"), value=milliamps(channel.level_ua)),
        FigureView(caption=_("measured, mA"), value=milliamps(channel.measured_ua)),
    )


def _part(drill: DrillView) -> str:
    """Return the drawing of what a person does in this step."""
    name = drill.key.rpartition(".")[2]
    if drill.kind is DrillKind.ESTOP and name in _ESTOP_PARTS:
        return _ESTOP_PARTS[name]
    if drill.kind is DrillKind.HAND_SWITCH:
        return _SWITCH_PARTS.get(name, "switch")
    if drill.kind is DrillKind.LEAD:
        return _LEAD_PARTS.get(name, "lead_in")
    return "load" if drill.load_ohm is not None else "engine"


_ESTOP_PARTS = {
    "press": "button_press",
    "release": "button_twist",
    "acknowledge": "button",
    "settle": "button",
}
_SWITCH_PARTS = {
    "squeeze": "switch_squeeze",
    "unplug": "switch_out",
    "plug-in": "switch_in",
    "plugged": "switch_in",
}
_LEAD_PARTS = {"attach": "lead_in", "unplug": "lead_out", "plug-in": "lead_in"}
AT_REST = {
    DrillKind.ESTOP: "button",
    DrillKind.HAND_SWITCH: "switch",
    DrillKind.LEAD: "lead_in",
}
"""How a part is drawn once its drill has passed: nothing more is to be done with it."""


def drill_result_view(place: AtDrillResult, kiosk: Kiosk) -> FormView:
    """Return how a drill ended, what was measured, and what a failure means."""
    snapshot = kiosk.snapshot
    drill = None if snapshot is None else snapshot.drill
    if snapshot is None or drill is None or drill.result is None:
        return FormView(columns=())
    result = drill.result
    title, line = drill_head(kiosk)
    left = _passed(drill) if result.passed else _not_passed(kiosk, snapshot, drill, result)
    return FormView(
        title=title,
        line=line,
        turn=drill.kind,
        columns=(
            Column(share=272, blocks=(*left, *problem_card(kiosk))),
            Column(
                share=376,
                blocks=(
                    *_measured(drill, result),
                    Gap(only_wide=True),
                    *_load_off(drill),
                    _keys(drill, result),
                ),
            ),
        ),
    )


def _passed(drill: DrillView) -> tuple[Block, ...]:
    name = drill_name(drill.kind)
    where = _("It proves channel {number} only.").format(number=drill.channel)
    kept = _("Kept in the records with name and time.")
    return (
        HandsOn(part=AT_REST.get(drill.kind, PARTS[drill.kind])),
        Card(height=72, icon="check", look="good", title=name, text=_("Drill passed")),
        Card(height=64, only_wide=True, icon="save", text=kept),
        *(() if drill.channel is None else (Card(height=64, icon="info", text=where),)),
    )


def _not_passed(
    kiosk: Kiosk, snapshot: Snapshot, drill: DrillView, result: DrillResult
) -> tuple[Block, ...]:
    failures = tuple(
        Card(height=80, icon="cross", text=told(failure))
        for failure in result.failures[:MOST_FAILURES]
    )
    locked = any(note.key == LOCKED for note in snapshot.drill_notes)
    means = (
        _("Nobody is treated with this unit until the drill has passed.")
        if locked
        else _("On the virtual board treatment stays open.")
    )
    name = drill_name(drill.kind)
    return (
        Card(height=72, icon="warn", look="alarm", title=name, text=_("Drill not passed")),
        *failures,
        Gap(only_wide=True),
        Card(
            height=84,
            only_wide=not locked,
            icon="lock" if locked else "info",
            text=means,
        ),
    )


def _load_off(drill: DrillView) -> tuple[Card, ...]:
    """Return that the test load comes off: left on, it would pass for a patient's pads."""
    if drill.load_ohm is None:
        return ()
    text = _("Take the test load off channel {number}.").format(number=drill.channel)
    return (Card(height=52, icon="plug", look="warn", text=text),)


def _keys(drill: DrillView, result: DrillResult) -> Block:
    words = _("Done") if drill.load_ohm is None else _("Load is off")
    done = KeyView(action="done", text=words, icon="check", look=KeyLook.LEAD)
    if result.passed:
        return Keys(height=76, keys=(done,))
    out = KeyView(action="take_out_of_use", text=_("Take out of use"), look=KeyLook.OUTLINED)
    again = KeyView(action="again", text=_("Do it again"), icon="drill", look=KeyLook.LEAD)
    later = replace(done, look=KeyLook.OUTLINED)
    first, second = Keys(columns=2, keys=(later, out)), Keys(keys=(again,))
    return Beside(height=124, shares=(1,), parts=(Column(blocks=(first, second)),))
