"""The patch test at the bedside: stuck on, read, or declined with a reason."""

from datetime import datetime
from types import MappingProxyType
from typing import Any

import pytest

from appliance.messages.actions import RecordFact
from appliance.messages.wire import StateName
from tests.ui.kiosk.test_journey import snapshot
from ui.kiosk.journey.home import Home
from ui.kiosk.journey.patch_test import AlteredSensation, PatchTest
from ui.kiosk.journey.place import Kiosk, Next, Send
from ui.kiosk.journey.steps import step_for
from ui.kiosk.journey.treatment import Treatment
from ui.kiosk.view_models.blocks import Keys, Question
from ui.kiosk.view_models.parts import KeyLook
from ui.kiosk.view_models.patch_test import patch_test_view

KIOSK = Kiosk(place=Home(), snapshot=snapshot(StateName.READY))
TREATMENT = Treatment(patient="P-0013", first_step=step_for, region="neck", side="left")


def finding(nearest: str) -> MappingProxyType[str, Any]:
    return MappingProxyType(
        {
            "rule": "refusal.patch_test",
            "item": "patch_test:hydrogel A",
            "consequence": "ask",
            "blocks": True,
            "found": "hydrogel A",
            "nearest": {"type": "text", "key": nearest, "values": {}},
        }
    )


def recorded(following: Next) -> tuple[str, dict[str, Any]]:
    (sent,) = [effect for effect in following.effects if isinstance(effect, Send)]
    assert isinstance(sent.action, RecordFact)
    return sent.action.kind, dict(sent.action.values)


def at(nearest: str) -> PatchTest:
    place = step_for(TREATMENT, (finding(nearest),))
    assert isinstance(place, PatchTest)
    return place


@pytest.mark.parametrize("where", ["upper_back", "inner_forearm"])
def test_a_piece_is_stuck_on(where: str) -> None:
    kind, values = recorded(at("patch_test.offer").touched(f"stick_on:{where}", KIOSK))
    assert (kind, values["material"], values["place"]) == (
        "patch_test_applied",
        "hydrogel A",
        where,
    )


def test_declined_asks_for_a_reason_first() -> None:
    asking = at("patch_test.offer").touched("decline", KIOSK).place
    assert isinstance(asking, PatchTest)
    assert asking.declining
    kind, values = recorded(asking.touched("reason:no time", KIOSK))
    assert (kind, values["reason"]) == ("patch_test_declined", "no time")


def test_a_test_that_is_required_has_no_key_to_decline_it() -> None:
    actions = [
        key.action
        for block in patch_test_view(at("patch_test.apply"), KIOSK).columns[0].blocks
        if isinstance(block, Keys)
        for key in block.keys
    ]
    assert "decline" not in actions


def test_a_test_on_the_skin_says_from_when_clear_can_be_read() -> None:
    moment = datetime(2026, 11, 29, 21, 4).astimezone()
    from_us = int(moment.timestamp()) * 1_000_000
    row = {**finding("patch_test.read_now"), "from_utc_us": from_us}
    place = step_for(TREATMENT, (MappingProxyType(row),))
    assert isinstance(place, PatchTest)
    blocks = patch_test_view(place, KIOSK).columns[0].blocks
    keys = [key for block in blocks if isinstance(block, Keys) for key in block.keys]
    assert [(key.action, key.note) for key in keys] == [
        ("read:0", "from 21:04"),
        ("read:1", ""),
        ("read:2", ""),
    ]
    assert not any(isinstance(block, Question) for block in blocks)  # a clock tells the time


def test_only_where_no_clock_can_tell_it_is_asked_who_timed_it() -> None:
    def chosen(place: PatchTest) -> list[str]:
        blocks = patch_test_view(place, KIOSK).columns[0].blocks
        (question,) = [block for block in blocks if isinstance(block, Question)]
        return [key.action for key in question.keys if key.look is KeyLook.CHOSEN]

    asked = at("patch_test.time_by_hand")
    assert chosen(asked) == []
    place = asked.touched("by_hand:yes", KIOSK).place
    assert isinstance(place, PatchTest)
    assert chosen(place) == ["by_hand:yes"]
    back = place.touched("by_hand:no", KIOSK).place
    assert isinstance(back, PatchTest)
    assert chosen(back) == ["by_hand:no"]
    kind, values = recorded(back.touched("read:0", KIOSK))
    assert (kind, values["grade"], values["timed_by_hand"]) == ("patch_test_read", 0, False)
    assert recorded(place.touched("read:1", KIOSK))[1]["timed_by_hand"] is True


def test_altered_sensation_wants_a_reason() -> None:
    row = {**finding("x"), "rule": "refusal.sensation", "consequence": "confirm"}
    assert isinstance(step_for(TREATMENT, (row,)), AlteredSensation)
