"""Where pads lie and what an own programme is called, in the words of a session's opening."""

from appliance.clinical.own.programme import OWN
from appliance.clinical.patients.before_start import WantedTreatment
from appliance.clinical.programme import Programme


def recorded_words(wanted: WantedTreatment | None, programme: Programme | None) -> dict[str, str]:
    """Return where the pads lie and what an own programme is called, as far as there is any."""
    return {**_place(wanted), **_own(programme)}


def _place(wanted: WantedTreatment | None) -> dict[str, str]:
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


def _own(programme: Programme | None) -> dict[str, str]:
    """Return the title of an own programme and what it comes from; nothing for the catalogue's."""
    if programme is None or not programme.own_title:
        return {}
    return {"title": programme.own_title, "base": programme.sources.get(OWN, "")}
