"""What snapshots say of parts and of contractions on call, on the stepped board."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from appliance.core.prescription.waveform import ChannelUse
from appliance.messages.actions import Contract, ContractByCycle, Fall, Pause
from appliance.messages.snapshot import OnCallView, PartView
from appliance.messages.wire import CallWaits, PartRole
from tests.flows.test_parts import begin, raise_when_it_counts
from tests.support.clinic import Clinic, open_clinic
from tests.support.parts import ACTIVE_REST, COOL_DOWN, ON_CALL, WARM_UP, WORK, S, of_parts

pytestmark = [pytest.mark.proves("level-rules")]


@pytest.fixture
def clinic(tmp_path: Path) -> Iterator[Clinic]:
    with open_clinic(tmp_path / "c") as opened:
        yield opened


def part(clinic: Clinic) -> PartView:
    shown = clinic.view.part
    assert shown is not None
    return shown


def share(clinic: Clinic) -> int:
    assert clinic.view.plan is not None
    return clinic.view.plan.share_percent


def shown(clinic: Clinic) -> OnCallView:
    found = clinic.view.on_call
    assert found is not None
    return found


def test_each_part_is_named_in_its_turn_with_what_follows_and_where_its_level_begins(
    clinic: Clinic,
) -> None:
    warm_up, cool_down = (replace(each, duration_us=12 * S) for each in (WARM_UP, COOL_DOWN))
    begin(clinic, of_parts(warm_up, WORK, ACTIVE_REST, cool_down, duration_us=60 * S))
    clinic.until("Delivering")
    first = part(clinic)
    assert (first.number, first.of, first.role) == (1, 3, PartRole.BEFORE)
    assert (first.contracts, first.then, first.then_from_zero) == (False, PartRole.MAIN, True)
    assert share(clinic) == 50
    assert 11 * S < first.left_us <= 12 * S
    clinic.until_true(lambda: part(clinic).number == 2, "the work")
    second = part(clinic)
    clinic.until("Delivering")
    clinic.until_true(lambda: clinic.view.stage == "on", "a contraction")
    assert share(clinic) == 100
    clinic.until_true(lambda: clinic.view.stage == "active_rest", "the active rest")
    assert share(clinic) == 40
    assert (second.role, second.contracts) == (PartRole.MAIN, True)
    assert (second.then, second.then_from_zero) == (PartRole.AFTER, False)
    assert 35 * S < second.left_us <= 36 * S
    clinic.until_true(lambda: part(clinic).number == 3, "the end of the work")
    last = part(clinic)
    assert (last.role, last.contracts, last.then) == (PartRole.AFTER, False, None)
    assert last.left_us == clinic.view.remaining_us


def test_a_treatment_of_one_part_names_none_and_is_not_on_call(clinic: Clinic) -> None:
    begin(clinic, of_parts(WORK, ACTIVE_REST, duration_us=60 * S))
    clinic.until("Delivering")
    assert clinic.view.part is None
    assert clinic.view.on_call is None


def test_turns_are_told_with_the_contraction(clinic: Clinic) -> None:
    asked = of_parts(
        WORK, channels=(1, 2), use=ChannelUse.ALTERNATING, duration_us=60 * S, ceiling_ua=10_000
    )
    begin(clinic, asked)
    turns = []
    for _ in range(3):
        clinic.until("Delivering")
        now = clinic.view.contraction
        assert now is not None
        turns.append(now.channels)
        clinic.until("Resting")
    assert turns == [(1,), (2,), (1,)]


def test_why_a_contraction_cannot_be_called_is_told_and_when_it_can(clinic: Clinic) -> None:
    begin(clinic, of_parts(ON_CALL, duration_us=180 * S))
    armed = shown(clinic)
    clinic.until("Delivering")
    assert shown(clinic).by_cycle
    assert shown(clinic).waits_for is CallWaits.LEVEL
    raise_when_it_counts(clinic)
    clinic.wait(60)
    assert shown(clinic).waits_for is CallWaits.CONTRACTION
    clinic.until("Resting")
    rest = shown(clinic)
    assert rest.waits_for is CallWaits.REST
    assert 8 * S < rest.rest_us <= 10_100_000
    clinic.wait(10_100)
    ready = shown(clinic)
    assert (ready.by_cycle, ready.waits_for, ready.rest_us) == (True, CallWaits.NOTHING, 0)
    assert armed.waits_for is CallWaits.TREATMENT


def test_a_called_contraction_is_told_until_it_is_released_and_cycles_are_over(
    clinic: Clinic,
) -> None:
    begin(clinic, of_parts(ON_CALL, duration_us=180 * S))
    clinic.until("Delivering")
    raise_when_it_counts(clinic)
    clinic.until("Resting")
    clinic.wait(10_100)
    clinic.do(Contract(pressed=True))
    clinic.wait(60)
    called = shown(clinic)
    assert called.called
    assert not called.by_cycle
    assert 6 * S < called.holds_us <= 7 * S
    assert called.given in {1, 2}  # counted once its first slice is handed out
    clinic.wait(1_000)
    clinic.do(Contract(pressed=False))
    clinic.wait(200)
    now = clinic.view.contraction
    assert now is not None
    assert now.ramp_up_us <= now.on_us - now.ramp_down_us, "a shortened ramp is told in order"
    assert shown(clinic).holds_us == 0
    clinic.until("Resting")
    assert shown(clinic).waits_for is CallWaits.REST
    assert 4 * S < shown(clinic).rest_us <= 5 * S
    assert not shown(clinic).called
    assert not shown(clinic).by_cycle
    clinic.do(ContractByCycle())
    assert clinic.view.on_call is not None
    clinic.wait(60)
    assert shown(clinic).by_cycle


def test_a_pause_and_a_level_of_zero_are_told_as_what_a_call_waits_for(clinic: Clinic) -> None:
    begin(clinic, of_parts(ON_CALL, duration_us=180 * S))
    clinic.until("Delivering")
    raise_when_it_counts(clinic)
    clinic.do(Fall(channel=1, step_ua=20_000))
    clinic.wait(60)
    assert shown(clinic).waits_for is CallWaits.LEVEL
    clinic.do(Pause())
    clinic.until("Paused")
    assert shown(clinic).waits_for is CallWaits.TREATMENT
    assert not shown(clinic).called
