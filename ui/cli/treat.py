"""`stimkiosk treat`: one treatment from the terminal."""

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ui.cli.exit_codes import ExitCode
from ui.cli.report import console, fail

if TYPE_CHECKING:
    from ui.cli.director import Order
    from ui.cli.hosts import Place

MM2_PER_CM2 = 100
UA_PER_MA = 1_000
US_PER_S = 1_000_000
SMALL_TAP_UA, LARGE_TAP_UA = 500, 1_000
CONFIRMATION = "dummy load"


class Channels(click.ParamType[tuple[int, ...]]):
    """Channel numbers, separated by commas."""

    name = "N,N"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[int, ...]:
        """Return the numbers, or fail with what is accepted."""
        if isinstance(value, tuple):
            return value
        words = [word.strip() for word in str(value).split(",")]
        if not all(word.isdecimal() and int(word) for word in words):
            self.fail(f"{value!r} is no list of channels, for example 1,2", param, ctx)
        numbers = tuple(int(word) for word in words)
        if len(set(numbers)) != len(numbers):
            self.fail(f"{value!r} names a channel twice", param, ctx)
        return numbers


@dataclass(frozen=True, slots=True)
class Wish:
    """What the command line asked for, in base units."""

    programme: str
    channels: tuple[int, ...]
    level_ua: int
    hold_us: int | None
    region: str | None
    pad_area_mm2: int | None
    reason: str


@click.command(
    epilog="Example: stimkiosk treat conventional-tens --level 12 --seconds 20 --trace run.vcd"
)
@click.argument("programme")
@click.option("--channels", type=Channels(), default="1", show_default=True, help="As 1,2.")
@click.option(
    "--level",
    type=click.FloatRange(min=0),
    default=10.0,
    show_default=True,
    metavar="MA",
    help="Level to reach on each channel, in steps of 0.5 mA.",
)
@click.option(
    "--seconds",
    type=click.FloatRange(min=0),
    metavar="S",
    help="Hold the level for so much treatment time (default: to the programme's end).",
)
@click.option("--region", help="Where the pads lie, if not where the programme says.")
@click.option("--pad-area", type=click.FloatRange(min=0.01), metavar="CM2", help="Smaller pad.")
@click.option("--reason", default="", help="A clinician's reason, where a caution asks for one.")
@click.option(
    "--trace",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="Record the board to this VCD file.",
)
@click.option("--fast", is_flag=True, help="Step the time as fast as the processor allows.")
@click.option("--board", "board_file", default="reference", show_default=True, help="Board file.")
@click.option(
    "--rig",
    type=click.Choice(["virtual", "hardware"]),
    default="virtual",
    show_default=True,
    help="hardware: on a dummy load only.",
)
@click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder of the records (also STIMKIOSK_DATA).",
)
@click.option("--json", "as_json_", is_flag=True, help="Print the summary as JSON.")
def treat(
    programme: str,
    channels: tuple[int, ...],
    level: float,
    seconds: float | None,
    region: str | None,
    pad_area: float | None,
    reason: str,
    trace: Path | None,
    fast: bool,
    board_file: str,
    rig: str,
    data: Path | None,
    as_json_: bool,
) -> None:
    """Give a treatment: check contact, raise the level from zero, hold it, ramp down.

    Runs on a virtual board of its own, or on the board that PIGPIO_ADDR and PIGPIO_PORT name.
    Ctrl-C ramps down, a second Ctrl-C cuts. A person is treated through the kiosk alone.
    """
    from appliance.records.paths import data_folder
    from ui.cli.hosts import Place, daemon_port

    wish = Wish(
        programme,
        channels,
        round(level * UA_PER_MA),
        None if seconds is None else round(seconds * US_PER_S),
        region,
        None if pad_area is None else round(pad_area * MM2_PER_CM2),
        reason,
    )
    if fast and rig == "hardware":
        raise click.UsageError("--fast steps a virtual board; it does not go with --rig hardware")
    if rig == "hardware":
        _confirm_dummy_load()
    _check_trace(trace)
    port = None if fast else daemon_port()
    folder = data_folder(data)
    place = Place(folder, board_file, rig, trace, port)
    code = run_treatment(wish, place, fast=fast, as_json_=as_json_)
    if code:
        raise SystemExit(int(code))


def run_treatment(wish: Wish, place: "Place", *, fast: bool, as_json_: bool = False) -> ExitCode:
    """Run a treatment and print its summary; return the exit code that says how it ended."""
    from ui.cli.conduct import conduct
    from ui.cli.director import Director
    from ui.cli.hosts import engine_host, fast_host
    from ui.cli.progress import shown_live
    from ui.cli.summary import as_json, ending_of, print_summary

    director = Director(order_for(wish), dummy_load=place.rig == "hardware")
    opened = fast_host(place) if fast else engine_host(place)
    with opened as host, shown_live(wish.programme, wanted=not as_json_) as show:
        course = conduct(host, director, show)
    ending = ending_of(course, director)
    if as_json_:
        found = as_json(course, ending, wish.programme, place.data, place.trace)
        console().out(json.dumps(found, indent=2))
    else:
        print_summary(course, ending, wish.programme, place.data, place.trace)
    return ending.code


def order_for(wish: Wish) -> "Order":
    """Turn the wish into an order the limits accept so far, or end with a refusal."""
    from appliance.clinical.catalogue import find, to_prescription
    from appliance.core.prescription import PrescriptionError
    from appliance.messages import Prescribe
    from ui.cli.director import Order

    programme = find(wish.programme)
    if isinstance(programme, tuple):
        near = ", ".join(programme)
        fail(f"no programme {wish.programme!r}; nearest: {near}", ExitCode.USAGE)
    if wish.level_ua % SMALL_TAP_UA:
        fail(f"--level {wish.level_ua / UA_PER_MA:g}: give steps of 0.5 mA", ExitCode.USAGE)
    tap_ua = SMALL_TAP_UA if wish.level_ua % LARGE_TAP_UA else LARGE_TAP_UA
    try:
        prescription = to_prescription(
            programme,
            wish.channels,
            region=wish.region,
            pad_area_mm2=wish.pad_area_mm2,
            tap_ua=tap_ua,
            reason=wish.reason,
        )
    except PrescriptionError as error:
        fail(f"refused: {error}", ExitCode.REFUSED)
    if wish.level_ua > prescription.ceiling_ua:
        asked, allowed = wish.level_ua / UA_PER_MA, prescription.ceiling_ua / UA_PER_MA
        where = f"{programme.name} on the {prescription.region}"
        message = f"refused: level {asked:g} mA, allowed {allowed:g} mA ({where})"
        fail(message, ExitCode.REFUSED)
    prescribe = Prescribe(
        programme=programme.name,
        channels=wish.channels,
        region=wish.region,
        pad_area_mm2=wish.pad_area_mm2,
        tap_ua=tap_ua,
        reason=wish.reason,
    )
    return Order(prescribe, wish.level_ua, wish.hold_us)


def _check_trace(trace: Path | None) -> None:
    if trace is not None and not trace.absolute().parent.is_dir():
        fail(f"cannot record to {trace}: no folder {trace.absolute().parent}", ExitCode.USAGE)


def _confirm_dummy_load() -> None:
    """Ask for the dummy load in words, at a terminal and nowhere else."""
    if not sys.stdin.isatty():
        message = "hardware runs on a dummy load only and asks for it at a terminal; this is none"
        fail(message, ExitCode.REFUSED)
    question = f"A 500 Ω or 1 kΩ dummy load is connected and nobody else. Type {CONFIRMATION!r}"
    if click.prompt(question, default="", show_default=False).strip().lower() != CONFIRMATION:
        fail("not confirmed; nothing was started", ExitCode.REFUSED)
