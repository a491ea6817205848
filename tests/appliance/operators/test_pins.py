"""PINs: which are accepted, that no record shows one, and that a flood of them holds nothing up."""

import os
import threading
from contextlib import suppress

import pytest

from appliance.operators import pin_worker
from appliance.operators.pin_worker import PinAnswer, PinWorker
from appliance.operators.pins import hash_pin, is_pin, refuse_pin
from appliance.texts.english import english

HASHED = hash_pin("4907")


@pytest.mark.parametrize("pin", ["4907", "0040", "490731", "490731490731"])
def test_four_to_twelve_digits_are_a_pin(pin: str) -> None:
    assert refuse_pin(pin) is None


@pytest.mark.parametrize(
    "pin", ["", "490", "4907314907314", "49o7", "49 07", "٤٩٠٧", "-490", "4907\n"]
)
def test_anything_else_is_refused_and_not_repeated(pin: str) -> None:
    refusal = refuse_pin(pin)
    assert refusal is not None
    said = english(refusal.text())
    assert said == (
        f"PIN: asked {len(pin)} characters, allowed 4 to 12 digits; nearest 4 to 12 digits"
    )


@pytest.mark.parametrize("pin", ["0000", "777777", "1234", "4321", "7890", "0987", "123456789"])
def test_what_is_guessed_first_is_refused(pin: str) -> None:
    refusal = refuse_pin(pin)
    assert refusal is not None
    assert pin not in english(refusal.text())


def test_a_hash_fits_its_pin_alone_and_shows_nothing_of_it() -> None:
    assert is_pin(HASHED, "4907")
    assert not is_pin(HASHED, "4908")
    assert "4907" not in HASHED
    assert hash_pin("4907") != HASHED


@pytest.mark.parametrize("hashed", ["", "4907", "$argon2id$v=19$m=1,t=1,p=1$AAAA$AAAA"])
def test_a_damaged_hash_fits_no_pin(hashed: str) -> None:
    assert not is_pin(hashed, "4907")


def answered(worker: PinWorker[str]) -> list[PinAnswer[str]]:
    answers: list[PinAnswer[str]] = []
    while not answers:
        answers += worker.answers()
    return answers


def test_a_worker_says_whose_pin_was_right() -> None:
    worker: PinWorker[str] = PinWorker()
    try:
        assert worker.check("kim", HASHED, "4907") is None
        assert answered(worker) == [PinAnswer("kim", is_right=True, hashed="")]
        assert worker.check("eve", HASHED, "1111") is None
        assert answered(worker) == [PinAnswer("eve", is_right=False, hashed="")]
        assert worker.hash("new", "8205") is None
        (answer,) = answered(worker)
        assert is_pin(answer.hashed, "8205")
    finally:
        worker.close()


def test_a_hash_runs_at_normal_priority(monkeypatch: pytest.MonkeyPatch) -> None:
    """The engine has real-time priority: at the same one a hash could hold a tick up."""
    seen: list[int] = []

    def look(hashed: str, pin: str) -> bool:
        seen.append(os.sched_getscheduler(0))
        return is_pin(hashed, pin)

    monkeypatch.setattr(pin_worker, "is_pin", look)
    before = os.sched_getscheduler(0), os.sched_getparam(0)
    with suppress(PermissionError):
        os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(1))
    worker: PinWorker[str] = PinWorker(waits=True)
    try:
        worker.check("kim", HASHED, "4907")
        assert [answer.is_right for answer in worker.answers()] == [True]
    finally:
        os.sched_setscheduler(0, *before)
        worker.close()
    assert seen == [os.SCHED_OTHER]


def test_in_stepped_time_the_answer_is_there_at_once() -> None:
    worker: PinWorker[str] = PinWorker(waits=True)
    try:
        worker.check("kim", HASHED, "4907")
        assert [answer.is_right for answer in worker.answers()] == [True]
        assert worker.answers() == ()
    finally:
        worker.close()


def test_a_flood_of_sign_ins_is_refused_instead_of_queued(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control thread never waits for a hash, and at most four are in memory."""
    hold = threading.Event()

    def slow(hashed: str, pin: str) -> bool:
        hold.wait()
        return is_pin(hashed, pin)

    monkeypatch.setattr(pin_worker, "is_pin", slow)
    worker: PinWorker[str] = PinWorker()
    try:
        refused = [worker.check(str(number), HASHED, "1111") for number in range(100)]
        assert [each is None for each in refused] == [True] * 4 + [False] * 96
        assert worker.answers() == ()
        refusal = refused[-1]
        assert refusal is not None
        assert english(refusal.text()) == (
            "busy: asked one more PIN to check, allowed 4 PINs at a time; nearest ask again"
        )
    finally:
        hold.set()
        worker.close()


def test_work_that_fails_is_a_wrong_pin(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(hashed: str, pin: str) -> bool:
        raise MemoryError(hashed + pin)

    monkeypatch.setattr(pin_worker, "is_pin", fails)
    worker: PinWorker[str] = PinWorker(waits=True)
    try:
        worker.check("kim", HASHED, "4907")
        assert worker.answers() == (PinAnswer("kim", is_right=False, hashed=""),)
    finally:
        worker.close()
