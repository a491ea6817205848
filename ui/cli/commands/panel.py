"""`stimkiosk panel`: the side panel of a running virtual board, in a window of its own."""

import click

from ui.cli.terminal.console import console
from ui.cli.terminal.option_types import PrintableText, WholeNumber
from ui.cli.terminal.stdin_closed import end_with_stdin

DEFAULT_PORT = 8_888


@click.command()
@click.option(
    "--port",
    type=WholeNumber(1, 65_535),
    default=DEFAULT_PORT,
    show_default=True,
    envvar="PIGPIO_PORT",
    help="Port of the virtual board (also set by PIGPIO_PORT).",
)
@click.option("--note", type=PrintableText(), default="", help="A line to show at the foot.")
@click.option("--left", type=WholeNumber(0, 100_000), help="Place of the window, from the left.")
@click.option("--with-stdin", is_flag=True, help="End also when standard input closes.")
def panel(port: int, note: str, left: int | None, *, with_stdin: bool) -> None:
    """Open the side panel of a virtual board: press, lift, cut, squeeze, and see what flows.

    It is for trying out and no part of the device. What it does is what `stimkiosk fault` does.
    It ends when its window is closed, or with the board.

    Example: stimkiosk panel --port 8889
    """
    from drivers.virtual.board_sockets import own_board
    from drivers.virtual.control_socket import ControlClient
    from ui.cli.terminal.display import needs_display
    from ui.panel.app import run_panel

    paths = own_board(port, f"start one with: stimkiosk board --port {port}")
    with ControlClient(paths.control) as client:
        channels = len(client.ask("status")["status"].get("channels", ()))
    needs_display()
    if with_stdin:
        end_with_stdin()

    def on_ready() -> None:
        out = console()
        out.print(f"panel of the virtual board on port {port}; closing its window ends it")
        out.file.flush()

    run_panel(paths.control, channels, note, left, on_ready)
