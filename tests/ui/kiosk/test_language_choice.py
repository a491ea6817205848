"""The language of the screen is the unit's until somebody chooses another; the patient has one."""

from dataclasses import replace

import pytest

from appliance.core.refusal import Refusal
from appliance.messages.actions import SetUpUnit
from appliance.operators.set_up import refuse_steps
from appliance.texts import languages
from appliance.texts.languages import KNOWN, OFFERED, language_of
from tests.support.kiosk.samples import SAMPLES
from ui.kiosk.journey import languages as places
from ui.kiosk.journey import set_up, told
from ui.kiosk.journey.engine_places import engine_place
from ui.kiosk.journey.home import Home
from ui.kiosk.journey.languages import Languages, screen_language
from ui.kiosk.journey.lock import Lock
from ui.kiosk.journey.place import Kiosk, Send
from ui.kiosk.journey.reduce import Reducer
from ui.kiosk.journey.set_up import SetUp
from ui.kiosk.journey.told import TellPatient
from ui.kiosk.locale.words import _, decimal, language, using
from ui.kiosk.places import ENTRIES

REDUCER = Reducer(engine_place, Lock, ENTRIES)


@pytest.fixture
def two(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (languages, places, set_up, told):
        monkeypatch.setattr(module, "OFFERED", ("en", "de"))


def kiosk(name: str) -> Kiosk:
    return SAMPLES[name]().kiosk


def with_unit_language(at: Kiosk, code: str) -> Kiosk:
    rows = ({"step": "language", "done": True, "name": "-", "language": code},)
    return replace(at, pages={**at.pages, "set_up": rows})


def test_the_screen_speaks_the_language_of_the_unit_until_another_is_chosen(two: None) -> None:
    at = with_unit_language(kiosk("lock"), "de")
    assert screen_language(kiosk("lock")) == "en"
    assert screen_language(at) == "de"
    chosen = REDUCER.touched(replace(at, place=Languages(came_from=Home())), "speak:en").kiosk
    assert screen_language(chosen) == "en"


def test_the_lock_screen_leads_to_the_languages_and_back() -> None:
    there = REDUCER.touched(kiosk("lock"), "languages").kiosk
    assert isinstance(there.place, Languages)
    assert isinstance(REDUCER.touched(there, "back").kiosk.place, Lock)


def test_the_set_up_records_the_language_and_speaks_it_at_once(two: None) -> None:
    at = kiosk("set_up_language")
    moved = REDUCER.touched(at, "speak:de")
    assert isinstance(at.place, SetUp)
    actions = [effect.action for effect in moved.effects if isinstance(effect, Send)]
    assert actions == [SetUpUnit(language="de")]
    assert moved.kiosk.language == "de"


def test_the_card_of_the_patient_has_a_language_of_its_own(two: None) -> None:
    at = kiosk("tell_patient_language")
    told_in = REDUCER.touched(at, "tell_in:de").kiosk
    assert isinstance(told_in.place, TellPatient)
    assert told_in.place.treatment.language == "de"
    assert not told_in.place.choosing
    assert told_in.language == at.language


def test_a_language_that_is_not_offered_is_english_and_refused_by_the_engine() -> None:
    unknown = "tlh"
    assert language_of(unknown).code == "en"
    assert isinstance(refuse_steps(unknown, None, others=False), Refusal)
    for code in OFFERED:
        assert refuse_steps(code, None, others=False) is None


def test_the_language_before_is_spoken_again_after_a_text_in_another() -> None:
    with using("en"):
        assert language().code == "en"
    assert _("Pause") == "Pause"


@pytest.mark.parametrize(("code", "number", "day"), [("en", "1.5", "2026-11-29")])
def test_numbers_and_days_are_written_as_the_language_does(
    code: str, number: str, day: str
) -> None:
    with using(code):
        assert decimal("1.5") == number
        assert language().date("2026-11-29") == day


def test_every_language_writes_a_day_and_keeps_a_text_that_is_no_day() -> None:
    for known in KNOWN.values():
        assert "2026" in known.date("2026-11-29")
        assert known.date("-") == "-"
