"""Which machines are accepted, from device trees written by the test."""

from pathlib import Path

import pytest

from drivers.errors import UnsupportedMachine
from drivers.rigs.pi_model import check_machine


def lay_out(prefix: Path, model: str, revision: int | None = None) -> Path:
    tree = prefix / "proc" / "device-tree"
    (tree / "system").mkdir(parents=True)
    (tree / "model").write_bytes(model.encode() + b"\0")
    if revision is not None:
        (tree / "system" / "linux,revision").write_bytes(revision.to_bytes(4, "big"))
    return prefix


@pytest.mark.parametrize(
    ("model", "revision"),
    [
        ("Raspberry Pi 3 Model B Plus Rev 1.3", 0xA020D3),
        ("Raspberry Pi 4 Model B Rev 1.5", 0xC03115),
        ("Raspberry Pi Compute Module 4 Rev 1.1", 0xB03141),
        ("Raspberry Pi Zero 2 W Rev 1.0", 0x902120),
    ],
)
def test_a_supported_pi_is_accepted(tmp_path: Path, model: str, revision: int) -> None:
    assert check_machine(lay_out(tmp_path, model, revision)) == model


@pytest.mark.parametrize(
    "model",
    [
        "Raspberry Pi 5 Model B Rev 1.0",
        "Raspberry Pi 500 Rev 1.0",
        "Raspberry Pi Compute Module 5 Rev 1.0",
    ],
)
def test_a_pi_5_is_refused_and_the_reason_is_given(tmp_path: Path, model: str) -> None:
    with pytest.raises(UnsupportedMachine, match="pigpio does not run on the Pi 5 family"):
        check_machine(lay_out(tmp_path, model))


def test_a_bcm2712_under_another_model_name_is_refused(tmp_path: Path) -> None:
    # A Pi 5's revision code: processor field 4.
    with pytest.raises(UnsupportedMachine, match="Pi 5 family"):
        check_machine(lay_out(tmp_path, "Raspberry Pi 4 Model B Rev 1.5", 0xC04170))


def test_an_older_pi_is_refused_and_the_supported_ones_are_listed(tmp_path: Path) -> None:
    with pytest.raises(UnsupportedMachine, match="3 Model B Plus, 4 Model B, Compute Module 4"):
        check_machine(lay_out(tmp_path, "Raspberry Pi 2 Model B Rev 1.1", 0xA01041))


def test_another_computer_is_refused_and_the_virtual_board_is_suggested(tmp_path: Path) -> None:
    with pytest.raises(UnsupportedMachine, match=r"not a Raspberry Pi; .*stimkiosk demo"):
        check_machine(tmp_path)
    with pytest.raises(UnsupportedMachine, match="calls itself Rockchip"):
        check_machine(lay_out(tmp_path, "Rockchip RK3588"))
