"""One message: what is, what to do, figures, steps or a question, and keys."""

from dataclasses import dataclass, replace

from ui.kiosk.view_models.parts import KeyView


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureView:
    """A figure with its caption; the value may change by itself."""

    caption: str
    value: str
    unit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepView:
    """One thing to do or to know, with its state at the end of the line.

    A `number` stands where there is no icon: which of the steps it is.
    """

    text: str
    icon: str
    state: str = ""
    state_role: str = "text"
    number: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ButtonView:
    """The red button of the unit as it looks; `twist` shows how it is released."""

    text: str
    note: str = ""
    twist: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionView:
    """A question below the message, with an answer on each key."""

    text: str
    note: str
    keys: tuple[KeyView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageView:
    """A message; `look` is plain, alarm, warn or advice.

    `channel` is the one that it is about, `detail` says where, and `seen` what was measured.
    """

    title: str
    icon: str
    channel: int | None = None
    detail: str = ""
    seen: str = ""
    look: str = "plain"
    figures: tuple[FigureView, ...] = ()
    steps: tuple[StepView, ...] = ()
    button: ButtonView | None = None
    question: QuestionView | None = None
    keys: tuple[KeyView, ...] = ()


def still_of(view: MessageView) -> object:
    """Return what of the message never changes by itself."""
    figures = tuple(replace(figure, value="") for figure in view.figures)
    return replace(view, figures=figures)
