"""What is played: each programme on each region and side it is offered for, and in each way."""

from collections.abc import Collection
from dataclasses import dataclass

from appliance.clinical.body import Side
from appliance.clinical.catalogue import load_catalogue, to_prescription
from appliance.clinical.programme import Programme
from appliance.core.prescription.prescription import PrescriptionError
from appliance.core.prescription.waveform import ChannelUse

BY_CYCLE, IN_TURNS, ON_CALL = "by cycle", "in turns", "on call"


@dataclass(frozen=True, slots=True, order=True)
class Case:
    """One session: a programme on one side or both of a region."""

    programme: str
    region: str
    side: str
    way: str = BY_CYCLE
    at_ceiling: bool = False
    """Raised to the ceiling, and not to the level of the other cases."""

    @property
    def name(self) -> str:
        way = "" if self.way == BY_CYCLE else f", {self.way}"
        level = ", at its ceiling" if self.at_ceiling else ""
        return f"{self.region.replace('_', ' ')} {self.side}{way}{level}"


def all_cases(programmes: Collection[str] = ()) -> list[Case]:
    """Return every case of these programmes; of all where none is named."""
    return [
        case
        for name, programme in load_catalogue().items()
        if not programmes or name in programmes
        for case in _of(programme)
    ]


def main_case(programme: Programme) -> Case:
    """Return the case whose picture is drawn: both sides of the intended region."""
    return Case(programme.name, programme.region.value, Side.BOTH.value, at_ceiling=True)


def _of(programme: Programme) -> list[Case]:
    home = main_case(programme)
    places = [(region.value, side.value) for region in programme.regions for side in Side]
    return [
        home,
        *(Case(programme.name, *place) for place in places if place != (home.region, home.side)),
        *(
            Case(home.programme, home.region, home.side, way)
            for way in (IN_TURNS, ON_CALL)
            if _can(programme, way)
        ),
    ]


def _can(programme: Programme, way: str) -> bool:
    """Say whether the limits let a programme be given in turns, or on call."""
    if programme.on_off is None:
        return False
    use = ChannelUse.ALTERNATING if way == IN_TURNS else ChannelUse.SIMULTANEOUS
    try:
        to_prescription(programme, (1, 2), use=use, on_call=way == ON_CALL)
    except PrescriptionError:
        return False
    return True
