"""The type of a risk control, in the terms of ISO 14971."""

from dataclasses import dataclass
from enum import StrEnum

from appliance.safety.trips.codes import TripCode


class RiskControlKind(StrEnum):
    """The three kinds of risk control, in the order in which they are to be preferred."""

    DESIGN = "inherently safe design"
    PROTECTION = "protective measure"
    INFORMATION = "information for safety"


class Layer(StrEnum):
    """Where a risk control acts: the layers of docs/design.md section 6, and before and after."""

    HARDWARE = "0 hardware"
    GUARD = "1 daemon guard"
    SLICES = "2 finite slices"
    ENGINE = "3 engine"
    SERVICE = "4 service manager"
    BEFORE = "before output"
    AFTER = "records"


@dataclass(frozen=True, slots=True)
class RiskControl:
    """One risk control.

    `name` is what tests say with the mark `proves`; `does` is one sentence; `trips` are the codes
    a person sees when it acts. `inspect` is empty for a control that tests prove here; else it
    says what has to be inspected, because no test without the real thing can.
    """

    name: str
    does: str
    layer: Layer
    kind: RiskControlKind = RiskControlKind.PROTECTION
    trips: tuple[TripCode, ...] = ()
    inspect: str = ""
