"""`stimkiosk kiosk`: the bedside screen, in a window or on the whole display."""

from pathlib import Path

import click

from ui.cli.terminal.console import fail
from ui.cli.terminal.exit_codes import ExitCode
from ui.cli.terminal.records_options import data_option

SIZES = ("800x480", "1280x720", "720x1280")
THEMES = ("dark", "light")


@click.command()
@data_option
@click.option("--size", type=click.Choice(SIZES), default=SIZES[0], help="Size of the display.")
@click.option("--theme", type=click.Choice(THEMES), default=THEMES[0], help="Dark or light.")
@click.option(
    "--describe",
    type=click.Path(path_type=Path),
    help="On a virtual board: answer each line on this socket with what is shown, as JSON.",
)
def kiosk(data: Path | None, size: str, theme: str, describe: Path | None) -> None:
    """Open the bedside screen of the engine that runs on a data folder.

    It looks for the engine until it answers, and again whenever it has gone.

    Example: stimkiosk kiosk --size 1280x720 --theme light
    """
    from appliance.link.engine_socket import link_path
    from appliance.records.storage.data_folder import locate_data_folder
    from ui.kiosk.app import run_kiosk
    from ui.kiosk.options import KioskOptions
    from ui.kiosk.theme.fonts import FontsMissing
    from ui.kiosk.theme.tokens import ThemeName, load_tokens, profile_of, theme_of

    tokens = load_tokens()
    width, _, height = size.partition("x")
    profile = profile_of(tokens, int(width), int(height))
    folder = locate_data_folder(data)
    look = theme_of(tokens, profile or "", ThemeName(theme))
    options = KioskOptions(link_path(folder), look, folder / "kiosk", describe)
    try:
        run_kiosk(options)
    except FontsMissing as error:
        fail(str(error), ExitCode.HARDWARE_FAULT)
