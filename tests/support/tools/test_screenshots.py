"""Pictures of every screen: drawn in one window, with an index; the small set is complete."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from tests.support.hang import HANG_S
from tests.support.kiosk.samples import SAMPLES
from tests.support.tools.screenshots import KEPT, KEPT_FOLDER, MODULE, ROOT

MOST_BYTES = 3_000_000


@pytest.mark.slow
def test_a_screen_is_drawn_in_its_size_and_stands_on_the_index_page(tmp_path: Path) -> None:
    chosen = ("--size", "7-720x1280", "--theme", "light", "--only", "treatment")
    done = subprocess.run(
        [sys.executable, "-m", MODULE, "--out", str(tmp_path), *chosen],
        check=False,
        capture_output=True,
        text=True,
        timeout=HANG_S,
    )
    assert (done.returncode, done.stderr) == (0, "")
    name = "en/720x1280-light/treatment.png"
    with Image.open(tmp_path / name) as picture:
        assert picture.size == (720, 1280)
        assert picture.convert("L").getextrema() == (0, 255)
    assert f'src="{name}"' in (tmp_path / "en.html").read_text(encoding="utf-8")
    assert 'href="en.html"' in (tmp_path / "index.html").read_text(encoding="utf-8")


def test_the_small_set_is_of_screens_that_exist_and_stays_small() -> None:
    assert {sample for sample, _, _ in KEPT} <= SAMPLES.keys()
    kept = list(KEPT_FOLDER.glob("*"))
    assert {file.suffix for file in kept} == {".png"}
    assert sum(file.stat().st_size for file in kept) < MOST_BYTES


def test_the_readme_opens_with_four_pictures_that_are_kept() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    shown = re.findall(r"docs/screens/([\w.-]+\.png)", readme.partition("\n## ")[0])
    assert len(shown) == 4
    assert all((KEPT_FOLDER / name).is_file() for name in shown)
