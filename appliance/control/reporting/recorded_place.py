"""Where the pads of a patient lie, in the words of a session's opening in the records."""

from appliance.clinical.patients.before_start import WantedTreatment


def recorded_place(wanted: WantedTreatment | None) -> dict[str, str]:
    """Return where the pads lie, as the opening of a session names it; nothing on test loads."""
    if wanted is None or wanted.placement is None:
        return {}
    key = wanted.placement.key
    return {
        "side": key.side.value,
        "placement": key.placement,
        "depth": key.depth.value,
        "pad_set": wanted.pad_set,
    }
