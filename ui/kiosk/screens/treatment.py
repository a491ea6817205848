"""The treatment screen: channels, strip, phase; the same places while pulses play and rest."""

from dataclasses import replace

from ui.kiosk.locale.words import _
from ui.kiosk.theme.regions import Rect
from ui.kiosk.theme.tokens import LayoutName
from ui.kiosk.view_models.blocks import Block, Column
from ui.kiosk.view_models.channels import CallView, TreatmentView, with_part
from ui.kiosk.view_models.parts import KeyLook, KeyView
from ui.kiosk.widgets.blocks import draw_column
from ui.kiosk.widgets.box import Box
from ui.kiosk.widgets.channel_panel import ChannelPanel
from ui.kiosk.widgets.contract_key import CallPanel, ContractKey
from ui.kiosk.widgets.key import Key, KeyArrangement
from ui.kiosk.widgets.lines import DISC, Disc
from ui.kiosk.widgets.part import Layer
from ui.kiosk.widgets.phase import Phase
from ui.kiosk.widgets.shell import time_box
from ui.kiosk.widgets.stage import Stage
from ui.kiosk.widgets.strip import Strip

BOTH_DOWN = "both_down"
MARKS_WIDE, FOOT_TALL = 104, 86
APART, CONTRACT_WIDE, CONTRACT_TALL, CYCLE_TALL = 32, 168, 104, 52
"""From a key that raises to any other; sizes of the keys of contractions on call."""
PANELS_TALL, PHASE_PLUS = 360, 280
TO_PLUS = 16
"""From the edge of a sheet to its keys; 16 more lie between the edge and plus."""


class TreatmentScreen:
    """Built once for each still look; `show` follows the numbers."""

    def __init__(self, stage: Stage, view: TreatmentView, still: Layer, live: Layer) -> None:
        content = stage.regions.content
        self._panels: list[ChannelPanel] = []
        self._strip: Strip | None = None
        self._phase: Phase | None = None
        self._names_part = False
        self._contract: ContractKey | None = None
        self._call_panel: CallPanel | None = None
        if stage.theme.profile.layout is LayoutName.TALL:
            self._tall(stage, content, view, still, live)
        else:
            self._wide(stage, content, view, still, live)
        if view.discs and self._panels:
            _draw_discs(stage, self._panels[0].discs(view.channels[0]), still)
        self.show(view)

    def show(self, view: TreatmentView) -> None:
        """Show the present numbers."""
        for panel, channel in zip(self._panels, view.channels, strict=True):
            panel.show(channel)
        if self._strip is not None and self._phase is not None:
            strip = with_part(view.strip, view.phase) if self._names_part else view.strip
            self._strip.show(strip)
            self._phase.show(view.phase)
        if self._contract is not None and view.call is not None:
            self._contract.show(view.call)
        if self._call_panel is not None:
            self._call_panel.show(view)

    def move(self, since_s: float) -> bool:
        """Move what moves to where it is so long after the view; return whether anything does."""
        moving = [panel.move(since_s) for panel in self._panels]
        moving.append(self._phase is not None and self._phase.move(since_s))
        return any(moving)

    def _wide(
        self, stage: Stage, content: Rect, view: TreatmentView, still: Layer, live: Layer
    ) -> None:
        upper_high = 264 if stage.theme.profile.layout is LayoutName.WIDE else 296
        upper, lower = content.top(upper_high), content.below(upper_high, 8)
        for place, channel in zip(
            upper.columns(max(len(view.channels), 1)), view.channels, strict=True
        ):
            self._panels.append(ChannelPanel(stage, place, channel, still, live))
        down = lower.left(104)
        still.add_widget(Key(stage, down, _both_down(len(view.channels)), _DOWN))
        row = lower.after(104, 8)
        if view.sheet:
            _draw_sheet(stage, row, view.sheet, view.sheet_edge, still)
            return
        marks_x = upper.columns(2)[1].x + 12
        if stage.theme.profile.layout is LayoutName.WIDE_PLUS:
            marks_x = row.right - PHASE_PLUS - 8 - MARKS_WIDE  # what is spare goes to the strip
        marks = Rect(marks_x, row.y, MARKS_WIDE, row.h)
        strip = Rect(row.x, row.y, marks.x - 8 - row.x, row.h)
        phase = Rect(marks.right + 8, row.y, row.right - marks.right - 8, row.h)
        if view.call is not None:
            key = row.after(APART - 8).left(CONTRACT_WIDE).below(APART - TO_PLUS)
            self._contract = ContractKey(stage, key, view.call, still, live)
            marks, by_cycle = marks.rows(2)
            still.add_widget(Key(stage, by_cycle, view.call.by_cycle, _LOW))
            strip = strip.after(key.right - strip.x, 8)
        if view.call is not None and stage.theme.profile.layout is LayoutName.WIDE:
            without_icon = replace(view.marks, icon="")  # no room for it
            still.add_widget(Key(stage, marks, without_icon, _LOW))
            self._call_panel = CallPanel(stage, phase, view, still, live)
            return
        still.add_widget(Key(stage, marks, view.marks, _DOWN if view.call is None else _LOW))
        self._strip = Strip(stage, strip, view.strip, still, live)
        self._phase = Phase(stage, phase, view.phase, still, live)

    def _tall(
        self, stage: Stage, content: Rect, view: TreatmentView, still: Layer, live: Layer
    ) -> None:
        panels = content.top(PANELS_TALL)
        for place, channel in zip(
            panels.rows(max(len(view.channels), 2)), view.channels, strict=False
        ):
            self._panels.append(ChannelPanel(stage, place, channel, still, live))
        rest = content.below(PANELS_TALL, 8)
        down = rest.foot(FOOT_TALL).left(104)
        still.add_widget(Key(stage, down, _both_down(len(view.channels)), _LOW))
        if view.sheet:
            _draw_sheet(stage, rest.after(104, 8), view.sheet_tall, view.sheet_edge, still)
            return
        if view.call is not None:
            self._tall_on_call(stage, rest, view, view.call, still, live)
            return
        marks = rest.foot(FOOT_TALL).after(104, 8).left(MARKS_WIDE)
        still.add_widget(Key(stage, marks, view.marks, _LOW))
        strip = with_part(view.strip, view.phase)
        self._strip = Strip(stage, rest.above(FOOT_TALL, 8), strip, still, live)
        self._names_part = strip.counts
        place = rest.foot(FOOT_TALL).after(104 + 8 + MARKS_WIDE, 8)
        self._phase = Phase(stage, place, view.phase, still, live)

    def _tall_on_call(
        self,
        stage: Stage,
        rest: Rect,
        view: TreatmentView,
        call: CallView,
        still: Layer,
        live: Layer,
    ) -> None:
        """Lay the key between the others: as far from plus above as from the keys below."""
        marks = rest.above(FOOT_TALL, 8).left(MARKS_WIDE)
        still.add_widget(Key(stage, marks, view.marks, _LOW))
        key = rest.after(104 + APART).left(CONTRACT_TALL).below(APART - TO_PLUS).above(APART - 8)
        self._contract = ContractKey(stage, key, call, still, live)
        beside = rest.after(key.right - rest.x)
        by_cycle = beside.after(APART).foot(CYCLE_TALL)
        still.add_widget(Key(stage, by_cycle, call.by_cycle, _LOW))
        panel = beside.after(8).above(CYCLE_TALL, 8)
        self._call_panel = CallPanel(stage, panel, view, still, live)


def _draw_discs(stage: Stage, places: tuple[Rect, ...], still: Layer) -> None:
    """Draw the numbers of the legend beside what they mean; the last is the time left."""
    box = time_box(stage)
    corner = Rect(box.x - DISC / 2, box.y - DISC / 3, DISC, DISC)
    for number, place in enumerate((*places, corner), start=1):
        still.add_widget(Disc(stage, place, number))


def _draw_sheet(
    stage: Stage, rect: Rect, sheet: tuple[Block, ...], edge: str, still: Layer
) -> None:
    stage = stage.mirrored(rect)
    still.add_widget(Box(stage, rect, "panel", edge=edge, edge_width=3))
    # A finger on plus is 6 mm away from every key of the sheet.
    inner = rect.inset(5, 0).below(TO_PLUS).above(6)
    draw_column(stage, inner, Column(blocks=sheet), still)


_DOWN = KeyArrangement(stacked=True, icon_size=40)
_LOW = KeyArrangement(stacked=True, style="caption", icon_size=26)


def _both_down(channels: int) -> KeyView:
    text = _("Both\ndown") if channels > 1 else _("Down")
    return KeyView(action=BOTH_DOWN, text=text, icon="both_down", look=KeyLook.OUTLINED)
