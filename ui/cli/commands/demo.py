"""`stimkiosk demo`: a complete session on a virtual board, with a picture of the current."""

import tempfile
from pathlib import Path

import click

from ui.cli.terminal.console import console, fail
from ui.cli.terminal.exit_codes import ExitCode
from ui.cli.terminal.output_files import check_free, force_option
from ui.cli.terminal.records_options import DataFolder

PROGRAMME = "conventional-tens"
CHANNELS = (1, 2)
LEVEL_UA = 12_000
PLATEAU_US = 15_000_000
FAST_PLATEAU_US = 5_000_000


@click.command(epilog="Example: stimkiosk demo --out /tmp/demo")
@click.option(
    "--out",
    type=DataFolder(),
    help="Folder for recording, picture and records (default: a new temporary folder).",
)
@force_option
@click.option("--fast", is_flag=True, help="Simulate as fast as possible instead of in real time.")
def demo(out: Path | None, force: bool, fast: bool) -> None:
    """Run a complete session of a simulated patient on a virtual board; takes about 30 s.

    Conventional TENS on two channels: self-test, the facts that a treatment needs (screening, skin,
    pads and more, each entered as simulated: nobody was asked), contact check, rise from zero,
    treatment and ramp down. Then it prints a summary of the delivered output, the folder of the
    records and the path of a picture of the current. On a slow machine the virtual board waits and
    the demo takes longer.
    """
    from appliance.records.storage.data_folder import data_folder
    from ui.cli.commands.treat import run_treatment
    from ui.cli.engine.hosts import RunTarget
    from ui.cli.treatment.request import TreatOptions

    folder = _make_folder(out)
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
