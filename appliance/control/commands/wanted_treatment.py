"""Where the pads of a prescription lie: side, placement and pad set of a patient. Pure.

Channels and pad area follow from the placement. A request may name them, but not others: a
prescription has to be for the pads that skin and sensation were looked at for. Only a search for a
motor point may name a smaller area, that of the pad which is held.
"""

from msgspec.structs import replace

from appliance.clinical.body import Side
from appliance.clinical.patients.before_start import WantedTreatment
from appliance.clinical.placement.placement import PlannedPlacement
from appliance.clinical.placement.placements import plan_named
from appliance.clinical.programme import Programme
from appliance.core.refusal import Refusal
from appliance.messages.actions import Prescribe
from appliance.texts.common_phrases import NONE, listed
from appliance.texts.text import square_millimetres, text

LOAD_CHANNELS = (1,)
"""The channel of a test load where a request names none."""


def wanted_treatment(request: Prescribe, programme: Programme) -> WantedTreatment | Refusal:
    """Return what is wanted for a patient, with its planned placement, or the first refusal."""
    if request.side not in set(Side):
        asked = request.side or NONE
        return Refusal("refusal.side", asked, listed([*Side]), text("side.nearest"))
    region = programme.region.value if request.region is None else request.region
    planned = plan_named(programme, region, Side(request.side), request.placement, request.depth)
    if isinstance(planned, Refusal):
        return planned
    pads_mm2 = planned.placement.smaller_area_mm2
    refusal = _refuse_channels(request.channels, planned) or _refuse_area(
        request.pad_area_mm2, pads_mm2, smaller=programme.kind.finds
    )
    return refusal or WantedTreatment(
        programme=programme,
        region=planned.key.region,
        side=planned.key.side,
        placement=planned,
        pad_set=request.pad_set.strip(),
        feel_again=request.feel_again,
    )


def on_placement(request: Prescribe, wanted: WantedTreatment | None) -> Prescribe:
    """Return a request with the channels and the pad area that its placement has."""
    if wanted is None or wanted.placement is None:
        return replace(request, channels=request.channels or LOAD_CHANNELS)
    placement, area_mm2 = wanted.placement, wanted.placement.placement.smaller_area_mm2
    if wanted.programme.kind.finds and request.pad_area_mm2 is not None:
        area_mm2 = min(area_mm2, request.pad_area_mm2)
    return replace(request, channels=placement.channels, pad_area_mm2=area_mm2)


def refuse_on_load(request: Prescribe) -> Refusal | None:
    """Refuse a test load that names a side, a placement or pads: it has none."""
    if not (request.side or request.placement or request.depth or request.pad_set):
        return None
    return Refusal(
        "refusal.subject",
        text("subject.load_and_placement"),
        text("subject.load_alone"),
        text("subject.leave_out_placement"),
    )


def _refuse_channels(asked: tuple[int, ...], planned: PlannedPlacement) -> Refusal | None:
    """Refuse other channels than those of the placement; none at all are right."""
    if not asked or sorted(asked) == sorted(planned.channels):
        return None
    allowed = text("channels.of_the_placement", channels=listed(planned.channels))
    return Refusal("refusal.channels", listed(asked), allowed, listed(planned.channels))


def _refuse_area(asked_mm2: int | None, pads_mm2: int, *, smaller: bool) -> Refusal | None:
    """Refuse another pad area than that of the placement's pads; none at all is right.

    `smaller` allows less; how small a pad may be is for the limits to say.
    """
    if asked_mm2 is None or asked_mm2 == pads_mm2 or (smaller and asked_mm2 < pads_mm2):
        return None
    area = square_millimetres(pads_mm2)
    allowed = text("pad_area.of_the_placement", area=area)
    return Refusal("refusal.pad_area", square_millimetres(asked_mm2), allowed, area)
