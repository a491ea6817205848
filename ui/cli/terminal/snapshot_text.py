"""The texts of a snapshot as the command line says them."""

from typing import Any

import msgspec

from appliance.link.text_views import text_of
from appliance.messages.snapshot import Snapshot
from appliance.texts.english import english
from appliance.texts.text import Text


def notes_of(snapshot: Snapshot) -> list[str]:
    """Return what self-test, contact check and cautions say."""
    return [english(text_of(note)) for note in snapshot.notes]


def as_plain(snapshot: Snapshot) -> dict[str, Any]:
    """Return a snapshot for JSON output, its texts in English."""
    by = snapshot.ceiling_by
    plain: dict[str, Any] = msgspec.to_builtins(snapshot)
    return plain | {"notes": notes_of(snapshot), "ceiling_by": english(Text(by)) if by else ""}
