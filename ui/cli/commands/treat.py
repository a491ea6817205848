"""`stimkiosk treat`: give one treatment from the terminal."""

import errno
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING

import click

from drivers.quantities import US_PER_S
from ui.cli.terminal.console import declined, fail, print_json
from ui.cli.terminal.exit_codes import ExitCode
from ui.cli.terminal.option_types import DecimalNumber, PrintableText, shown, whole_number
from ui.cli.terminal.output_files import OutputFile, check_free, force_option
from ui.cli.terminal.records_options import data_option

if TYPE_CHECKING:
    from appliance.clinical.own.draft import OwnDraft
    from appliance.clinical.own.shelf import OwnProgrammes
    from drivers.board_file import BoardFile
    from ui.cli.engine.hosts import RunTarget, Time
    from ui.cli.treatment.request import TreatOptions

MM2_PER_CM2 = 100
UA_PER_MA = 1_000
US_PER_MIN = 60 * US_PER_S
CONFIRMATION = "dummy load"
REFERENCE = "reference"
BOTH = "both"
DRAFT = "draft"


class Channels(click.ParamType[tuple[int, ...]]):
    """Channel numbers, separated by commas."""

    name = "N,N"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[int, ...]:
        """Return the numbers; fail with the accepted form."""
        if isinstance(value, tuple):
            return value
        words = [word.strip() for word in str(value).split(",")]
        numbers = tuple(filter(None, map(whole_number, words)))
        if len(numbers) != len(words):
            self.fail(f"{shown(value)} is not a list of channels, for example 1,2", param, ctx)
        if len(set(numbers)) != len(numbers):
            self.fail(f"{shown(value)} names a channel twice, for example 1,2", param, ctx)
        return numbers


@click.command(
    epilog="Example: stimkiosk treat conventional-tens --level 12 --seconds 20 --time waiting "
    "--trace run.vcd"
)
@click.argument("programme", required=False)
@click.option(
    "--programme-file",
    type=click.Path(path_type=Path),
    help="An own programme as a file, in place of a name (test loads only).",
)
@click.option(
    "--channels",
    type=Channels(),
    metavar="N,N",
    help="Channels to use, separated by commas (default: 1; for a patient those of the side).",
)
@click.option(
    "--level",
    type=DecimalNumber(0, 1_000),
    default=10.0,
    show_default=True,
    metavar="MA",
    help="Level to reach on each channel, in mA, in steps of 0.5.",
)
@click.option(
    "--seconds",
    type=DecimalNumber(0, 100_000),
    metavar="S",
    help="Stop after this many seconds at the level (default: at the programme's end).",
)
@click.option(
    "--minutes",
    type=DecimalNumber(0, 1_000, min_open=True),
    metavar="MIN",
    help="Length of the session in minutes (default: that of the programme).",
)
@click.option(
    "--region", help="Region of the body, for example neck (default: that of the programme)."
)
@click.option(
    "--pad-area",
    type=DecimalNumber(0.01, 10_000),
    metavar="CM2",
    help="Area of the smaller pad in cm² (default: that of the programme).",
)
@click.option(
    "--reason",
    type=PrintableText(),
    default="",
    help="The clinician's reason, if a caution asks for one; it is recorded.",
)
@click.option(
    "--contractions",
    type=click.Choice(["together", "alternating", "on-call"]),
    default="together",
    show_default=True,
    help="together: all channels at once; alternating: channels take turns, each with its full "
    "rest; on-call: once the level is set each is called and held for 3 s, as a clinician would "
    "(test loads only).",
)
@click.option(
    "--patient",
    type=PrintableText(),
    is_flag=False,
    flag_value="",
    metavar="[ID]",
    help="Simulate a patient in place of test loads of 1 kΩ: the one with this id or alias, or "
    "without an ID the simulated patient of these records, who is made if there is none.",
)
@click.option(
    "--side",
    type=click.Choice(["left", "right", "both"]),
    help="Side of the body: the channels and pads of the usual placement there (default for a "
    "simulated patient: both; a test load needs none).",
)
@click.option(
    "--trace",
    type=OutputFile(),
    help="Record all lines and currents of the board to this VCD file.",
)
@force_option
@click.option(
    "--fast", is_flag=True, help="Run as fast as possible on a simulated board of its own."
)
@click.option(
    "--time",
    "time_",
    type=click.Choice(["auto", "real", "waiting"]),
    default="auto",
    show_default=True,
    help="Time of the virtual board that this command starts. real: real time; waiting: the board "
    "waits for a slow machine; auto: waiting if real-time priority is not available, else real.",
)
@click.option(
    "--board",
    "board_file",
    help="Board file: the path of a .toml file, or a built-in name (default: that of the running "
    "engine, else reference).",
)
@click.option(
    "--rig",
    type=click.Choice(["virtual", "hardware"]),
    default="virtual",
    show_default=True,
    help="Use a virtual board, or the real output stage with a dummy load connected.",
)
@data_option
@click.option("--json", "as_json_", is_flag=True, help="Print the summary as JSON.")
def treat(
    programme: str | None,
    programme_file: Path | None,
    channels: tuple[int, ...] | None,
    level: float,
    seconds: float | None,
    minutes: float | None,
    region: str | None,
    pad_area: float | None,
    reason: str,
    contractions: str,
    patient: str | None,
    side: str | None,
    trace: Path | None,
    force: bool,
    fast: bool,
    time_: "Time",
    board_file: str | None,
    rig: str,
    data: Path | None,
    as_json_: bool,
) -> None:
    """Give one treatment: check contact, raise the level from zero, hold it, ramp down.

    The pads are on test loads, or with --patient on simulated skin: then every fact that is needed
    (screening, skin, pads and more) is entered as simulated, for nobody was asked. Starts its own
    virtual board, or uses the one at PIGPIO_ADDR and PIGPIO_PORT. Ctrl-C ramps down, a second one
    cuts (output off at once). Never treat a person with it: only the kiosk may be used for that.
    """
    from ui.cli.treatment.request import TreatOptions

    options = TreatOptions(
        programme or DRAFT,
        channels or (),
        ceil(round(level * UA_PER_MA, 3)),  # not rounded to a step: refused if between two
        None if seconds is None else round(seconds * US_PER_S),
        None if minutes is None else round(minutes * US_PER_MIN),
        region,
        None if pad_area is None else round(pad_area * MM2_PER_CM2),
        reason,
        patient,
        _side(side, patient, rig),
        contractions,
        *_programme(programme, programme_file, patient, data),
    )
    where = _target(data, board_file, rig, trace, time_, fast=fast, force=force)
    raise SystemExit(int(run_treatment(options, *where, fast=fast, as_json_=as_json_)))


def _target(
    data: Path | None,
    board_file: str | None,
    rig: str,
    trace: Path | None,
    time_: "Time",
    *,
    fast: bool,
    force: bool,
) -> "tuple[RunTarget, BoardFile | None]":
    """Return where to run it, and the board file that a running engine must have.

    A dummy load is confirmed first, and the recording has a free place.
    """
    from appliance.records.storage.data_folder import data_folder
    from ui.cli.engine.hosts import RunTarget

    _check_run(rig, trace, fast=fast, force=force)
    port = _port(time_, rig, fast=fast)
    target = RunTarget(data_folder(data), board_file or REFERENCE, rig, trace, port, time_)
    return target, _board(board_file)


def _board(name: str | None) -> "BoardFile | None":
    from drivers.board_file import load_board_file

    return None if name is None else load_board_file(name)


def _port(time: "Time", rig: str, *, fast: bool) -> int | None:
    """Return the port of the running board, if any; refuse `--time` if no board is started."""
    from ui.cli.engine.hosts import daemon_port

    port = None if fast else daemon_port()
    if time != "auto" and (fast or rig == "hardware" or port is not None):
        raise click.UsageError(
            "--time is only for a virtual board that this command starts, without --fast"
        )
    return port


def run_treatment(
    options: "TreatOptions",
    target: "RunTarget",
    board: "BoardFile | None" = None,
    *,
    fast: bool,
    as_json_: bool = False,
) -> ExitCode:
    """Run a treatment and print its summary; return the exit code that says how it ended.

    `board` is the board file that a running engine must have; None accepts any.
    """
    from ui.cli.engine.ctrl_c import interrupt_on_end_signal
    from ui.cli.engine.hosts import engine_host, fast_host
    from ui.cli.treatment.autopilot import Autopilot
    from ui.cli.treatment.progress import shown_live
    from ui.cli.treatment.recording_backup import recording_backup
    from ui.cli.treatment.request import to_request
    from ui.cli.treatment.run import give_treatment
    from ui.cli.treatment.simulated_clinician import SimulatedClinician
    from ui.cli.treatment.summary import as_json, print_summary, summarise

    request = to_request(options)
    clinician = None
    if options.patient is not None and request.wanted is not None:
        clinician = SimulatedClinician(options.patient, request.wanted)
    autopilot = Autopilot(request, target.rig, board, clinician)
    with interrupt_on_end_signal():
        with (
            recording_backup(target.trace) as keep_when_open,
            _recording(target),
            fast_host(target) if fast else engine_host(target) as host,
            shown_live(autopilot, host.description, wanted=not as_json_) as show,
        ):
            run = give_treatment(host, autopilot, keep_when_open(show))
        summary = summarise(run, autopilot, target, host)
        if as_json_:
            print_json(as_json(summary))
        else:
            print_summary(summary)
    return summary.end.code


@contextmanager
def _recording(target: "RunTarget") -> Iterator[None]:
    """End with one clear line if the recording could not be written."""
    try:
        yield
    except OSError as error:
        if target.trace is None or error.errno not in (errno.ENOSPC, errno.EFBIG, errno.EDQUOT):
            raise
        message = f"recording {target.trace} ends early: {error.strerror}; the output is off"
        fail(f"{message}; free disk space or leave out --trace", ExitCode.HARDWARE_FAULT)


def _programme(
    name: str | None, file: Path | None, patient: str | None, data: Path | None
) -> "tuple[OwnDraft | None, OwnProgrammes | None]":
    """Return the draft in a file, or the own programmes of the records where one is named."""
    if (name is None) == (file is None):
        raise click.UsageError("give the name of a programme, or --programme-file, not both")
    if file is None:
        return None, _own(name or "", data)
    if patient is not None:
        message = "--programme-file is for test loads; for a patient import it and name it"
        fail(message, ExitCode.USAGE)
    from ui.cli.commands.own_programmes import read_own_file

    return read_own_file(file), None


def _own(name: str, data: Path | None) -> "OwnProgrammes | None":
    """Return the own programmes of the records where one is named, None where none is needed."""
    if not name.startswith("own-"):
        return None
    from ui.cli.commands.own_programmes import kept_programmes

    return kept_programmes(data)


def _side(side: str | None, patient: str | None, rig: str) -> str:
    """Return the side, "" for a test load without one; refuse a simulated patient on hardware."""
    if patient is not None and rig == "hardware":
        message = "a simulated patient is for a virtual board only"
        fail(f"{message}; leave out --patient, or --rig hardware", ExitCode.USAGE)
    return side or ("" if patient is None else BOTH)


def _check_run(rig: str, trace: Path | None, *, fast: bool, force: bool) -> None:
    """Make the user confirm the dummy load of a hardware rig, only at a terminal.

    On a virtual board only see that the recording has a free place.
    """
    if rig != "hardware":
        check_free(trace, "--trace", force=force)
        return
    if fast or trace is not None:
        raise click.UsageError("--fast and --trace need a virtual board, not --rig hardware")
    if not sys.stdin.isatty():
        message = "hardware needs a dummy load, confirmed at a terminal; this is not a terminal"
        fail(message, ExitCode.REFUSED)
    question = f"Only a 500 Ω or 1 kΩ dummy load is connected, no person. Type {CONFIRMATION!r}"
    if click.prompt(question, default="", show_default=False).strip().lower() != CONFIRMATION:
        declined("not confirmed; nothing was started")
