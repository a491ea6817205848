"""`stimkiosk kiosk`: the bedside screen, in a window or on the whole display."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ui.cli.terminal.cache import cache_folder
from ui.cli.terminal.console import fail, warn
from ui.cli.terminal.display import needs_display
from ui.cli.terminal.exit_codes import ExitCode
from ui.cli.terminal.kiosk_options import kiosk_look_options
from ui.cli.terminal.option_types import WholeNumber
from ui.cli.terminal.records_options import data_option
from ui.cli.terminal.stdin_closed import end_with_stdin

if TYPE_CHECKING:
    from ui.kiosk.options import KioskOptions
    from ui.kiosk.theme.tokens import Theme

TO_START = "the screen waits for one. `stimkiosk demo` starts board, engine and screen"

_LAST = ("nice", "-n", "19")
"""Pictures are drawn ahead with what nobody else needs of the processor."""
_BAKING = ("-m", "ui.cli.main", "kiosk", "--bake", "--with-stdin")


@click.command()
@data_option
@kiosk_look_options
@click.option(
    "--full-screen/--window",
    default=None,
    help="Take the whole display, or not (default: under a Wayland compositor without a desktop).",
)
@click.option(
    "--describe",
    type=click.Path(path_type=Path),
    help="On a virtual board: answer each line on this socket with what is shown, as JSON.",
)
@click.option("--left", type=WholeNumber(0, 100_000), help="Place of the window, from the left.")
@click.option(
    "--bake",
    is_flag=True,
    help="Only draw the pictures of the figure for this size and theme, for when a unit is set up.",
)
@click.option("--with-stdin", is_flag=True, help="End also when standard input closes.")
def kiosk(
    data: Path | None,
    size: str,
    theme: str,
    *,
    full_screen: bool | None,
    language: str | None,
    describe: Path | None,
    left: int | None,
    bake: bool,
    with_stdin: bool,
) -> None:
    """Open the bedside screen of the engine that runs on a data folder.

    It looks for the engine whenever there is none. Closing the window or Ctrl-C ends it.

    Example: stimkiosk kiosk --size 1280x720 --theme light --language en
    """
    if with_stdin:
        end_with_stdin()
    if bake:
        _bake(size, theme)
        return
    needs_display()
    options = _options(
        data,
        _look(size, theme),
        describe=describe,
        full_screen=_is_alone() if full_screen is None else full_screen,
        language=language or "",
        left=left,
        bake=(*_LAST, sys.executable, *_BAKING, "--size", size, "--theme", theme),
    )
    if _ran_until_signal(options):
        raise SystemExit(int(ExitCode.INTERRUPTED))


def _options(
    data: Path | None,
    look: "Theme",
    *,
    describe: Path | None,
    full_screen: bool,
    language: str,
    left: int | None,
    bake: tuple[str, ...],
) -> "KioskOptions":
    """Return the options of the kiosk; say so where no engine runs on the folder."""
    from appliance.link.engine_socket import link_path
    from appliance.records.storage.data_folder import data_folder
    from ui.kiosk.options import KioskOptions

    folder = data_folder(data)
    link = link_path(folder)
    if not link.exists():
        warn(f"no engine runs on {folder} yet; {TO_START}")
    return KioskOptions(
        link,
        look,
        folder / "kiosk",
        describe=describe,
        full_screen=full_screen,
        language=language,
        left=left,
        pictures=cache_folder() / "kiosk",
        bake=bake,
    )


def _bake(size: str, theme: str) -> None:
    """Draw and keep the pictures of the figure, and say how many there are."""
    from ui.cli.terminal.figure_pictures import bake_figures

    folder = cache_folder() / "kiosk"
    count = bake_figures(_look(size, theme), folder)
    click.echo(f"{count} pictures of the figure for {size}, {theme}, in {folder}")


def _ran_until_signal(options: "KioskOptions") -> bool:
    """Run the kiosk; return whether a signal closed it."""
    from appliance.texts.fonts import FontsMissing
    from ui.kiosk.app import NoWindow, run_kiosk

    ended: list[None] = []
    try:
        run_kiosk(options, lambda stop: _closing(stop, ended))
    except (FontsMissing, NoWindow) as error:
        fail(str(error), ExitCode.HARDWARE_FAULT)
    return bool(ended)


def _look(size: str, theme: str) -> "Theme":
    from ui.kiosk.theme.tokens import ThemeName, load_tokens, profile_of, theme_of

    tokens = load_tokens()
    width, _, height = size.partition("x")
    profile = profile_of(tokens, int(width), int(height))
    return theme_of(tokens, profile or "", ThemeName(theme))


@contextmanager
def _closing(stop: Callable[[], None], ended: list[None]) -> Iterator[None]:
    """Close the window at a signal, and note it."""
    from ui.cli.engine.ctrl_c import on_end_signal

    def close() -> None:
        ended.append(None)
        stop()

    with on_end_signal(close):
        yield


def _is_alone() -> bool:
    """Tell whether a compositor runs for the kiosk only, such as cage: Wayland, no desktop."""
    return bool(os.environ.get("WAYLAND_DISPLAY")) and not os.environ.get("XDG_CURRENT_DESKTOP")
