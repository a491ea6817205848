"""Which hazard each trip answers, restated: the hazard table and the screen speak of it."""

import pytest

from appliance.safety.trips.table import TRIP_KINDS

pytestmark = pytest.mark.proves("trip-texts")

HAZARDS = {
    "H01": {"T01", "T02", "T18", "T20", "T36"},
    "H02": {"T03", "T04", "T12", "T15", "T32", "T39"},
    "H03": {"T06", "T23", "T41"},
    "H04": {"T07", "T08", "T09", "T40"},
    "H05": {"T10", "T11"},
    "H06": {"T05", "T13", "T14", "T24", "T26", "T31", "T35", "T37"},
    "H07": {"T16", "T17", "T19", "T25", "T30", "T33", "T38"},
    "H08": {"T21", "T22", "T34"},
    "H09": {"T28", "T29"},
    "H10": {"T27"},
}


def test_each_trip_answers_the_hazard_it_was_made_for() -> None:
    found: dict[str, set[str]] = {}
    for code, kind in TRIP_KINDS.items():
        found.setdefault(kind.hazard.value, set()).add(code.value)
    assert found == HAZARDS
