"""Facts about patients over the link: who may record what when, and that each is on the disk."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from appliance.link.interfaces import Peer, Received
from appliance.link.roles import Role
from appliance.messages.actions import Action, Command, Lock, RecordFact, SetCeiling, Unlock
from appliance.messages.replies import Refused, Reply
from appliance.records.journal.journal import Journal
from appliance.records.patient_facts import PatientFacts, read_facts
from appliance.records.storage.store import open_read_only
from tests.support.clinic import Clinic, open_clinic
from tests.support.clinical_records import (
    fact,
    files,
    note,
    recorded,
    refusal,
    register,
    registration,
)
from tests.support.texts import said

pytestmark = pytest.mark.proves_none


# --- on the disk, or not at all --------------------------------------------------------------


def hold(clinic: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the disk write nothing more from now on."""
    reached = clinic.engine.loop._journal._records.acknowledged
    monkeypatch.setattr(Journal, "acknowledged", property(lambda _: reached))


def sent(clinic: Clinic, action: Action) -> int:
    clinic.wait(60)
    return clinic.link.send(action)


def test_a_fact_is_part_of_a_file_only_once_it_is_on_the_disk(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    clinic.unlock()
    with monkeypatch.context() as slow:
        hold(clinic, slow)
        request = sent(clinic, registration())
        clinic.wait(500)
        assert files(clinic).identities() == ()
    answer = clinic.link.wait_reply(request)
    assert isinstance(answer, Reply)
    assert [each.patient for each in files(clinic).identities()] == [answer.patient]


def test_two_screens_do_not_register_one_person_while_the_disk_is_slow(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    clinic.unlock()
    with monkeypatch.context() as slow:
        hold(clinic, slow)
        first, second = sent(clinic, registration()), sent(clinic, registration())
        clinic.wait(500)
    assert isinstance(clinic.link.wait_reply(first), Reply)
    asked = clinic.link.wait_reply(second)
    assert isinstance(asked, Refused)
    assert said(asked).limit == "similar patient"
    assert recorded(clinic.data) == ["PatientRegistered"]


def test_a_fact_that_the_disk_does_not_take_is_in_no_file_and_its_sender_is_told(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    clinic.unlock()
    with monkeypatch.context() as broken:
        hold(clinic, broken)
        request = sent(clinic, registration())
        clinic.wait(100)
        broken.setattr(Journal, "fault", property(lambda _: "the card is gone"))
        answer = clinic.link.wait_reply(request)
        assert isinstance(answer, Refused)
        assert said(answer).limit == "records"
        assert files(clinic).identities() == ()


def test_a_fact_is_refused_while_records_cannot_be_kept(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    clinic.unlock()
    facts = clinic.engine.loop._facts
    monkeypatch.setattr(facts._loaded, "fault", "event 9 cannot be read")
    refused = refusal(clinic, registration())
    assert refused.limit == "fact"
    assert "event 9 cannot be read" in refused.allowed


@pytest.mark.parametrize("events", range(4))
def test_a_kill_between_two_events_leaves_each_fact_whole_or_not_at_all(
    tmp_path: Path, events: int
) -> None:
    """The records as a kill leaves them: everything up to one commit, nothing after it."""
    wanted = (registration(), fact("alias_changed", alias="KT8"), fact("patient_noted", note="am"))
    with open_clinic(tmp_path) as clinic:
        clinic.unlock()
        for action in wanted[:events]:
            clinic.do(action)
        left = tmp_path / "left"
        shutil.copytree(clinic.data, left)
        known = files(clinic).all()
    loaded = PatientFacts.load(left, "virtual")
    assert (loaded.fault, loaded.files.all()) == (None, known)
    assert len(recorded(left)) == events


# --- who, when, and for whom -----------------------------------------------------------------


def test_a_locked_unit_records_no_fact(clinic: Clinic) -> None:
    clinic.until("Locked")
    assert refusal(clinic, registration()).asked == "an entry, while the unit is locked"
    clinic.unlock()
    register(clinic)
    clinic.do(Lock())
    assert (
        refusal(clinic, fact("patient_noted", note="am")).asked
        == "an entry, while the unit is locked"
    )


def test_a_trip_of_a_locked_unit_lets_nobody_record_a_fact(clinic: Clinic) -> None:
    clinic.unlock()
    clinic.do(Lock())
    clinic.board.fault_set("estop")
    clinic.trip()
    assert refusal(clinic, registration()).asked == "an entry, while a stop is not acknowledged"


def test_facts_of_a_session_move_neither_state_nor_level(clinic: Clinic) -> None:
    clinic.unlock()
    clinic.treat(level_ua=3_000, patient=register(clinic))
    state, currents = clinic.state, [channel.level_ua for channel in clinic.view.channels]
    clinic.do(fact("patient_noted", note="feels it well"))
    clinic.do(fact("fatigue_counted", session="0001-001", channel=1, contractions=12))
    clinic.wait(200)
    assert (clinic.state, [channel.level_ua for channel in clinic.view.channels]) == (
        state,
        currents,
    )


def test_the_operator_of_a_fact_is_who_unlocked_and_nobody_else(clinic: Clinic) -> None:
    clinic.unlock()
    register(clinic)
    clinic.do(RecordFact(kind="alias_changed", values={"patient": "P-0013", "alias": "A1"}))
    other = RecordFact(
        kind="alias_changed", values={"patient": "P-0013", "alias": "B2"}, operator="bert"
    )
    assert refusal(clinic, other).asked == "by somebody else"
    inside = fact("alias_changed", alias="B2", operator="bert")
    assert refusal(clinic, inside).asked == "with operator"
    clinic.do(Lock())
    clinic.do(Unlock(operator="bert"))
    clinic.until("Ready")
    clinic.wait(50)
    clinic.do(other)
    with open_read_only(clinic.data) as db:
        assert [each.fact.operator for each in read_facts(db)] == ["anna", "anna", "bert"]


def test_a_fact_of_any_screen_names_its_patient_in_any_case_of_letters(clinic: Clinic) -> None:
    clinic.unlock()
    register(clinic)
    clinic.do(note(" p-0013 "))
    (identity,) = files(clinic).identities()
    assert identity.notes == ("am",)


def test_the_unit_makes_the_ids_and_tells_them(clinic: Clinic) -> None:
    clinic.unlock()
    assert register(clinic, born=1980) == "P-0013"
    assert register(clinic, born=1985) == "P-0021"
    refused = refusal(clinic, fact("patient_registered", "P-0039", born=1990))
    assert refused.asked == "an id that the records do not have"


def test_a_pseudonym_of_before_is_registered_under_its_own_name(clinic: Clinic) -> None:
    clinic.unlock()
    clinic.do(
        SetCeiling(patient="P-17", scope="back", ceiling_ua=9_000, reason="sore", operator="anna")
    )
    clinic.do(fact("patient_registered", "p-17", born=1980))
    assert [each.patient for each in files(clinic).identities()] == ["P-17"]


def test_a_question_is_a_refusal_that_its_answer_lifts(clinic: Clinic) -> None:
    clinic.unlock()
    first = register(clinic)
    asked = refusal(clinic, registration())
    assert (asked.limit, first in asked.asked) == ("similar patient", True)
    assert register(clinic, other_than=[first]) != first
    personal = fact("patient_noted", note="call 0171 2345678")
    assert refusal(clinic, personal).limit == "note"
    clinic.do(fact("patient_noted", note="call 0171 2345678", impersonal=True))


def test_an_unregistered_patient_has_no_facts(clinic: Clinic) -> None:
    clinic.unlock()
    assert refusal(clinic, note("P-0013")).limit == "registration"


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("session_opened", {"patient": "P-0013"}),
        ("no_such_fact", {"patient": "P-0013"}),
        ("patient_noted", {"note": "x"}),
        ("patient_noted", {"patient": "P-0013"}),
        ("patient_noted", {"patient": "P-0013", "note": "x", "more": 1}),
        ("patient_noted", {"patient": "P-0013", "note": "\x1b[2J"}),
        ("patient_noted", {"patient": "P-0013", "note": "x" * 501}),
        ("patient_noted", {"patient": 13, "note": "x"}),
        ("patient_noted", {"patient": "P-0013", "note": 5}),
        ("pad_set_used", {"patient": "P-0013", "pad_set": "A", "session": 10**30}),
        ("pads_removed", {"patient": "P-0013", "session": 1.5}),
        ("screening_answered", {"patient": "P-0013", "kind": "full", "answers": {"x" * 400: "no"}}),
        (
            "exercises_given",
            {"patient": "P-0013", "session": "0001-001", "exercises": [["x"] * 9] * 900},
        ),
        ("advice_given", {"patient": "P-0013", "session": "0001-001", "advice": ["y" * 400] * 50}),
    ],
)
def test_what_is_no_fact_is_refused_in_one_text_and_kept_out(
    clinic: Clinic, kind: str, values: dict[str, Any]
) -> None:
    clinic.unlock()
    register(clinic)
    assert all(refusal(clinic, RecordFact(kind=kind, values=values)))
    assert recorded(clinic.data) == ["PatientRegistered"]
    assert clinic.state == "Ready"


def from_peer(clinic: Clinic, role: Role, action: Action) -> None:
    present = clinic.engine.loop.state
    command = Command(request=900, action=action, state_number=present.machine.number)
    link: Any = clinic.engine.link
    link._inbox.put(Received(Peer(7, "second screen", role, 990, 0), command))
    clinic.wait(100)


def test_two_screens_at_once_record_each_its_fact(clinic: Clinic) -> None:
    clinic.unlock()
    register(clinic)
    clinic.link.send(fact("patient_noted", note="am"))
    from_peer(clinic, Role.KIOSK, fact("patient_told", programme="conventional-tens"))
    assert recorded(clinic.data)[1:] == ["PatientNoted", "PatientTold"]


def test_a_flood_of_facts_is_refused_and_the_first_hundred_are_kept(clinic: Clinic) -> None:
    clinic.unlock()
    register(clinic)
    for _ in range(30):
        for _ in range(10):
            clinic.link.send(fact("patient_noted", note="am"))
        clinic.wait(50)
    assert 100 <= len(recorded(clinic.data)) <= 110
    assert clinic.state == "Ready"
