"""The texts of a snapshot on the command line."""

from typing import Any

import msgspec

from appliance.link.text_conversion import text_of
from appliance.messages.snapshot import (
    DrillResult,
    DrillView,
    LastSession,
    LatchView,
    Snapshot,
    SoundView,
    TripView,
)
from appliance.messages.wire import TextView
from appliance.texts.english import english
from appliance.texts.text import Text


def notes_of(snapshot: Snapshot) -> list[str]:
    """Return the notes of self-test, contact check and cautions, in English."""
    return [english(text_of(note)) for note in snapshot.notes]


def as_plain(snapshot: Snapshot) -> dict[str, Any]:
    """Return a snapshot for JSON output, its texts in English."""
    by = snapshot.ceiling_by
    plain = _every_field(snapshot)
    plain["type"] = Snapshot.__struct_config__.tag
    plain["latches"] = [_plain_latch(latch) for latch in snapshot.latches]
    if snapshot.last_session is not None:
        plain["last_session"]["because"] = because_of(snapshot.last_session)
    texts = {"notes": notes_of(snapshot), "ceiling_by": english(Text(by)) if by else ""}
    trip = _plain_trip(snapshot.trip) if snapshot.trip is not None else None
    drill = _plain_drill(snapshot.drill) if snapshot.drill is not None else None
    notes = drill_notes_of(snapshot)
    return plain | texts | {"trip": trip, "drill": drill, "drill_notes": notes}


def trip_text(trip: TripView) -> str:
    """Return title, instruction and detail of a trip on one line."""
    line = f"{english(text_of(trip.title))} {english(text_of(trip.instruction))}"
    return line if trip.detail is None else f"{line} ({english(text_of(trip.detail))})"


def because_of(session: LastSession) -> str:
    """Return why a session ended, in English; the recorded cause where no text says it."""
    return session.cause if session.because is None else english(text_of(session.because))


def layer_text(layer: str) -> str:
    """Return which layer ended the output, in English."""
    return english(Text(f"choice.layer.{layer}"))


def latch_text(latch: LatchView) -> str:
    """Return why a latch is set and what clears it, on one line."""
    causes = "; ".join(english(text_of(cause)) for cause in latch.causes)
    return f"{causes}. {english(text_of(latch.clear))}"


def sound_text(sound: SoundView) -> str:
    """Return what sounds, in words."""
    return english(text_of(sound.text))


def step_text(drill: DrillView) -> str:
    """Return the instruction of the current step of a drill."""
    return english(Text(drill.key))


def drill_notes_of(snapshot: Snapshot) -> list[str]:
    """Return which drills are due, and which of them lock arming."""
    return [english(text_of(note)) for note in snapshot.drill_notes]


def failures_of(result: DrillResult) -> list[str]:
    """Return why a drill did not pass."""
    return [english(text_of(failure)) for failure in result.failures]


def _every_field(struct: msgspec.Struct) -> dict[str, Any]:
    """Return a struct with every field: the wire leaves them out while they have their default."""
    return {name: _plain(getattr(struct, name)) for name in struct.__struct_fields__}


def _plain(value: object) -> Any:
    if isinstance(value, TextView):
        return msgspec.to_builtins(value)
    if isinstance(value, msgspec.Struct):
        return _every_field(value)
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return msgspec.to_builtins(value)


def _plain_latch(latch: LatchView) -> dict[str, Any]:
    return {
        "latch": latch.latch.value,
        "causes": [english(text_of(cause)) for cause in latch.causes],
        "clear": english(text_of(latch.clear)),
    }


def _plain_trip(trip: TripView) -> dict[str, Any]:
    texts = ("title", "instruction", "detail")
    plain = _every_field(trip)
    kept = {name: value for name, value in plain.items() if name not in texts}
    return {**kept, "text": trip_text(trip)}


def _plain_drill(drill: DrillView) -> dict[str, Any]:
    plain: dict[str, Any] = msgspec.to_builtins(drill)
    plain["text"] = step_text(drill)
    if drill.result is not None:
        plain["result"]["failures"] = failures_of(drill.result)
    return plain
