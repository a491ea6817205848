"""Which harm ends a session once it was told, and that it was."""

from appliance.clinical.closing.facts import StoppedBecause
from appliance.control.treatment.treatment import Treatment

ENDING = frozenset(each for each in StoppedBecause if each.ends_session)


def take_harm(treatment: Treatment, told: str) -> None:
    """Remember harm that ends the session; what does not end it changes nothing."""
    if told in ENDING:
        treatment.over_for = treatment.over_for or told
