"""The facts with which a simulated session is closed: an answer to each part that is open. Pure."""

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

import msgspec

from appliance.clinical.closing.close_out import ALWAYS, SEATED_S
from appliance.clinical.closing.facts import CloseOutPart, StoppedBecause
from appliance.clinical.patients.before_start import WantedTreatment
from ui.cli.treatment.simulated_facts import Row, SimulatedFact

PAIN = 5
"""Pain before and after: a simulated treatment does not change it."""


class EndOfSession(NamedTuple):
    """What was treated, the last level of each channel in µA, and why the output ended."""

    wanted: WantedTreatment
    levels_ua: Mapping[int, int]
    because: StoppedBecause


def close_out_fact(file: Iterable[Row], end: EndOfSession) -> SimulatedFact | None:
    """Return the next fact of the newest open close-out, None where none is open."""
    rows = tuple(file)
    under_way = [row for row in rows if row["kind"] == "close_out" and row["completed"] is None]
    if not under_way:
        return None
    close_out = under_way[-1]
    wanted = (*ALWAYS, CloseOutPart.SEATED) if close_out["motor"] else ALWAYS
    missing = next((part for part in wanted if part not in close_out["parts"]), None)
    kind, values = ("close_out_completed", {}) if missing is None else _PARTS[missing](rows, end)
    return SimulatedFact(kind, {"session": close_out["session"], **values})


def _pads_off(_: Iterable[Row], __: EndOfSession) -> SimulatedFact:
    return SimulatedFact("pads_removed", {})


def _skin(file: Iterable[Row], end: EndOfSession) -> SimulatedFact:
    """Return a clear look at each pad of the session, with the last level there."""
    placement = end.wanted.placement
    pads = () if placement is None else placement.pads
    levels = [
        {
            "site": msgspec.to_builtins(pad.site(end.wanted.region)),
            "level_ua": end.levels_ua.get(pad.channel, 0),
        }
        for pad in pads
    ]
    grades = [{"site": level["site"], "grade": 0} for level in levels]
    sets = {row["pad_set"]: row["material"] for row in file if row["kind"] == "pads"}
    material = sets.get(end.wanted.pad_set, "")
    return SimulatedFact(
        "skin_checked_after", {"grades": grades, "levels": levels, "material": material}
    )


def _pain(moment: str) -> Callable[[Iterable[Row], EndOfSession], SimulatedFact]:
    def scored(_: Iterable[Row], end: EndOfSession) -> SimulatedFact:
        values = {"region": end.wanted.region.value, "moment": moment, "score": PAIN}
        return SimulatedFact("pain_scored", values)

    return scored


def _stopped(_: Iterable[Row], end: EndOfSession) -> SimulatedFact:
    return SimulatedFact("stop_explained", {"because": end.because.value})


def _seated(_: Iterable[Row], __: EndOfSession) -> SimulatedFact:
    return SimulatedFact("seated_after", {"seconds": SEATED_S})


_PARTS: Mapping[CloseOutPart, Callable[[Iterable[Row], EndOfSession], SimulatedFact]] = {
    CloseOutPart.PADS_OFF: _pads_off,
    CloseOutPart.SKIN: _skin,
    CloseOutPart.PAIN_BEFORE: _pain("before"),
    CloseOutPart.PAIN_AFTER: _pain("after"),
    CloseOutPart.STOPPED_BECAUSE: _stopped,
    CloseOutPart.SEATED: _seated,
}
