"""Contractions on call on the stepped board: what begins one, and everything that ends it."""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from appliance.core.plan import on_call as plans
from appliance.core.prescription.sessions_per_patient import TimeOfDay
from appliance.messages.actions import (
    Contract,
    ContractByCycle,
    Fall,
    HoldRise,
    Pause,
    Prescribe,
    Resume,
    Rise,
    Stop,
    Touched,
)
from appliance.messages.replies import Refused
from appliance.messages.wire import Subject
from appliance.records.patient_history import PatientRegister
from tests.flows.test_parts import begin, phases, raise_when_it_counts
from tests.support.clinic import Clinic, open_clinic
from tests.support.parts import ON_CALL, S, of_parts
from tests.support.texts import said

pytestmark = [pytest.mark.proves("level-rules", "limits")]

MINUTES = 180 * S


@pytest.fixture
def on_call(tmp_path: Path) -> Iterator[Clinic]:
    """Two milliampere were set in the first contraction, and the rest after it is over."""
    with open_clinic(tmp_path / "c") as clinic:
        begin(clinic, of_parts(ON_CALL, duration_us=MINUTES))
        clinic.until("Delivering")
        for _ in range(2):
            raise_when_it_counts(clinic)
            clinic.wait(400)
        clinic.until("Resting")
        clinic.wait(10_100)
        yield clinic


def refusal(clinic: Clinic, action: object) -> tuple[str, str]:
    clinic.wait(60)
    answer = clinic.ask(action)  # type: ignore[arg-type]
    assert isinstance(answer, Refused), answer
    return said(answer).limit, said(answer).allowed


def runs(clinic: Clinic, since_us: int) -> list[tuple[int, int, float]]:
    """Return (start, end, peak) of every run of pulses since then, in engine time."""
    found: list[list[float]] = []
    for at_us, length_us, value in phases(clinic.record):
        if at_us < since_us:
            continue
        if not found or at_us - found[-1][1] > 500_000:
            found.append([at_us, at_us, 0])
        found[-1][1] = at_us + length_us
        found[-1][2] = max(found[-1][2], abs(value))
    return [(int(a), int(b), c) for a, b, c in found]


def call(clinic: Clinic) -> int:
    clinic.wait(60)
    clinic.do(Contract(pressed=True))
    return clinic.now_us


def test_a_contraction_begins_when_it_is_called_and_ramps_down_when_released(
    on_call: Clinic,
) -> None:
    called_us = call(on_call)
    on_call.wait(4_000)
    assert on_call.state == "Delivering"
    on_call.do(Contract(pressed=False))
    released_us = on_call.now_us
    on_call.until("Resting")
    on_call.wait(30_000)  # no other one comes by itself
    on_call.board.close()
    ((begins_us, ends_us, peak_ua),) = runs(on_call, called_us)
    assert 0 < begins_us - called_us <= 700_000
    assert 900_000 <= ends_us - released_us <= 1_110_000
    assert 1_900 <= peak_ua <= 2_000


def test_one_that_nobody_releases_ends_by_itself(on_call: Clinic) -> None:
    called_us = call(on_call)
    on_call.wait(20_000)
    assert on_call.state == "Resting"
    on_call.board.close()
    ((begins_us, ends_us, _),) = runs(on_call, called_us)
    assert ends_us - called_us <= 8_200_000
    assert ends_us - begins_us <= 8 * S


def test_a_silent_screen_ends_it_with_the_ramp_and_no_trip_before(on_call: Clinic) -> None:
    called_us = call(on_call)
    on_call.wait(3_000)
    on_call.watching = False
    silent_us = on_call.now_us
    on_call.wait(1_900)
    on_call.board.close()
    ((_, ends_us, _),) = runs(on_call, called_us)
    assert 300_000 <= ends_us - silent_us <= 1_600_000


def test_a_lost_link_ends_it_with_the_ramp(on_call: Clinic) -> None:
    called_us = call(on_call)
    on_call.wait(3_000)
    on_call.engine.loop._keys._pressed._holders[0].shown = -1
    on_call.engine.loop._link.peers = lambda: ()  # type: ignore[method-assign]
    lost_us = on_call.now_us
    on_call.wait(1_500)
    on_call.board.close()
    ((_, ends_us, _),) = runs(on_call, called_us)
    assert 900_000 <= ends_us - lost_us <= 1_200_000


def test_what_else_is_decided_releases_it_but_not_minus(on_call: Clinic) -> None:
    call(on_call)
    on_call.wait(3_000)
    on_call.ask(Fall(channel=1, step_ua=500))
    on_call.wait(300)
    assert on_call.channel(1).level_ua == 1_500
    assert on_call.view.stage == "on"
    on_call.wait(60)
    on_call.ask(Touched())
    on_call.ask(HoldRise(channel=1, pressed=False))
    on_call.wait(300)
    assert on_call.view.stage == "ramp_down"


def test_a_call_after_the_last_contraction_of_a_session_is_refused(on_call: Clinic) -> None:
    treatment = on_call.engine.loop.state.setup.treatment
    assert treatment is not None
    treatment.go_on(plans.at_most(treatment.plan, 2), treatment.cursor)
    call(on_call)
    on_call.wait(1_000)
    on_call.do(Contract(pressed=False))
    on_call.until("Resting")
    on_call.wait(8_000)
    assert refusal(on_call, Contract(pressed=True)) == (
        "contractions in a session",
        "at most 60 a session",
    )
    assert refusal(on_call, ContractByCycle())[0] == "contractions in a session"
    assert on_call.state == "Resting"


def test_no_level_is_set_in_a_called_contraction(on_call: Clinic) -> None:
    call(on_call)
    on_call.wait(3_000)
    assert refusal(on_call, Rise(channel=1)) == (
        "set level",
        "in a timed contraction",
    )


def test_it_waits_for_the_rest(on_call: Clinic) -> None:
    call(on_call)
    on_call.wait(3_000)
    on_call.do(Contract(pressed=False))
    on_call.until("Resting")
    limit, allowed = refusal(on_call, Contract(pressed=True))
    assert (limit, allowed) == (
        "contraction on call",
        "after the rest that the last contraction asks for",
    )
    on_call.wait(5_100)
    call(on_call)
    on_call.wait(300)
    assert on_call.state in {"RampUp", "Delivering"}


def test_not_while_a_level_is_set_and_not_without_one(tmp_path: Path) -> None:
    with open_clinic(tmp_path / "c") as clinic:
        begin(clinic, of_parts(ON_CALL, duration_us=MINUTES))
        assert refusal(clinic, Contract(pressed=True))[1] == "once a level was set"
        clinic.until("Delivering")
        raise_when_it_counts(clinic)
        clinic.wait(400)
        assert refusal(clinic, Contract(pressed=True))[1] == "between two contractions"
        clinic.until("Resting")
        clinic.wait(6_000)
        assert "rest" in refusal(clinic, Contract(pressed=True))[1]


def test_by_cycle_again_a_level_can_be_raised(on_call: Clinic) -> None:
    call(on_call)
    on_call.wait(2_000)
    on_call.do(Contract(pressed=False))
    on_call.until("Resting")
    on_call.wait(60)
    on_call.do(ContractByCycle())
    on_call.until("Delivering")
    raise_when_it_counts(on_call)
    on_call.wait(100)
    assert on_call.channel(1).level_ua == 3_000


def test_a_pause_ends_it_and_the_level_is_set_anew(on_call: Clinic) -> None:
    call(on_call)
    on_call.wait(2_500)
    on_call.do(Pause())
    on_call.until("Paused")
    assert refusal(on_call, Contract(pressed=True))[1] == "while the treatment plays"
    on_call.do(Resume())
    on_call.wait(2_000)
    assert on_call.state in {"Resting", "RampUp"}
    assert refusal(on_call, Contract(pressed=True))[1] == "once a level was set"


def test_a_programme_that_rests_no_longer_than_it_works_can_be_called(clinic: Clinic) -> None:
    """Hazard: by cycle the next contraction came before a call was ever accepted."""
    clinic.treat("contract-relax", level_ua=4_000, on_call=True)
    clinic.until("Resting")
    clinic.wait(11_000)
    clinic.do(Contract(pressed=True))
    clinic.wait(300)
    on_call = clinic.view.on_call
    assert on_call is not None
    assert on_call.called


def test_other_treatments_have_no_contractions_on_call(clinic: Clinic) -> None:
    clinic.treat("conventional-tens", channels=(1,))
    assert refusal(clinic, Contract(pressed=True))[1] == (
        "in a treatment that was prescribed on call"
    )


def test_a_programme_is_prescribed_on_call_and_in_turns(clinic: Clinic) -> None:
    clinic.unlock()
    load = {"programme": "nmes-strengthening", "subject": Subject.TEST_LOAD}
    clinic.do(Prescribe(**load, on_call=True))  # type: ignore[arg-type]
    treatment = clinic.engine.loop.state.setup.treatment
    assert treatment is not None
    assert treatment.prescription.parts[0].kind == "on_call"
    clinic.wait(60)
    clinic.do(Prescribe(**load, alternating=True, channels=(1, 2)))  # type: ignore[arg-type]
    treatment = clinic.engine.loop.state.setup.treatment
    assert treatment is not None
    assert treatment.prescription.use == "alternating"
    both = Prescribe(**load, on_call=True, alternating=True, channels=(1, 2))  # type: ignore[arg-type]
    assert refusal(clinic, both)[0] == "contraction on call"


def test_between_called_contractions_the_net_charge_is_zero(on_call: Clinic) -> None:
    called_us = call(on_call)
    on_call.wait(1_000)
    on_call.do(Contract(pressed=False))
    on_call.wait(8_000)
    on_call.board.close()
    own = [each for each in phases(on_call.record) if each[0] >= called_us]
    assert own
    assert sum(1 if value > 0 else -1 for _, _, value in own) == 0
    assert all(b[0] - a[0] >= 400 for a, b in pairwise(own))


def test_what_was_called_is_recorded_and_counts_for_the_patient_after_a_restart(
    tmp_path: Path,
) -> None:
    """Hazard: a second session of the day gives as many contractions again."""
    with open_clinic(tmp_path / "c") as clinic:
        clinic.start("nmes-strengthening", channels=(1,), on_call=True)
        raise_when_it_counts(clinic)
        clinic.until("Resting")
        clinic.wait(20_000)
        call(clinic)
        clinic.wait(2_000)
        clinic.do(Contract(pressed=False))
        clinic.until("Resting")
        clinic.wait(1_000)
        patient = str(clinic.view.patient)
        clinic.do(Stop())
        clinic.until("Finished")
        (given,) = clinic.engine.loop._dispatcher.register.given(patient)[-1:]
        assert given.contractions == 2
        assert clinic.events("session_closed")[-1]["contractions"] == 2
        data = clinic.data
    register = PatientRegister.load(data, "virtual", lambda: TimeOfDay(0, 0, trusted=False))
    assert [each.contractions for each in register.given(patient)] == [2]


def test_by_cycle_the_minutes_hold_the_number(clinic: Clinic) -> None:
    clinic.start("nmes-strengthening", channels=(1,))
    clinic.wait(1_000)
    clinic.do(Stop())
    clinic.until("Finished")
    assert clinic.events("session_closed")[-1]["contractions"] is None
