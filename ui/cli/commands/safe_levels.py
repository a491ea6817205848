"""`stimkiosk safe-levels`: bring the board to its safe levels without an engine, and prove it."""

import click

from ui.cli.commands.engine import DEFAULT_PORT
from ui.cli.terminal.console import fail, say
from ui.cli.terminal.exit_codes import ExitCode
from ui.cli.terminal.option_types import DecimalNumber, WholeNumber

ALL_LOW = "gates, LDAC, DAC codes and SUPPLY_EN"
GATES_LOW = "gates and LDAC"


@click.command(name="safe-levels")
@click.option(
    "--rig",
    type=click.Choice(["virtual", "hardware"]),
    default="virtual",
    show_default=True,
    help="Use a virtual board, or the real output stage of this Raspberry Pi.",
)
@click.option(
    "--port",
    type=WholeNumber(1, 65_535),
    envvar="PIGPIO_PORT",
    default=DEFAULT_PORT,
    show_default=True,
    help="Port of the pigpio daemon on 127.0.0.1 (also set by PIGPIO_PORT).",
)
@click.option(
    "--board",
    "board_file",
    default="reference",
    show_default=True,
    help="Board file: the path of a .toml file, or a built-in name.",
)
@click.option("--gates", "only_gates", is_flag=True, help="Leave the lines that an engine holds.")
@click.option(
    "--wait",
    "wait_s",
    type=DecimalNumber(0, 60),
    metavar="SECONDS",
    default=0.0,
    help="Require the daemon, and look for it this long: it has just been started.",
)
def safe_levels(*, rig: str, port: int, board_file: str, only_gates: bool, wait_s: float) -> None:
    """Bring the board to its safe levels and read them back; the service manager runs this.

    It stops waves and drives gates, LDAC, DAC codes and supply to zero, through the daemon and the
    kernel. It ends any output, never begins one, and exits with 5 unless all of it is proven.

    Example: stimkiosk safe-levels --port 8889
    """
    from drivers.rigs.safe_levels import hardware_board, make_safe, virtual_board

    choose = hardware_board if rig == "hardware" else virtual_board
    with choose(board_file, port) as board:
        problems = make_safe(board, wait_s=wait_s, only_gates=only_gates)
    if problems:
        fail(f"output is not proven off: {'; '.join(problems)}", ExitCode.HARDWARE_FAULT)
    say(f"output is off: {GATES_LOW if only_gates else ALL_LOW} are low")
