"""Live progress of a treatment: only on a terminal, otherwise nothing."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from appliance.messages import Snapshot
from ui.cli.report import console
from ui.cli.words import in_clock, in_ma, state_in_words

if TYPE_CHECKING:
    from rich.table import Table

REFRESH_HZ = 8
Show = Callable[[Snapshot], None]


@contextmanager
def shown_live(title: str, *, wanted: bool = True) -> Iterator[Show]:
    """Give a function that shows a snapshot in place, on standard error."""
    if not wanted or not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.live import Live

    with Live(console=console(sys.stderr), refresh_per_second=REFRESH_HZ, transient=True) as live:
        yield lambda snapshot: live.update(_table(title, snapshot))


def _table(title: str, snapshot: Snapshot) -> "Table":
    from rich.table import Table

    line = f"{title}   {state_in_words(snapshot)}   {in_clock(snapshot.elapsed_us)}"
    table = Table(title=line, title_justify="left", title_style="bold", expand=False)
    for heading in ("channel", "level", "flowing", "measured", "contact", "pulses"):
        table.add_column(heading, justify="right")
    for view in snapshot.channels:
        measured = "-" if view.measured_ua is None else in_ma(view.measured_ua)
        contact = "-" if view.contact_ohm is None else f"{view.contact_ohm} Ω"
        table.add_row(
            str(view.channel),
            in_ma(view.level_ua),
            in_ma(view.amplitude_ua),
            measured,
            contact,
            str(view.pulses),
        )
    table.caption = "Ctrl-C ramps down, a second Ctrl-C cuts"
    return table
