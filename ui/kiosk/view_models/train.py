"""The train of a draft as a picture: its parts in order, as the engine outlines them."""

from collections.abc import Mapping

from ui.kiosk.journey.own_draft import Draft, found, of_kind, value_at
from ui.kiosk.journey.place import Row
from ui.kiosk.journey.units import to_shown
from ui.kiosk.locale.words import _, decimal, say_row, sentence
from ui.kiosk.view_models.channels import clock_text
from ui.kiosk.view_models.train_blocks import Train, TrainPart, TrainPoint, TrainPulse

S_US, S_MS = 1_000_000, 1_000
WINDOW_MS = 500
"""So much of the pulses is drawn one by one (D)."""
REST, WORK = "active_rest", "work"


def train(
    rows: tuple[Row, ...], draft: Draft, part: str, height: float, *, small: bool = False
) -> Train:
    """Return every part but an active rest, which lies in the rests of the work."""
    outlines = {str(row["part"]): row for row in of_kind(rows, "outline")}
    names, summary = part_names(rows), found(rows, "draft") or {}
    seconds = summary.get("part_seconds") or {}
    parts = tuple(
        TrainPart(
            name=names.get(name, ""),
            note=_note(name, draft, seconds),
            points=_points(row),
            rest=_points(outlines[REST]) if name == WORK and REST in outlines else (),
            weight=float(seconds.get(name, 1)),
            lanes=2 if draft.get("alternating") and row["cycle_ms"] else 1,
            turn_ms=int(row["cycle_ms"] or 0) // 2,
            chosen=part == name or (part == REST and name == WORK),
        )
        for name, row in outlines.items()
        if name != REST
    )
    return Train(
        height=height,
        parts=parts,
        level=_("set level"),
        sums=sums(rows),
        pulse=_pulse(outlines[part]) if part in outlines else None,
        small=small,
    )


def sums(rows: tuple[Row, ...]) -> str:
    """Return contractions, minutes and the highest level of a session in one line."""
    row = found(rows, "draft")
    if row is None:
        return ""
    said = []
    if row["contractions"] is not None:
        most = row["contractions_most"]
        count = str(row["contractions"])
        words = _("contractions: {count}") if most is None else _("contractions: {count} of {most}")
        said.append(words.format(count=count, most=most))
    said.append(_("{minutes} min").format(minutes=row["minutes"]))
    if row["ceiling_ua"] is not None:
        ceiling = decimal(to_shown(int(row["ceiling_ua"]), "uA"))
        said.append(_("up to {level} mA").format(level=ceiling))
    return " · ".join(said)


def part_names(rows: tuple[Row, ...]) -> Mapping[str, str]:
    """Return what each part of a draft is called."""
    summary = found(rows, "draft") or {"parts": ()}
    return {str(each["part"]): sentence(say_row(each["name"])) for each in summary["parts"]}


def _note(part: str, draft: Draft, seconds: Mapping[str, int]) -> str:
    share = value_at(draft, f"{part}.share_percent")
    said = [clock_text(int(seconds[part]) * S_US)] if part in seconds else []
    if share not in {None, 100}:
        said.append(f"{share} %")
    return " · ".join(said)


def _pulse(row: Row) -> TrainPulse:
    """Return a pulse of a part and when its first pulses come: with bursts, or a rate that changes.

    A rate that changes is drawn from its one end to the other within the window, however long its
    cycle is.
    """
    signs = {"positive": (1,), "negative": (-1,)}.get(str(row["leading"]), (1, -1))
    rate, to = float(row["rate_hz"]), float(row["rate_to_hz"] or row["rate_hz"])
    # A burst of a carrier is shorter than a stroke is wide.
    pulses = 1 if row["carrier"] else int(row["pulses"])
    apart_ms = S_MS / float(row["pulses_hz"] or rate)
    at_ms: list[float] = []
    begins_ms = 0.0
    while begins_ms < WINDOW_MS:
        at_ms.extend(begins_ms + each * apart_ms for each in range(pulses))
        begins_ms += S_MS / (rate + (to - rate) * begins_ms / WINDOW_MS)
    return TrainPulse(
        phase_us=int(row["phase_us"]),
        interphase_us=int(row["interphase_us"]),
        signs=signs,
        at_ms=tuple(at for at in at_ms if at <= WINDOW_MS),
        window_ms=WINDOW_MS,
        text=f"{decimal('0.5')} s",
    )


def _points(row: Row) -> tuple[TrainPoint, ...]:
    return tuple(TrainPoint(int(at_ms), float(percent)) for at_ms, percent in row["points"])
