"""`stimkiosk board`: a virtual board on the port of pigpiod."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from drivers.board_file import MAX_BCM, load_board_file
from ui.cli.terminal.console import console, fail
from ui.cli.terminal.error_reports import exit_code_of
from ui.cli.terminal.option_types import DecimalNumber, WholeNumber, shown, whole_number
from ui.cli.terminal.output_files import OutputFile, check_free, force_option, replacing
from ui.cli.terminal.stdin_closed import end_with_stdin

if TYPE_CHECKING:
    from drivers.virtual.board import VirtualBoard
    from drivers.virtual.pace import Pace

DEFAULT_PORT = 8_888


class JoinedPins(click.ParamType[tuple[int, int]]):
    """Two GPIO connected by a wire, written A:B."""

    name = "A:B"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[int, int]:
        """Return both numbers; fail with the accepted form."""
        if isinstance(value, tuple):
            return value
        first, _, second = str(value).partition(":")
        ends = [number for number in map(whole_number, (first, second)) if number is not None]
        if len(set(ends)) != len((first, second)) or max(ends) > MAX_BCM:
            message = f"{shown(value)} is not two GPIO from 0 to {MAX_BCM}, for example 5:6"
            self.fail(message, param, ctx)
        return ends[0], ends[1]


@click.command(
    epilog="Example: stimkiosk board --port 8889 --record trace.vcd",
)
@click.option(
    "--port",
    type=WholeNumber(0, 65_535),
    default=DEFAULT_PORT,
    show_default=True,
    help="TCP port on 127.0.0.1; 0 takes a free port.",
)
@click.option(
    "--bare", is_flag=True, help="Simulate only the Raspberry Pi, without the output stage."
)
@click.option(
    "--wire", "wires", type=JoinedPins(), multiple=True, help="Connect two GPIO lines with a wire."
)
@click.option(
    "--record",
    type=OutputFile(),
    help="Record all lines and currents to this VCD file.",
)
@force_option
@click.option("--record-spi", is_flag=True, help="Also record the SPI bus, bit by bit.")
@click.option(
    "--speed",
    type=DecimalNumber(0.001, 1_000),
    default=1.0,
    show_default=True,
    help="Speed of board time; 2 is twice as fast as real time.",
)
@click.option(
    "--stepped", is_flag=True, help="Advance board time only by commands on the control socket."
)
@click.option("--waiting", is_flag=True, help="Stop board time while an engine is late.")
@click.option("--with-stdin", is_flag=True, help="End also when standard input closes.")
@click.option(
    "--board",
    "board_file",
    default="reference",
    show_default=True,
    help="Board file: the path of a .toml file, or a built-in name.",
)
def board(
    port: int,
    bare: bool,
    wires: tuple[tuple[int, int], ...],
    record: Path | None,
    force: bool,
    record_spi: bool,
    speed: float,
    stepped: bool,
    waiting: bool,
    with_stdin: bool,
    board_file: str,
) -> None:
    """Start a virtual board on the port of pigpiod.

    Any pigpio program works with it. Ctrl-C ends it. Inject faults with `stimkiosk fault`.
    """
    from drivers.virtual.board import VirtualBoard
    from drivers.virtual.process import BoardProcess
    from ui.cli.engine.priority import ask_for_real_time

    _check_together(record, speed, bare=bare, stepped=stepped, record_spi=record_spi)
    pace = _pace(speed, stepped=stepped, waiting=waiting)
    check_free(record, "--record", force=force)
    reference = load_board_file(board_file)
    with replacing(record) as keep_new_file:
        virtual = _open_board(
            record,
            lambda: VirtualBoard(
                reference,
                bare=bare,
                wires=wires,
                record=record,
                record_spi=record_spi,
                real_time=not stepped,
            ),
        )
        with _closed_on_failure(virtual):
            process = BoardProcess(virtual, pace, port)
        keep_new_file()
    ask_for_real_time()
    if with_stdin:
        end_with_stdin()
    process.run(lambda own_port: _print_ready(own_port, bare=bare, stepped=stepped))


def _pace(speed: float, *, stepped: bool, waiting: bool) -> "Pace":
    from drivers.virtual.pace import Pace

    if waiting and (stepped or speed != 1.0):
        raise click.UsageError("--waiting runs in real time: leave out --stepped and --speed")
    return Pace(speed=speed, stepped=stepped, waiting=waiting)


def _open_board(record: Path | None, make: "Callable[[], VirtualBoard]") -> "VirtualBoard":
    try:
        return make()
    except OSError as error:
        fail(f"cannot record to {record}: {error.strerror}", exit_code_of(error))


@contextmanager
def _closed_on_failure(board: "VirtualBoard") -> Iterator[None]:
    """Close the board if the body raises."""
    try:
        yield
    except BaseException:
        board.close()
        raise


def _check_together(
    record: Path | None, speed: float, *, bare: bool, stepped: bool, record_spi: bool
) -> None:
    """Refuse options that exclude each other."""
    if stepped and speed != 1.0:
        raise click.UsageError(
            "--stepped time has no --speed: it advances only by commands on the control socket"
        )
    if record_spi and record is None:
        raise click.UsageError("--record-spi needs --record FILE.vcd")
    if record_spi and bare:
        raise click.UsageError("--bare has no chips on the SPI bus to record")


def _print_ready(port: int, *, bare: bool, stepped: bool) -> None:
    kind = "bare Pi" if bare else "virtual board"
    pace = ", time is stepped" if stepped else ""
    out = console()
    out.print(f"{kind} listens on 127.0.0.1:{port}{pace}; Ctrl-C ends it")
    out.file.flush()
