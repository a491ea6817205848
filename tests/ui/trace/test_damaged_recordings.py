"""Recordings damaged at random: each is read, or refused in one line."""

import math
from itertools import pairwise
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.ui.trace.dump import Dump
from ui.cli.commands.trace import trace
from ui.trace.measure import measure
from ui.trace.vcd.lines import VcdError
from ui.trace.vcd.reader import Recording, read_vcd

bounded = settings(
    max_examples=300,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def recording() -> bytes:
    dump = Dump()
    dump.set(10, "dac1", 341)
    for number in range(4):
        dump.pulse(1_000 + number * 10_000, 9_992.7)
    return dump.text(end_us=60_000).encode()


WHOLE = recording()
PLACE = st.integers(0, len(WHOLE) - 1)
JUNK = st.one_of(
    st.binary(min_size=1, max_size=8),
    st.sampled_from(
        [
            "\n",
            "\n#5\n",
            "\nrnan 4\n",
            "\nb1 !\n",
            "\n1~\n",
            "$end",
            "$comment",
            "\n$var",
            *"9-ex_ ",
        ]
    ).map(str.encode),
)
CHANGES = st.lists(st.tuples(PLACE, st.integers(0, 3), JUNK), min_size=1, max_size=4)


def damaged(changes: list[tuple[int, int, bytes]]) -> bytes:
    """Insert junk (0), overwrite with junk (1), remove 40 bytes (2), or truncate (3)."""
    text = WHOLE
    for place, kind, junk in changes:
        cut = (place, place + len(junk), place + 40, len(text))[kind]
        text = text[:place] + (junk if kind < 2 else b"") + text[cut:]
    return text


def read_or_refusal(path: Path) -> Recording | str:
    try:
        return read_vcd(path)
    except VcdError as error:
        return str(error)


@bounded
@given(changes=CHANGES)
def test_what_is_read_is_in_order_and_finite(
    tmp_path: Path, changes: list[tuple[int, int, bytes]]
) -> None:
    path = tmp_path / "x.vcd"
    path.write_bytes(damaged(changes))
    found = read_or_refusal(path)
    if isinstance(found, str):
        assert found.isprintable()  # one line, and no control character
        assert len(found) < 300
        return
    for steps in found.signals.values():
        assert len(steps.times_ns) == len(steps.values)
        assert all(earlier <= later for earlier, later in pairwise(steps.times_ns))
        assert all(0 <= at_ns <= found.end_ns for at_ns in steps.times_ns)
        assert all(map(math.isfinite, steps.values))


@bounded
@given(changes=CHANGES)
def test_the_command_ends_with_a_documented_code(
    tmp_path: Path, changes: list[tuple[int, int, bytes]]
) -> None:
    path = tmp_path / "x.vcd"
    path.write_bytes(damaged(changes))
    result = CliRunner().invoke(trace, [str(path), "--ascii"])
    assert result.exit_code in {0, 1, 2, 7}, result.output
    assert result.exception is None or isinstance(result.exception, SystemExit)
    if result.exit_code in {2, 7}:
        assert result.stderr.count("\n") <= 4  # click's own usage lines


@pytest.mark.parametrize("digit", range(10))
def test_a_flipped_digit_of_a_time_removes_no_pulse(tmp_path: Path, digit: int) -> None:
    """Times between two changes may differ; a lost or unbalanced pulse must be a finding."""
    path = tmp_path / "x.vcd"
    lines = WHOLE.split(b"\n")
    silent = 0
    for at in (at for at, line in enumerate(lines) if line[:1] == b"#"):
        for place in range(1, len(lines[at])):
            line = bytearray(lines[at])
            line[place] = ord(str(digit))
            path.write_bytes(b"\n".join([*lines[:at], bytes(line), *lines[at + 1 :]]))
            found = read_or_refusal(path)
            if isinstance(found, Recording) and found.is_whole:
                measures = measure(found)
                silent += measures.channels[0].pulses != 4 and not measures.faults
    assert silent == 0
