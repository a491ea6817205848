"""docs/programmes.md has every programme as its file is now; one may be measured by itself."""

from pathlib import Path

import pytest

from appliance.clinical.catalogue import load_catalogue
from tests.campaigns.programmes.asked import files, read
from tests.campaigns.programmes.cases import IN_TURNS, ON_CALL, Case, all_cases
from tests.campaigns.programmes.measure import asked_quantities
from tests.campaigns.programmes.page import (
    DOCUMENT,
    PICTURES,
    Measured,
    asked_on,
    names_on,
    write_page,
)
from tests.campaigns.programmes.published import verdict_of
from tests.campaigns.programmes.quantity import quantity
from tests.campaigns.programmes.svg import Curve, Panel, picture
from tests.campaigns.programmes.words import line
from tests.support.published_protocols import FILES, protocol_of

pytestmark = pytest.mark.proves_none

PICTURE_BYTES = 3_000
NAMES = sorted(load_catalogue())


def test_the_page_has_every_programme_of_the_catalogue_and_no_other() -> None:
    """Fails for a programme that nobody measured: make programmes PROGRAMMES="its name"."""
    assert sorted(names_on(DOCUMENT.read_text(encoding="utf-8"))) == NAMES
    assert sorted(files()) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_the_page_asks_for_what_the_file_asks_for_now(name: str) -> None:
    asked = read(files()[name])
    assert asked.unknown == ()
    page = DOCUMENT.read_text(encoding="utf-8")
    assert asked_on(page, name) == line(asked_quantities(asked), asked=True)


@pytest.mark.parametrize("name", NAMES)
def test_every_programme_has_a_small_picture(name: str) -> None:
    drawn = (PICTURES / f"{name}.svg").read_bytes()
    assert b"<title>" in drawn
    assert len(drawn) < PICTURE_BYTES


def test_the_page_says_that_everything_is_as_asked() -> None:
    assert "NOT as asked" not in DOCUMENT.read_text(encoding="utf-8")


def test_every_published_protocol_is_on_the_page_with_its_verdict() -> None:
    page = DOCUMENT.read_text(encoding="utf-8")
    for file in FILES:
        protocol = protocol_of(file)
        cells = (protocol.citation, protocol.published, protocol.chosen, verdict_of(protocol))
        assert f"| {' | '.join(cells)} |" in page, file.name
        assert ("refused: " in verdict_of(protocol)) == bool(protocol.refused_by)


def test_each_programme_is_played_on_every_region_and_side_once_in_turns_and_on_call() -> None:
    for name, programme in load_catalogue().items():
        cases = all_cases([name])
        places = {(case.region, case.side) for case in cases}
        assert len(places) == 3 * len(programme.regions)
        assert len(set(cases)) == len(cases)
        assert sum(case.at_ceiling for case in cases) == 1
    ways = {case.way for case in all_cases(["nmes-strengthening"])}
    assert ways >= {IN_TURNS, ON_CALL}


def a_result(name: str, phase_us: float) -> Measured:
    case = Case(name, "lower_back", "both", at_ceiling=True)
    phase = quantity("", "phase", "µs", 300, [phase_us], 0.2)
    return Measured(name, {case: [phase]}, {case: 60_000}, picture="<svg/>", seconds=1.0)


def test_one_measured_again_keeps_the_others_and_drops_what_the_catalogue_dropped(
    tmp_path: Path,
) -> None:
    page = tmp_path / "programmes.md"
    write_page({"a": a_result("a", 300), "b": a_result("b", 300)}, {"a", "b", "c"}, page)
    write_page({"c": a_result("c", 310)}, {"b", "c"}, page)
    text = page.read_text(encoding="utf-8")
    assert names_on(text) == {"b", "c"}
    assert text.count("| phase, µs | 300 | 300 | ± 0.2 | as asked |") == 1
    assert "| 1 NOT as asked |" in text
    assert "NOT as asked: lower back both, at its ceiling:  phase 310, asked 300" in text
    assert (tmp_path / "programmes" / "c.svg").read_text(encoding="utf-8") == "<svg/>"


def test_a_session_that_did_not_come_to_its_end_is_on_the_page(tmp_path: Path) -> None:
    page = tmp_path / "programmes.md"
    found = a_result("a", 300)
    found.failures[Case("a", "lower_back", "left")] = "not played: Tripped"
    write_page({"a": found}, {"a"}, page)
    assert "NOT as asked: lower back left: not played: Tripped" in page.read_text(encoding="utf-8")


def test_a_picture_is_the_same_to_the_byte_and_leaves_out_what_changes_nothing() -> None:
    steps = Curve([(n / 100, float(n >= 50)) for n in range(101)], stepped=True, filled=True)
    straight = Curve([(n / 100, n / 100) for n in range(101)], stepped=False)
    panel = Panel((steps, straight), "0", "1 s", "10 mA")
    drawn = picture("x", panel, panel)
    assert drawn == picture("x", panel, panel)
    assert len(drawn) < 1_500
