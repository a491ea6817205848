"""What the engine records of itself when a session of a patient has ended. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from appliance.clinical.closing.facts import CloseOutOpened
from appliance.clinical.fact import Fact
from appliance.clinical.placement.facts import PadSetUsed
from appliance.clinical.placement.pad_sets import PadSets
from appliance.clinical.placement.placement import PlannedPlacement
from appliance.clinical.skin.facts import SiteLevel
from appliance.core.limits.limits import Region


@dataclass(frozen=True, slots=True, kw_only=True)
class EndedSession:
    """A session of a patient in which current flowed, or may have.

    `operator` is who was in charge, `levels_ua` the last level above zero by channel. `placement`
    is None where this version does not know it any more, `pad_set` "" where none was named.
    """

    session: str
    patient: str
    operator: str
    motor: bool
    region: Region
    cause: str
    levels_ua: Mapping[int, int]
    placement: PlannedPlacement | None
    pad_set: str


def close_out_facts(ended: EndedSession, pads: PadSets) -> tuple[Fact, ...]:
    """Return the facts that open its close-out and count the use of its pads."""
    return tuple(_facts(ended, pads))


def _facts(ended: EndedSession, pads: PadSets) -> Iterator[Fact]:
    used = pads.sets.get(ended.pad_set)
    if ended.pad_set:
        yield PadSetUsed(
            patient=ended.patient,
            operator=ended.operator,
            simulated=False,
            pad_set=ended.pad_set,
            session=ended.session,
        )
    yield CloseOutOpened(
        patient=ended.patient,
        operator=ended.operator,
        simulated=False,
        session=ended.session,
        motor=ended.motor,
        region=ended.region,
        levels=_levels(ended),
        material="" if used is None else used.label.material,
        cause=ended.cause,
    )


def _levels(ended: EndedSession) -> tuple[SiteLevel, ...]:
    if ended.placement is None:
        return ()
    return tuple(
        SiteLevel(
            site=pad.site(ended.placement.key.region),
            level_ua=ended.levels_ua.get(pad.channel, 0),
        )
        for pad in ended.placement.pads
    )
