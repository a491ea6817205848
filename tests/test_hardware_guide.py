"""The hardware guide agrees with the board file: a wrong pin there is a gate on the wrong wire.

Pins are read again here from the board file and from the drawings, without the generator's code.
"""

import re
import tomllib
from pathlib import Path

import pytest
import resvg_py

from drivers.board_file import load_board_file
from tests.support.tools.hardware.__main__ import main
from tests.support.tools.hardware.files import FOLDER, files
from tests.support.tools.hardware.lines import lines_of

ROOT = Path(__file__).resolve().parent.parent
FIXED = {"SDA": 2, "SCL": 3, "CE1_ADC": 7, "CE0_DAC": 8, "MISO": 9, "MOSI": 10, "SCLK": 11}
"""SPI0 and I2C1 of every Raspberry Pi."""
HEADER = {
    2: 3, 3: 5, 4: 7, 14: 8, 15: 10, 17: 11, 18: 12, 27: 13, 22: 15, 23: 16, 10: 19, 9: 21, 11: 23,
    8: 24, 7: 26, 5: 29, 6: 31, 19: 35, 16: 36, 26: 37, 20: 38, 21: 40,
}  # fmt: skip
LINE = re.compile(r"(?:BCM (?P<bcm>\d+) )?(?P<name>[A-Z][A-Z0-9]*(?:_[A-Z]+)*)(?: (?P<after>\d+))?")
DRAWINGS = ("block-diagram.svg", "wiring.svg")


def named_in_the_board_file() -> dict[str, int]:
    pins = tomllib.loads((ROOT / "drivers/boards/reference.toml").read_text())["pins"]
    names = {name.upper(): bcm for name, bcm in pins.items() if name != "gates"}
    for number, (positive, negative) in enumerate(pins["gates"], 1):
        names |= {f"GATE{number}_POS": positive, f"GATE{number}_NEG": negative}
    return names | FIXED


def words_of(name: str) -> list[str]:
    return re.findall(r"<text [^>]*>([^<]*)</text>", (FOLDER / name).read_text())


def drawn(name: str) -> dict[str, int]:
    """Return each line with the BCM number that the drawing gives it."""
    found: dict[str, int] = {}
    for words in words_of(name):
        match = LINE.fullmatch(words)
        if match and (number := match["bcm"] or match["after"]):
            assert match["name"] not in found, f"{match['name']} is drawn twice"
            found[match["name"]] = int(number)
    return found


@pytest.mark.parametrize("name", DRAWINGS)
def test_every_pin_in_a_drawing_is_that_of_the_board_file_and_none_is_left_out(name: str) -> None:
    assert drawn(name) == named_in_the_board_file()


def test_the_pin_table_is_the_board_file_and_the_header_of_a_raspberry_pi() -> None:
    rows = re.findall(
        r"^\| (\d+) \| (\d+) \| (\w+) \|", (FOLDER / "pins.md").read_text(), re.MULTILINE
    )
    assert {name: int(bcm) for bcm, _, name in rows} == named_in_the_board_file()
    assert {int(bcm): int(pin) for bcm, pin, _ in rows} == HEADER


def test_the_table_tells_the_write_mask_that_the_daemon_is_started_with() -> None:
    unit = (ROOT / "deploy/services/stimkiosk-pigpiod.service").read_text()
    mask = re.findall(r"-x (0x[0-9A-Fa-f]+)", unit)
    assert mask == re.findall(r"-x (0x[0-9A-F]+)", (FOLDER / "pins.md").read_text())
    writable = {bcm for bcm in HEADER if int(mask[0], 16) >> bcm & 1}
    rows = re.findall(r"^\| (\d+) \|.*\| yes \|", (FOLDER / "pins.md").read_text(), re.MULTILINE)
    assert {int(bcm) for bcm in rows} == writable == {16, 17, 18, 22, 23}


def test_generated_files_are_up_to_date_and_a_stale_one_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, text in files().items():
        assert (FOLDER / name).read_text(encoding="utf-8") == text, name
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.setattr("tests.support.tools.hardware.__main__.FOLDER", tmp_path)
    monkeypatch.setattr("sys.argv", ["hardware", "--check"])
    assert main() == 0
    (tmp_path / "pins.md").write_text("GATE1_POS is BCM 22")
    assert main() == 1
    assert "docs/hardware/pins.md is out of date" in capsys.readouterr().out


def test_a_board_file_that_takes_a_pin_of_the_converters_is_not_drawn() -> None:
    board = load_board_file()
    pins = {name: getattr(board.pins, name) for name in board.pins.__struct_fields__}
    wrong = type(board.pins)(**{**pins, "buzzer": 10})
    fields = {name: getattr(board, name) for name in board.__struct_fields__}
    with pytest.raises(ValueError, match="SPI0"):
        lines_of(type(board)(**{**fields, "pins": wrong}))


@pytest.mark.parametrize("step", [
    "120 to 200 ms",             # docs/design.md section 4: one-shot 160 ms ± 25 %
    "540 to 660 µs; latch set",  # phase limiter, 600 µs
    "270 to 330 µs; 90 to 110 kΩ",
    "105 to 115 mA (D); < 1 ms",  # over-current at 110 mA
    "108 to 138 V within 200 ms",
    "< 10 µA (the engine trips at 50 µA)",
    "within 5 % or 0.5 mA, the larger",
])  # fmt: skip
def test_the_form_has_the_tolerances_of_the_design(step: str) -> None:
    assert f"| {step} |" in (FOLDER / "bench-form.md").read_text()


def test_every_step_of_the_form_is_explained_in_a_section_with_its_number() -> None:
    form = (FOLDER / "bench-form.md").read_text()
    sections = set(re.findall(r"^## (\d)", (FOLDER / "bring-up.md").read_text(), re.MULTILINE))
    steps = re.findall(r"^\| (\d)\.(\d+) \|", form, re.MULTILINE)
    assert {section for section, _ in steps} == sections
    assert len(steps) == len(set(steps))
    cited = re.findall(r"(?<![\d.])([1-6])\.(\d{1,2})(?![\d.])(?= (?:is|needs|to|comes|and)|\)|,)",
                       (FOLDER / "bring-up.md").read_text())  # fmt: skip
    assert set(cited) <= set(steps)


@pytest.mark.parametrize("name", [*DRAWINGS, "output-stage.svg"])
def test_a_drawing_is_a_picture_of_at_most_900_px_with_words_of_10_px_at_800(name: str) -> None:
    text = (FOLDER / name).read_text()
    width = int(re.findall(r'viewBox="0 0 (\d+) ', text)[0])
    smallest = min(int(size) for size in re.findall(r'font-size="(\d+)"', text))
    assert width <= 900
    assert smallest * 800 / width >= 10
    assert bytes(resvg_py.svg_to_bytes(svg_string=text)).startswith(b"\x89PNG")


def test_every_page_says_that_it_is_a_reference_design_or_no_clearance() -> None:
    for page in FOLDER.glob("*.md"):
        text = page.read_text()
        assert "not a cleared medical device" in text or "Not a clearance" in text, page.name
