"""The model against ngspice on the same circuit: load current and bridge voltage.

The netlist restates the circuit from docs/design.md section 4 (120 V rail, 10 µF block) and the
shunt's 100 kΩ, closed 300 µs after the gates; only the load's three numbers come from the model
under test.
"""

import subprocess
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import pytest

from drivers.board_file import load_board_file
from drivers.virtual.output_stage.skin import SkinContact
from tests.drivers.virtual.output_stage.conftest import Bench
from tests.support.hang import HANG_S

pytestmark = pytest.mark.spice


class Phase(NamedTuple):
    start_us: int
    end_us: int
    sign: int


class Shape(NamedTuple):
    milliamps: float
    phases: tuple[Phase, ...]
    end_us: int


def biphasic(milliamps: float, phase_us: int, gap_us: int, sign: int = 1) -> Shape:
    second = 100 + phase_us + gap_us
    phases = (Phase(100, 100 + phase_us, sign), Phase(second, second + phase_us, -sign))
    return Shape(milliamps, phases, second + phase_us + 2_000)


def repeated(shape: Shape, times: int, period_us: int) -> Shape:
    phases = tuple(
        Phase(phase.start_us + k * period_us, phase.end_us + k * period_us, phase.sign)
        for k in range(times)
        for phase in shape.phases
    )
    return Shape(shape.milliamps, phases, (times - 1) * period_us + shape.end_us)


SHAPES = {
    "test pulse": biphasic(2, 200, 50),
    "narrow TENS": biphasic(25, 60, 10),
    "wide NMES": biphasic(60, 400, 100),
    "negative first": biphasic(40, 300, 50, sign=-1),
    "at the rail": biphasic(100, 500, 250),
    "one phase alone": Shape(50, (Phase(100, 400, 1),), 6_000),
    "cut in mid-phase": Shape(100, (Phase(100, 350, -1),), 12_000),
    "carrier burst": repeated(biphasic(30, 100, 10), 6, 250),
    "alternating": Shape(
        20,
        (Phase(100, 300, 1), Phase(350, 550, -1), Phase(1500, 1700, -1), Phase(1750, 1950, 1)),
        4_000,
    ),
    "one-sided train": repeated(Shape(35, (Phase(100, 400, 1),), 1_500), 5, 900),
}
LOADS = {
    "good": SkinContact(),
    "dry": SkinContact(dryness=1.0),
    "half-lifted": SkinContact("half-lifted"),
    "lead off": SkinContact("lead-off"),
    "500 ohm": SkinContact("resistor", resistor_ohm=500),
}
SHUNT_US = 300
EDGE_US = 0.02


def shunt_windows(shape: Shape) -> list[tuple[float, float]]:
    """Return when the shunt is open: from each phase until 300 µs after it, merged."""
    windows: list[tuple[float, float]] = []
    for phase in sorted(shape.phases):
        start, end = float(phase.start_us), float(phase.end_us + SHUNT_US)
        if windows and start <= windows[-1][1]:
            windows[-1] = (windows[-1][0], end)
        else:
            windows.append((start, end))
    return windows


def levels(name: str, windows: list[tuple[float, float, float]], rest: float) -> str:
    points = [f"0 {rest:g}"]
    for start, end, value in windows:
        for at, level in ((start, rest), (start + EDGE_US, value), (end, value)):
            points.append(f"{at:g}u {level:g}")
        points.append(f"{end + EDGE_US:g}u {rest:g}")
    return f"{name} PWL({' '.join(points)})"


def netlist(shape: Shape, bench: Bench, amplitude_a: float, out: Path) -> str:
    """Write source, rail clamps, shunt, block and load; currents are fixed inputs."""
    load = bench.stage.channels[0].circuit.load
    current = [(p.start_us, p.end_us, p.sign * amplitude_a) for p in shape.phases]
    driving = [(p.start_us, p.end_us, 1.0) for p in shape.phases]
    opened = [(start, end, 0.0) for start, end in shunt_windows(shape)]
    # The rail is a clamp that exists only while the bridge conducts: a switch in its path.
    return "\n".join([
        "pulse into a load",
        levels("Isrc 0 b", [(float(a), float(b), c) for a, b, c in current], 0.0),
        levels("Vdrive drive 0", [(float(a), float(b), c) for a, b, c in driving], 0.0),
        levels("Vshunt shunt 0", opened, 1.0),
        "Sclamp b c drive 0 path",
        "Dhigh c high sharp",
        "Vhigh high 0 120",
        "Dlow low c sharp",
        "Vlow low 0 -120",
        ".model sharp D(n=0.01 is=1e-12 rs=0.001)",
        ".model path SW(vt=0.5 vh=0 ron=0.01 roff=1e12)",
        "Sshunt b s shunt 0 path",
        "Rshunt s 0 100k",
        "Cblock b n 10u ic=0",
        "Vmeter n m 0",
        f"Rs m t {load.series_ohm:.9g}",
        f"Rp t 0 {load.parallel_ohm:.9g}",
        f"Cp t 0 {load.parallel_f:.9g} ic=0",
        ".options reltol=1e-5 abstol=1e-10 vntol=1e-7 gmin=1e-15 method=gear",
        f".tran 0.5u {shape.end_us}u 0 0.5u uic",
        ".control", "run", "linearize i(Vmeter) v(b)",
        f"wrdata {out} i(Vmeter) v(b)", "quit", ".endc", ".end", "",
    ])  # fmt: skip


def judged(shape: Shape, bench: Bench, amplitude_a: float, folder: Path) -> list[list[float]]:
    """Return rows of (time, current, bridge voltage) from ngspice."""
    out, source = folder / "out.data", folder / "pulse.cir"
    source.write_text(netlist(shape, bench, amplitude_a, out))
    subprocess.run(["ngspice", "-b", str(source)], check=True, capture_output=True, timeout=HANG_S)
    rows = [[float(field) for field in line.split()] for line in out.read_text().splitlines()]
    return [[row[0] * 1e6, row[1], row[3]] for row in rows]


def modelled(shape: Shape, bench: Bench, times_us: list[float]) -> list[tuple[float, float]]:
    """Play the shape on the model and read it at the given times."""
    events: list[tuple[float, int, Callable[[], None]]] = []
    start_us = bench.timeline.now_ns / 1e3
    seen: list[tuple[float, float]] = []
    circuit = bench.stage.channels[0].circuit

    def look() -> None:
        current_a, block_v, tissue_v = circuit.peek(bench.timeline.now_ns)
        seen.append((current_a, block_v + tissue_v + current_a * circuit.load.series_ohm))

    for phase in shape.phases:
        gpio = 17 if phase.sign > 0 else 18
        events.append((phase.start_us, 0, lambda gpio=gpio: bench.high(gpio)))  # type: ignore[misc]
        events.append((phase.end_us, 0, lambda gpio=gpio: bench.low(gpio)))  # type: ignore[misc]
    events += [(at, 1, look) for at in times_us]
    for at, _, act in sorted(events, key=lambda event: event[:2]):
        bench.timeline.advance_to(round((start_us + at) * 1e3))
        act()
    return seen


def moments(shape: Shape) -> list[float]:
    """Return times away from edges: early, middle and late in each phase, and in between."""
    edges = sorted({0.0, *(float(e) for p in shape.phases for e in p[:2]), float(shape.end_us)})
    edges = sorted({*edges, *(end for _, end in shunt_windows(shape))})
    inside = [
        round(a + (b - a) * share)
        for a, b in pairwise(edges)
        if b - a > 8
        for share in (0.25, 0.5, 0.9)
    ]
    return [float(at) for at in sorted(set(inside)) if at < shape.end_us]


@pytest.mark.parametrize("load", LOADS)
@pytest.mark.parametrize("name", SHAPES)
def test_current_and_voltage_agree_with_ngspice(name: str, load: str, tmp_path: Path) -> None:
    shape = SHAPES[name]
    bench = Bench(load_board_file())
    bench.arm()
    channel = bench.stage.channels[0]
    channel.set_contact(LOADS[load])
    bench.code(1, round(shape.milliamps / 120 * 4095))
    times_us = moments(shape)
    ours = modelled(shape, bench, times_us)
    rows = judged(shape, bench, channel.amplitude_ua * 1e-6, tmp_path)
    step_us = rows[1][0] - rows[0][0]
    for at_us, (current_a, bridge_v) in zip(times_us, ours, strict=True):
        _, spice_a, spice_v = rows[round(at_us / step_us)]
        # 2 %, plus what neither the ADC nor the trace can distinguish from zero.
        assert current_a == pytest.approx(spice_a, rel=0.02, abs=1e-6), f"current at {at_us} µs"
        assert bridge_v == pytest.approx(spice_v, rel=0.02, abs=0.02), f"voltage at {at_us} µs"
