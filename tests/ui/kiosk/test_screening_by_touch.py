"""Every outcome of a screening by touches on the real engine: what is said, and what is recorded.

One patient: an answer that stops, the same answer given again, unsure and yes that need a reason,
and then all clear as far as the pads. Another one had a patch test at an earlier visit, and is
asked what was seen the next day before anything else.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from appliance.clinical.screening.facts import (
    ScreeningAnswered,
    ScreeningConfirmed,
    VisitListAnswered,
)
from appliance.clinical.skin.facts import NextDay, PatchTestFollowedUp
from appliance.link.client import LinkClient
from appliance.link.engine_socket import link_path
from appliance.records.patient_facts import read_facts
from appliance.records.storage.store import open_read_only
from tests.support.clinic import open_clinic
from tests.support.clinical_records import HOUR_US, fact, register
from tests.support.kiosk.clinician import Clinician, rows
from tests.support.kiosk.hands import a_kiosk
from tests.ui.cli.conftest import a_house

OWN_WORDS = "OK"
TESTED, MATERIAL = "S2", "Axelgaard PALS"
STOPPED = {"drowsy": "Yes"}
NEED_REASONS = {"epilepsy": "Unsure", "surgery_here": "Yes"}


@pytest.mark.slow
def test_each_outcome_is_said_and_recorded(tmp_path: Path) -> None:
    with a_house(tmp_path) as house:
        patch_tested(tmp_path / "stepped", house.data)
        _, port = house.board()
        house.engine(port)
        link = link_path(house.data)
        with LinkClient.connect(link, "test") as other, a_kiosk(link) as kiosk:
            who = Clinician(kiosk, house, port, other)
            kiosk.touch("Try it")
            kiosk.wait("home")
            who.wait_for(lambda now: now.state == "Ready", "the end of the self-test")
            who.register("S1", "1974")
            who.choose("lower_back", "left", "Conventional TENS")
            stopped(who)
            given_again(who)
            confirmed(who)
            asked_the_next_day(who)
    with open_read_only(house.data) as db:
        facts = [each.fact for each in read_facts(db)]
    check(facts)


def patch_tested(folder: Path, data: Path) -> None:
    """Register a patient and test a material on the skin at an earlier visit, in stepped time."""
    with open_clinic(folder / "applied", data=data) as clinic:
        clinic.unlock()
        tested = register(clinic, alias=TESTED)
        test = {"material": MATERIAL, "place": "upper_back"}
        clinic.do(fact("patch_test_applied", tested, **test))
    with open_clinic(folder / "read", data=data, after_us=HOUR_US) as clinic:
        clinic.unlock()
        clinic.do(fact("patch_test_read", tested, material=MATERIAL, grade=0, timed_by_hand=True))


def asked_the_next_day(who: Clinician) -> None:
    """It is asked before the screening, and there is no way past it but an answer."""
    kiosk = who.kiosk
    while kiosk.screen != "home":  # what was chosen last is taken back first
        texts = kiosk.texts()
        kiosk.touch("Back")
        kiosk.until(lambda: kiosk.texts() != texts, "what was before")  # noqa: B023
    who.touch("New treatment")
    who.touch(TESTED)
    who.choose("lower_back", "left", "Conventional TENS")
    who.to_start(until="follow_ups")
    assert who.screens[-2:] == ["complaint", "follow_ups"]
    texts = kiosk.texts()
    assert "Any reaction next day?" in texts
    assert MATERIAL in texts
    keys = {part.text for part in kiosk.parts() if part.role == "key" and part.enabled}
    assert keys == {"Help", "Back", "Nothing", "Something", "Unknown", "STOP"}
    kiosk.touch("Something")
    kiosk.wait("screening")


def stopped(who: Clinician) -> None:
    """Answer one question so that it stops: there is no way on, whatever is touched."""
    kiosk = who.kiosk
    who.to_start({**NEED_REASONS, **STOPPED})
    for key in ("Look again", ""):
        kiosk.wait("finding")
        texts = kiosk.texts()
        assert "This treatment is not possible" in texts
        assert "Drowsiness: yes" in texts
        assert "answer again" in texts
        enabled = {part.text for part in kiosk.parts() if part.role == "key" and part.enabled}
        assert not any(word in text for word in ("START", "Check contact") for text in enabled)
        if key:
            kiosk.touch(key)
    now = who.snapshot()
    assert (now.state, now.hand_switch, now.session) == ("Ready", None, None)


def given_again(who: Clinician) -> None:
    """Give the answer again on the same day: its item of the visit list is asked, no other."""
    kiosk = who.kiosk
    kiosk.touch("Anything new since last time?")
    kiosk.wait("visit_list")
    kiosk.touch("Medicines")
    kiosk.until(lambda: "1 changed" in kiosk.texts(), "the changed item")
    kiosk.touch("Each asked")
    kiosk.wait("screening")
    assert "of 4 answered" in kiosk.texts()
    who.to_start(until="reason")


def confirmed(who: Clinician) -> None:
    """Give a reason from a key and one in own words; then nothing of the screening is open."""
    kiosk = who.kiosk
    kiosk.wait("reason")
    assert "Epilepsy: unknown" in kiosk.texts() or "unsure" in kiosk.texts().lower()
    kiosk.touch("Known and stable")
    kiosk.until(lambda: "surgery" in kiosk.texts(), "the other answer")
    kiosk.touch("In own words")
    for letter in OWN_WORDS:
        kiosk.touch(letter)
    kiosk.touch("Record")
    kiosk.until(lambda: kiosk.screen != "reason", "what comes after the reasons")
    [patient] = [row["patient"] for row in rows(who.other, "patients:S1")]
    open_rows = rows(who.other, f"missing:{patient}:conventional-tens:lower_back:left")
    left = [row for row in open_rows if row["rule"] == "refusal.screening" and row["blocks"]]
    assert left == []


def check(facts: Iterable[Any]) -> None:
    """Check the answers as they were recorded, in their order."""
    known = list(facts)
    full, part = [each for each in known if isinstance(each, ScreeningAnswered)]
    given = {**full.answers, **{k: v for here in full.here.values() for k, v in here.items()}}
    wanted = {"drowsy": "yes", "epilepsy": "unknown", "surgery_here": "yes", "pregnancy": "no"}
    assert {name: str(given[name]) for name in wanted} == wanted
    assert (str(full.kind), str(part.kind), str(part.answers["drowsy"])) == ("full", "part", "no")
    [visit] = [each for each in known if isinstance(each, VisitListAnswered)]
    changed = {item for item, answer in visit.answers.items() if answer != "same"}
    assert (visit.none_changed, changed) == (False, {"medicines"})
    reasons = [each.reasons for each in known if isinstance(each, ScreeningConfirmed)]
    assert reasons == [{"epilepsy": "Known and stable"}, {"surgery_here": OWN_WORDS}]
    seen = [each for each in known if isinstance(each, PatchTestFollowedUp)]
    assert [(each.material, each.answer) for each in seen] == [(MATERIAL, NextDay.SOMETHING)]
