"""What a clinician is told about a draft beside its limits."""

from appliance.clinical.own.draft import OwnDraft, parts_of
from appliance.core.prescription.waveform import WHOLE_LEVEL
from appliance.texts.text import Text, text


def notes_of(draft: OwnDraft, part: str) -> tuple[Text, ...]:
    """Return what to know about a part that is looked at."""
    train = parts_of(draft)[part]
    notes = []
    if train.times is None:
        notes.append(text("own.no_ramps"))
    if part == "active_rest":
        notes.append(text("own.in_the_rests"))
    if train.share_percent < WHOLE_LEVEL:
        notes.append(text("own.share"))
    return tuple(notes)
