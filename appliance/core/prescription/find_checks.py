"""What a search for a motor point may be made of: one train of single pulses at the level itself.

Its numbers are in `limits`, each judged where that of every prescription is.
"""

from collections.abc import Iterator

from appliance.core.prescription.draft import PrescriptionDraft
from appliance.core.prescription.waveform import WHOLE_LEVEL, Biphasic, Part
from appliance.core.refusal import Refusal
from appliance.texts.text import text

RULE = "refusal.motor_point_find"


def of_train(draft: PrescriptionDraft) -> Iterator[Refusal]:
    """Yield what a search refuses of its parts; nothing for another kind of programme.

    The clinician looks for a twitch with each pulse: bursts, ramps and rests would hide it, and
    what is felt has to be the level that is shown.
    """
    if draft.kind.finds and not _is_plain(draft.parts):
        allowed, nearest = text("motor_point_find.one_train"), text("motor_point_find.leave_out")
        yield Refusal(RULE, text("motor_point_find.another_train"), allowed, nearest)


def _is_plain(parts: tuple[Part, ...]) -> bool:
    first = parts[0]
    single = isinstance(first.waveform, Biphasic) and first.burst is None and first.sweep is None
    whole = first.share_percent == WHOLE_LEVEL and first.duration_us is None
    return len(parts) == 1 and single and whole and first.on_off is None
