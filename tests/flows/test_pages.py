"""Pages of the catalogue, of placements, of what is told and of trips; sessions of a patient."""

from typing import Any

import msgspec
import pytest

from appliance.clinical.catalogue import load_catalogue, to_prescription
from appliance.clinical.offers.evidence import PainKind
from appliance.clinical.offers.offers import load_offers
from appliance.clinical.placement.placements import load_placements, placements_for
from appliance.control.pages import answers
from appliance.control.pages.answers import PAGES, USAGE
from appliance.control.pages.page import PageKind
from appliance.core.limits.limits import Region
from appliance.instructions.outputs import declared_output
from appliance.instructions.topics import load_topics
from appliance.link.interfaces import Peer, Received
from appliance.link.roles import Role
from appliance.link.text_conversion import value_of
from appliance.messages.actions import CloseSession, Query, Stop
from appliance.messages.replies import Page, Refused
from appliance.messages.wire import Subject, TextValueView
from appliance.safety.trips.codes import TripCode
from appliance.texts.catalogue import TEXTS
from appliance.texts.english import english
from appliance.texts.text import Text
from tests.support.clinic import Clinic
from tests.support.texts import said
from tests.support.tools.instructions import PAGE

pytestmark = pytest.mark.proves("instructions")


def rows(clinic: Clinic, what: str, limit: int = 100) -> list[dict[str, Any]]:
    """Return every row, page by page."""
    found: list[dict[str, Any]] = []
    after: int | None = 0
    while after is not None:
        page = clinic.link.query(what, after=after, limit=limit)
        assert isinstance(page, Page), said(page)
        found += [dict(row) for row in page.rows]
        after = page.next_after
    return found


def words(view: object) -> str:
    """Return a text of a row in English; its key has to be known."""
    value = value_of(msgspec.convert(view, TextValueView))
    assert isinstance(value, Text)
    assert value.key in TEXTS, value.key
    return english(value)


def refused(clinic: Clinic, what: str) -> Refused:
    answer = clinic.link.query(what)
    assert isinstance(answer, Refused), answer
    assert all(said(answer))
    return answer


def test_a_refused_query_lists_every_kind_there_is(clinic: Clinic) -> None:
    clinic.until("Locked")
    allowed = said(refused(clinic, "nonsense")).allowed
    assert {usage.partition(":")[0] for usage in USAGE} == {*PAGES, "sessions", "session"}
    assert all(usage in allowed for usage in USAGE)


def test_every_programme_is_listed_with_its_numbers_and_their_sources(clinic: Clinic) -> None:
    clinic.until("Locked")
    found = {row["name"]: row for row in rows(clinic, "programmes", limit=3)}
    assert found.keys() == load_catalogue().keys()
    for name, programme in load_catalogue().items():
        row = found[name]
        assert words(row["title"])
        assert words(row["summary"]).endswith(".")
        assert words(row["evidence"]["supporting"]) != words(row["evidence"]["opposing"])
        assert row["minutes"] * 60 == programme.duration_s
        assert row["sides"] == ["left", "right", "both"]
        assert row["sources"] == programme.sources
        assert row["course"]["sessions"] == programme.course.sessions
        for region, ceiling_ua in row["ceilings_ua"].items():
            assert ceiling_ua == to_prescription(programme, region=region).ceiling_ua


def test_programmes_that_do_not_fit_one_page_come_with_the_next(clinic: Clinic) -> None:
    clinic.until("Locked")
    first = clinic.link.query("programmes", limit=1_000)
    assert isinstance(first, Page)
    assert first.next_after == len(first.rows) < len(load_catalogue())
    whole = rows(clinic, "programmes", limit=1_000)
    assert [row["name"] for row in whole] == list(load_catalogue())


def test_what_guidelines_advise_is_said_once(clinic: Clinic) -> None:
    clinic.until("Locked")
    (row,) = rows(clinic, "evidence")
    assert "doi 10.1007/s00586-017-5433-8" in words(row["guideline"])
    assert [words(each["what"]) for each in row["advised_against"]][-2:] == [
        "TENS",
        "Electrical stimulation of muscle (EMS)",
    ]
    assert {pain for each in row["alternatives"] for pain in each["pain"]} == set(PainKind)
    assert "TENS" in words(row["difference"])
    assert "not used" in words(row["not_identified"])


def test_every_goal_says_what_each_region_is_offered_or_why_nothing(clinic: Clinic) -> None:
    clinic.until("Locked")
    found = {row["goal"]: row for row in rows(clinic, "offers", limit=5)}
    assert found.keys() == {row.goal.value for row in load_offers()}
    for goal in load_offers():
        row = found[goal.goal.value]
        assert words(row["title"])
        assert row["regions"].keys() == set(Region)
        for region, offer in goal.by_region.items():
            shown = row["regions"][region.value]
            assert shown["programmes"] == list(offer.programmes)
            assert (shown["reason"] is None) is bool(offer.programmes)
    flexors = found["deep_neck_flexors"]["regions"]["neck"]
    assert words(flexors["reason"]).startswith("not offered: no pads on the front of the neck")
    assert flexors["own"] is False


def test_every_placement_offered_is_shown_on_each_side_the_usual_one_first(clinic: Clinic) -> None:
    clinic.until("Locked")
    names = set()
    for programme in load_catalogue().values():
        for region in programme.regions:
            found = rows(clinic, f"placements:{programme.name}:{region}")
            offered = placements_for(programme, region)
            names |= {row["placement"] for row in found}
            assert list(dict.fromkeys(row["placement"] for row in found)) == [
                placement.name for placement in offered
            ]
            assert len(found) == 3 * sum(len(placement.depths) for placement in offered)
            assert found[0]["depth"] == "usual"
    assert names == {placement.name for placement in load_placements()}


def test_a_placement_says_where_each_pad_lies_and_draws_it(clinic: Clinic) -> None:
    clinic.until("Locked")
    left, right = (
        rows(clinic, f"placements:nmes-strengthening:lower_back:{side}")[0]
        for side in ("left", "right")
    )
    assert [pad["pad"] for pad in left["pads"]] == ["1A", "1B"]
    for pad, mirrored in zip(left["pads"], right["pads"], strict=True):
        assert words(pad["where"])
        assert words(pad["name"])
        assert pad["drawn"]["x"] == -mirrored["drawn"]["x"] < 0
        assert pad["width_mm"] * pad["height_mm"] >= 1_000
    assert [pad["positive_first"] for pad in left["pads"]] == [True, False]
    assert all(words(step) for step in left["steps"])
    assert words(left["feel"])
    assert words(left["see"])
    assert words(left["reason"])
    assert left["spacing_mm"][0] >= 30
    both = rows(clinic, "placements:nmes-strengthening:lower_back:both")[0]
    assert both["channels"] == [1, 2]


@pytest.mark.parametrize(
    ("what", "nearest"),
    [
        ("placements:no-such:neck", "tens"),
        ("placements:conventional-tens", "lower_back"),
        ("placements:burst-ac:neck", "lower_back"),
        ("placements:conventional-tens:neck:up", "side"),
        ("told:no-such", "tens"),
    ],
)
def test_what_no_page_is_about_is_refused_with_the_nearest(
    clinic: Clinic, what: str, nearest: str
) -> None:
    clinic.until("Locked")
    assert nearest in said(refused(clinic, what)).nearest


def test_what_a_patient_is_told_says_how_to_stop_it(clinic: Clinic) -> None:
    clinic.until("Locked")
    for name in load_catalogue():
        told = [words(row["say"]) for row in rows(clinic, f"told:{name}")]
        assert any("hand switch" in sentence for sentence in told)


def test_every_trip_has_its_title_and_its_instruction(clinic: Clinic) -> None:
    clinic.until("Locked")
    found = rows(clinic, "trips", limit=7)
    assert [row["code"] for row in found] == [code.value for code in TripCode]
    for row in found:
        assert words(row["title"])
        assert words(row["instruction"])
    assert {row["severity"] for row in found} == {"cut", "ramp"}


def test_the_history_of_a_patient_has_what_each_channel_reached(clinic: Clinic) -> None:
    clinic.treat(patient="P-1", level_ua=3_000)
    clinic.wait(4_000)
    clinic.do(Stop())
    clinic.until("Finished")
    clinic.do(CloseSession())
    clinic.treat(patient="P-1", channels=(1,), level_ua=2_000)
    clinic.do(Stop(cut=True))
    clinic.until("Finished")
    clinic.wait(100)
    newest, oldest = rows(clinic, "history:p-1", limit=1)
    assert (oldest["outcome"], oldest["cause"]) == ("stopped", "stop")
    assert newest["cause"] == "cut"
    assert all(2_900 < channel["highest_ua"] <= 3_000 for channel in oldest["channels"])
    assert [channel["comfortable_ua"] for channel in oldest["channels"]] == [3_000, 3_000]
    assert [channel["channel"] for channel in newest["channels"]] == [1]
    assert oldest["planned_us"] == 30 * 60 * 1_000_000
    assert 4_000_000 < oldest["elapsed_us"] < oldest["planned_us"]
    assert oldest["opened"]["trusted"]
    assert oldest["region"] == Region.LOWER_BACK


def test_the_history_of_nobody_is_refused(clinic: Clinic) -> None:
    clinic.until("Locked")
    refused(clinic, "history:P-0099")
    assert "Jane" not in str(refused(clinic, "history:Jane Doe").asked)


@pytest.mark.parametrize(
    ("what", "answer"),
    [("history:P-1", Refused), ("programmes", Page), ("trips", Page), ("told:burst-ac", Page)],
)
def test_maintenance_reads_what_is_about_no_patient(
    clinic: Clinic, what: str, answer: type
) -> None:
    clinic.until("Locked")
    link: Any = clinic.engine.link
    given: list[Any] = []
    link.reply = lambda _, message: given.append(message)
    query = Query(request=1, what=what)
    link._inbox.put(Received(Peer(7, "service", Role.MAINTENANCE, 0, 0), query))
    clinic.ticks(2)
    assert [type(each) for each in given] == [answer]


def test_help_lists_its_topics_and_serves_the_sentences_of_the_committed_page(
    clinic: Clinic,
) -> None:
    clinic.until("Locked")
    page = PAGE.read_text(encoding="utf-8")
    topics = rows(clinic, "help", limit=4)
    assert [row["topic"] for row in topics] == list(load_topics())
    for row in topics:
        blocks = rows(clinic, f"help:{row['topic']}", limit=2)
        assert f"## {words(row['title'])}\n" in page
        assert all(f" {words(line)}\n" in page for block in blocks for line in block["lines"])
    assert [block["steps"] for block in rows(clinic, "help:session")] == [True]
    assert "intended_use" in said(refused(clinic, "help:nonsense")).nearest


def test_the_most_that_the_instructions_declare_is_the_ceiling_that_the_unit_sets(
    clinic: Clinic,
) -> None:
    clinic.unlock()
    compliance_mv = clinic.engine.loop._rig.board.output.compliance_mv
    for name, programme in load_catalogue().items():
        for region in programme.regions:
            clinic.prescribe(name, subject=Subject.TEST_LOAD, region=region.value)
            clinic.wait(60)
            declared = declared_output(programme, region, compliance_mv, reason_given=False)
            assert set(declared.into_ua) == {clinic.channel(1).ceiling_ua}, (name, region)


@pytest.mark.proves("roles")
@pytest.mark.parametrize(("role", "named"), [(Role.MAINTENANCE, False), (Role.KIOSK, True)])
def test_maintenance_reads_sessions_without_who_was_treated(
    clinic: Clinic, role: Role, named: bool
) -> None:
    clinic.treat(patient="P-SECRET", level_ua=1_000)
    clinic.do(Stop())
    clinic.until("Finished")
    clinic.wait(100)
    link: Any = clinic.engine.link
    given: list[Any] = []
    link.reply = lambda _, message: given.append(message)
    session = clinic.last().summary.id
    for request, what in enumerate(("sessions", f"session:{session}")):
        query = Query(request=request, what=what)
        link._inbox.put(Received(Peer(7, "other", role, 0, 0), query))
    clinic.ticks(2)
    sessions, events = given
    assert [row["id"] for row in sessions.rows] == [session]
    assert len(events.rows) > 2
    assert ("P-SECRET" in str(sessions.rows), "P-SECRET" in str(events.rows)) == (named, named)


def test_a_page_that_fails_is_refused_and_the_next_one_is_answered(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    clinic.until("Locked")

    def fail(*_: object) -> None:
        raise RuntimeError("a mistake")

    monkeypatch.setattr(answers, "PAGES", {**PAGES, "trips": PageKind(fail)})  # type: ignore[arg-type]
    refused(clinic, "trips")
    assert rows(clinic, "help")


@pytest.mark.parametrize(("side", "sign"), [("left", -1), ("right", 1)])
def test_landmarks_lie_on_their_side_of_the_figure(clinic: Clinic, side: str, sign: int) -> None:
    """Hazard: a motor point is drawn, and looked for, on the other side."""
    found = rows(clinic, f"landmarks:lower_back:{side}")
    dimple = next(row for row in found if row["landmark"] == "dimple")
    assert dimple["drawn"] == {"x": sign * 44, "y": 525}
    assert words(dimple["name"]) == "the dimple above the buttock"
    assert said(refused(clinic, f"landmarks:heart:{side}")).limit == "region"
    assert said(refused(clinic, "landmarks:neck:both")).limit == "side"
