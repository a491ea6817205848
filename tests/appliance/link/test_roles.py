"""Who may ask for what; and that a stop needs no role."""

import os
import re
from typing import get_args

import pytest

from appliance.link.action_words import action_words
from appliance.link.inbox import busy
from appliance.link.roles import Role, RoleTable, may, refuse_beyond, role_table
from appliance.link.stale_commands import stale
from appliance.link.text_conversion import text_of_refused
from appliance.messages.actions import (
    Acknowledge,
    Action,
    BeginDrill,
    ChangeMinutes,
    CheckContact,
    CloseSession,
    Command,
    Contract,
    ContractByCycle,
    EndDrill,
    EnrolOperator,
    Fall,
    HoldRise,
    LeavePatient,
    Lock,
    MarkFelt,
    Pause,
    Prescribe,
    Query,
    RecordFact,
    RepeatLast,
    ResetOperators,
    Resume,
    RetireOperator,
    Rise,
    SetCeiling,
    SetPin,
    SetUpUnit,
    SignIn,
    SignOut,
    Silence,
    Start,
    Stop,
    Touched,
    TryPin,
    Unlock,
)
from appliance.messages.sheets import ExportSheet, MakeSheet
from appliance.messages.wire import DrillKind, SoundName
from appliance.texts.english import english
from appliance.texts.languages import OFFERED, language_of
from appliance.texts.translations import sayer_of
from tests.support.texts import said

pytestmark = pytest.mark.proves("roles")

EVERY_ACTION: tuple[Action, ...] = (
    Unlock(operator="o"),
    Lock(),
    Prescribe(programme="p"),
    RepeatLast(patient="P-1"),
    SetCeiling(patient="P-1", scope="neck", ceiling_ua=1_000, reason="r", operator="o"),
    RecordFact(kind="alias_changed", values={}),
    CheckContact(),
    Start(),
    LeavePatient(),
    ChangeMinutes(duration_us=600_000_000),
    Rise(channel=1),
    HoldRise(channel=1, pressed=True),
    Contract(pressed=True),
    ContractByCycle(),
    Fall(channel=1, step_ua=500),
    MarkFelt(channel=1, felt="comfortable"),
    Pause(),
    Resume(),
    Stop(),
    Acknowledge(),
    Silence(sound=SoundName.TRIP),
    CloseSession(),
    BeginDrill(kind=DrillKind.LEAD),
    EndDrill(),
    SignIn(operator="o", pin="4907"),
    SignOut(),
    TryPin(operator="o", pin="4907"),
    SetPin(operator="o", pin="4907"),
    EnrolOperator(operator="o", role="lead", pin="4907"),
    RetireOperator(operator="o"),
    ResetOperators(),
    SetUpUnit(language="en"),
    Touched(),
    MakeSheet(session="0001-001"),
    ExportSheet(session="0001-001"),
)


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("chosen", [None, *Role])
def test_any_peer_may_stop_whoever_has_signed_in(role: Role, chosen: Role | None) -> None:
    command = Command(request=1, action=Stop(cut=True))
    assert refuse_beyond(role, command, chosen) is None


@pytest.mark.parametrize("action", EVERY_ACTION, ids=lambda action: type(action).__name__)
def test_an_observer_may_stop_and_nothing_else(action: Action) -> None:
    refused = refuse_beyond(Role.OBSERVER, Command(request=8, action=action))
    if isinstance(action, Stop):
        assert refused is None
    else:
        assert refused is not None
        assert (refused.request, said(refused).limit) == (8, "role")
        assert said(refused).asked == f"{english(action_words(type(action)))} as observer"


def test_an_observer_reads_no_records() -> None:
    assert refuse_beyond(Role.OBSERVER, Query(request=1, what="sessions")) is not None


@pytest.mark.parametrize(
    ("role", "refused"), [(Role.MAINTENANCE, [MakeSheet, ExportSheet]), (Role.OWNER, [])]
)
def test_maintenance_over_ssh_may_ask_for_everything_but_the_sheet_of_a_patient(
    role: Role, refused: list[type]
) -> None:
    kinds = [type(action) for action in EVERY_ACTION]
    assert [kind for kind in kinds if not may(role, kind)] == refused
    assert may(role, Query)


def test_the_kiosk_may_ask_for_everything_but_a_reset_of_operators() -> None:
    refused = [action for action in EVERY_ACTION if not may(Role.KIOSK, type(action))]
    assert [type(action) for action in refused] == [ResetOperators]
    assert may(Role.KIOSK, Query)


def test_the_operator_chosen_can_lower_the_ceiling_and_never_raise_it() -> None:
    assert not may(Role.OWNER, Start, Role.OBSERVER)
    assert not may(Role.OBSERVER, Start, Role.OWNER)
    assert may(Role.OWNER, Start, Role.KIOSK)


def test_the_usual_table() -> None:
    table = role_table(1234, ("root", "no-such-user-here"))
    assert table.role_of(1234) is Role.OWNER
    assert table.role_of(0) is Role.MAINTENANCE
    assert table.role_of(4321) is Role.OBSERVER


def test_an_engine_of_root_is_owned_by_root() -> None:
    assert role_table(0).role_of(0) is Role.OWNER


def test_a_table_may_turn_the_rest_away() -> None:
    assert RoleTable({os.getuid(): Role.OWNER}, others=None).role_of(99_999) is None


@pytest.mark.parametrize("action", [MakeSheet(session="0001-001"), ExportSheet(session="0001-001")])
def test_the_sheet_of_a_patient_is_for_who_treats(action: Action) -> None:
    allowed = {role for role in Role if may(role, type(action))}
    assert allowed == {Role.KIOSK, Role.OWNER, Role.CLINICIAN, Role.LEAD}
    assert not may(Role.KIOSK, type(action), Role.SERVICE)


def test_every_action_has_words() -> None:
    kinds = {*get_args(Action), Query}
    assert {kind for kind in kinds if action_words(kind).key == "asked.something"} == set()


@pytest.mark.parametrize("code", OFFERED)
def test_no_refusal_of_an_action_shows_a_name_of_the_program(code: str) -> None:
    """Hazard: a person reads "HoldRise as observer" and does not know what was refused."""
    say = sayer_of(language_of(code))
    names = {kind.__name__ for kind in (*get_args(Action), Query)} - {"Stop", "Start", "Pause"}
    for action in EVERY_ACTION:
        command = Command(request=1, action=action, session="0001-002", state_number=1)
        refusals = (
            refuse_beyond(Role.OBSERVER, command),
            stale(command, "0001-001", 7),
            busy(command),
        )
        for refused in filter(None, refusals):
            shown = say(text_of_refused(refused))
            assert names.isdisjoint(re.findall(r"\w+", shown)), shown
            assert not any(key in shown for key in ("asked.", "role.", "{")), shown
