"""`stimkiosk trace`: measure a recording, and draw it as text or as a picture."""

import shutil
from dataclasses import asdict
from pathlib import Path

import click
from rich.table import Table

from drivers.quantities import NS_PER_MS
from ui.cli.terminal.console import console, fail, print_json, say
from ui.cli.terminal.error_reports import exit_code_of
from ui.cli.terminal.exit_codes import ExitCode
from ui.cli.terminal.option_types import DecimalNumber, WholeNumber
from ui.cli.terminal.output_files import OutputFile, check_free, force_option
from ui.trace.measure import Measures, channels_of, measure, signal_names
from ui.trace.measure_text import channel_rows, findings, incident_rows, overview
from ui.trace.picture.ascii_plot import WIDTH, ascii_plot
from ui.trace.picture.picture import draw_treatment
from ui.trace.pulse_violations import ViolationKind
from ui.trace.vcd.lines import VcdError
from ui.trace.vcd.reader import Recording, read_vcd

UA_PER_MA = 1_000
_MS = DecimalNumber(0, 1e9)


@click.command(
    epilog="Example: stimkiosk trace run.vcd --from 12000 --to 12100 --png pulse.png",
)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object; units ns, µA, pC.")
@click.option("--png", type=OutputFile(".png"), help="Draw a picture into this PNG file.")
@force_option
@click.option(
    "--ascii", "as_ascii", is_flag=True, help="Plot each channel with plain text characters."
)
@click.option(
    "--from",
    "from_ms",
    type=_MS,
    default=0.0,
    metavar="MS",
    help="Start of the time to measure, in ms (default: 0).",
)
@click.option(
    "--to",
    "to_ms",
    type=_MS,
    metavar="MS",
    help="End of the time to measure, in ms (default: the end).",
)
@click.option("--channel", type=WholeNumber(1, 4), help="Measure only this channel (default: all).")
@click.option(
    "--full-scale",
    "full_scale_ma",
    type=DecimalNumber(0, 1_000, min_open=True),
    default=120.0,
    metavar="MA",
    help="Current of the highest DAC code in mA, as in the board file (default: 120).",
)
def trace(
    file: Path,
    *,
    as_json: bool,
    png: Path | None,
    force: bool,
    as_ascii: bool,
    from_ms: float,
    to_ms: float | None,
    channel: int | None,
    full_scale_ma: float,
) -> None:
    """Measure and check a recording of the board (a VCD file).

    Shows pulses, phase widths, rates, error of the current against the DAC code, charge balance,
    gaps and the safety lines. Exit code 1 if the check finds a fault, 7 if the file is damaged or
    cut off.
    """
    _check_picture(file, png, force=force)
    recording = _read(file)
    window = _window(recording, from_ms, to_ms)
    _check_channel(recording, channel)
    full_scale_ua = round(full_scale_ma * UA_PER_MA)
    measures = measure(
        recording,
        full_scale_ua=full_scale_ua,
        from_ns=window[0],
        to_ns=window[1],
        only=channel,
    )
    if as_json:
        plain = {**asdict(measures), "findings": findings(measures)}
        print_json(plain, indent=None)
    else:
        _print(measures, full_scale_ma)
    if as_ascii:
        for measured in measures.channels:
            say(ascii_plot(recording, measured.channel, *window, width=_columns()))
    if png is not None:
        _draw(recording, png, file.name, window, channel, full_scale_ua)
        say(f"picture: {png}", err=as_json)
    if measures.faults:
        raise SystemExit(int(ExitCode.CHECK_FAILED))
    if recording.cut_off is not None:
        fail(f"{file} is {recording.cut_off}; measured up to there", ExitCode.DATA_INTEGRITY)


def _columns() -> int:
    """Return the number of columns, from COLUMNS or the terminal; 80 if unknown."""
    return shutil.get_terminal_size((WIDTH, 24)).columns


def _check_picture(file: Path, png: Path | None, *, force: bool) -> None:
    """Refuse to overwrite the recording (by any path to it) or an earlier picture."""
    if png is not None and png.exists() and png.samefile(file):
        raise click.UsageError(f"--png {png} is the recording itself; give another file")
    check_free(png, "--png", force=force)


def _read(file: Path) -> Recording:
    try:
        recording = read_vcd(file, signal_names())
    except VcdError as error:
        fail(f"{file}: {error}", ExitCode.DATA_INTEGRITY)
    except OSError as error:
        fail(f"{file} cannot be read: {error.strerror}", ExitCode.USAGE)
    if not channels_of(recording):
        fail(f"{file} has no signal gate1_pos: it is not a recording of this board", ExitCode.USAGE)
    return recording


def _window(recording: Recording, from_ms: float, to_ms: float | None) -> tuple[int, int]:
    from_ns = round(from_ms * NS_PER_MS)
    to_ns = recording.end_ns if to_ms is None else round(to_ms * NS_PER_MS)
    if from_ns >= min(to_ns, recording.end_ns):
        end_ms = recording.end_ns / NS_PER_MS
        raise click.UsageError(
            f"nothing between {from_ms:g} and {to_ms if to_ms is not None else end_ms:g} ms: "
            f"the recording goes from 0 to {end_ms:g} ms"
        )
    return from_ns, min(to_ns, recording.end_ns)


def _check_channel(recording: Recording, channel: int | None) -> None:
    channels = channels_of(recording)
    if channel is not None and channel not in channels:
        names = ", ".join(map(str, channels))
        raise click.UsageError(f"no channel {channel} in the recording; it has {names}")


def _draw(
    recording: Recording,
    png: Path,
    name: str,
    window: tuple[int, int],
    channel: int | None,
    full_scale_ua: int,
) -> None:
    try:
        draw_treatment(
            recording,
            png,
            title=f"Delivered current: {name}",
            subtitle=f"{window[0] / 1e9:g} to {window[1] / 1e9:g} s of the recording",
            full_scale_ua=full_scale_ua,
            window=window,
            only=channel,
        )
    except OSError as error:
        fail(f"{png} cannot be written: {error.strerror or error}", exit_code_of(error))


def _print(measures: Measures, full_scale_ma: float) -> None:
    out = console()
    for line in overview(measures):
        out.print(line)
    table = Table(box=None, pad_edge=False, show_edge=False)
    table.add_column("")
    for measured in measures.channels:
        table.add_column(f"channel {measured.channel}", justify="right")
    for name, *cells in channel_rows(measures.channels):
        table.add_row(name, *cells)
    out.print(table)
    for line in incident_rows(measures):
        out.print(line)
    for finding in findings(measures):
        out.print(f"fault: {finding}", style="bold red")
    if any(fault.kind is ViolationKind.CURRENT for fault in measures.faults):
        scale = f"compared with a full scale of {full_scale_ma:g} mA"
        out.print(f"{scale}; if the board file has another, use --full-scale")
