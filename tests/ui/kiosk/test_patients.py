"""Home, the list of patients, a new patient: what was typed stays, the engine asks."""

from dataclasses import replace
from types import MappingProxyType
from typing import Any

import msgspec
import pytest

from appliance.link.text_conversion import view_value
from appliance.messages.actions import Lock, RecordFact, SignOut
from appliance.messages.replies import Refused, Reply
from appliance.messages.snapshot import CloseOutView
from appliance.messages.wire import StateName
from appliance.texts.common_phrases import listed
from appliance.texts.text import Text, text
from tests.support.snapshots import AT_REST
from ui.kiosk.journey.choose import Choose
from ui.kiosk.journey.close_out import CloseOut
from ui.kiosk.journey.engine_places import engine_place
from ui.kiosk.journey.home import Home
from ui.kiosk.journey.new_patient import NewPatient
from ui.kiosk.journey.patients import Patients
from ui.kiosk.journey.place import Kiosk, Place, Send, SignedIn
from ui.kiosk.journey.reduce import Moved, Reducer
from ui.kiosk.places import ENTRIES, SCREENS, view_of
from ui.kiosk.view_models.blocks import Card, FormView, Keys
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


def test_what_is_to_complete_is_a_key_to_the_newest_open_close_out() -> None:
    def steps(*outcomes: str | None) -> tuple[dict[str, Any], ...]:
        names = enumerate(outcomes, 1)
        who = {"patient": "P-0001", "alias": "KT1"}
        return tuple({**who, "session": f"0001-00{n}", "outcome": given} for n, given in names)

    at = kiosk(Home(), to_complete=steps(None, None, "deferred"))
    moved = touch(at, "close_out:0001-002")
    assert moved.kiosk.place == CloseOut(session="0001-002")
    keys = {
        key.action: key
        for column in home_view(Home(), at).columns
        for block in column.blocks
        if isinstance(block, Keys)
        for key in block.keys
    }
    assert keys["close_out:0001-002"].text == "To complete: 3"
    held = CloseOutView(session="0001-002", pads_off=False, skin=False)
    asked = kiosk(Home(), to_complete=steps(None, None))
    snapshot = msgspec.structs.replace(AT_REST, state=StateName.READY, close_out=held)
    once = str(home_view(Home(), replace(asked, snapshot=snapshot)))
    assert "'close_out'" in once  # the one that holds up the next treatment has its own key
    assert "close_out:0001-002" not in once
    assert "close_out:0001-001" in once
    nothing_asked = home_view(Home(), kiosk(Home(), to_complete=steps("deferred")))
    assert "close_out:" not in str(nothing_asked)


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


AT = {"utc_us": 1_795_962_686_000_000, "trusted": True}
VALID = {"status": "ok", "since": AT, "due_utc_us": 1_798_554_686_000_000}
LATE = {**VALID, "kind": "drill", "item": "lead", "status": "overdue"}


def cards(**pages: Any) -> dict[str, str]:
    view = home_view(Home(), kiosk(Home(), **pages))
    blocks = [block for column in view.columns for block in column.blocks]
    return {card.title: card.text for card in blocks if isinstance(card, Card) and card.title}


def test_home_tells_the_last_time_and_the_next_where_nothing_is_due() -> None:
    due = ({**VALID, "kind": "drill", "item": "lead"}, {**VALID, "kind": "care", "item": "leads"})
    test = {"kind": "self_test", "at": AT, "passed": True}
    session = {"opened_utc_us": AT["utc_us"], "clock_trusted": True}
    shown = cards(due=due, self_test=(test,), sessions=(session,))
    assert shown == {
        "Self-test passed": "2026-11-29",
        "Drills": "Last: 2026-11-29\nValid to 2026-12-29",
        "Care": "Last: 2026-11-29\nDue on 2026-12-29",
    }
    assert cards(sessions=(session,)) == {"Sessions": "Last: 2026-11-29"}


def test_home_says_in_order_of_nothing_that_is_not_known_or_is_due() -> None:
    assert cards() == {}
    late = cards(due=({**VALID, "kind": "drill", "item": "e-stop"}, LATE), sessions=())
    assert late == {"Drills due: 1": "lead", "Sessions": "No session yet."}
    assert "Self-test not passed" in cards(
        self_test=({"kind": "self_test", "at": AT, "passed": False},)
    )
    untrusted = ({"opened_utc_us": AT["utc_us"], "clock_trusted": False},)
    assert cards(sessions=untrusted) == {"Sessions": "Last: –"}


def test_what_is_due_is_told_before_what_is_in_order() -> None:
    test = {"kind": "self_test", "at": AT, "passed": True}
    assert list(cards(due=(LATE,), self_test=(test,))) == ["Drills due: 1", "Self-test passed"]


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


def test_who_was_treated_on_both_sides_is_not_shown_with_the_last_one() -> None:
    """Hazard: pads are placed on one side, as the list says, where the other one is treated too."""

    def shown(*treated: tuple[str, str]) -> str:
        patients = ({**row("P-0001", "KT1", 1974), "treated": treated},)
        return str(view_of(Patients(), kiosk(Patients(), patients_of_=patients)).content)

    left, right = ("lower_back", "left"), ("lower_back", "right")
    assert "'Lower back, right'" in shown(right)
    assert "'Lower back'" in shown(left, right)
    assert "'Neck, left'" in shown(right, ("neck", "left"))


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
    at = registering("letter:P", "letter:7", "to_year", "digit:1", "digit:9")
    assert sent(touch(at, "register")) == []


@pytest.mark.parametrize("alias", ["P", "PA"])
def test_an_alias_that_the_engine_refuses_is_told_before_the_year_is_asked(alias: str) -> None:
    at = registering(*(f"letter:{letter}" for letter in alias), "to_year")
    assert isinstance(at.place, NewPatient)
    assert not at.place.at_year
    content = view_of(at.place, at).content
    assert isinstance(content, FormView)
    [hint] = [block for block in content.columns[0].blocks if isinstance(block, Card)]
    assert ("at least one digit" in hint.text, hint.look) == (True, "alarm")
    typed_on = touch(touch(at, "letter:7").kiosk, "to_year").kiosk.place
    assert isinstance(typed_on, NewPatient)
    assert (typed_on.alias, typed_on.at_year) == (f"{alias}7", True)


def test_a_refused_alias_is_shown_beside_it_and_stays_typed() -> None:
    at = registering(
        "letter:P", "letter:7", "to_year", *(f"digit:{digit}" for digit in "1974"), "register"
    )
    told = refused("refusal.alias", text("alias.without_digit"))
    moved = REDUCER.answered(at, "register", told)
    place = moved.kiosk.place
    assert isinstance(place, NewPatient)
    assert (place.alias, place.year, place.at_year) == ("P7", "1974", False)
    assert "without a digit" in str(view_of(place, moved.kiosk).content)


def similar(*patients: str) -> Kiosk:
    at = registering(
        "letter:P", "letter:7", "to_year", *(f"digit:{digit}" for digit in "1974"), "register"
    )
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
    at = registering(
        "letter:P", "letter:7", "to_year", *(f"digit:{digit}" for digit in "2008"), "register"
    )
    asked = refused("refusal.year_of_birth", text("born.eighteen", year=2008))
    [action] = sent(touch(REDUCER.answered(at, "register", asked).kiosk, "had_birthday"))
    assert isinstance(action, RecordFact)
    assert action.values["eighteen"] is True
