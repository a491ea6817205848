"""The phase: where the contraction or the treatment stands, and whether the clinician is there."""

from kivy.graphics import Color, Line, Mesh

from ui.kiosk.theme.regions import Rect
from ui.kiosk.view_models.channels import PhaseView
from ui.kiosk.widgets.box import Box, Field
from ui.kiosk.widgets.icon import Icon
from ui.kiosk.widgets.part import Layer, Part
from ui.kiosk.widgets.stage import Stage
from ui.kiosk.widgets.words import Words

REST_HIGH = 6
LINE = 22
LOW = 110
"""Below this height there is room for one line below the picture."""
ROOMY = 180
"""From this height on a part has lines of its own below the contraction."""


class Ribbon(Part):
    """A contraction and its rest as a line, filled up to where it stands."""

    role = "chart"

    def __init__(self, stage: Stage, rect: Rect, ramp: tuple[float, float, float]) -> None:
        super().__init__(stage, rect)
        self._ramp = ramp
        with self.canvas:
            Color(*stage.colour("pressed"))
            whole = self._corners(1.0)
            Mesh(
                mode="triangle_fan",
                fmt=[(b"vPosition", 2, "float")],
                vertices=whole,
                indices=list(range(len(whole) // 2)),
            )
            self._ink = Color(*stage.colour("on"))
            self._done = Mesh(mode="triangle_fan", fmt=[(b"vPosition", 2, "float")])
            Color(*stage.colour("edge"))
            up, plateau, end = (self.x + self.width * share for share in ramp)
            top = self.y + self.height
            Line(
                points=[self.x, self.y, up, top, plateau, top, end, self.y, self.right, self.y],
                width=1,
            )
        self._rest = Field(stage, rect.left(0), "text_soft")
        self._cursor = Field(stage, rect.left(3), "value")
        for part in (self._rest, self._cursor):
            self.add_widget(part)

    def show(self, cursor: float) -> None:
        """Show where it stands, 0 to 1 of the whole cycle."""
        corners = self._corners(min(cursor, 1.0))
        self._done.vertices = corners
        self._done.indices = list(range(len(corners) // 2))
        rect, end = self.rect, self._ramp[2]
        # Yellow says that output may flow: a contraction that is over is grey.
        self._ink.rgba = self.stage.colour("on" if cursor < end else "pressed")
        rested = max(cursor - end, 0.0) * rect.w
        self._rest.show(Rect(rect.x + rect.w * end, rect.bottom - REST_HIGH, rested, REST_HIGH))
        self._cursor.show(Rect(rect.x + rect.w * cursor - 1.5, rect.y - 3, 3, rect.h + 6))

    def _corners(self, until: float) -> list[float]:
        """Return the corners of the contraction up to a share of the cycle."""
        up, plateau, end = self._ramp
        corners = [0.0, 0.0]
        for share, height in ((up, 1.0), (plateau, 1.0), (end, 0.0)):
            if until >= share:
                corners += [share, height]
        last_x, last_y = corners[-2:]
        if until < end:
            if until < up:
                height = until / up
            elif until < plateau:
                height = 1.0
            else:
                height = (end - until) / (end - plateau)
            corners += [until, height, until, 0.0]
        elif last_y:
            corners += [last_x, 0.0]
        placed: list[float] = []
        for x, y in zip(corners[::2], corners[1::2], strict=True):
            placed += [self.x + self.width * x, self.y + self.height * y, 0.0, 0.0]
        return [value for at in range(0, len(placed), 4) for value in placed[at : at + 2]]


class Phase:
    """The lower right panel of the treatment screen."""

    def __init__(
        self, stage: Stage, rect: Rect, view: PhaseView, still: Layer, live: Layer
    ) -> None:
        self._words, self._view = stage.mirrored(rect), view
        still.add_widget(Box(stage, rect, "panel"))
        inner = rect.inset(10, 6)
        self._title = Words(self._words, inner.top(24), view.title, "body_bold")
        live.add_widget(self._title)
        low = inner.h < LOW
        picture = Rect(inner.x + 4, inner.y + (26 if low else 32), inner.w - 8, 18 if low else 22)
        self._ribbon: Ribbon | None = None
        self._bar: Field | None = None
        if view.ramp is not None:
            self._ribbon = Ribbon(stage, picture, view.ramp)
            live.add_widget(self._ribbon)
            side = Rect(picture.x, picture.y - 2, picture.w, 20)
            still.add_widget(
                Words(stage, side, view.side_text, "caption", "text_soft", align="right")
            )
        else:
            self._well = Rect(picture.x, picture.y + 6, picture.w, 10)
            still.add_widget(Box(stage, self._well, "sunken", radius=5))
            ink = "on" if view.flows else "text_soft"
            self._bar = Field(stage, self._well.left(0), ink)
            live.add_widget(self._bar)
        self._lines(inner.below(picture.bottom - inner.y, 2), view, live, low=low)
        # Where a part takes the lines, who is there has one.
        short = low or (bool(view.part) and inner.h < ROOMY)
        lines = 2 * LINE if view.part and not short else 0
        below = Rect(inner.x, min(picture.bottom + 32 + lines, inner.bottom - 45), inner.w, 46)
        self._who(inner.foot(24) if short else below, view, live, low=short)

    def _lines(self, room: Rect, view: PhaseView, live: Layer, *, low: bool) -> None:
        """Draw the contraction's line, and below or in place of it those of the part."""
        stage, beside = self._words, room.h >= ROOMY - 60
        self._line = Words(stage, room.top(LINE), view.line, "caption", "text_soft")
        part = room.below(LINE if beside else 0)
        self._part = Words(stage, part.top(LINE), view.part, "caption")
        self._then = Words(stage, part.below(LINE).top(LINE), view.then, "caption", "text_soft")
        if low:
            return
        if beside or not view.part:
            live.add_widget(self._line)
        if view.part:
            live.add_widget(self._part)
            live.add_widget(self._then)

    def _who(self, place: Rect, view: PhaseView, live: Layer, *, low: bool) -> None:
        stage, self._short = self._words, low
        self._icon = Icon(stage, place.left(26), view.presence_icon, view.presence_role, 26)
        words = place.after(26, 8)
        self._presence = Words(stage, words.top(24), view.presence, "caption", bold=True)
        self._note = Words(stage, words.below(22), view.presence_note, "caption", "text_soft")
        for part in (self._icon, self._presence, *(() if low else (self._note,))):
            live.add_widget(part)

    def show(self, view: PhaseView) -> None:
        """Show where it stands now."""
        self._view = view
        self._title.show(view.title)
        self._line.show(view.line)
        self._part.show(view.part)
        self._then.show(view.then)
        self._icon.show(view.presence_icon, view.presence_role)
        self._presence.show(view.presence_note or view.presence if self._short else view.presence)
        self._note.show(view.presence_note)
        self.move(0.0)
        if self._bar is not None:
            self._bar.show(self._well.left(self._well.w * min(view.done, 1.0)))

    def move(self, since_s: float) -> bool:
        """Move the cursor to where it is so long after the view; return whether it moves."""
        view = self._view
        if self._ribbon is None or view.cursor is None:
            return False
        self._ribbon.show(min(view.cursor + view.cursor_per_s * since_s, 1.0))
        return view.cursor_per_s > 0
