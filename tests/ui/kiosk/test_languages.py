"""Every screen in every language and size: all of it translated, nothing cut, nothing English.

`longer` is a language for tests: English with accents and longer words, in which a word that no
message has is seen at once.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance.texts.languages import KNOWN, OFFERED
from tests.support.kiosk.measured import (
    SIZES,
    longer_language,
    measured,
    stage_of,
    texts_of,
)
from tests.support.kiosk.samples import SAMPLES
from tests.support.tools.messages import alike, begun, lacking
from ui.kiosk.locale.words import sentence, use, using, words_of
from ui.kiosk.places import view_of

KIOSK = Path(__file__).parents[3] / "ui" / "kiosk"
MARKS = frozenset(("_", "ngettext", "pgettext"))
WORD = re.compile(r"[^\W\d_]{3,}")
NAMES = frozenset(
    (
        *("ANNA", "Anna", "Keller", "anna", "ben", "chiara", "service", "stimkiosk", "English"),
        *("EMS", "NMES", "NDI", "PIN", "PINs", "STOP", "TENS"),
        *("gel", "good", "hydrogel", "Simulated", "min", "max", "cm²"),
        *("NEW", "NORT", "PLUG", "TESTED", "WET"),
        *("Markt", "Physio", "CHRISTO", "PHERSEN"),
        *("BEN", "CHIARA", "DOGAN", "ELSE", "FRANK", "GUL", "KELLER", "SAM"),
        *("Axelgaard", "Chattanooga", "Dura", "PALS", "Stick", "UltraStim", "ValuTrode"),
        *("Apache", "Kivy", "MIT", "Noto", "OFL", "Sans", "Arabic", "nominal"),
        *("Chou", "WHO", "doi", "ISBN"),
        *(language.name for language in KNOWN.values()),
    )
)
"""Words that are the same in every language, and names of the samples."""
TYPED = frozenset(
    (
        *("lies better on the left side", "Sitting", "Back, 40 Hz"),
        *("After disc surgery", "Sports, 45 per second", "stiff in the morning"),
    )
)
"""What a person typed, in the samples."""


@pytest.fixture(autouse=True)
def english_again() -> Iterator[None]:
    with using("en"):
        yield


@pytest.mark.parametrize("code", OFFERED[1:])
def test_a_language_that_is_offered_has_every_message(code: str) -> None:
    assert lacking(code) == []


@pytest.mark.parametrize("code", begun())
def test_a_translation_has_the_placeholders_of_its_message(code: str) -> None:
    assert [line for line in lacking(code) if "placeholders" in line] == []


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("code", OFFERED)
def test_no_text_is_cut_or_lies_over_another(code: str, size: str) -> None:
    """The discs of the help over a treatment lie on what they are about."""
    found = measured(code, size).items()
    cut = {f"{name}: {text}" for name, screen in found for text in screen.cut}
    over = {f"{name}: {two}" for name, screen in found for two in screen.over}
    assert (cut, over) == (set(), set())


def test_every_word_on_a_screen_is_of_a_message() -> None:
    use(longer_language())
    english = set()
    for name, make in SAMPLES.items():
        if name.startswith(("tell_patient", "evidence")):
            continue  # in the language of the patient, a real one; names of authors
        for text in texts_of(view_of(*make()), stage_of(SIZES[0])):
            ascii_words = (word for word in WORD.findall(text) if word.isascii())
            words = [] if text in TYPED else list(ascii_words)
            english |= {word for word in words if word not in NAMES and not word.endswith("E")}
    assert english == set()


def drawn(code: str) -> frozenset[str]:
    """Return every text of every screen in a language."""
    return frozenset().union(*(found.texts for found in measured(code, SIZES[0]).values()))


@pytest.mark.parametrize("code", OFFERED[1:])
def test_no_english_is_left_in_another_language(code: str) -> None:
    same = drawn(code) & drawn("en")
    known = NAMES | frozenset(WORD.findall("\n".join(alike(code))))
    assert {text for text in same if set(WORD.findall(text)) - known} - TYPED == set()


def test_every_message_is_a_literal_and_is_asked_for_when_it_is_shown() -> None:
    """A message at the top of a module would stay in the language of the start."""
    wrong = []
    for path in KIOSK.rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and _is_mark(node) and path.name != "words.py":
                texts = node.args if node.func.id == "_" else node.args[:2]  # type: ignore[attr-defined]
                if not all(isinstance(text, ast.Constant) for text in texts):
                    wrong.append(f"{path.name}:{node.lineno} {ast.unparse(node)}")
        wrong += [f"{path.name}:{line}" for line in _at_import(tree)]
    assert wrong == []


def _is_mark(node: ast.Call) -> bool:
    return isinstance(node.func, ast.Name) and node.func.id in {*MARKS, "choice", "text_of"} & MARKS


def _at_import(node: ast.AST) -> Iterator[int]:
    """Yield lines of messages outside of every function."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.Lambda):
            continue
        if isinstance(child, ast.Call) and _is_mark(child):
            yield child.lineno
        yield from _at_import(child)


def test_a_language_is_loaded_from_its_files() -> None:
    for code in begun():
        words = words_of(KNOWN[code])
        assert words.own.gettext("Back") != "Back"


@pytest.mark.parametrize(
    ("code", "words", "begun_with"),
    [("tr", "iki yan", "İki yan"), ("tr", "ıslak", "Islak"), ("de", "in Ruhe", "In Ruhe")],
)
def test_a_sentence_begins_with_the_capital_of_its_language(
    code: str, words: str, begun_with: str
) -> None:
    with using(code):
        assert sentence(words) == begun_with
