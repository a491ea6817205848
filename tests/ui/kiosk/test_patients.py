"""Home, the list of patients, a new patient: what was typed stays, the engine asks."""

from types import MappingProxyType
from typing import Any

import msgspec

from appliance.link.text_conversion import view_value
from appliance.messages.actions import Lock, RecordFact, SignOut
from appliance.messages.replies import Refused, Reply
from appliance.messages.wire import StateName
from appliance.texts.common_phrases import listed
from appliance.texts.text import Text, text
from tests.support.snapshots import AT_REST
from ui.kiosk.journey.choose import Choose
from ui.kiosk.journey.engine_places import engine_place
from ui.kiosk.journey.home import Home
from ui.kiosk.journey.new_patient import NewPatient
from ui.kiosk.journey.patients import Patients
from ui.kiosk.journey.place import Kiosk, Place, Send, SignedIn
from ui.kiosk.journey.reduce import Moved, Reducer
from ui.kiosk.places import ENTRIES, SCREENS, view_of
from ui.kiosk.view_models.blocks import Keys
from ui.kiosk.view_models.home import home_view

REDUCER = Reducer(engine_place, Home, ENTRIES)


def kiosk(place: Place, *, pin: bool = True, **pages: tuple[dict[str, Any], ...]) -> Kiosk:
    ready = msgspec.structs.replace(AT_REST, state=StateName.READY)
    me = SignedIn(operator="anna", role="lead", token="t" if pin else "")
    named = {name.replace("_of_", ":"): rows for name, rows in pages.items()}
    return Kiosk(place=place, snapshot=ready, me=me, pages=MappingProxyType(named))


def row(patient: str, alias: str | None, born: int, seen_us: int = 0) -> dict[str, Any]:
    newest = {"utc_us": seen_us, "trusted": True}
    return {
        "patient": patient,
        "alias": alias,
        "born": born,
        "newest": newest,
        "simulated": False,
        "treated": [],
    }


def touch(at: Kiosk, *actions: str) -> Moved:
    moved = Moved(at)
    for action in actions:
        moved = REDUCER.touched(moved.kiosk, action)
    return moved


def sent(moved: Moved) -> list[object]:
    return [effect.action for effect in moved.effects if isinstance(effect, Send)]


def refused(rule: str, asked: Text) -> Refused:
    return Refused(request=1, rule=rule, asked=view_value(asked), allowed="b", nearest="c")


def registering(*actions: str) -> Kiosk:
    return touch(kiosk(NewPatient()), *actions).kiosk


def test_every_key_of_home_leads_somewhere() -> None:
    view = home_view(Home(), kiosk(Home()))
    keys = [
        key.action
        for column in view.columns
        for block in column.blocks
        if isinstance(block, Keys)
        for key in block.keys
    ]
    assert keys
    assert set(keys) <= set(ENTRIES)
    for entry in ENTRIES.values():
        assert type(entry()) in SCREENS


def test_lock_signs_out_whoever_signed_in_with_a_pin() -> None:
    assert sent(touch(kiosk(Home()), "lock")) == [SignOut()]
    assert sent(touch(kiosk(Home(), pin=False), "lock")) == [Lock()]


def test_the_newest_patients_come_first_five_a_page() -> None:
    rows = tuple(row(f"K{number}", f"P{number}", 1970, number) for number in range(12))
    at = kiosk(Patients(), patients_of_=rows)
    assert isinstance(at.place, Patients)
    found = at.place.found(at)
    assert found is not None
    assert [one["patient"] for one in found[:2]] == ["K11", "K10"]
    shown = str(view_of(at.place, at).content)
    assert "'patient:K7'" in shown
    assert "'patient:K6'" not in shown
    down = touch(at, "down").kiosk
    assert "'patient:K6'" in str(view_of(down.place, down).content)
    assert "1 / 3" in shown


def test_a_search_asks_the_engine_for_each_letter_typed() -> None:
    at = touch(kiosk(Patients()), "search", "letter:P", "letter:2").kiosk
    assert isinstance(at.place, Patients)
    assert at.place.wants(at)[0] == "patients:P2"
    assert touch(at, "done", "back").kiosk.place == Home()


def test_a_chosen_patient_is_the_one_that_is_treated() -> None:
    at = kiosk(Patients(), patients_of_=(row("K1", "P1", 1970), row("K2", None, 1980)))
    place = touch(at, "patient:K2").kiosk.place
    assert isinstance(place, Choose)
    assert (place.treatment.patient, place.treatment.name) == ("K2", "K2")
    assert touch(at, "patient:K3").kiosk.place == at.place


def test_a_patient_is_registered_with_alias_and_year_and_the_id_is_told() -> None:
    at = registering("letter:P", "letter:7", "to_year", "digit:1", "digit:9", "digit:7", "digit:4")
    moved = touch(at, "register")
    assert sent(moved) == [
        RecordFact(
            kind="patient_registered",
            values={"born": 1974, "alias": "P7", "eighteen": False, "other_than": []},
        )
    ]
    told = REDUCER.answered(moved.kiosk, "register", Reply(request=1, tick=0, patient="K4M7"))
    assert "K4M7" in str(view_of(told.kiosk.place, told.kiosk).content)
    place = touch(told.kiosk, "treat").kiosk.place
    assert isinstance(place, Choose)
    assert place.treatment.patient == "K4M7"


def test_nothing_is_registered_before_the_year_has_four_digits() -> None:
    at = registering("letter:7", "to_year", "digit:1", "digit:9")
    assert sent(touch(at, "register")) == []


def test_a_refused_alias_is_shown_beside_it_and_stays_typed() -> None:
    at = registering("letter:P", "to_year", *(f"digit:{digit}" for digit in "1974"), "register")
    told = refused("refusal.alias", text("alias.without_digit"))
    moved = REDUCER.answered(at, "register", told)
    place = moved.kiosk.place
    assert isinstance(place, NewPatient)
    assert (place.alias, place.year, place.at_year) == ("P", "1974", False)
    assert "without a digit" in str(view_of(place, moved.kiosk).content)


def similar(*patients: str) -> Kiosk:
    at = registering("letter:7", "to_year", *(f"digit:{digit}" for digit in "1974"), "register")
    asked = text("similar_patient.found", patients=listed(patients), count=len(patients))
    return REDUCER.answered(at, "register", refused("refusal.similar_patient", asked)).kiosk


def test_somebody_else_is_registered_beside_those_who_look_the_same() -> None:
    [action] = sent(touch(similar("K1", "K2", "K3"), "somebody_else"))
    assert isinstance(action, RecordFact)
    assert action.values["other_than"] == ["K1", "K2", "K3"]


def test_one_who_looks_the_same_can_be_taken_instead() -> None:
    place = touch(similar("K1"), "it_is:K1").kiosk.place
    assert isinstance(place, Choose)
    assert place.treatment.patient == "K1"


def test_the_eighteenth_birthday_is_asked_for_and_answered() -> None:
    at = registering("letter:7", "to_year", *(f"digit:{digit}" for digit in "2008"), "register")
    asked = refused("refusal.year_of_birth", text("born.eighteen", year=2008))
    [action] = sent(touch(REDUCER.answered(at, "register", asked).kiosk, "had_birthday"))
    assert isinstance(action, RecordFact)
    assert action.values["eighteen"] is True
