"""Pages about patients: who is registered, one whole file, the questions, what is missing."""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from appliance.clinical.body import Side
from appliance.clinical.catalogue import load_catalogue
from appliance.clinical.placement.placements import placements_for
from appliance.clinical.screening.questions import load_questions
from appliance.clinical.skin.sites import site_name
from appliance.core.limits.limits import Purpose, Region
from appliance.core.prescription.waveform import ProgrammeKind
from appliance.link.interfaces import Peer, Received
from appliance.link.roles import Role
from appliance.link.text_conversion import value_of
from appliance.messages.actions import Query
from appliance.messages.replies import Page, Refused
from appliance.messages.wire import TextValueView
from appliance.texts.english import english
from appliance.texts.text import Text
from tests.support.clinic import Clinic, open_clinic
from tests.support.clinical_records import HOUR_US, fact, register
from tests.support.every_fact import PROGRAMME, enter, first_visit, planned, second_visit
from tests.support.texts import said

pytestmark = pytest.mark.proves_none

OF_THE_UNIT = {"refusal.unit_check", "refusal.care", "refusal.out_of_use"}
MISSING = f"missing:P-0013:{PROGRAMME}:lower_back:both"
PLACEMENT = planned().key.placement


def rows(clinic: Clinic, what: str, limit: int = 100) -> list[dict[str, Any]]:
    """Return every row, page by page."""
    found: list[dict[str, Any]] = []
    after: int | None = 0
    while after is not None:
        page = clinic.link.query(what, after=after, limit=limit)
        assert isinstance(page, Page), said(page)
        assert len(page.rows) <= limit
        found += [dict(row) for row in page.rows]
        after = page.next_after
    assert [row["number"] for row in found] == sorted({row["number"] for row in found})
    return found


def english_of(view: object) -> str:
    value = value_of(msgspec.convert(view, TextValueView))
    return english(value) if isinstance(value, Text) else str(value)


def refused(clinic: Clinic, what: str) -> Refused:
    answer = clinic.link.query(what)
    assert isinstance(answer, Refused), answer
    assert all(said(answer))
    return answer


def test_patients_are_found_by_a_part_of_id_alias_or_year(clinic: Clinic) -> None:
    clinic.unlock()
    register(clinic, born=1980, alias="KT8")
    register(clinic, born=1985)
    assert [row["patient"] for row in rows(clinic, "patients", limit=1)] == ["P-0013", "P-0021"]
    for wanted, found in (("kt", ["P-0013"]), ("1985", ["P-0021"]), ("p-00", ["P-0013", "P-0021"])):
        assert [row["patient"] for row in rows(clinic, f"patients:{wanted}")] == found
    assert rows(clinic, "patients:nobody") == []


def test_the_page_of_a_patient_has_every_room_of_the_file(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with open_clinic(tmp_path / "1", data=data) as clinic:
        clinic.unlock()
        register(clinic)
        enter(clinic, first_visit())
    with open_clinic(tmp_path / "2", data=data, after_us=HOUR_US) as clinic:
        clinic.unlock()
        enter(clinic, second_visit())
        found = rows(clinic, "patient:p-0013", limit=7)
    kinds = {row["kind"] for row in found}
    assert kinds >= {"identity", "note", "screening", "answer", "skin", "sensation", "patch_test"}
    assert kinds >= {"pads", "felt_right", "told", "cannot_squeeze", "complaint", "pain"}
    assert kinds >= {
        "index",
        "activity",
        "motion",
        "global_change",
        "exercise",
        "advice",
        "close_out",
    }
    (screening,) = [row for row in found if row["kind"] == "screening"]
    assert (screening["valid"], screening["changed"]) == (False, ["epilepsy"])
    assert all(english_of(row["name"]) for row in found if row["kind"] in {"skin", "sensation"})


def test_every_question_says_where_it_stops_and_where_it_wants_a_reason(clinic: Clinic) -> None:
    clinic.until("Locked")
    found = rows(clinic, "screening", limit=9)
    assert [row["id"] for row in found] == list(load_questions())
    assert all(english_of(row["question"]).endswith("?") for row in found)
    assert {row["otherwise"] for row in found} <= {"stop", "confirm", "note"}
    assert any(row["rules"] for row in found)


def test_a_question_says_what_its_answer_means_for_a_programme_in_a_region(clinic: Clinic) -> None:
    clinic.until("Locked")
    found = rows(clinic, "screening:conventional-tens:neck", limit=9)
    assert [row["id"] for row in found] == list(load_questions())
    for row in found:
        question = load_questions()[row["id"]]
        means = question.consequence(Region.NECK, Purpose.SENSORY, ProgrammeKind.CONVENTIONAL)
        assert row["consequence"] == means
        assert english_of(row["means"])
        assert english_of(row["visit_name"])
    assert said(refused(clinic, "screening:relaxation-twitch:suboccipital"))


def test_missing_names_every_finding_of_a_treatment_in_the_order_of_the_work(
    clinic: Clinic,
) -> None:
    clinic.unlock()
    register(clinic)
    known = clinic.engine.loop._facts.known()
    found = rows(clinic, MISSING)
    assert [row["item"] for row in found][:1] == ["complaint"]
    assert {"full_screening", "placement"} <= {row["item"] for row in found}
    assert all(row["blocks"] for row in found if row["consequence"] != "note")
    for row in found:
        assert all(english_of(row[name]) for name in ("found", "allowed", "nearest"))
    assert known.files.of("P-0013").identity is not None


def test_pads_that_lie_on_the_patient_are_those_that_are_judged(clinic: Clinic) -> None:
    clinic.unlock()
    register(clinic)
    assert "placement" in {row["item"] for row in rows(clinic, MISSING)}
    enter(clinic, first_visit()[:16])
    items = {row["item"] for row in rows(clinic, MISSING)}
    assert "placement" not in items
    assert "pad_set" not in items


def test_pads_are_judged_before_they_lie_on_the_patient_where_the_query_names_them(
    clinic: Clinic,
) -> None:
    clinic.unlock()
    register(clinic)
    named = f"{MISSING}:{PLACEMENT}:usual:A"
    found = [row["item"] for row in rows(clinic, named) if row["rule"] not in OF_THE_UNIT]
    assert {"placement", "pad_set"}.isdisjoint(found)
    assert found[-2:] == [PLACEMENT, PROGRAMME], "the pads lie, then the patient is told"
    assert {f"sensation:{site_name(site)}" for site in planned().sites} <= set(found)
    pad = planned().pads[0]
    size = {"width_mm": pad.width_mm, "height_mm": pad.height_mm, "pads": 4}
    clinic.do(fact("pad_set_labelled", pad_set="A", material="hydrogel A", **size))
    (look,) = [row for row in rows(clinic, named) if row["item"] == "A"]
    assert english_of(look["nearest"]) == english(Text("pad_set.look"))
    assert rows(clinic, f"{MISSING}:::A") == rows(clinic, named), "the usual ones need no name"


def test_pads_are_recorded_only_as_planned_and_of_a_labelled_set(clinic: Clinic) -> None:
    clinic.unlock()
    register(clinic)
    visit = [kind for kind, _ in first_visit()]
    placed = visit.index("pads_placed")
    enter(clinic, first_visit()[:placed])
    kind, values = first_visit()[placed]
    for wrong in (
        {"pad_set": "B"},
        {"pads": values["pads"][:2]},
        {"key": {**values["key"], "programme": "no-such"}},
        {"key": {**values["key"], "placement": "no_such"}},
        {"key": {**values["key"], "depth": "shallow"}},
    ):
        assert isinstance(clinic.ask(fact(kind, **{**values, **wrong})), Refused), wrong
    clinic.do(fact(kind, **values))
    other = {row["item"] for row in rows(clinic, f"{MISSING}:::B")}
    assert {"B", PLACEMENT} <= other, "other pads than those that lie"


def test_the_longest_query_for_missing_things_fits_the_link() -> None:
    longest = max(
        (
            f"missing:{'P' * 32}:{programme.name}:{region}:{Side.RIGHT}:{placement.name}"
            f":{depth}:Z999"
            for programme in load_catalogue().values()
            for region in programme.regions
            for placement in placements_for(programme, region)
            for depth in placement.depths
        ),
        key=len,
    )
    assert msgspec.json.decode(
        msgspec.json.encode(Query(request=1, what=longest)), type=Query
    ) == Query(request=1, what=longest)


@pytest.mark.parametrize(
    "what",
    [
        "patient:",
        "patient:P-0099",
        "patient:Jane Doe",
        "missing:",
        "missing:P-0013",
        f"missing:P-0099:{PROGRAMME}:lower_back:both",
        "missing:P-0013:no-such:lower_back:both",
        f"missing:P-0013:{PROGRAMME}:knee:both",
        f"missing:P-0013:{PROGRAMME}:lower_back:up",
        f"{MISSING}:{PLACEMENT}",
        f"{MISSING}:chest:usual:A",
        f"{MISSING}:{PLACEMENT}:bottomless:A",
        f"{MISSING}:{PLACEMENT}:usual:A:B",
        "patients_of_mine",
    ],
)
def test_a_page_that_does_not_exist_is_refused(clinic: Clinic, what: str) -> None:
    clinic.unlock()
    register(clinic)
    assert "Jane" not in str(refused(clinic, what).asked)


def test_files_that_could_not_be_read_are_not_shown_as_empty(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    clinic.unlock()
    register(clinic)
    monkeypatch.setattr(clinic.engine.loop._facts._loaded, "fault", "event 9 cannot be read")
    for what in ("patients", "patient:P-0013", MISSING):
        assert "event 9" in said(refused(clinic, what)).allowed


@pytest.mark.parametrize("what", ["patients", "patient:P-0013", "screening", MISSING])
def test_maintenance_reads_no_file_of_a_patient(clinic: Clinic, what: str) -> None:
    clinic.unlock()
    register(clinic)
    link: Any = clinic.engine.link
    answers: list[Any] = []
    link.reply = lambda _, message: answers.append(message)
    query = Query(request=1, what=what)
    link._inbox.put(Received(Peer(7, "service", Role.MAINTENANCE, 0, 0), query))
    clinic.ticks(2)
    assert [answer.rule for answer in answers] == ["refusal.role"]


def test_a_page_is_of_the_moment_it_was_asked_for(clinic: Clinic) -> None:
    clinic.unlock()
    register(clinic)
    known = clinic.engine.loop._facts.known()
    clinic.do(fact("patient_noted", note="am"))
    identity = known.files.of("P-0013").identity
    assert identity is not None
    assert identity.notes == ()
