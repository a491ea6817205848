"""The page `series:SESSION`: what was done in one session, in numbers; not whose it was."""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from appliance.control.pages.page import PageSources, Row, Rows, plain_text
from appliance.control.pages.programmes import programme_title
from appliance.control.stops.ended_because import ended_because
from appliance.core.limits import limits
from appliance.core.limits.heating import MM2_PER_CM2, density_block
from appliance.core.limits.limits import Region
from appliance.core.prescription.prescription import recorded_parts
from appliance.core.prescription.waveform import PartKind
from appliance.core.readable_text import says_something
from appliance.core.refusal import Refusal
from appliance.records.queries import SessionSummary, nearest_sessions, read_facts, read_summary
from appliance.records.session_series import read_series, read_stops
from appliance.records.storage.store import open_read_only
from appliance.texts.common_phrases import listed
from appliance.texts.text import Text, text
from drivers.quantities import phase_charge_pc

Facts = Mapping[str, Any]


def series_rows(session: str, sources: PageSources) -> Rows:
    """Return a row about the session and one for each channel; raises `ApplianceError`."""
    with open_read_only(sources.folder) as db:
        summary = read_summary(db, session)
        if summary is None:
            near = nearest_sessions(db, session, 1)
            nearest = listed(near) if near else text("query.no_session_yet")
            return Refusal("refusal.query", session, text("query.known_session"), nearest)
        opened = read_facts(db, summary.opening) or {}
        closed = (read_facts(db, summary.closing) if summary.closing else None) or {}
        stops = msgspec.to_builtins(read_stops(db, session))
        series = read_series(db, session)
    head = {"kind": "session", **_head(summary, opened), "stops": stops}
    reached = list(_reached(opened, closed))
    channels = ({"kind": "channel", **msgspec.to_builtins(each)} for each in series)
    return ({**head, "reached": reached}, *channels)


def _head(summary: SessionSummary, opened: Facts) -> Row:
    because = None if summary.cause is None else ended_because(summary.cause)
    because = because or (Text("ended.interrupted") if summary.outcome else None)
    return {
        "session": summary.id,
        "programme": summary.programme,
        "title": programme_title(summary.programme, opened.get("title", "")),
        "region": summary.region,
        "side": opened.get("side", ""),
        "subject": opened.get("subject", ""),
        "opened": {"utc_us": summary.opened_utc_us, "trusted": summary.clock_trusted},
        "planned_us": opened.get("duration_us", 0),
        "elapsed_us": summary.elapsed_us,
        "outcome": summary.outcome,
        "cause_text": because and plain_text(because),
    }


def _reached(opened: Facts, closed: Facts) -> Iterator[Row]:
    """Yield what was reached at most, and the limit: charge in pC, density in µA/cm².

    Nothing where the facts are erased or the session is not closed.
    """
    prescription, channels = opened.get("prescription", {}), closed.get("channels", ())
    parts, area_mm2 = recorded_parts(prescription), opened.get("pad_area_mm2", 0)
    if not parts or not channels or opened.get("region") not in set(Region):
        return
    region = Region(opened["region"])
    phase_us = max(map(_longest_phase_us, parts))
    highest_ua = max(channel["highest_ua"] for channel in channels)
    yield {
        "name": "charge",
        "value": phase_charge_pc(highest_ua, phase_us),
        "limit": limits.highest_phase_charge_pc(region),
    }
    if area_mm2:
        acknowledged = says_something(opened.get("reason", ""))
        yield {
            "name": "density",
            "value": max(channel["rms_ua"] for channel in channels) * MM2_PER_CM2 // area_mm2,
            "limit": density_block(region, acknowledged=acknowledged),
        }
    timed = (part.get("on_off") for part in parts if part.get("kind") != PartKind.ACTIVE_REST)
    times, cues = next(filter(None, timed), None), closed.get("cues", 0)
    if times and cues:
        cycle_us = times["on_us"] + times["off_us"]
        given = cues - closed.get("cues_withdrawn", 0)
        most = -(-opened["duration_us"] // cycle_us)
        yield {"name": "contractions", "value": given, "limit": max(most, given)}


def _longest_phase_us(part: Mapping[str, Any]) -> int:
    sweep = part.get("sweep") or {}
    return int(max((part["waveform"]["phase_us"], *(sweep.get("phase_us") or ()))))
