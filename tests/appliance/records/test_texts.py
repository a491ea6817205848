"""Facts with a text are read in both versions: English only, and English with key and values."""

import json
from pathlib import Path

import pytest

from appliance.records.queries import read_session
from appliance.records.storage.store import open_read_only
from appliance.records.texts import (
    ShownText,
    in_english,
    read_text,
    read_texts,
    with_text,
    with_texts,
)
from appliance.texts.text import Text, microamps, microseconds, text
from tests.support.clinic import open_clinic

LATE = text("trip.detail.late_tick", seen=microseconds(50_001), allowed=microseconds(50_000))
LATE_ENGLISH = "50001 µs since the last tick, allowed 50000 µs"
NEWER = text("trip.detail.of_a_newer_engine", seen=microamps(3))


def stored(facts: dict[str, object]) -> dict[str, object]:
    """Return facts as they come back from the records."""
    read: dict[str, object] = json.loads(json.dumps(facts, sort_keys=True))
    return read


def test_a_text_is_kept_as_shown_with_its_key_and_values() -> None:
    facts = stored({"code": "T26", **with_text("detail", LATE)})
    assert facts["detail"] == LATE_ENGLISH
    assert facts["key"] == "trip.detail.late_tick"
    assert facts["values"] == {
        "seen": {"value": 50_001, "unit": "us"},
        "allowed": {"value": 50_000, "unit": "us"},
    }
    shown = read_text(facts, "detail")
    assert shown is not None
    assert shown.english == LATE_ENGLISH
    assert shown.text is not None
    assert (shown.text.key, dict(shown.text.values)) == (LATE.key, dict(LATE.values))


def test_a_row_of_version_1_has_only_its_english() -> None:
    assert read_text({"detail": "silent for 2902 ms"}, "detail") == ShownText(
        "silent for 2902 ms", None
    )
    assert read_texts({"failures": ["a", "b"]}, "failures") == (
        ShownText("a", None),
        ShownText("b", None),
    )


@pytest.mark.parametrize("facts", [{}, {"detail": ""}, with_text("detail", None)])
def test_no_text_is_none(facts: dict[str, object]) -> None:
    assert read_text(facts, "detail") is None


def test_a_list_keeps_one_text_for_each_line() -> None:
    facts = stored(with_texts("failures", (text("trip.detail.no_screen"), NEWER)))
    first, second = read_texts(facts, "failures")
    assert first == ShownText("no screen", text("trip.detail.no_screen"))
    assert second == ShownText("trip.detail.of_a_newer_engine, seen 0.003 mA", NEWER)
    assert read_texts(stored(with_texts("failures", ())), "failures") == ()


def test_a_list_whose_keys_do_not_fit_its_lines_is_read_by_its_lines() -> None:
    facts = {"failures": ["a", "b"], "texts": [{"key": "k", "values": {}}]}
    assert read_texts(facts, "failures") == (ShownText("a", None), ShownText("b", None))


def test_a_person_reads_the_english_and_every_other_fact() -> None:
    facts = {"code": "T26", **with_text("detail", LATE), "failures": [], "texts": []}
    assert in_english(facts) == {"code": "T26", "detail": LATE_ENGLISH, "failures": []}
    assert in_english({"key": "of something else"}) == {"key": "of something else"}


@pytest.mark.parametrize("field", ["detail", "refusal"])
def test_the_english_is_made_from_key_and_values_and_not_from_the_old_field(field: str) -> None:
    facts = stored({**with_text(field, LATE), field: "the words of another version"})
    assert in_english(facts) == {field: LATE_ENGLISH}
    shown = read_text(facts, field)
    assert shown is not None
    assert shown.english == LATE_ENGLISH
    lines = stored({**with_texts("failures", (LATE,)), "failures": ["other words"]})
    assert in_english(lines) == {"failures": [LATE_ENGLISH]}


def test_a_key_that_this_version_does_not_know_is_read_as_it_was_shown() -> None:
    facts = stored({**with_text("detail", NEWER), "detail": "words of a newer version"})
    assert in_english(facts) == {"detail": "words of a newer version"}
    assert in_english({"detail": "silent for 2902 ms"}) == {"detail": "silent for 2902 ms"}


@pytest.fixture(scope="module")
def tripped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the records of a treatment with a caution and a trip."""
    folder = tmp_path_factory.mktemp("tripped")
    with open_clinic(folder) as clinic:
        clinic.treat(level_ua=20_000, channels=(1,))
        clinic.board.fault_set("phase-mismatch:1=14")
        clinic.until_true(lambda: bool(clinic.view.notes), "caution")
        clinic.board.fault_set("lead-off:1")
        clinic.trip()
        clinic.wait(1_500)
        return clinic.data


@pytest.mark.parametrize(("event", "names"), [("trip", {"set", "measured"}), ("caution", {"seen"})])
def test_new_events_carry_key_and_values(tripped: Path, event: str, names: set[str]) -> None:
    with open_read_only(tripped) as db:
        record = read_session(db, "0001-001")
    assert record is not None
    found = [each.facts for each in record.events if each.name == event and each.facts]
    assert found
    for facts in found:
        shown = read_text(facts, "detail")
        assert shown is not None
        assert isinstance(shown.text, Text)
        assert names <= dict(shown.text.values).keys()
