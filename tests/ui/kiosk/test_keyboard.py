"""The keyboard: letters of every language that a person may type, and none that is turned away."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from babel.messages.pofile import read_po

from appliance.messages.aliases import alias_fault, alias_of
from appliance.messages.wire import StateName
from appliance.texts.fonts import ARABIC as ARABIC_FONT
from appliance.texts.fonts import LATIN
from appliance.texts.languages import KNOWN
from appliance.texts.shaping import runs_of
from tests.support.snapshots import AT_REST
from ui.kiosk.journey.engine_places import engine_place
from ui.kiosk.journey.home import Home
from ui.kiosk.journey.new_patient import NewPatient
from ui.kiosk.journey.patients import Patients
from ui.kiosk.journey.place import Kiosk, Place
from ui.kiosk.journey.reduce import Reducer
from ui.kiosk.journey.typed import ACCENTS
from ui.kiosk.locale.words import using
from ui.kiosk.places import view_of
from ui.kiosk.theme.typesetting import font_of
from ui.kiosk.view_models.blocks import FormView, Keys
from ui.kiosk.view_models.keyboard import ACCENTED, ARABIC, LETTERS

REDUCER = Reducer(engine_place, Home)
LATIN_LETTERS = sorted("".join(ACCENTED).replace(".", ""))
ARABIC_LETTERS = sorted("".join(ARABIC).replace(".", "").replace(" ", ""))
WRITTEN = sorted(Path(__file__).parents[3].glob("*/*/locale/*.po"))


def kiosk(place: Place) -> Kiosk:
    ready = msgspec.structs.replace(AT_REST, state=StateName.READY)
    return Kiosk(place=place, snapshot=ready)


def touch(at: Kiosk, *actions: str) -> Kiosk:
    for action in actions:
        at = REDUCER.touched(at, action).kiosk
    return at


def typable(at: Kiosk) -> list[str]:
    """Return the actions of the keyboard that is shown."""
    view = view_of(at.place, at).content
    assert isinstance(view, FormView)
    [board] = [
        block
        for column in view.columns
        for block in column.blocks
        if isinstance(block, Keys) and block.how == "letter"
    ]
    return [key.action for key in board.keys]


def letters_written(code: str) -> set[str]:
    """Return the letters of all texts of a language, as capitals of one letter."""
    texts = [path for path in WRITTEN if path.stem == code]
    assert texts
    return {
        letter
        for path in texts
        for text in _texts(path)
        for letter in text.upper()
        if letter.isalpha() and not letter.isascii() and letter not in "ΜΩª"
    }


def _texts(path: Path) -> Iterator[str]:
    with path.open("rb") as file:
        for message in read_po(file):
            said = message.string or ()
            yield from (said,) if isinstance(said, str) else said


@pytest.mark.parametrize("letter", [*LATIN_LETTERS, *ARABIC_LETTERS])
def test_the_engine_keeps_each_letter_in_an_alias_as_it_was_typed(letter: str) -> None:
    assert alias_fault(f"{letter}7") is None
    assert alias_of(f"{letter}7") == f"{letter}7"


@pytest.mark.parametrize("code", [code for code in KNOWN if code not in ("en", "ar")])
def test_every_letter_that_the_texts_of_a_language_need_can_be_typed(code: str) -> None:
    assert letters_written(code) <= set(LATIN_LETTERS)


def test_the_letters_of_arabic_texts_can_be_typed() -> None:
    assert letters_written("ar") <= set(ARABIC_LETTERS)


@pytest.mark.parametrize("bold", [False, True])
def test_the_fonts_have_each_letter(*, bold: bool) -> None:
    for letters, font in ((LATIN_LETTERS, LATIN), (ARABIC_LETTERS, ARABIC_FONT)):
        none = bytes(font_of(40, bold=bold, name=font).getmask("\uffff"))
        for letter in letters:
            [run] = runs_of(letter)
            assert run.font == font
            assert bytes(font_of(40, bold=bold, name=font).getmask(run.text)) != none, letter


def test_the_accents_have_as_many_keys_as_the_keyboard_and_stay_for_one_letter() -> None:
    assert len("".join(ACCENTED)) == len("".join(ARABIC)) == len("".join(LETTERS))
    at = touch(kiosk(NewPatient()), "letter:P")
    plain = typable(at)
    at = touch(at, ACCENTS)
    assert typable(at) != plain
    assert "letter:Ł" in typable(at)
    at = touch(at, "letter:Ł")
    assert isinstance(at.place, NewPatient)
    assert at.place.alias == "PŁ"
    assert typable(at) == plain
    assert typable(touch(at, ACCENTS, ACCENTS)) == plain


def test_other_letters_under_a_finger_are_another_page_of_the_screen() -> None:
    """Hazard: a second tap that types a letter nobody aimed at."""
    at = kiosk(NewPatient())
    other = touch(at, ACCENTS)
    assert view_of(at.place, at).turn != view_of(other.place, other).turn


def test_an_alias_has_no_signs_and_a_search_has() -> None:
    for place, signs in ((NewPatient(), False), (Patients(typing=True), True)):
        at = kiosk(place)
        assert ("letter:-" in typable(at)) is signs
        assert ("letter:." in typable(touch(at, ACCENTS))) is signs


@pytest.mark.parametrize("leaving", ["back", "stop", "help"])
def test_accents_end_with_whatever_else_is_touched(leaving: str) -> None:
    at = touch(kiosk(NewPatient()), ACCENTS, leaving)
    assert (at.sheet.name != ACCENTS) is (leaving != "stop")
    snapshot = at.snapshot
    assert snapshot is not None
    tripped = msgspec.structs.replace(snapshot, state=StateName.TRIPPED)
    assert REDUCER.snapshot(at, tripped, 0.0).kiosk.sheet.name != ACCENTS


def test_the_accents_stay_while_the_engine_says_nothing_new() -> None:
    at = touch(kiosk(NewPatient()), ACCENTS)
    assert at.snapshot is not None
    later = msgspec.structs.replace(at.snapshot, at_us=at.snapshot.at_us + 60_000_000)
    assert REDUCER.snapshot(at, later, 0.0).kiosk.sheet.name == ACCENTS


def test_arabic_letters_stand_behind_the_key_on_an_arabic_screen() -> None:
    with using("ar"):
        at = touch(kiosk(NewPatient()), ACCENTS)
        assert "letter:ب" in typable(at)
        assert "letter:Ł" not in typable(at)
