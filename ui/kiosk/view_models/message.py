"""One message: what is, what to do, figures, steps and keys."""

from dataclasses import dataclass

from ui.kiosk.view_models.parts import KeyView


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureView:
    """A figure with its caption; the value may change by itself."""

    caption: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StepView:
    """One thing to do or to know, with its state at the end of the line."""

    text: str
    icon: str
    state: str = ""
    state_role: str = "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageView:
    """A message; `look` is plain, alarm, warn or advice."""

    title: str
    icon: str
    detail: str = ""
    look: str = "plain"
    figures: tuple[FigureView, ...] = ()
    steps: tuple[StepView, ...] = ()
    keys: tuple[KeyView, ...] = ()


def still_of(view: MessageView) -> object:
    """Return what of the message never changes by itself."""
    captions = tuple(figure.caption for figure in view.figures)
    return view.title, view.icon, view.detail, view.look, captions, view.steps, view.keys
