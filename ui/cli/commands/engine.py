"""`stimkiosk engine`: the process that controls the output."""

import os
from contextlib import closing
from pathlib import Path

import click

from drivers.interfaces import Rig
from ui.cli.terminal.console import console
from ui.cli.terminal.option_types import DecimalNumber, WholeNumber
from ui.cli.terminal.records_options import data_option

DEFAULT_PORT = 8_888


@click.command(epilog="Example: stimkiosk engine --port 8889 --data /tmp/stimkiosk")
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
@data_option
@click.option(
    "--usb",
    type=click.Path(file_okay=False, path_type=Path),
    default="/media",
    show_default=True,
    help="Folder in which USB sticks are mounted.",
)
@click.option(
    "--kiosk-user",
    "kiosk_users",
    multiple=True,
    help="User of the kiosk, who may connect besides the engine's own; the socket's group may then "
    "connect, too, to look and to stop.",
)
@click.option(
    "--alone-for",
    type=DecimalNumber(1, 1_000_000),
    metavar="SECONDS",
    help="End after this time without a client (default: never).",
)
def engine(
    *,
    rig: str,
    port: int,
    board_file: str,
    data: Path | None,
    usb: Path,
    kiosk_users: tuple[str, ...],
    alone_for: float | None,
) -> None:
    """Start the engine: control loop, gate, journal and the socket for its clients.

    It starts in state Locked with the output off. Ctrl-C, SIGTERM or any other signal that ends a
    process switches the output off first. A service manager is told of readiness and of each turn.
    """
    from appliance.engine import hosted_engine, until_signalled
    from appliance.link.engine_socket import link_path
    from appliance.records.storage.data_folder import data_folder
    from drivers.host.service_manager import ServiceManager
    from ui.cli.engine.priority import ask_for_real_time

    folder = data_folder(data)

    def open_rig() -> Rig:
        return open_named_rig(rig, port, board_file)

    ask_for_real_time()
    with (
        until_signalled() as wanted,
        closing(ServiceManager(os.environ)) as manager,
        hosted_engine(open_rig, folder, usb, kiosk_users) as running,
    ):
        running.manager = manager
        out = console()
        out.print(f"engine on a {rig} rig listens at {link_path(folder)}")
        out.file.flush()
        running.run(wanted, alone_for_s=alone_for)


def open_named_rig(rig: str, port: int, board_file: str) -> Rig:
    """Open the rig `hardware` or `virtual`; raises `DriverError` with the remedy."""
    if rig == "hardware":
        from drivers.rigs.hardware import open_hardware_rig

        return open_hardware_rig(board_file, port=port)
    from drivers.rigs.virtual import open_virtual_rig

    return open_virtual_rig(port, board_file=board_file)
