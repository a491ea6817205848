"""Marks, leaving and the PIN to come back: over the lower row only, and closed by themselves."""

from dataclasses import replace
from types import MappingProxyType
from typing import Any

import msgspec
import pytest

from appliance.messages.actions import ChangeMinutes, Fall, LeavePatient, MarkFelt, Pause, SignIn
from appliance.messages.replies import Refused, Reply
from appliance.messages.snapshot import PresenceView, Snapshot
from appliance.messages.wire import StateName, TextView
from tests.support.kiosk.channels import channel
from tests.support.snapshots import AT_REST
from ui.kiosk.journey.engine_places import engine_place
from ui.kiosk.journey.home import Home
from ui.kiosk.journey.place import NO_SHEET, Kiosk, Send, Sheet, SignedIn
from ui.kiosk.journey.reduce import Reducer
from ui.kiosk.places import view_of
from ui.kiosk.view_models.channels import TreatmentView
from ui.kiosk.view_models.parts import KeyLook, KeyView
from ui.kiosk.view_models.sheets import rail_keys, treatment_chip
from ui.kiosk.view_models.treatment import still_of

REDUCER = Reducer(engine_place, Home)
S_US = 1_000_000
OLD, NEW = "old", "new"
STAY = TextView(key="leave.stay", values={})
HERE = PresenceView(attendance="with_patient", locks_in_us=22 * S_US)
AWAY = PresenceView(attendance="left", locks_in_us=0, left_for_us=130 * S_US)


def snapshot(presence: PresenceView | None = HERE, **changed: Any) -> Snapshot:
    values: dict[str, Any] = {
        "state": StateName.DELIVERING,
        "operator": "anna",
        "operator_role": "clinician",
        "presence": presence,
        "channels": (channel(1, 9_000), channel(2, 8_000)),
        **changed,
    }
    return msgspec.structs.replace(AT_REST, **values)


def kiosk(presence: PresenceView | None = HERE, sheet: Sheet = NO_SHEET, **changed: Any) -> Kiosk:
    me = SignedIn(operator="anna", role="clinician", token=OLD)
    return Kiosk(place=Home(), snapshot=snapshot(presence, **changed), sheet=sheet, me=me)


def shown(at: Kiosk) -> TreatmentView:
    place = engine_place(at)
    assert place is not None
    content = view_of(place, at).content
    assert isinstance(content, TreatmentView)
    return content


def sent(at: Kiosk, action: str) -> list[object]:
    moved = REDUCER.touched(at, action)
    return [effect.action for effect in moved.effects if isinstance(effect, Send)]


def rail(at: Kiosk) -> list[KeyView]:
    return list(rail_keys(at))


@pytest.mark.parametrize("felt", ["first_felt", "comfortable", "too_strong"])
def test_a_mark_is_two_touches_and_names_its_channel(felt: str) -> None:
    at = REDUCER.touched(kiosk(), shown(kiosk()).marks.action).kiosk
    for blocks in (shown(at).sheet, shown(at).sheet_tall):
        assert f"mark:2:{felt}" in str(blocks)
    moved = REDUCER.touched(at, f"mark:2:{felt}")
    assert sent(at, f"mark:2:{felt}") == [MarkFelt(channel=2, felt=felt)]  # type: ignore[arg-type]
    assert moved.kiosk.sheet == NO_SHEET


def test_what_is_no_mark_is_not_sent() -> None:
    assert sent(kiosk(sheet=Sheet("felt")), "mark:1:pain") == []


@pytest.mark.parametrize("name", ["felt", "leave", "pin"])
def test_a_sheet_leaves_numbers_and_keys_that_lower(name: str) -> None:
    at = kiosk(sheet=Sheet(name))
    assert shown(at).sheet
    assert shown(at).sheet_tall
    assert len(shown(at).channels) == 2
    assert sent(at, "fall:1") == [Fall(channel=1, step_ua=500)]
    assert sent(at, "pause") == [Pause()]
    assert still_of(shown(at)) != still_of(shown(kiosk()))


def test_a_sheet_closes_by_itself_and_answers_nothing() -> None:
    opened = REDUCER.touched(kiosk(at_us=5 * S_US), "sheet:leave").kiosk
    soon = REDUCER.snapshot(opened, snapshot(at_us=34 * S_US), 0.0)
    assert soon.kiosk.sheet.name == "leave"
    late = REDUCER.snapshot(opened, snapshot(at_us=36 * S_US), 0.0)
    assert late.kiosk.sheet == NO_SHEET
    assert not [effect for effect in late.effects if isinstance(effect, Send)]


def test_a_sheet_closes_as_soon_as_no_current_may_flow() -> None:
    opened = REDUCER.touched(kiosk(), "sheet:felt").kiosk
    paused = REDUCER.snapshot(opened, snapshot(state=StateName.PAUSED), 0.0)
    assert paused.kiosk.sheet == NO_SHEET


def test_the_patient_is_left_with_two_touches() -> None:
    [key] = rail(kiosk())
    at = REDUCER.touched(kiosk(), key.action).kiosk
    assert sent(at, "close") == []
    assert sent(at, "leave") == [LeavePatient()]


def test_where_the_patient_may_not_be_left_the_key_is_off() -> None:
    stays = msgspec.structs.replace(HERE, leave_refusal=STAY)
    [key] = rail(kiosk(stays))
    assert key.look is KeyLook.OFF
    assert key.text


def test_nobody_signed_in_has_no_key_to_leave() -> None:
    assert rail(kiosk(None)) == []
    assert rail(kiosk(msgspec.structs.replace(HERE, attendance=""))) == []


@pytest.mark.parametrize("pin_needed", [True, False])
def test_a_pin_brings_back_whoever_is_in_charge(pin_needed: bool) -> None:
    at = kiosk(AWAY, pin_needed=pin_needed)
    [key] = rail(at)
    for action in (key.action, "digit:1", "digit:9", "digit:delete", "digit:2"):
        at = REDUCER.touched(at, action).kiosk
    assert at.sheet.typed == "12"
    assert sent(at, "enter") == [SignIn(operator="anna", pin="12")]
    at = REDUCER.touched(at, "enter").kiosk
    refused = Refused(request=1, rule="r", asked="a", allowed="b", nearest="the right PIN")
    wrong = REDUCER.answered(at, "sign_in", refused).kiosk
    assert wrong.sheet == Sheet("pin", "", at.sheet.opened_us)
    chip = treatment_chip(wrong)
    assert chip is not None
    assert chip.text == "the right PIN"
    right = REDUCER.answered(at, "sign_in", Reply(request=1, tick=0, token=NEW)).kiosk
    assert right.sheet == NO_SHEET
    assert right.me == SignedIn(operator="anna", role="clinician", token=NEW)


def test_plus_says_that_it_waits_for_the_pin() -> None:
    panels = shown(kiosk(AWAY, pin_needed=True)).channels
    assert not any(panel.plus_on for panel in panels)
    assert all("PIN" in panel.plus_note for panel in panels)


@pytest.mark.parametrize(
    ("presence", "words", "note"),
    [
        (HERE, "Clinician here", "plus locks in 22 s"),
        (AWAY, "Away 2:10", "plus is locked"),
        (
            PresenceView(attendance="are_you_there", locks_in_us=0, pauses_in_us=11_500_000),
            "Are you there?",
            "pauses in 12 s",
        ),
        (None, "", ""),
    ],
)
def test_who_is_with_the_patient_is_said(
    presence: PresenceView | None, words: str, note: str
) -> None:
    phase = shown(kiosk(presence)).phase
    assert (phase.presence, phase.presence_note) == (words, note)


def test_minutes_are_changed_at_the_time_left_within_what_the_programme_has() -> None:
    times: Any = {"elapsed_us": 6 * 60 * S_US, "remaining_us": 24 * 60 * S_US, "programme": "long"}
    rows = ({"name": "long", "title": "long", "minutes": 30},)
    at = replace(kiosk(**times), pages=MappingProxyType({"programmes": rows}))
    place = engine_place(at)
    assert place is not None
    assert view_of(place, at).shell.time_action == "sheet:minutes"
    opened = REDUCER.touched(at, "sheet:minutes").kiosk
    for blocks in (shown(opened).sheet, shown(opened).sheet_tall):
        assert [f"minutes:{minutes}" in str(blocks) for minutes in (5, 10, 30, 45)] == [
            False,
            True,
            True,
            False,
        ]
    assert sent(opened, "minutes:10") == [ChangeMinutes(duration_us=600 * S_US)]
    assert REDUCER.touched(opened, "minutes:10").kiosk.sheet == NO_SHEET
