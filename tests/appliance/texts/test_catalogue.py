"""Every text a maker names is in the catalogue, once and marked; no sentence hides in a refusal."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from appliance.texts.catalogue import TEXTS
from appliance.texts.catalogue.check_notes import NOTES
from appliance.texts.catalogue.facts import FACTS
from appliance.texts.catalogue.patients import PATIENTS
from appliance.texts.catalogue.phrases import PHRASES
from appliance.texts.catalogue.refusals import REFUSALS
from appliance.texts.catalogue.rule_names import RULES
from appliance.texts.catalogue.screening import SCREENING
from appliance.texts.catalogue.screening_questions import QUESTIONS
from appliance.texts.catalogue.skin import SKIN
from tests.support.tools.texts import entries, quoted

ROOT = Path(__file__).parents[3]
MODULES = [
    path
    for room in ("appliance", "ui")
    for path in sorted((ROOT / room).rglob("*.py"))
    if "catalogue" not in path.parts or "texts" not in path.parts
]
MADE_OF_A_NUMBER = {
    *(f"refusal.motor_session_{number}" for number in (2, 3)),
    *(f"refusal.session_{number}" for number in (2, 3)),
    *(f"list.{separator}" for separator in ("comma", "semicolon")),
}
MAKERS = {"Refusal": 50, "refused": 8}
"""What makes refusals, and how many calls of it there are at least."""
IN_NO_LANGUAGE = re.compile(r"[A-Za-z0-9_:.-]*|, ")
"""Names of actions, states and programmes, the same in every language; and what joins them."""


@cache
def trees() -> tuple[tuple[Path, ast.Module], ...]:
    """Parse every module that makes texts, once."""
    sources = ((path, path.read_text(encoding="utf-8")) for path in MODULES)
    making = (each for each in sources if "appliance.texts" in each[1] or "Refusal" in each[1])
    return tuple((path, ast.parse(source)) for path, source in making)


@cache
def strings() -> set[str]:
    return {
        node.value
        for _, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def calls(*names: str) -> Iterator[tuple[str, ast.Call]]:
    for path, tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and name_of(node.func) in names:
                yield f"{path.relative_to(ROOT)}:{node.lineno}", node


def name_of(function: ast.expr) -> str:
    """Return the last name of what is called, "" where it has none."""
    match function:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case _:
            return ""


def sentences(call: ast.Call) -> Iterator[str]:
    """Yield the sentences in the arguments of a call, given by place or by name."""
    parts = (*call.args, *(keyword.value for keyword in call.keywords))
    for node in (inner for part in parts for inner in ast.walk(part)):
        if isinstance(node, ast.JoinedStr):
            yield ast.unparse(node)
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
            continue
        if not IN_NO_LANGUAGE.fullmatch(node.value):
            yield node.value


def test_every_template_is_marked_for_translation_and_has_a_key_of_its_own() -> None:
    found = list(entries())
    assert {entry.key: entry.template for entry in found} == TEXTS
    assert len(found) == len(TEXTS)
    assert quoted('a "b"\\') == '"a \\"b\\"\\\\"'


def test_every_key_of_a_rule_is_in_the_catalogue() -> None:
    named = {each for each in strings() if re.fullmatch(r"refusal\.[a-z0-9_]*[a-z0-9]", each)}
    assert named - TEXTS.keys() == set()


def test_every_key_of_a_text_is_in_the_catalogue() -> None:
    wrong = []
    for where, call in calls("text", "text_of"):
        match call.args:
            case [ast.Constant(value=str(key))] if key not in TEXTS:
                wrong.append(f"{where}: {key}")
    assert wrong == []


@pytest.mark.parametrize(
    "texts", [PHRASES, RULES, REFUSALS, NOTES, PATIENTS, SCREENING, SKIN, FACTS]
)
def test_every_text_of_refusals_and_notes_is_used(texts: dict[str, str]) -> None:
    assert texts.keys() - strings() - MADE_OF_A_NUMBER == set()


def test_no_refusal_holds_a_sentence() -> None:
    wrong = []
    for maker, least in MAKERS.items():
        made = list(calls(maker))
        assert len(made) >= least, maker
        wrong += [f"{where}: {said}" for where, call in made for said in sentences(call)]
    assert wrong == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("Refusal('refusal.load', 'two words', 1, 1)", ["two words"]),
        ("Refusal('refusal.load', asked=1, allowed='two words', nearest=1)", ["two words"]),
        ("Refusal('refusal.load', text('a', b=f'{x} mA'), 1, 1)", ["f'{x} mA'", " mA"]),
        ("Refusal('refusal.load', 'Prescribe', ', '.join(names), nearest='known-load')", []),
    ],
)
def test_a_sentence_is_found_wherever_it_is_given(source: str, found: list[str]) -> None:
    call = ast.parse(source, mode="eval").body
    assert isinstance(call, ast.Call)
    assert list(sentences(call)) == found


@pytest.mark.parametrize("texts", [PATIENTS, SCREENING, QUESTIONS, SKIN, FACTS])
def test_no_text_about_a_patient_claims_an_effect_or_uses_a_word_that_screens_avoid(
    texts: dict[str, str],
) -> None:
    avoided = re.compile(
        r"\b(relie|effective|therap|cure|benefit|improve|recommend|intensity|power|error|abort)",
        re.IGNORECASE,
    )
    assert [text for text in texts.values() if avoided.search(text)] == []
