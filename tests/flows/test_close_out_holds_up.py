"""The next session waits for pads and skin of the last one, and what clients say of it fits."""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from appliance.clinical.closing.facts import CloseOutOpened
from appliance.link.interfaces import Peer, Received
from appliance.link.roles import Role
from appliance.messages.actions import (
    Acknowledge,
    Action,
    CheckContact,
    CloseSession,
    Command,
    Lock,
    RecordFact,
)
from appliance.messages.snapshot import CloseOutView
from appliance.messages.wire import Subject
from appliance.records.journal.journal import Journal
from tests.support.clinic import DAY_US, Clinic, open_clinic
from tests.support.clinical_records import fact, files, recorded, refusal, register
from tests.support.treated_patient import answers, finished, opened_once, own, treated

pytestmark = pytest.mark.proves("close-out")


# --- the next session waits ------------------------------------------------------------------


@pytest.mark.parametrize("whose", ["the same", "another"])
def test_the_next_session_waits_for_pads_and_skin_of_the_last_one(
    clinic: Clinic, whose: str
) -> None:
    patient = finished(clinic)
    next_one = patient if whose == "the same" else "P-17"
    clinic.prescribe(patient=next_one)
    said = refusal(clinic, CheckContact())
    assert (said.limit, said.asked) == (
        "close-out",
        f"session 0001-001 of {patient} without its close-out",
    )
    for answer in answers(patient):
        assert refusal(clinic, CheckContact()).limit == "close-out"
        clinic.do(answer)
    clinic.prescribe(patient=next_one)
    clinic.do(CheckContact())


def test_after_days_and_a_restart_the_close_out_is_still_waited_for(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with open_clinic(tmp_path / "1", data=data) as clinic:
        patient = finished(clinic)
    with open_clinic(tmp_path / "2", data=data, after_us=3 * DAY_US, trusted=False) as clinic:
        clinic.unlock()
        clinic.prescribe(patient="P-17")
        assert refusal(clinic, CheckContact()).limit == "close-out"
        for answer in answers(patient):
            clinic.do(answer)
        clinic.do(CheckContact())


def test_a_test_load_waits_for_no_close_out(clinic: Clinic) -> None:
    finished(clinic)
    clinic.prescribe(subject=Subject.TEST_LOAD)
    clinic.do(CheckContact())


def test_an_answer_that_is_not_on_the_disk_lets_nobody_be_treated(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    patient = finished(clinic)
    pads, skin = answers(patient)
    clinic.do(pads)
    reached = clinic.engine.loop._journal._records.acknowledged
    monkeypatch.setattr(Journal, "acknowledged", property(lambda _: reached))
    clinic.wait(60)
    clinic.link.send(skin)
    clinic.wait(60)
    clinic.prescribe(patient="P-17")
    assert refusal(clinic, CheckContact()).limit == "close-out"


def test_locking_in_mid_close_out_loses_nothing(clinic: Clinic) -> None:
    patient = finished(clinic)
    pads, skin = answers(patient)
    clinic.wait(100)
    assert clinic.view.close_out == CloseOutView(session="0001-001", pads_off=False, skin=False)
    clinic.do(pads)
    clinic.do(Lock())
    clinic.wait(100)
    assert clinic.view.close_out == CloseOutView(session="0001-001", pads_off=True, skin=False)
    assert refusal(clinic, skin).asked == "an entry, while the unit is locked"
    clinic.unlock()
    held = files(clinic).holding_up()
    assert held is not None
    assert [part.value for part in held[1].holds_up] == ["skin"]
    clinic.do(skin)
    assert files(clinic).holding_up() is None
    clinic.wait(100)
    assert clinic.view.close_out is None


def test_after_a_trip_it_can_be_closed_out_before_it_is_acknowledged(clinic: Clinic) -> None:
    patient = treated(clinic)
    clinic.board.fault_set("hand-switch")
    clinic.until("Tripped")
    for answer in answers(patient):
        clinic.do(answer)
    clinic.board.fault_clear("hand-switch")
    clinic.wait(200)
    clinic.do(Acknowledge())
    assert files(clinic).holding_up() is None


def from_second_screen(clinic: Clinic, action: Action) -> None:
    """Send an action from another kiosk, decided on what is shown now."""
    number = clinic.engine.loop.state.machine.number
    command = Command(request=900, action=action, state_number=number)
    link: Any = clinic.engine.link
    link._inbox.put(Received(Peer(7, "second screen", Role.KIOSK, 990, 0), command))


def test_two_screens_that_close_one_session_at_once_make_one_close_out(clinic: Clinic) -> None:
    """Hazard: a clear look at the second screen lifts the cap that the first one set."""
    patient = finished(clinic)
    (close_out,) = [each for each in own(clinic.data) if isinstance(each, CloseOutOpened)]

    def look(grade: int) -> RecordFact:
        sites = [msgspec.to_builtins(level.site) for level in close_out.levels]
        grades = [{"site": site, "grade": grade} for site in sites]
        return fact("skin_checked_after", patient, session="0001-001", grades=grades)

    clinic.wait(60)
    clinic.link.send(look(1))
    from_second_screen(clinic, look(0))
    from_second_screen(clinic, CloseSession())
    clinic.wait(100)
    assert recorded(clinic.data).count("SkinCheckedAfter") == 1
    skin = files(clinic).of(patient).skin
    assert {each.cap_ua for each in skin.sites.values()} == {1_500}
    clinic.do(look(2))
    assert (
        files(clinic).of(patient).close_outs.by_session["0001-001"].grades[close_out.levels[0].site]
        == 2
    )
    opened_once(clinic.data)


# --- what a client may say -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("close_out_opened", {"session": "0001-001", "motor": False}),
        ("pad_set_used", {"session": "0001-001", "pad_set": "A"}),
    ],
)
def test_what_the_unit_knows_by_itself_is_taken_from_nobody(
    clinic: Clinic, kind: str, values: dict[str, Any]
) -> None:
    patient = finished(clinic)
    said = refusal(clinic, fact(kind, patient, **values))
    assert said.nearest == "the unit records it by itself"
    opened_once(clinic.data)


@pytest.mark.proves("own-levels")
def test_the_unit_adds_the_levels_that_a_cap_comes_from(clinic: Clinic) -> None:
    patient = finished(clinic)
    (close_out,) = [each for each in own(clinic.data) if isinstance(each, CloseOutOpened)]
    sites = [msgspec.to_builtins(level.site) for level in close_out.levels]
    of_session: dict[str, Any] = {
        "session": "0001-001",
        "grades": [{"site": site, "grade": 1} for site in sites],
    }
    high = [{"site": site, "level_ua": 90_000} for site in sites]
    wrong = fact("skin_checked_after", patient, **of_session, levels=high)
    assert refusal(clinic, wrong).asked == "other levels or pads than the unit knows"
    clinic.do(fact("skin_checked_after", patient, **of_session))
    skin = files(clinic).of(patient).skin
    assert {each.cap_ua for each in skin.sites.values()} == {1_500}


def test_a_session_of_somebody_else_is_refused(clinic: Clinic) -> None:
    finished(clinic)
    other = register(clinic, born=1985)
    for action in (
        fact("pads_removed", other, session="0001-001"),
        fact("fatigue_counted", other, session="0001-001", channel=1, contractions=9),
        fact("pain_scored", other, session="0001-001", region="neck", moment="after", score=2),
        fact("advice_given", other, session="0001-001", advice=["stay-active"]),
    ):
        assert refusal(clinic, action).asked == "session 0001-001"
