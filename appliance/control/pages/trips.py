"""The page `trips`: every trip, what it says and what it asks for; for the "?" of a screen."""

from collections.abc import Iterator

from appliance.control.pages.page import PageSources, Row, plain_text
from appliance.safety.trips.codes import LatchRule, instruction, title
from appliance.safety.trips.table import TRIP_KINDS


def trip_rows(_: str, _sources: PageSources) -> Iterator[Row]:
    """Yield a row for each trip code, in the order of the codes."""
    for code, kind in TRIP_KINDS.items():
        yield {
            "code": code.value,
            "name": code.name.lower(),
            "severity": kind.severity.value,
            "self_test_follows": kind.latch is LatchRule.SELF_TEST,
            "title": plain_text(title(code)),
            "instruction": plain_text(instruction(code)),
        }
