"""Own programmes from the first copy to the sheet: judged, kept on the disk, given, never lost."""

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from appliance.clinical.own.files import file_of
from appliance.clinical.own.shelf import OwnProgrammes
from appliance.clinical.unit.facts import OwnProgrammeKept, OwnProgrammeRetired, UnitFact
from appliance.control.commands.unit_register import _refuse_role
from appliance.link.roles import Role
from appliance.link.text_conversion import value_of
from appliance.messages.actions import CloseSession, Prescribe, RecordFact, RepeatLast, Stop
from appliance.messages.replies import Page, Refused, Reply
from appliance.messages.wire import Subject, TextView
from appliance.operators.facts import OperatorRole
from appliance.records.ended_sessions import _placement
from appliance.records.journal.journal import Journal
from appliance.records.session_events import SessionStartFacts
from appliance.records.storage.store import open_read_only
from appliance.records.unit_facts import UnitFacts
from appliance.sheet.content import SheetContent, read_content
from appliance.texts.english import english
from tests.flows.test_unit_facts import ask_as
from tests.support.clinic import DAY_US, Clinic, open_clinic
from tests.support.clinical_records import refusal
from tests.support.texts import said

pytestmark = pytest.mark.proves("kept-first")

TITLE = "Quiet neck, 25 min"


def rows(clinic: Clinic, what: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    after: int | None = 0
    while after is not None:
        page = clinic.link.query(what, after=after)
        assert isinstance(page, Page), page
        found += [dict(row) for row in page.rows]
        after = page.next_after
    return found


def copied(clinic: Clinic, base: str = "conventional-tens", **more: Any) -> dict[str, Any]:
    """Return a draft as a screen has it after a copy, with other values at its top."""
    (row,) = rows(clinic, f"own_copy:{base}")
    draft: dict[str, Any] = row["draft"]
    return {**draft, "title": TITLE, "minutes": 25, **more}


def kept(draft: dict[str, Any], name: str = "own-1", version: int = 1) -> RecordFact:
    values: dict[str, object] = {
        "name": name,
        "version": version,
        "draft": draft,
        "reason": "30 min are too long",
    }
    return RecordFact(kind="own_programme_kept", values=values)


def retired(name: str = "own-1") -> RecordFact:
    return RecordFact(kind="own_programme_retired", values={"name": name, "reason": "replaced"})


def own(clinic: Clinic) -> OwnProgrammes:
    return clinic.engine.loop._unit.file.own


def judged(clinic: Clinic, draft: dict[str, Any], part: str = "work") -> list[dict[str, Any]]:
    return rows(clinic, f"own_draft:{part}:{json.dumps(draft, separators=(',', ':'))}")


def count(data: Path, name: str) -> int:
    with open_read_only(data) as db:
        found = db.execute("SELECT count(*) FROM events WHERE name = ?", [name]).fetchone()
    return int(found[0])


# --- edited and kept ---------------------------------------------------------------------------


def test_a_copy_is_edited_judged_kept_and_offered_beside_the_catalogue(clinic: Clinic) -> None:
    clinic.unlock()
    draft = copied(clinic)
    assert judged(clinic, draft)[0]["accepted"]
    clinic.do(kept(draft))
    (listed,) = rows(clinic, "own_programmes")
    assert (listed["programme"], listed["title"], listed["usable"]) == ("own-1@1", TITLE, True)
    (made,) = listed["versions"]
    assert (made["by"], made["reason"]) == ("anna", "30 min are too long")
    assert made["at"]["trusted"]
    by_name = {row["name"]: row for row in rows(clinic, "programmes")}
    assert (by_name["own-1@1"]["own"], by_name["conventional-tens"]["own"]) == (True, False)
    assert by_name["own-1@1"]["title"] == TITLE
    assert by_name["own-1@1"]["minutes"] == 25
    offers = {row["goal"]: row["regions"] for row in rows(clinic, "offers")}
    assert offers["conventional"]["lower_back"]["own_programmes"] == ["own-1@1"]
    assert offers["conventional"]["neck"]["own_programmes"] == []
    assert offers["burst"]["lower_back"]["own_programmes"] == []


def test_a_page_of_a_draft_says_of_every_field_where_its_keys_lead(clinic: Clinic) -> None:
    clinic.unlock()
    found = judged(clinic, copied(clinic, "nmes-endurance", minutes=15))
    fields = {row["field"]: row for row in found if row["kind"] == "field"}
    assert (fields["minutes"]["least"], fields["minutes"]["most"]) == (1, 18)
    assert (fields["work.times.off_ms"]["lower"], fields["work.times.off_ms"]["unit"]) == (
        9_500,
        "ms",
    )
    choices = {row["field"]: row["choices"] for row in found if row["kind"] == "choice"}
    assert [each["value"] for each in choices["work.leading"]] == [
        "positive",
        "negative",
        "alternating",
    ]
    changes = {row["change"]: row for row in found if row["kind"] == "change"}
    assert changes["add_active_rest"]["accepted"]
    assert not changes["remove_times"]["accepted"]
    (outline,) = [row for row in found if row["kind"] == "outline"]
    assert outline["points"][2:5] == [[1_500, 100], [7_500, 100], [8_250, 0]]
    assert english_of(found[0]["parts"][0]["name"]) == "Work"


def english_of(view: object) -> str:
    return english(value_of(msgspec.convert(view, TextView)))


@pytest.mark.parametrize("change", ["add_before", "add_active_rest", "add_after", "add_burst"])
def test_each_change_is_a_draft_that_is_judged_and_kept_like_any(
    clinic: Clinic, change: str
) -> None:
    clinic.unlock()
    draft = copied(clinic, "nmes-endurance", minutes=15)
    found = judged(clinic, draft)
    (changed,) = [row for row in found if row.get("change") == change]
    assert changed["accepted"], change
    again = judged(clinic, changed["draft"], changed["part"])
    assert again[0]["accepted"]
    assert {row["part"] for row in again if row["kind"] == "field"} == {"", changed["part"]}
    clinic.do(kept(changed["draft"]))


def test_a_refusal_names_values_that_are_accepted_when_they_are_asked_for(clinic: Clinic) -> None:
    clinic.unlock()
    draft = copied(clinic, minutes=61)
    found = judged(clinic, draft)
    assert not found[0]["accepted"]
    (wrong,) = [row for row in found if row["kind"] == "refusal"]
    assert wrong["changes"] == [{"field": "minutes", "value": 60}]
    assert refusal(clinic, kept(draft)).nearest == "60 min"
    assert count(clinic.data, "own_programme_kept") == 0
    clinic.do(kept({**draft, "minutes": 60}))


def test_a_draft_that_cannot_be_read_is_one_refusal(clinic: Clinic) -> None:
    clinic.unlock()
    draft = copied(clinic)
    for part, words in (
        ("work", "{"),
        ("work", json.dumps({**draft, "efficacy": 1})),
        ("after.3", json.dumps(draft)),
        ("", json.dumps(draft)),
        ("work", json.dumps({**draft, "base": "faradic"})),
        ("work", json.dumps({**draft, "before": [draft["work"]] * 9}, separators=(",", ":"))),
    ):
        answer = clinic.link.query(f"own_draft:{part}:{words}")
        assert isinstance(answer, Refused), (part, words)
        assert said(answer).text()


# --- versions ----------------------------------------------------------------------------------


def test_of_two_screens_that_edit_the_same_version_the_second_is_refused(clinic: Clinic) -> None:
    clinic.unlock()
    draft = copied(clinic)
    clinic.do(kept(draft))
    (first,) = rows(clinic, "own_edit:own-1")
    (second,) = rows(clinic, "own_edit:own-1")
    assert (first["version"], second["version"]) == (2, 2)
    clinic.do(kept({**first["draft"], "minutes": 20}, version=2))
    late = refusal(clinic, kept({**second["draft"], "minutes": 15}, version=2))
    assert late.nearest == "own-1 version 3"
    assert [each.draft.minutes for each in own(clinic).versions["own-1"]] == [25, 20]


def test_the_same_act_sent_twice_is_kept_once(clinic: Clinic) -> None:
    clinic.unlock()
    action = kept(copied(clinic))
    for _ in range(2):
        clinic.wait(60)
        request = clinic.link.send(action, act="screen-1")
        assert isinstance(clinic.link.wait_reply(request), Reply)
    assert count(clinic.data, "own_programme_kept") == 1


def test_every_version_outlasts_a_restart_and_what_was_given_keeps_its_name(
    tmp_path: Path,
) -> None:
    data = tmp_path / "data"
    with open_clinic(tmp_path / "1", data=data) as clinic:
        clinic.unlock()
        draft = copied(clinic)
        clinic.do(kept(draft))
        clinic.treat("own-1", level_ua=3_000)
        assert (clinic.view.programme, clinic.view.programme_title) == ("own-1@1", TITLE)
        patient = clinic.view.patient
    with open_clinic(tmp_path / "2", data=data, after_us=DAY_US) as clinic:
        clinic.unlock()
        clinic.do(kept({**draft, "minutes": 20, "title": "Shorter"}, version=2))
        clinic.do(retired())
        (given,) = rows(clinic, f"history:{patient}")
        assert (given["programme"], given["title"]) == ("own-1@1", TITLE)
        (listed,) = rows(clinic, "sessions")
        assert (listed["programme"], listed["title"]) == ("own-1@1", TITLE)
        assert rows(clinic, f"series:{listed['id']}")[0]["title"] == TITLE
        sheet = read_content(data, listed["id"])
        assert isinstance(sheet, SheetContent)
        assert TITLE in [value for _, value in sheet.facts]
    with open_clinic(tmp_path / "3", data=data, after_us=2 * DAY_US) as clinic:
        assert [each.draft.minutes for each in own(clinic).versions["own-1"]] == [25, 20]
        assert own(clinic).retired == {"own-1"}


def test_nobody_is_told_of_a_version_before_it_is_on_the_disk(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    clinic.unlock()
    action = kept(copied(clinic))
    clinic.wait(60)
    with monkeypatch.context() as slow:
        reached = clinic.engine.loop._journal._records.acknowledged
        slow.setattr(Journal, "acknowledged", property(lambda _: reached))
        request = clinic.link.send(action)
        clinic.wait(300)
        assert dict(own(clinic).versions) == {}
    assert isinstance(clinic.link.wait_reply(request), Reply)
    assert set(own(clinic).versions) == {"own-1"}


def test_a_version_kept_on_another_kind_of_rig_is_not_offered(clinic: Clinic) -> None:
    clinic.unlock()
    clinic.do(kept(copied(clinic)))
    assert dict(UnitFacts.load(clinic.data, "hardware").file.own.versions) == {}


# --- who may -----------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [Role.MAINTENANCE])
def test_who_does_not_treat_keeps_and_retires_none(clinic: Clinic, role: Role) -> None:
    clinic.unlock()
    draft = copied(clinic)
    clinic.do(kept(draft))
    for action in (kept(draft, version=2), retired()):
        refused = ask_as(clinic, role, action)
        assert refused is not None
        assert refused.nearest == "let a clinician do it"
    assert len(own(clinic).versions["own-1"]) == 1


@pytest.mark.parametrize("kind", [OwnProgrammeKept, OwnProgrammeRetired])
def test_service_signed_in_at_the_kiosk_keeps_and_retires_none(kind: type[UnitFact]) -> None:
    for operator in (OperatorRole.CLINICIAN, OperatorRole.LEAD, None):
        assert _refuse_role(kind, Role.KIOSK, operator) is None
    for role in (Role.KIOSK, Role.OWNER):
        found = _refuse_role(kind, role, OperatorRole.SERVICE)
        assert found is not None
        assert said(found).allowed == "clinician, kiosk, lead, owner"


# --- given -------------------------------------------------------------------------------------


def test_a_patient_gets_an_own_programme_as_it_was_kept(clinic: Clinic) -> None:
    clinic.unlock()
    draft = copied(clinic, "conventional-tens", minutes=25)
    draft["work"] = {**draft["work"], "rate_hz": 100, "phase_us": 120}
    clinic.do(kept(draft))
    clinic.treat("own-1", level_ua=3_000)
    plan = clinic.view.plan
    assert plan is not None
    assert (plan.rate_millihertz, plan.phase_us) == (100_000, 120)
    assert clinic.view.elapsed_us + clinic.view.remaining_us == 25 * 60_000_000
    opening = clinic.last().opening
    assert opening is not None
    assert opening["prescription"]["programme"] == "own-1@1"
    assert (opening["title"], opening["base"]) == (TITLE, "conventional-tens")
    start = msgspec.convert(opening, SessionStartFacts)
    placement = _placement(start)
    assert placement is not None
    assert placement.key.programme == "own-1@1"


def test_the_next_session_repeats_the_version_that_was_given(clinic: Clinic) -> None:
    clinic.unlock()
    draft = copied(clinic)
    clinic.do(kept(draft))
    clinic.treat("own-1", level_ua=3_000)
    patient = clinic.view.patient
    assert patient is not None
    clinic.do(kept({**draft, "minutes": 10}, version=2))
    clinic.do(Stop())
    clinic.until("Finished")
    clinic.do(CloseSession())
    clinic.close_out()
    clinic.do(RepeatLast(patient=patient))
    clinic.until_true(lambda: clinic.view.programme == "own-1@1")
    clinic.do(retired())
    assert refusal(clinic, RepeatLast(patient=patient)).asked == f"{TITLE}, which is retired"


def test_an_own_programme_that_alternates_gives_channels_turns(clinic: Clinic) -> None:
    clinic.unlock()
    draft = copied(clinic, "nmes-strengthening", minutes=10, alternating=True)
    clinic.do(kept(draft))
    clinic.arm("own-1", subject=Subject.TEST_LOAD)
    treatment = clinic.engine.loop.state.setup.treatment
    assert treatment is not None
    assert treatment.prescription.use == "alternating"


def test_a_retired_one_is_prescribed_to_nobody(clinic: Clinic) -> None:
    clinic.unlock()
    clinic.do(kept(copied(clinic)))
    clinic.do(retired())
    for subject in (Subject.TEST_LOAD, Subject.PATIENT):
        asked = Prescribe(programme="own-1", subject=subject, patient=None)
        assert refusal(clinic, asked).asked == f"{TITLE}, which is retired"
    assert "own-1@1" not in {row["name"] for row in rows(clinic, "programmes")}


# --- drafts on a test load ---------------------------------------------------------------------


def test_a_draft_that_nobody_kept_is_for_a_test_load_alone(clinic: Clinic) -> None:
    clinic.unlock()
    draft = copied(clinic, minutes=5)
    on_patient = Prescribe(programme="x", subject=Subject.PATIENT, patient="P-1", draft=draft)
    assert refusal(clinic, on_patient).nearest == "keep it first"
    nobody = Prescribe(programme="x", draft=draft)
    assert refusal(clinic, nobody).nearest == "keep it first"
    wrong = {**draft, "minutes": 61}
    asked = Prescribe(programme="x", subject=Subject.TEST_LOAD, draft=wrong)
    assert refusal(clinic, asked).nearest == "60 min"
    clinic.do(Prescribe(programme="x", subject=Subject.TEST_LOAD, draft=draft))
    clinic.wait(100)
    assert (clinic.view.programme, clinic.view.programme_title) == ("draft", TITLE)
    assert clinic.view.remaining_us == 5 * 60_000_000


def test_a_file_is_a_draft_like_any(clinic: Clinic) -> None:
    clinic.unlock()
    clinic.do(kept(copied(clinic)))
    raw = file_of(own(clinic).versions["own-1"][0].draft)
    content = json.loads(raw)
    assert content["format"] == 1
    clinic.do(kept(content["programme"], name="own-2"))
    assert [programme.name for programme in own(clinic).usable()] == ["own-1@1", "own-2@1"]
