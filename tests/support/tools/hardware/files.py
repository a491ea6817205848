"""Which files are generated, and their contents."""

from pathlib import Path

from tests.support.tools.hardware.block_diagram import block_diagram
from tests.support.tools.hardware.form_page import form_page
from tests.support.tools.hardware.lines import reference
from tests.support.tools.hardware.pins_page import pins_page
from tests.support.tools.hardware.stage_drawing import output_stage
from tests.support.tools.hardware.wiring import wiring

FOLDER = Path(__file__).parents[4] / "docs" / "hardware"


def files() -> dict[str, str]:
    """Return the name and contents of every generated file of docs/hardware."""
    board, lines = reference()
    return {
        "pins.md": pins_page(board, lines),
        "bench-form.md": form_page(board),
        "block-diagram.svg": block_diagram(lines),
        "wiring.svg": wiring(lines),
        "output-stage.svg": output_stage(),
    }
