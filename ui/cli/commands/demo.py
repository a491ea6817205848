"""`stimkiosk demo`: the kiosk on a virtual board; without a display a session in the terminal."""

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ui.cli.terminal.console import console, fail
from ui.cli.terminal.exit_codes import ExitCode
from ui.cli.terminal.kiosk_options import kiosk_look_options
from ui.cli.terminal.output_files import check_free, force_option
from ui.cli.terminal.records_options import DataFolder

if TYPE_CHECKING:
    from ui.cli.demonstration.together import KioskLook

PROGRAMME = "conventional-tens"
CHANNELS = (1, 2)
LEVEL_UA = 12_000
PLATEAU_US = 15_000_000
FAST_PLATEAU_US = 5_000_000


@click.command(epilog="Example: stimkiosk demo --size 1280x720 --theme light")
@click.option(
    "--out",
    type=DataFolder(),
    help="Folder for records, in the terminal also for recording and picture (default: a new "
    "temporary folder).",
)
@force_option
@click.option("--terminal", is_flag=True, help="Run the session in the terminal, without a window.")
@click.option("--fast", is_flag=True, help="In the terminal, as fast as possible.")
@click.option("--empty", is_flag=True, help="Begin with a unit that is not set up, and no patient.")
@kiosk_look_options
def demo(
    out: Path | None,
    size: str,
    theme: str,
    language: str | None,
    *,
    force: bool,
    terminal: bool,
    fast: bool,
    empty: bool,
) -> None:
    """Open the kiosk on a virtual board, with a panel for pads, leads and switches.

    A unit is set up first, with a simulated patient: nobody was asked. Time is simulated: the board
    waits for a slow machine. Closing the kiosk or Ctrl-C ends everything.

    Without a display, or with --terminal, a complete session of a simulated patient runs in the
    terminal: self-test, the facts that a treatment needs, contact check, rise from zero, treatment
    and ramp down; about 30 s, longer on a slow machine. Then it prints a summary of the delivered
    output, the folder of the records and the path of a picture of the current.
    """
    from ui.cli.demonstration.together import KioskLook
    from ui.cli.terminal.display import kiosk_problem

    folder = _make_folder(out)
    problem = None if terminal or fast else kiosk_problem()
    if not terminal and not fast and problem is None:
        spoken = ("--language", language) if language else ()
        arguments = ("--size", size, "--theme", theme, *spoken)
        _in_window(folder, KioskLook(arguments, int(size.partition("x")[0])), empty=empty)
        return
    if problem is not None:
        console().print(
            f"{problem}: the session runs in the terminal, with a display in the kiosk."
        )
    _in_terminal(folder, force=force, fast=fast)


def _in_window(folder: Path, look: "KioskLook", *, empty: bool) -> None:
    from appliance.records.storage.data_folder import data_folder, has_records
    from ui.cli.demonstration.prepared_unit import LEAD, SERVICE, prepare_unit
    from ui.cli.demonstration.together import run_together
    from ui.cli.engine.ctrl_c import interrupt_on_end_signal

    out = console()
    records = data_folder(folder / "records")
    is_new = not has_records(records)
    with interrupt_on_end_signal():
        if is_new and not empty:
            out.print("Preparing a unit and a simulated patient, some seconds ...")
            prepare_unit(records)
        pins = f"{LEAD.name}, PIN {LEAD.pin}; {SERVICE.name} (service), PIN {SERVICE.pin}"
        note = f"Sign in: {pins}" if is_new and not empty else ""

        def on_open(port: int) -> None:
            out.print("The kiosk opens in a window, and the panel of the virtual board beside it.")
            if note:
                out.print(f"{note}. The patient is simulated: nobody was asked.")
            out.print(f"records   {records}", soft_wrap=True)
            out.print(f"board     port {port}; its time is simulated: it waits for this machine")
            out.print("Closing the kiosk or Ctrl-C ends everything.")
            out.file.flush()

        run_together(records, look, note, on_open)


def _in_terminal(folder: Path, *, force: bool, fast: bool) -> None:
    from appliance.records.storage.data_folder import data_folder
    from ui.cli.commands.treat import run_treatment
    from ui.cli.engine.hosts import RunTarget
    from ui.cli.treatment.request import TreatOptions

    trace, picture = folder / "demo.vcd", folder / "demo.png"
    for file in (trace, picture):
        check_free(file, "--out", force=force)
    plateau_us = FAST_PLATEAU_US if fast else PLATEAU_US
    options = TreatOptions(PROGRAMME, CHANNELS, LEVEL_UA, plateau_us, patient="")
    terminal = console()
    if not fast:
        terminal.print("A session of a simulated patient on a virtual board: self-test,")
        terminal.print("simulated facts (nobody is asked), contact check, treatment.")
        terminal.print("It takes about 30 s, longer on a busy or slow machine.")
    target = RunTarget(data_folder(folder / "records"), trace=trace, time="waiting")
    code = run_treatment(options, target, fast=fast)
    if code:
        raise SystemExit(int(code))
    terminal.print(f"picture   {draw(trace, picture)}", soft_wrap=True)


def _make_folder(out: Path | None) -> Path:
    """Return the output folder and create it if needed; end the command if that fails."""
    try:
        if out is None:
            return Path(tempfile.mkdtemp(prefix="stimkiosk-demo-"))
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        where = out or "the temporary folder"
        fail(f"cannot write to {where}: {error.strerror}; choose with --out", ExitCode.USAGE)
    return out


def draw(trace: Path, picture: Path) -> Path:
    """Draw the recording; return the path of the picture."""
    from appliance.clinical.catalogue import find
    from appliance.texts.english import english
    from appliance.texts.text import Text
    from ui.trace.picture.picture import draw_treatment

    programme = find(PROGRAMME)
    if isinstance(programme, tuple) or programme.pulse is None:
        raise ValueError(f"{PROGRAMME} is not a programme of pulses")
    region = programme.region.value.replace("_", " ").capitalize()
    subtitle = (
        f"{region}, channels {' and '.join(map(str, CHANNELS))}: "
        f"{programme.rate_hz} pulses per second, two phases of {programme.pulse.phase_us} µs each, "
        f"requested level {LEVEL_UA / 1_000:g} mA; on a virtual board"
    )
    draw_treatment(
        trace,
        picture,
        title=english(Text(programme.title)),
        subtitle=subtitle,
        level_ua=LEVEL_UA,
    )
    return picture
