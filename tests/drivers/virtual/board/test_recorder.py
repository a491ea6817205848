"""The trace, as any reader of VCD files sees it."""

import gc
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest
from vcd.reader import TokenKind, tokenize

from drivers.virtual.bench.recorder import CHIP_SELECTS, TraceRecorder
from drivers.virtual.output_stage.skin import SkinContact
from tests.drivers.virtual.board.conftest import NEG1, POS1, Process, Rig
from tests.support.hang import HANG_S

Maker = Callable[..., Rig]
Starter = Callable[..., Process]
TWENTY_MA = 682
SIDES = ("mosi", "miso")


class Trace:
    """A VCD file: (tick, value) of each signal, by name."""

    def __init__(self, path: Path) -> None:
        self.timescale = ""
        self.date = False
        self.scopes: set[str] = set()
        self.kinds: dict[str, tuple[str, int]] = {}
        self.changes: dict[str, list[tuple[int, float]]] = {}
        self.end = 0
        names: dict[str, str] = {}
        with path.open("rb") as file:
            for token in tokenize(file):
                if token.kind is TokenKind.TIMESCALE:
                    scale = token.timescale
                    self.timescale = f"{int(scale.magnitude)} {scale.unit.value}"
                elif token.kind is TokenKind.DATE:
                    self.date = True
                elif token.kind is TokenKind.SCOPE:
                    self.scopes.add(token.scope.ident)
                elif token.kind is TokenKind.VAR:
                    var = token.var
                    names[var.id_code] = var.reference
                    self.kinds[var.reference] = (var.type_.value, var.size)
                    self.changes[var.reference] = []
                elif token.kind is TokenKind.CHANGE_TIME:
                    self.end = token.time_change
                elif token.kind is TokenKind.CHANGE_SCALAR:
                    change = token.scalar_change
                    self._add(names[change.id_code], float(change.value))
                elif token.kind is TokenKind.CHANGE_VECTOR:
                    vector = token.vector_change
                    assert isinstance(vector.value, int)
                    self._add(names[vector.id_code], vector.value)
                elif token.kind is TokenKind.CHANGE_REAL:
                    real = token.real_change
                    self._add(names[real.id_code], real.value)

    def _add(self, name: str, value: float) -> None:
        assert not self.changes[name] or self.end >= self.changes[name][-1][0]
        self.changes[name].append((self.end, value))

    def charge_pc(self, name: str = "i1_ua") -> float:
        """Return the sum of current times time, as any reader of steps would."""
        steps = [*self.changes[name], (self.end, 0.0)]
        return sum(
            float(Decimal(later - at) / 10) * value for (at, value), (later, _) in pairwise(steps)
        )


def session(rig: Rig, pulses: int = 6) -> None:
    rig.arm()
    rig.code(1, TWENTY_MA)
    rig.code(2, 4 * TWENTY_MA)
    for number in range(pulses):
        # The next pulse comes while the other channel still discharges.
        rig.pulse(channel=number % 2 + 1, rest_us=700)
    rig.wait_us(5_000)


def test_scope_timescale_and_signals_are_as_specified(make_rig: Maker, tmp_path: Path) -> None:
    rig = make_rig(record=tmp_path / "t.vcd")
    session(rig)
    rig.board.close()
    trace = Trace(tmp_path / "t.vcd")
    assert trace.timescale == "100 ns"
    assert trace.scopes == {"board"}
    assert not trace.date
    bits = (
        *("gate1_pos", "gate1_neg", "gate2_pos", "gate2_neg", "ldac_n", "shunt1", "shunt2"),
        *("heartbeat", "supply_en", "supply", "fault_latch", "estop_loop", "hand_switch", "buzzer"),
    )
    expected = dict.fromkeys(bits, ("wire", 1))
    assert {name: kind for name, kind in trace.kinds.items() if kind[0] == "wire"} == expected
    reals = {name for name, kind in trace.kinds.items() if kind[0] == "real"}
    assert reals == {"dac1", "dac2", "i1_ua", "i2_ua"}


def test_four_channels_have_their_signals(make_rig: Maker, tmp_path: Path) -> None:
    rig = make_rig("reference-4", record=tmp_path / "t.vcd", record_spi=True)
    rig.arm()
    rig.code(4, TWENTY_MA)
    rig.pulse(channel=4)
    rig.board.close()
    trace = Trace(tmp_path / "t.vcd")
    assert {"gate3_pos", "gate4_neg", "shunt4", "dac3", "dac4", "i3_ua", "i4_ua"} <= set(
        trace.kinds
    )
    assert trace.changes["dac4"][-1][1] == TWENTY_MA
    assert max(value for _, value in trace.changes["i4_ua"]) == pytest.approx(19_985.3, abs=0.1)


def test_a_bare_pi_records_its_pins(make_rig: Maker, tmp_path: Path) -> None:
    rig = make_rig(bare=True, record=tmp_path / "t.vcd")
    rig.wait_us(100)
    rig.kernel.write(POS1, 1)
    rig.wait_us(100)
    rig.board.close()
    trace = Trace(tmp_path / "t.vcd")
    assert set(trace.kinds) == {f"gpio{number}" for number in range(28)}
    assert trace.changes["gpio17"] == [(0, 0), (1_000, 1)]
    assert trace.end == 2_000


def test_a_pulse_is_in_the_trace_exact_to_the_tick(make_rig: Maker, tmp_path: Path) -> None:
    rig = make_rig(record=tmp_path / "t.vcd")
    rig.arm()
    rig.code(1, TWENTY_MA)
    start = rig.board.now_us * 10
    rig.pulse(phase_us=200, gap_us=50)
    rig.board.close()
    trace = Trace(tmp_path / "t.vcd")
    assert trace.changes["gate1_pos"][1:] == [(start, 1), (start + 2_000, 0)]
    assert trace.changes["gate1_neg"][1:] == [(start + 2_500, 1), (start + 4_500, 0)]
    assert trace.changes["shunt1"] == [(0, 1), (start, 0), (start + 7_500, 1)]
    current = trace.changes["i1_ua"]
    assert current[1:5] == [
        (start, pytest.approx(19_985.348)),
        (start + 2_000, 0),
        (start + 2_500, pytest.approx(-19_985.348)),
        (start + 4_500, 0),
    ]
    assert all(at >= start + 7_500 for at, _ in current[5:])
    assert current[-1][1] == 0


def test_the_charge_summed_from_the_trace_is_the_charge_on_the_dc_block(
    make_rig: Maker, tmp_path: Path
) -> None:
    rig = make_rig(record=tmp_path / "t.vcd")
    rig.arm()
    assert rig.board.stage is not None
    channel = rig.board.stage.channels[0]
    channel.set_contact(SkinContact("good", 1.0))
    rig.code(1, 2_500)  # 73 mA into dry pads: at the rail for most of the phase
    rig.kernel.write(POS1, 1)
    rig.wait_us(400)
    rig.kernel.write(POS1, 0)
    rig.wait_us(20_000)
    _, block_v, _ = channel.circuit.peek(rig.board.timeline.now_ns)
    rig.board.close()
    assert Trace(tmp_path / "t.vcd").charge_pc() == pytest.approx(block_v * 10e6, rel=0.002)


def test_the_file_does_not_depend_on_when_it_was_flushed(make_rig: Maker, tmp_path: Path) -> None:
    files = [tmp_path / "a.vcd", tmp_path / "b.vcd"]
    for path in files:
        rig = make_rig(record=path, record_spi=True)
        rig.board.fault_set("dry-pad:2=1")
        recorder = rig.board.recorder
        assert recorder is not None
        if path == files[1]:
            original = rig.board.advance_to_us

            def stepping(
                until_us: int, advance: Callable[[int], None] = original, rig: Rig = rig
            ) -> None:
                while rig.board.now_us < until_us:
                    advance(min(rig.board.now_us + 37, until_us))
                    assert rig.board.recorder is not None
                    rig.board.recorder.flush()

            rig.board.advance_to_us = stepping  # type: ignore[method-assign]
        session(rig)
        rig.board.fault_set("estop")
        rig.wait_us(5_000)
        rig.board.close()
    assert files[0].read_bytes() == files[1].read_bytes()
    assert len(files[0].read_bytes()) > 2_000


def test_changes_of_one_line_at_one_instant_stay_in_order(make_rig: Maker, tmp_path: Path) -> None:
    rig = make_rig(record=tmp_path / "t.vcd")
    rig.wait_us(100)
    rig.kernel.write(POS1, 1)
    rig.kernel.write(POS1, 0)
    rig.wait_us(100)
    rig.kernel.write(NEG1, 1)
    rig.board.close()
    trace = Trace(tmp_path / "t.vcd")
    assert trace.changes["gate1_pos"] == [(0, 0), (1_000, 1), (1_000, 0)]
    assert trace.changes["gate1_neg"] == [(0, 0), (2_000, 1)]


def test_sigrok_decodes_our_dac_words_from_the_lines_alone(make_rig: Maker, tmp_path: Path) -> None:
    path = tmp_path / "t.vcd"
    rig = make_rig(record=path, record_spi=True)
    rig.wait_us(50)
    for word in (b"\x3a\xbc", b"\x30\x00", b"\x71\x23", b"\xbf\xff"):
        rig.kernel.transfer(0, word)
        rig.kernel.transfer(1, b"\x06\x80\x00")
    rig.wait_us(1_000)
    rig.board.close()
    decoder = "spi:clk=sclk:mosi=mosi:miso=miso:cs=cs_dac:wordsize=16"
    command = ["sigrok-cli", "-I", "vcd", "-i", str(path), "-P", decoder, "-A", "spi=mosi-data"]
    result = subprocess.run(command, check=True, capture_output=True, text=True, timeout=HANG_S)
    words = [line.split()[-1] for line in result.stdout.splitlines()]
    assert words == ["3ABC", "3000", "7123", "BFFF"]


def decoded(path: Path, select: str, side: str) -> list[str]:
    """Return the words that Debian's sigrok decodes from the bus: hexadecimal, 8 bits each."""
    decoder = f"spi:clk=sclk:mosi=mosi:miso=miso:cs={select}:wordsize=8"
    command = ["sigrok-cli", "-I", "vcd", "-i", str(path), "-P", decoder, "-A", f"spi={side}-data"]
    result = subprocess.run(command, check=True, capture_output=True, text=True, timeout=HANG_S)
    assert "nexpected" not in result.stderr
    return [line.split()[-1] for line in result.stdout.splitlines()]


def test_sigrok_decodes_every_word_of_a_treatment(
    make_rig: Maker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Codes change all the time in a treatment; their lines made the decoder stop once."""
    words: dict[tuple[int, str], list[str]] = {(n, side): [] for n in (0, 1) for side in SIDES}
    transfer = TraceRecorder.transfer

    def noted(self: TraceRecorder, chip_select: int, sent: bytes, received: bytes) -> None:
        for side, octets in zip(SIDES, (sent, received), strict=True):
            words[chip_select, side] += [f"{octet:02X}" for octet in octets]
        transfer(self, chip_select, sent, received)

    monkeypatch.setattr(TraceRecorder, "transfer", noted)
    path = tmp_path / "t.vcd"
    rig = make_rig(record=path, record_spi=True)
    rig.arm()
    for step in range(100):
        rig.code(1, 20 * step)
        rig.code(2, 13 * step)
        rig.pulse(step % 2 + 1)
        rig.convert(step % 8)
    rig.board.close()
    assert len(words[0, "mosi"]) == 2 * 2 * 100
    assert len(words[1, "miso"]) == 3 * 100
    assert len(Trace(path).changes["dac1"]) == 100
    for (chip, side), expected in words.items():
        assert decoded(path, CHIP_SELECTS[chip], side) == expected


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_ending_signal_closes_the_recording_completely(
    start_board: Starter, tmp_path: Path, number: int
) -> None:
    path = tmp_path / "t.vcd"
    process = start_board("--record", str(path), "--speed", "50")
    assert process.end(number) == 0
    trace = Trace(path)
    assert trace.end > 0
    assert path.read_text().endswith(f"#{trace.end}\n")
    assert not list((tmp_path / "stimkiosk").iterdir())


def test_a_killed_board_leaves_a_readable_trace(start_board: Starter, tmp_path: Path) -> None:
    path = tmp_path / "t.vcd"
    process = start_board("--record", str(path), "--stepped")
    environment = {**os.environ, "PIGPIO_PORT": str(process.port)}
    command = [sys.executable, "-m", "ui.cli.main", "fault", "set", "estop"]
    subprocess.run(command, check=True, env=environment, capture_output=True)
    process.end(signal.SIGKILL)
    assert Trace(path).changes["fault_latch"] == [(0, 1)]


def test_a_recording_that_cannot_be_written_gives_an_error(make_rig: Maker, tmp_path: Path) -> None:
    with pytest.raises(OSError, match="nowhere"):
        make_rig(record=tmp_path / "nowhere" / "t.vcd")


def test_a_full_disk_leaves_nothing_to_write_at_exit(make_rig: Maker) -> None:
    """Python 3.13 would report it at exit, after the one line that was printed about it."""
    with pytest.raises(OSError, match="No space left"):
        make_rig(record=Path("/dev/full"))
    gc.collect()  # a file left open, or one that cannot be closed, fails this test as a warning


def test_a_disk_that_fills_up_is_reported_once_and_the_file_is_closed(
    make_rig: Maker, tmp_path: Path
) -> None:
    rig = make_rig(record=tmp_path / "t.vcd")
    rig.wait_us(50)
    recorder = rig.board.recorder
    assert recorder is not None
    full = os.open("/dev/full", os.O_WRONLY)
    os.dup2(full, recorder._file.fileno())
    os.close(full)
    rig.kernel.write(POS1, 1)
    rig.wait_us(50)
    with pytest.raises(OSError, match="No space left"):
        rig.board.close()
    assert recorder._file.closed
    rig.board.close()
