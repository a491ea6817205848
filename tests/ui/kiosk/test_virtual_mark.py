"""Every screen says that the board is virtual, and that its time waits for the machine."""

from typing import Any

import msgspec
import pytest

from appliance.messages.snapshot import Snapshot
from tests.support.snapshots import AT_REST
from ui.kiosk.journey.place import Kiosk
from ui.kiosk.places import first_place
from ui.kiosk.view_models.shell import shell_view


def head(snapshot: Snapshot | None) -> tuple[str, str]:
    kiosk = Kiosk(place=first_place(), snapshot=snapshot, clock="14:32")
    shown = shell_view(kiosk, "").head
    return shown.mark, shown.clock


@pytest.mark.parametrize(
    ("changed", "shown"),
    [
        ({}, ("VIRTUAL", "14:32")),
        ({"simulated_time": True}, ("simulated time", "")),
        ({"rig": "hardware"}, ("", "14:32")),
    ],
)
def test_the_mark_of_a_board(changed: dict[str, Any], shown: tuple[str, str]) -> None:
    assert head(msgspec.structs.replace(AT_REST, **changed)) == shown


def test_before_anything_is_known_nobody_is_treated_in_earnest() -> None:
    assert head(None) == ("VIRTUAL", "14:32")
