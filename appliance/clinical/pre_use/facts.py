"""Facts before a treatment: what the patient was told."""

from appliance.clinical.fact import Fact


class SqueezeWaived(Fact, frozen=True, kw_only=True):
    """The patient cannot squeeze the hand switch today; `reason` says why. Nobody leaves them."""

    reason: str


class LoadRuledOut(Fact, frozen=True, kw_only=True):
    """Somebody looked: on these channels, which measured like one, no test load is connected."""

    channels: tuple[int, ...]


class PatientTold(Fact, frozen=True, kw_only=True):
    """The patient was told what a programme feels like, what to say, and how to stop it."""

    programme: str
