"""Live progress of a treatment, shown only on a terminal.

The table has the same lines in every state and fits 80 columns, so that only numbers change.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from appliance.messages.snapshot import ChannelView, Snapshot
from ui.cli.terminal.console import console
from ui.cli.terminal.snapshot_text import notes_of, trip_text
from ui.cli.terminal.units import contraction_in_words, in_clock, in_ma, in_ohm, state_in_words
from ui.cli.treatment.autopilot import Autopilot

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table
    from rich.text import Text

SHOW_EVERY_US = 125_000
"""Board time between two updates of the display."""
BAR_WIDTH = 10
WIDTH = 78
MIN_WIDTH = 8
"""Width of a column: that of `60.00 mA`, so that columns do not move."""
ENTERING = ("Ready", "Finished")
"""States in which a simulated patient's facts are entered, and its hand switch is squeezed."""
COLOURS = {
    "RampUp": "yellow",
    "Delivering": "yellow",
    "RampDown": "yellow",
    "Tripped": "bold red",
    "Finished": "green",
}
"""The same as the lamps of the unit: yellow for output, red for a fault."""
Show = Callable[[Snapshot], None]


@contextmanager
def shown_live(autopilot: Autopilot, where: str, *, wanted: bool = True) -> Iterator[Show]:
    """Yield a function that shows a snapshot on standard error, in the place of the last one."""
    if not wanted or not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.live import Live

    # Without auto-refresh: that would write from a second thread, to a terminal that may be closed.
    live = Live(console=console(sys.stderr), auto_refresh=False, transient=True)
    shown: list[Snapshot] = []

    def show(snapshot: Snapshot) -> None:
        changed = not shown or shown[-1].state != snapshot.state
        if not changed and snapshot.at_us - shown[-1].at_us < SHOW_EVERY_US:
            return
        shown[:] = [snapshot]
        with suppress(OSError):  # a closed terminal sends SIGHUP, which ends the treatment
            narrow = live.console.width < WIDTH
            live.update(picture(autopilot, where, snapshot, narrow=narrow), refresh=True)

    with suppress(OSError):
        live.start()
    try:
        yield show
    finally:
        with suppress(OSError):
            live.stop()


def picture(
    autopilot: Autopilot, where: str, snapshot: Snapshot, *, narrow: bool = False
) -> "RenderableType":
    """Return the display of a running treatment; `narrow` for fewer than 78 columns."""
    from rich.console import Group
    from rich.text import Text

    title = Text(f"{autopilot.request.title} on {where}", style="bold", no_wrap=True)
    title.truncate(WIDTH, overflow="ellipsis")
    keys = "Ctrl-C ramps down, a second Ctrl-C cuts"
    if autopilot.was_interrupted:
        keys = "stopping; Ctrl-C again cuts"
    foot = Text(f" {keys}", style="dim")
    head: list[RenderableType] = [title, _state(autopilot, snapshot)]
    if autopilot.request.contracts:
        head.append(Text(f" {contraction_in_words(snapshot)}", no_wrap=True))
    if narrow:
        return Group(*head, *_channel_lines(autopilot, snapshot), foot)
    return Group(*head, _channels(autopilot, snapshot), foot)


def _state(autopilot: Autopilot, snapshot: Snapshot) -> "Text":
    from rich.text import Text

    line = Text()
    line.append(f" {state_in_words(snapshot):<17}", style=COLOURS.get(snapshot.state, ""))
    line.append(f"{in_clock(snapshot.elapsed_us)} given, ")
    line.append(f"{in_clock(autopilot.remaining_us(snapshot))} to go  ")
    if snapshot.trip is not None:
        line = Text(style="bold red")
        line.append(f" {snapshot.trip.code} {trip_text(snapshot.trip)}")
    elif not snapshot.estop_closed:
        line.append("emergency stop open", style="bold red")
    elif snapshot.state in ENTERING and autopilot.clinician is not None:
        line.append(f"simulated facts entered: {len(autopilot.clinician.entered)}", style="dim")
    elif not snapshot.hand_switch_closed:
        line.append("hand switch open", style="bold red")
    elif snapshot.notes:
        line.append(notes_of(snapshot)[0], style="yellow")
        line.truncate(WIDTH, overflow="ellipsis")
    return line


def _channel_lines(autopilot: Autopilot, snapshot: Snapshot) -> "Iterator[Text]":
    """Yield a line for each channel, at most 40 columns wide, so that no number is cut off."""
    from rich.text import Text

    of = in_ma(autopilot.request.level_ua)
    for view in snapshot.channels:
        level, measured = in_ma(view.level_ua), in_ma(view.measured_ua)
        yield Text(f" {view.channel}: {level} of {of}, measured {measured}")


def _channels(autopilot: Autopilot, snapshot: Snapshot) -> "Table":
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE, padding=(0, 1), expand=False)
    for heading in ("channel", "level", "of", "", "measured", "contact", "pulses"):
        table.add_column(heading, justify="right", no_wrap=True, min_width=MIN_WIDTH)
    for view in snapshot.channels:
        table.add_row(
            str(view.channel),
            in_ma(view.level_ua),
            in_ma(autopilot.request.level_ua),
            bar(view, autopilot.request.level_ua),
            in_ma(view.measured_ua),
            in_ohm(view.contact_ohm),
            str(view.pulses),
        )
    for _ in range(len(autopilot.request.prescribe.channels) - len(snapshot.channels)):
        table.add_row("", "", in_ma(autopilot.request.level_ua), "░" * BAR_WIDTH, "-", "-", "0")
    return table


def bar(view: ChannelView, level_ua: int) -> str:
    """Return a bar of the current amplitude (█) and the level (▒), scaled to the level to reach."""
    whole = max(level_ua, view.level_ua, 1)
    amplitude = (min(view.amplitude_ua, whole) * BAR_WIDTH + whole // 2) // whole
    level = max((view.level_ua * BAR_WIDTH + whole // 2) // whole, amplitude)
    return "█" * amplitude + "▒" * (level - amplitude) + "░" * (BAR_WIDTH - level)
