"""Sign-ins, lock-outs and floods of them beside a treatment: nothing of it changes."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from appliance.link.interfaces import Peer, Received
from appliance.link.roles import Role
from appliance.messages.actions import Command, SignIn, Stop, TryPin
from appliance.messages.replies import Refused, Reply
from appliance.operators import pin_worker
from appliance.operators.pin_worker import PinWorker
from appliance.operators.pins import is_pin
from tests.support.clinic import Clinic, open_clinic
from tests.support.people import KIM, LEA, PINS, WRONG, operator_events, sign_in, staff
from tests.support.texts import said

pytestmark = pytest.mark.proves("sign-in-apart")


def from_others(clinic: Clinic, *asked: SignIn | TryPin) -> None:
    """Send each PIN from a client of its own."""
    link = clinic.engine.link
    for number, action in enumerate(asked, 100):
        peer = Peer(number, "tablet", Role.KIOSK, 990, 0, "kiosk")
        command = Command(request=1, action=action)
        link._inbox.put(Received(peer, command, clinic.now_us))  # type: ignore[attr-defined]


def recorded(folder: Path, meanwhile: Callable[[Clinic], None]) -> bytes:
    """Return the recording of a treatment during which something else happens."""
    with open_clinic(folder) as clinic:
        staff(clinic, KIM)
        sign_in(clinic, KIM)
        clinic.treat(level_ua=4_000)
        end_us = clinic.now_us + 3_000_000
        meanwhile(clinic)
        while clinic.now_us < end_us:
            clinic.tick()
        clinic.do(Stop())
        clinic.until("Finished")
    return clinic.record.read_bytes()


def test_a_takeover_leaves_the_recording_as_it_is(tmp_path: Path) -> None:
    def takes_over(clinic: Clinic) -> None:
        clinic.link._core.give_newest()
        answer = clinic.link.wait_reply(clinic.link.send(SignIn(operator=LEA, pin=PINS[LEA])))
        assert isinstance(answer, Reply)
        assert clinic.engine.loop.state.command.operator == "lea"

    alone = recorded(tmp_path / "1", lambda _: None)
    assert len(alone) > 10_000
    assert recorded(tmp_path / "2", takes_over) == alone


def test_a_flood_of_sign_ins_leaves_the_recording_as_it_is(tmp_path: Path) -> None:
    names = (LEA, KIM) * 5

    def floods(clinic: Clinic) -> None:
        for _ in range(100):
            each = [kind(operator=name, pin=WRONG) for kind in (SignIn, TryPin) for name in names]
            from_others(clinic, *each)
            clinic.tick()
        failed = [name for name, _ in operator_events(clinic)].count("sign_in_failed")
        assert 10 <= failed <= 22  # 4 free tries of two names, then waits

    alone = recorded(tmp_path / "1", lambda _: None)
    assert recorded(tmp_path / "2", floods) == alone


def test_a_slow_hash_holds_no_tick_and_no_stop_up(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    hold, asked = threading.Event(), threading.Event()

    def slow(hashed: str, pin: str) -> bool:
        asked.set()
        hold.wait()
        return is_pin(hashed, pin)

    staff(clinic, KIM)
    sign_in(clinic, KIM)
    clinic.treat(level_ua=3_000)
    monkeypatch.setattr(pin_worker, "is_pin", slow)
    worker = PinWorker[object]()
    monkeypatch.setattr(clinic.engine.loop._people, "_worker", worker)
    request = clinic.link.send(SignIn(operator=LEA, pin=PINS[LEA]))
    try:
        began = clinic.engine.loop.state.tick.number
        clinic.ticks(1)
        assert asked.wait(10)
        clinic.ticks(100)
        assert clinic.engine.loop.state.tick.number == began + 101
        assert clinic.state == "Delivering"
        clinic.do(Stop())
        clinic.until("Finished")
        hold.set()
        clinic.until_true(lambda: clinic.view.operator == "lea", "takeover")
        assert isinstance(clinic.link.wait_reply(request), Reply)
    finally:
        hold.set()
        worker.close()


def test_one_pin_at_a_time_of_each_client_and_operator(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    hold = threading.Event()
    monkeypatch.setattr(pin_worker, "is_pin", lambda hashed, pin: hold.wait() and False)
    staff(clinic, KIM)
    clinic.until("Locked")
    worker = PinWorker[object]()
    monkeypatch.setattr(clinic.engine.loop._people, "_worker", worker)
    try:
        first = clinic.link.send(SignIn(operator=KIM, pin=WRONG))
        second = clinic.link.ask(SignIn(operator=LEA, pin=WRONG))
        assert isinstance(second, Refused)
        assert said(second).limit == "busy"
        hold.set()
        third = clinic.link.wait_reply(first)
        assert isinstance(third, Refused)
        assert said(third).asked == "a wrong PIN"
    finally:
        hold.set()
        worker.close()


def test_the_lock_out_of_who_treats_leaves_the_treatment_alone(clinic: Clinic) -> None:
    staff(clinic, KIM)
    sign_in(clinic, KIM)
    clinic.treat(level_ua=3_000)
    for _ in range(8):
        from_others(clinic, SignIn(operator=KIM, pin=WRONG))
        clinic.wait(600)
    account = clinic.engine.loop._people.loaded.accounts.find(KIM)
    assert account is not None
    assert account.attempts.failures == 5
    clinic.raise_to(4_000)
