"""A recording is only replaced by that of a treatment."""

from pathlib import Path

from tests.cli.conftest import TREAT, House, a_house


def test_a_refused_treatment_leaves_an_older_recording_as_it_was(tmp_path: Path) -> None:
    trace = tmp_path / "run.vcd"
    with a_house(tmp_path) as house:
        kept = _record(house, trace, "1")
        assert house.run(*TREAT, "--channels", "3", "--fast", "--trace", str(trace)).returncode == 4
        assert trace.read_bytes() == kept
        assert _record(house, trace, "1,2") != kept
    assert [path.name for path in tmp_path.glob("run.vcd*")] == ["run.vcd"]


def _record(house: House, trace: Path, channels: str) -> bytes:
    short = ("--level", "1", "--seconds", "1", "--fast", "--trace", str(trace))
    assert house.run(*TREAT, "--channels", channels, *short).returncode == 0
    return trace.read_bytes()
