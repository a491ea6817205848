"""The facts with which a simulated session is closed: an answer to each part that is open. Pure."""

from collections.abc import Mapping

from appliance.clinical.closing.close_out import ALWAYS
from appliance.clinical.closing.facts import CloseOutPart, StoppedBecause
from ui.cli.treatment.simulated_facts import Row, SimulatedFact

PAIN = 5
"""Pain before and after: a simulated treatment does not change it."""
NOT_SEATED = "simulated: nobody stands up"


def close_out_fact(
    row: Row, because: StoppedBecause = StoppedBecause.OTHER
) -> SimulatedFact | None:
    """Return the next fact of a close-out, None once it is complete.

    `row` is that of the patient's page, `because` is why output ended.
    """
    if row["completed"] is not None:
        return None
    wanted = (*ALWAYS, CloseOutPart.SEATED) if row["motor"] else ALWAYS
    missing = next((part for part in wanted if part not in row["parts"]), None)
    kind, values = _answer(missing, row, because)
    return SimulatedFact(kind, {"session": row["session"], **values})


def _answer(
    part: CloseOutPart | None, row: Row, because: StoppedBecause
) -> tuple[str, Mapping[str, object]]:
    match part:
        case CloseOutPart.PADS_OFF:
            return "pads_removed", {}
        case CloseOutPart.SKIN:
            grades = [{"site": level["site"], "grade": 0} for level in row["levels"]]
            return "skin_checked_after", {"grades": grades}
        case CloseOutPart.PAIN_BEFORE | CloseOutPart.PAIN_AFTER:
            moment = part.value.removeprefix("pain_")
            return "pain_scored", {"region": row["region"], "moment": moment, "score": PAIN}
        case CloseOutPart.STOPPED_BECAUSE:
            return "stop_explained", {"because": because.value}
        case CloseOutPart.SEATED:
            return "part_left_out", {"part": part.value, "reason": NOT_SEATED}
        case _:
            return "close_out_completed", {}
