"""The page `self_test`: which unit this is, the start of its engine, and its newest self-test."""

from collections.abc import Iterator

from appliance.control.pages.page import PageSources, Row, plain_text
from appliance.records.self_tests import NewestOf, newest_of_unit
from appliance.records.session_events import EventName
from appliance.records.storage.store import open_read_only
from appliance.records.texts import read_texts

_SHOWN = {
    EventName.GENESIS: ("device",),
    EventName.BOOT: ("build", "rig", "board", "board_digest", "calibration", "sqlite"),
    EventName.SELF_TEST: ("passed",),
    EventName.TIMING_PROOF: ("passed", "ratio_ppm", "worst_width_error_us"),
}
"""Facts of each event that the page has."""


def self_test_rows(_: str, sources: PageSources) -> Iterator[Row]:
    """Yield a row for the unit, the start and each proof; raises `ApplianceError`."""
    with open_read_only(sources.folder) as db:
        found = newest_of_unit(db)
    return map(_row, found)


def _row(event: NewestOf) -> Row:
    failures = read_texts(event.facts, "failures")
    return {
        "kind": event.name,
        "at": {"utc_us": event.utc_us, "trusted": event.clock_trusted},
        **{name: event.facts.get(name) for name in _SHOWN[EventName(event.name)]},
        "failures": [
            failure.english if failure.text is None else plain_text(failure.text)
            for failure in failures
        ],
    }
