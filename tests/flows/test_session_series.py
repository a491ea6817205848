"""What was done in one session, in a few hundred points: the page `series:SESSION`."""

from typing import Any

import pytest

from appliance.clinical.closing.facts import StoppedBecause
from appliance.messages.actions import CloseSession, MarkFelt, Pause, Resume, Stop
from appliance.messages.replies import Page, Refused
from tests.support.clinic import Clinic
from tests.support.clinical_records import fact
from tests.support.treated_patient import treated

pytestmark = pytest.mark.proves_none


def page(clinic: Clinic, what: str) -> tuple[dict[str, Any], ...]:
    answer = clinic.link.query(what)
    assert isinstance(answer, Page), answer
    return tuple(dict(row) for row in answer.rows)


def test_a_session_is_told_in_points_and_in_shares_of_its_limits(clinic: Clinic) -> None:
    clinic.treat(patient="P-1", level_ua=3_000)
    clinic.wait(2_500)
    clinic.do(Pause())
    clinic.until("Paused")
    clinic.do(Resume())
    clinic.until("RampUp", "Delivering")
    clinic.do(Stop())
    clinic.until("Finished")
    clinic.wait(100)
    session = clinic.last().summary
    head, *channels = page(clinic, f"series:{session.id}")
    assert head["stops"] == {"pauses": 1, "trips": 0}
    assert (head["elapsed_us"], head["outcome"]) == (session.elapsed_us, "stopped")
    assert [channel["channel"] for channel in channels] == [1, 2]
    for channel in channels:
        assert channel["step_us"] == 1_000_000
        assert max(filter(None, channel["set_ua"])) == 3_000
        assert 2_900 < max(filter(None, channel["measured_ua"])) < 3_100
        assert 500 < max(filter(None, channel["contact_ohm"])) < 5_000
    reached = {each["name"]: each for each in head["reached"]}
    dose = clinic.last().dose
    highest_ua = max(channel["highest_ua"] for channel in dose)  # type: ignore[type-var]
    assert reached["charge"]["value"] == highest_ua * 150  # type: ignore[operator]
    assert reached["charge"]["limit"] == 40_000_000
    assert 0 < reached["density"]["value"] < reached["density"]["limit"]
    assert "contractions" not in reached


def test_a_session_says_not_whose_it_was_and_an_unknown_one_is_refused(clinic: Clinic) -> None:
    patient = treated(clinic)
    clinic.do(Stop())
    clinic.until("Finished")
    clinic.do(CloseSession())
    assert patient not in str(page(clinic, f"series:{clinic.last().summary.id}"))
    answer = clinic.link.query("series:0009-001")
    assert isinstance(answer, Refused)
    assert clinic.last().summary.id in str(answer.nearest)


def test_the_history_has_pain_and_skin_of_each_session(clinic: Clinic) -> None:
    patient = treated(clinic)
    clinic.do(Stop())
    clinic.until("Finished")
    clinic.do(CloseSession())
    session = clinic.last().summary.id
    (before,) = page(clinic, f"history:{patient}")
    asked = ("pain_before", "pain_after", "skin", "close_out_open")
    assert [before[name] for name in asked] == [None, None, None, True]
    of_it: dict[str, Any] = {"session": session, "region": "lower_back"}
    clinic.do(fact("pads_removed", patient, session=session))
    for moment, score in (("before", 6), ("after", 3)):
        clinic.do(fact("pain_scored", patient, **of_it, moment=moment, score=score))
    rows = page(clinic, f"close_out:{session}")
    (skin,) = [row for row in rows if row.get("part") == "skin"]
    grades = [
        {"site": site["site"], "grade": int(number == 0)}
        for number, site in enumerate(skin["sites"])
    ]
    clinic.do(fact("skin_checked_after", patient, session=session, grades=grades))
    clinic.do(
        fact("stop_explained", patient, session=session, because=StoppedBecause.PATIENT_WISH.value)
    )
    (after,) = page(clinic, f"history:{patient}")
    assert [after[name] for name in asked] == [6, 3, 1, True]


def test_the_history_has_what_was_told_in_a_session_and_in_the_trip_that_ended_it(
    clinic: Clinic,
) -> None:
    patient = treated(clinic)
    clinic.do(MarkFelt(channel=1, felt="comfortable"))
    level_ua = clinic.channel(1).level_ua
    clinic.do(MarkFelt(channel=1, felt="pain"))
    clinic.until("Paused")
    clinic.do(MarkFelt(channel=1, felt="pain"))
    clinic.do(Resume())
    clinic.wait(500)
    clinic.raise_to(3_000)
    clinic.board.fault_set("lead-off:1")
    clinic.trip()
    clinic.board.fault_clear("lead-off:1")
    clinic.wait(300)
    clinic.do(MarkFelt(channel=2, felt="burning"))
    clinic.acknowledge()
    clinic.until("Ready")
    clinic.wait(200)
    (row,) = page(clinic, f"history:{patient}")
    told = [(each["felt"], each["channel"], each["level_ua"]) for each in row["harm"]]
    assert told == [("pain", 1, level_ua), ("pain", 1, 0), ("burning", 2, 0)]
    during, paused, tripped = row["harm"]
    assert during["before"] is None
    assert abs(during["measured_ua"] - level_ua) < level_ua // 10
    for each, set_ua in ((paused, level_ua), (tripped, 3_000)):
        assert each["measured_ua"] is None
        assert each["before"]["level_ua"] == set_ua
        assert abs(each["before"]["measured_ua"] - set_ua) < set_ua // 10
    assert all(each["at"]["utc_us"] > row["opened"]["utc_us"] for each in row["harm"])


def test_the_patient_s_page_says_where_each_channel_was_felt(clinic: Clinic) -> None:
    patient = treated(clinic)
    clinic.do(MarkFelt(channel=1, felt="first_felt"))
    clinic.do(MarkFelt(channel=1, felt="comfortable"))
    clinic.wait(200)
    found = [row for row in page(clinic, f"patient:{patient}") if row["kind"] == "felt_range"]
    (row,) = found
    assert (row["channel"], row["key"]["region"]) == (1, "lower_back")
    assert row["first_felt_ua"] == row["comfortable_ua"] == clinic.channel(1).level_ua
    assert row["too_strong_ua"] is None
