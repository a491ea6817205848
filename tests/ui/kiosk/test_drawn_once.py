"""Numbers that change by themselves: the screen that stands draws them, none is built for them.

A screen that is built anew costs as much as ten frames; with software rendering the cursor stops.
"""

from typing import Any

import msgspec
import pytest

from appliance.messages.snapshot import ContractionView, Snapshot
from appliance.messages.wire import ContactVerdict, StateName
from tests.support.kiosk.channels import channel
from tests.support.snapshots import AT_REST
from ui.kiosk.journey.home import Home
from ui.kiosk.journey.place import Kiosk
from ui.kiosk.view_models.treatment import still_of, treatment_view

S_US = 1_000_000
CONTRACTION = ContractionView(
    playing=True,
    number=3,
    of=20,
    channels=(1, 2),
    into_us=3 * S_US,
    on_us=6 * S_US,
    period_us=16 * S_US,
    ramp_up_us=S_US,
    ramp_down_us=S_US,
    rises_in_us=0,
    rises_for_us=2 * S_US,
    next_on_in_us=None,
)


def snapshot(**changed: Any) -> Snapshot:
    of_channel = {"contact_ohm": 1_012, "measured_ua": 8_950, **changed.pop("of_channel", {})}
    values = {
        "state": StateName.DELIVERING,
        "contraction": CONTRACTION,
        "channels": (channel(1, changed.pop("level_ua", 9_000), **of_channel), channel(2, 8_000)),
        **changed,
    }
    return msgspec.structs.replace(AT_REST, **values)


def still(shown: Snapshot) -> object:
    return still_of(treatment_view(Kiosk(place=Home(), snapshot=shown), ()))


@pytest.mark.parametrize(
    "changed",
    [
        {"of_channel": {"contact_ohm": 1_163}},
        {"of_channel": {"measured_ua": 9_010}},
        {"level_ua": 9_500},
        {"elapsed_us": 61 * S_US, "remaining_us": 500 * S_US},
        {"contraction": msgspec.structs.replace(CONTRACTION, into_us=4 * S_US, number=4)},
        {"contraction": msgspec.structs.replace(CONTRACTION, rises_for_us=S_US)},
    ],
)
def test_a_number_is_drawn_by_the_screen_that_stands(changed: dict[str, Any]) -> None:
    assert still(snapshot(**changed)) == still(snapshot())


def test_a_verdict_and_a_lost_resistance_are_another_screen() -> None:
    poor = {"contact": ContactVerdict.POOR}
    assert still(snapshot(of_channel=poor)) != still(snapshot())
    assert still(snapshot(of_channel={"contact_ohm": None})) != still(snapshot())
