"""The page `motor_points:PATIENT` or `motor_points:PATIENT:REGION:SIDE`: what searches found.

A row for the newest point of each region, side and placement; millimetres of `drawn` are those of
the figure, for drawing.
"""

from collections.abc import Iterator

from appliance.clinical.body import Side
from appliance.clinical.patients.file import PatientFile
from appliance.clinical.placement.motor_points import drawn_at, where_text
from appliance.control.pages.page import PageSources, Row, Rows, plain_text, plain_time
from appliance.control.pages.patients import find_file
from appliance.core.limits.limits import Region
from appliance.core.refusal import Refusal
from appliance.texts.common_phrases import listed
from appliance.texts.text import text


def motor_point_rows(wanted: str, sources: PageSources) -> Rows:
    """Return the newest point of each place, or of one region and side."""
    named, _colon, place = wanted.partition(":")
    file = find_file(named, sources.patients)
    if isinstance(file, Refusal):
        return file
    region, _colon, side = place.partition(":")
    if region and region not in set(Region):
        return Refusal("refusal.region", region, listed([*Region]), Region.NECK)
    if side and side not in set(Side):
        return Refusal("refusal.side", side, listed([*Side]), text("side.nearest"))
    sides = Side(side).single if side else Side.BOTH.single
    return (
        row
        for row in found_rows(file)
        if region in {"", row["region"]} and row["side"] in {each.value for each in sides}
    )


def found_rows(file: PatientFile) -> Iterator[Row]:
    """Yield the newest point of each place that a search found on a patient."""
    for place, (found, at) in file.motor_points.points.items():
        drawn = drawn_at(found)
        yield {
            "patient": file.patient,
            "region": place.region.value,
            "side": place.side.value,
            "placement": place.placement,
            "session": found.session,
            "channel": found.channel,
            "landmark": found.landmark.value,
            "where": plain_text(where_text(found)),
            "along_mm": found.along_mm,
            "across_mm": found.across_mm,
            "level_ua": found.level_ua,
            "operator": found.operator,
            "simulated": found.simulated,
            "found": plain_time(at),
            "drawn": {"x": drawn.x, "y": drawn.y},
        }
