"""Board, engine, panel and kiosk as processes that start together and end together.

Closing the kiosk's window ends everything, and so does Ctrl-C: the kiosk first, then the panel,
the engine, which switches output off, and the board last.
"""

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

from ui.cli.engine.child_process import Child
from ui.cli.engine.hosts import RunTarget, start_board, start_engine
from ui.cli.terminal.console import fail, warn
from ui.cli.terminal.exit_codes import ExitCode

ALONE_S = "60"
"""The engine ends by itself after this time without a screen, should this command be killed."""
BESIDE_PX = 24


class KioskLook(NamedTuple):
    """How the kiosk is opened: the options of `stimkiosk kiosk`, and how wide it is in px."""

    arguments: tuple[str, ...]
    wide: int


def run_together(data: Path, look: KioskLook, note: str, on_open: Callable[[int], None]) -> None:
    """Run until the kiosk is closed; end the command if a part of it ends by itself.

    `note` is shown at the foot of the panel, `on_open` gets the port of the board.
    """
    target = RunTarget(data, time="waiting")
    with ExitStack() as stack:
        board, port = start_board(target, stack)
        engine = start_engine(target, port, [board], stack, alone_s=ALONE_S)
        place = ("--left", str(look.wide + BESIDE_PX))
        notes = ("--note", note) if note else ()
        own = ("--port", str(port), "--with-stdin")
        panel = stack.enter_context(Child("panel", *own, *place, *notes))
        kiosk = stack.enter_context(
            Child("kiosk", "--data", str(data), "--with-stdin", "--left", "0", *look.arguments)
        )
        on_open(port)
        _watch(kiosk, (board, engine), panel)


def _watch(kiosk: Child, needed: tuple[Child, ...], panel: Child) -> None:
    """Return once the kiosk has been closed."""
    panel_told = False
    while not kiosk.has_ended():
        ended = next((child for child in needed if child.has_ended()), None)
        if ended is not None:
            fail(f"{ended.child_end()}; the demo ends", ended.end_code())
        if not panel_told and panel.has_ended():
            panel_told = True
            if not panel.is_good_end:
                warn(f"no panel of the virtual board: {panel.child_end()}")
    if not kiosk.is_good_end:
        text = f"{kiosk.child_end()}; `--terminal` runs the demo without a window"
        fail(text, kiosk.end_code() or ExitCode.HARDWARE_FAULT)
