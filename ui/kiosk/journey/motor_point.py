"""The search for a motor point: one pad is held by hand, and its place is kept. Pure.

The level rises by single taps until the muscle twitches. Then it is said where the held pad is, as
mm from a landmark, while the pulses play: the engine keeps the level of that moment with it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from appliance.messages.actions import RecordFact, Stop
from appliance.messages.replies import Page, Refused, Reply
from appliance.messages.snapshot import ChannelView, Snapshot
from ui.kiosk.journey.lying import lying_pages, lying_placement
from ui.kiosk.journey.place import NO_SHEET, STAY, Forget, Kiosk, Next, Row, Send, Sheet

SEARCH = "motor_point_find"
"""The kind of programme that is a search."""
POINT, PAIR = "point", "pair"
"""Sheets: where the pad is, and which channel is shown where there are two."""
FIELDS = 4
"""Of a place as the sheet keeps it."""
FOUND, KEEP, END = "motor_point_found", "keep_point", "end"
STEP_MM, MOST_MM = 5, 300
"""One touch moves the point so far; the engine takes offsets up to the other (D)."""


@dataclass(frozen=True, slots=True)
class HeldPad:
    """Where the held pad of a channel is: mm up and outwards from a landmark."""

    channel: int
    landmark: str
    along_mm: int
    across_mm: int

    @property
    def typed(self) -> str:
        """Return it as the sheet keeps it."""
        return f"{self.channel}:{self.landmark}:{self.along_mm}:{self.across_mm}"


def is_search(snapshot: Snapshot | None) -> bool:
    """Return whether the treatment set up is a search for a motor point."""
    return snapshot is not None and snapshot.plan is not None and snapshot.plan.kind == SEARCH


def searches(kiosk: Kiosk, programme: str) -> bool:
    """Return whether a programme is a search; False while the catalogue has not come."""
    rows = kiosk.rows("programmes") or ()
    return any(row["name"] == programme and row["kind"] == SEARCH for row in rows)


def searched_channel(kiosk: Kiosk) -> ChannelView | None:
    """Return the channel that is shown: the one chosen, else the one with the highest level."""
    channels = () if kiosk.snapshot is None else kiosk.snapshot.channels
    chosen = kiosk.sheet.typed.partition(":")[0] if kiosk.sheet.name in (POINT, PAIR) else ""
    named = next((each for each in channels if str(each.channel) == chosen), None)
    return named or max(channels, key=lambda each: each.level_ua, default=None)


def side_of(kiosk: Kiosk, channel: int) -> str:
    """Return the side that a channel lies on, "" while that is not known."""
    plan = None if kiosk.snapshot is None else kiosk.snapshot.plan
    if plan is not None and plan.side in ("left", "right"):
        return plan.side
    row = lying_placement(kiosk)
    pads = () if row is None else row["pads"]
    return next((str(pad["side"]) for pad in pads if pad["channel"] == channel), "")


def search_pages(kiosk: Kiosk) -> tuple[str, ...]:
    """Return where the pads lie, the landmarks of the side, and what was found before."""
    snapshot, channel = kiosk.snapshot, searched_channel(kiosk)
    if snapshot is None or snapshot.patient is None or channel is None:
        return lying_pages(kiosk)
    return (*lying_pages(kiosk), _landmarks(kiosk, channel.channel), points_page(snapshot.patient))


def points_page(patient: str) -> str:
    """Return the page of the motor points that were found."""
    return f"motor_points:{patient}"


def landmarks(kiosk: Kiosk, channel: int) -> tuple[Row, ...]:
    """Return the landmarks of the region on the side of a channel, as they are offered."""
    return kiosk.rows(_landmarks(kiosk, channel)) or ()


def points(kiosk: Kiosk, patient: str, region: str, sides: tuple[str, ...]) -> tuple[Row, ...]:
    """Return the points found before on some sides of a region, the newest first."""
    rows = kiosk.rows(points_page(patient)) or ()
    here = (row for row in rows if row["region"] == region and row["side"] in sides)
    return tuple(sorted(here, key=found_us, reverse=True))


def found_us(row: Row) -> int:
    """Return when a point was found."""
    return int(row["found"]["utc_us"] or 0)


def kept_now(kiosk: Kiosk) -> Row | None:
    """Return the point that was kept in this session, None before that."""
    snapshot = kiosk.snapshot
    if snapshot is None or snapshot.patient is None:
        return None
    rows = kiosk.rows(points_page(snapshot.patient)) or ()
    return next((row for row in rows if row["session"] == snapshot.session), None)


def held_pad(kiosk: Kiosk) -> HeldPad | None:
    """Return where the pad is said to be, None while that is not asked."""
    parts = kiosk.sheet.typed.split(":")
    if kiosk.sheet.name != POINT or len(parts) != FIELDS:
        return None
    channel, landmark, along, across = parts
    return HeldPad(int(channel), landmark, int(along), int(across))


def drawn(kiosk: Kiosk, pad: HeldPad) -> tuple[float, float] | None:
    """Return a place in mm on the figure, None while its landmark is not known."""
    row = _row_of(landmarks(kiosk, pad.channel), pad.landmark)
    if row is None:
        return None
    out = outwards(side_of(kiosk, pad.channel))
    return row["drawn"]["x"] + out * pad.across_mm, row["drawn"]["y"] - pad.along_mm


def outwards(side: str) -> int:
    """Return where outwards is on the figure: -1 to its left, which is the patient's left."""
    return -1 if side == "left" else 1


def touched_search(action: str, kiosk: Kiosk) -> Next | None:
    """Return what a key of the search means, None for another key."""
    name, _, what = action.partition(":")
    pad, channel = held_pad(kiosk), searched_channel(kiosk)
    match name:
        case "end":
            return Next(effects=(Send(Stop(), END),))
        case "pair":
            return Next(sheet=Sheet(PAIR, what))
        case "twitch" if channel is not None and channel.level_ua:
            begun = begin(kiosk, channel.channel)
            return STAY if begun is None else Next(sheet=Sheet(POINT, begun.typed))
        case "landmark" | "along" | "left" | "right" if pad is not None:
            return Next(sheet=Sheet(POINT, _moved(kiosk, pad, name, what).typed))
        case "keep" if pad is not None:
            return _keep(kiosk, pad)
        case _:
            return None


def answered_search(tag: str, answer: Reply | Refused | Page | None, kiosk: Kiosk) -> Next | None:
    """Show the search again once the point is on the disk; a refusal leaves what was entered."""
    if tag != KEEP:
        return None
    pages = ("motor_points:", "patient:", "history:")
    again = tuple(Forget(page) for page in pages)
    return Next(sheet=NO_SHEET, effects=again) if isinstance(answer, Reply) else Next(effects=again)


def begin(kiosk: Kiosk, channel: int) -> HeldPad | None:
    """Return where the entry begins: at the point kept before, else at the first pad of the pair.

    None while pads or landmarks are not known.
    """
    snapshot, row = kiosk.snapshot, lying_placement(kiosk)
    known = landmarks(kiosk, channel)
    if snapshot is None or snapshot.plan is None or row is None or not known:
        return None
    side = side_of(kiosk, channel)
    before = points(kiosk, str(snapshot.patient), snapshot.plan.region, (side,))
    same = next((each for each in before if each["placement"] == row["placement"]), None)
    if same is not None and _row_of(known, same["landmark"]) is not None:
        return HeldPad(channel, same["landmark"], same["along_mm"], same["across_mm"])
    pad = next((each for each in row["pads"] if each["channel"] == channel), None)
    if pad is None:
        return None
    at = (float(pad["drawn"]["x"]), float(pad["drawn"]["y"]))
    nearest = min(known, key=lambda each: _apart(each["drawn"], at))
    return _from(nearest, at, channel, side)


def _moved(kiosk: Kiosk, pad: HeldPad, name: str, what: str) -> HeldPad:
    """Return the pad elsewhere, or the same place from the next landmark."""
    known = landmarks(kiosk, pad.channel)
    side = side_of(kiosk, pad.channel)
    along, across = pad.along_mm, pad.across_mm
    if name == "landmark":
        names = [str(row["landmark"]) for row in known]
        at = drawn(kiosk, pad)
        if at is None or pad.landmark not in names:
            return pad
        following = known[(names.index(pad.landmark) + 1) % len(known)]
        return _from(following, at, pad.channel, side)
    if name == "along":
        along = _within(along + int(what) * STEP_MM)
    else:
        step = -STEP_MM if name == "left" else STEP_MM
        across = _within(across + outwards(side) * step)
    return HeldPad(pad.channel, pad.landmark, along, across)


def _from(row: Row, at: tuple[float, float], channel: int, side: str) -> HeldPad:
    along = _stepped(row["drawn"]["y"] - at[1])
    across = _stepped((at[0] - row["drawn"]["x"]) * outwards(side))
    return HeldPad(channel, str(row["landmark"]), along, across)


def _keep(kiosk: Kiosk, pad: HeldPad) -> Next:
    snapshot = kiosk.snapshot
    if snapshot is None or snapshot.plan is None:
        return STAY
    values: dict[str, Any] = {
        "patient": snapshot.patient,
        "session": snapshot.session,
        "region": snapshot.plan.region,
        "side": side_of(kiosk, pad.channel),
        "channel": pad.channel,
        "landmark": pad.landmark,
        "along_mm": pad.along_mm,
        "across_mm": pad.across_mm,
    }
    return Next(effects=(Send(RecordFact(kind=FOUND, values=values), KEEP),))


def _landmarks(kiosk: Kiosk, channel: int) -> str:
    plan = None if kiosk.snapshot is None else kiosk.snapshot.plan
    region = "" if plan is None else plan.region
    return f"landmarks:{region}:{side_of(kiosk, channel) or 'left'}"


def _row_of(rows: tuple[Row, ...], landmark: str) -> Row | None:
    return next((row for row in rows if row["landmark"] == landmark), None)


def _apart(point: Mapping[str, float], at: tuple[float, float]) -> float:
    return (point["x"] - at[0]) ** 2 + (point["y"] - at[1]) ** 2


def _stepped(mm: float) -> int:
    return _within(round(mm / STEP_MM) * STEP_MM)


def _within(mm: int) -> int:
    return max(-MOST_MM, min(MOST_MM, mm))
