"""Every key in the code has a template that shows just the values given; no template is unused."""

import ast
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance.drills import estop, hand_switch, known_load, lead, watchdog
from appliance.safety.trips.codes import TripCode, instruction, title
from appliance.texts.catalogue import TEXTS
from appliance.texts.catalogue.cautions import CAUTIONS
from appliance.texts.catalogue.drills import DRILL_NOTES, FAILURES, STEPS
from appliance.texts.catalogue.trips import DETAILS, TRIPS

APPLIANCE = Path(__file__).parents[3] / "appliance"
KINDS = {
    "trip.detail.": DETAILS,
    "caution.": CAUTIONS,
    "drill.failed.": {key: english for key, english in FAILURES.items() if "failed" in key},
    "drill.found.": {key: english for key, english in FAILURES.items() if "found" in key},
    "drill.note.": DRILL_NOTES,
}
SCRIPTS = (
    estop.WITHOUT_CURRENT,
    estop.WITH_CURRENT,
    hand_switch.SCRIPT,
    lead.SCRIPT,
    known_load.SCRIPT,
    watchdog.SCRIPT,
)


def trees() -> Iterator[tuple[Path, ast.Module]]:
    for path in sorted(APPLIANCE.rglob("*.py")):
        if "catalogue" not in path.parts[:-1] or "texts" not in path.parts:
            yield path, ast.parse(path.read_text(encoding="utf-8"))


TREES = tuple(trees())


def literals() -> set[str]:
    """Return every string in the code outside the catalogue."""
    return {
        node.value
        for _, tree in TREES
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def calls() -> Iterator[tuple[str, str, set[str]]]:
    """Yield the place, key and value names of each call of `text` that writes them out."""
    for path, tree in TREES:
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            function, key = node.func, node.args[0]
            if not isinstance(function, ast.Name) or function.id != "text":
                continue
            names = {keyword.arg for keyword in node.keywords if keyword.arg is not None}
            if isinstance(key, ast.Constant) and len(names) == len(node.keywords):
                yield f"{path.name}:{node.lineno}", str(key.value), names


def fields(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}


@pytest.mark.parametrize("prefix", KINDS)
def test_keys_in_the_code_and_in_the_catalogue_are_the_same(prefix: str) -> None:
    used = {value for value in literals() if value.startswith(prefix)}
    assert used == KINDS[prefix].keys()


def test_every_text_is_made_with_just_the_values_its_template_shows() -> None:
    found = list(calls())
    assert found
    wrong = [each for each in found if each[1] not in TEXTS or each[2] != fields(TEXTS[each[1]])]
    assert wrong == []


def test_every_trip_has_a_title_and_an_instruction_and_there_are_no_others() -> None:
    wanted = [text.key for code in TripCode for text in (title(code), instruction(code))]
    assert sorted(wanted) == sorted(TRIPS)


def test_every_step_of_a_drill_has_a_text_and_there_are_no_others() -> None:
    assert {script.step(name).key for script in SCRIPTS for name in script.names} == STEPS.keys()
