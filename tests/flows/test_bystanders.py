"""On hardware only the kiosk treats a patient; a test load has to measure like one, for anybody."""

from dataclasses import replace

import pytest

from appliance.control.procedures.contact_measurement import ContactResult, PadContact
from appliance.link.roles import Role
from appliance.messages.actions import (
    CheckContact,
    CloseSession,
    Fall,
    HoldRise,
    Pause,
    Prescribe,
    Resume,
    Rise,
    Start,
    Stop,
)
from appliance.messages.replies import Refused, Reply
from appliance.messages.wire import Subject
from drivers.quantities import Channel, Ohms
from tests.support.clinic import Clinic
from tests.support.people import open_for_patients, sit_down
from tests.support.texts import said

FOR_A_PATIENT = Prescribe(
    programme="conventional-tens",
    subject=Subject.PATIENT,
    patient="P-1",
    side="left",
    pad_set="A",
)


def loads(clinic: Clinic, *ohms: int | None, alike: bool = True) -> None:
    contact = tuple(
        ContactResult(Channel(n), PadContact.GOOD, None if ohm is None else Ohms(ohm), alike)
        for n, ohm in enumerate(ohms, start=1)
    )
    clinic.engine.loop._setup.take_contact(contact)


def refused(
    clinic: Clinic, action: Prescribe | CheckContact | Start | Resume | Rise | HoldRise
) -> None:
    answer = clinic.ask(action)
    assert isinstance(answer, Refused)
    assert (said(answer).limit, said(answer).nearest) == ("person", "the kiosk treats people")


def refused_as_no_load(clinic: Clinic) -> None:
    answer = clinic.ask(Start())
    assert isinstance(answer, Refused)
    assert said(answer).limit == "subject"
    assert said(answer).nearest == "connect the test load, or prescribe for a patient"
    assert clinic.state == "Armed"


@pytest.mark.proves("bystander")
def test_a_prescription_without_a_subject_is_refused(clinic: Clinic) -> None:
    """Hazard: a client that forgets to say it, and a person on the pads."""
    clinic.unlock()
    answer = clinic.ask(Prescribe(programme="conventional-tens"))
    assert isinstance(answer, Refused)
    assert said(answer)[:3] == (
        "subject",
        "none",
        "a patient with a pseudonym, or a test load without one",
    )
    assert (clinic.state, clinic.view.programme) == ("Ready", None)


@pytest.mark.proves("bystander")
@pytest.mark.parametrize(
    ("subject", "patient", "asked"),
    [
        (Subject.PATIENT, None, "a patient without a pseudonym"),
        (Subject.TEST_LOAD, "P-1", "a test load and a patient"),
    ],
)
def test_a_patient_has_a_pseudonym_and_a_test_load_has_none(
    clinic: Clinic, subject: Subject, patient: str | None, asked: str
) -> None:
    clinic.unlock()
    prescribe = Prescribe(programme="conventional-tens", subject=subject, patient=patient)
    answer = clinic.ask(prescribe)
    assert isinstance(answer, Refused)
    assert said(answer)[:2] == ("subject", asked)


@pytest.mark.proves("bystander")
@pytest.mark.parametrize("role", [Role.OWNER, Role.MAINTENANCE])
def test_nobody_but_the_kiosk_prescribes_for_a_patient(clinic: Clinic, role: Role) -> None:
    """Hazard: current that nobody at the bedside commands."""
    open_for_patients(clinic)
    sit_down(clinic, role)
    refused(clinic, FOR_A_PATIENT)
    sit_down(clinic, Role.KIOSK)
    assert isinstance(clinic.ask(clinic.with_file(FOR_A_PATIENT)), Reply)


@pytest.mark.proves("bystander")
@pytest.mark.parametrize("role", [Role.OWNER, Role.MAINTENANCE])
def test_nobody_but_the_kiosk_checks_the_contact_of_a_patient(clinic: Clinic, role: Role) -> None:
    """Hazard: pulses of a contact check that nobody at the bedside commands."""
    open_for_patients(clinic)
    sit_down(clinic, Role.KIOSK)
    clinic.do(clinic.with_file(FOR_A_PATIENT))
    clinic.squeeze()
    sit_down(clinic, role)
    refused(clinic, CheckContact())
    assert clinic.state == "Ready"
    sit_down(clinic, Role.KIOSK)
    assert isinstance(clinic.ask(CheckContact()), Reply)


@pytest.mark.proves("bystander")
@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("ohms", [(700, 700), (1_000, 700), (449, 500), (500, 1_101), (500, None)])
def test_a_test_load_that_measures_like_something_else_is_not_started(
    clinic: Clinic, role: Role, ohms: tuple[int | None, ...]
) -> None:
    """Hazard: a run for a test load with somebody on the pads, whoever asks, on any board."""
    clinic.arm(subject=Subject.TEST_LOAD)
    if role is Role.MAINTENANCE:
        clinic.become_hardware()
    if role is not Role.OBSERVER:
        sit_down(clinic, role)
    loads(clinic, *ohms)
    refused_as_no_load(clinic)
    loads(clinic)
    refused_as_no_load(clinic)


@pytest.mark.proves("bystander")
def test_skin_that_measures_1_kiloohm_is_not_taken_for_a_test_load(clinic: Clinic) -> None:
    """Hazard: pads on skin that measure the ohms of a test load."""
    clinic.become_hardware().arm(subject=Subject.TEST_LOAD)
    loads(clinic, 1_000, 500, alike=False)
    refused_as_no_load(clinic)
    loads(clinic, 1_000, 500)
    assert isinstance(clinic.ask(Start()), Reply)


@pytest.mark.proves("bystander")
@pytest.mark.parametrize("ohms", [(500, 1_000), (450, 550), (900, 1_100)])
def test_an_engineer_may_drive_test_loads_on_every_channel(
    clinic: Clinic, ohms: tuple[int, ...]
) -> None:
    clinic.become_hardware().arm(subject=Subject.TEST_LOAD)
    loads(clinic, *ohms)
    assert isinstance(clinic.ask(Start()), Reply)
    clinic.until("Delivering")
    clinic.raise_to(1_000)


@pytest.mark.proves("bystander")
def test_only_the_kiosk_may_raise_or_resume_on_a_patient(clinic: Clinic) -> None:
    open_for_patients(clinic)
    sit_down(clinic, Role.KIOSK)
    clinic.arm()
    sit_down(clinic, Role.MAINTENANCE)
    refused(clinic, Start())
    sit_down(clinic, Role.KIOSK)
    assert isinstance(clinic.ask(Start()), Reply)
    clinic.until("Delivering")
    clinic.raise_to(2_000)
    sit_down(clinic, Role.MAINTENANCE)
    refused(clinic, Rise(channel=1))
    refused(clinic, HoldRise(channel=1, pressed=True))
    assert isinstance(clinic.ask(HoldRise(channel=1, pressed=False)), Reply)
    assert isinstance(clinic.ask(Fall(channel=1, step_ua=500)), Reply)
    assert isinstance(clinic.ask(Pause()), Reply)
    clinic.until("Paused")
    refused(clinic, Resume())
    assert isinstance(clinic.ask(Stop()), Reply)


@pytest.mark.proves("bystander")
def test_any_peer_may_treat_a_simulated_patient_of_the_virtual_board(clinic: Clinic) -> None:
    clinic.arm()
    sit_down(clinic, Role.MAINTENANCE)
    assert isinstance(clinic.ask(Start()), Reply)


@pytest.mark.proves_none
def test_what_the_pads_were_on_is_shown_and_recorded(clinic: Clinic) -> None:
    clinic.board.fault_set("resistor:1=1000")
    clinic.start(subject=Subject.TEST_LOAD, channels=(1,))
    assert (clinic.view.subject, clinic.view.patient) == (Subject.TEST_LOAD, None)
    clinic.do(Stop())
    clinic.until("Finished")
    opening = clinic.last().opening or {}
    assert (opening["subject"], opening["patient"]) == ("test_load", None)
    clinic.do(CloseSession())
    clinic.arm(channels=(1,), patient="P-7")
    clinic.wait(60)
    assert (clinic.view.subject, clinic.view.patient) == (Subject.PATIENT, "P-7")


@pytest.mark.proves("daemon-isolated")
def test_daemon_isolation_is_checked_again_at_each_step_towards_output(
    clinic: Clinic,
) -> None:
    """Hazard: a program that connects to pigpiod while the engine runs, and plays waves."""
    strangers: list[str] = []
    open_for_patients(clinic)
    loop = clinic.engine.loop
    loop._rig = loop._dispatcher.rig = replace(loop._rig, exposure=lambda: tuple(strangers))
    sit_down(clinic, Role.KIOSK)

    def refused_while_exposed(action: CheckContact | Start | Resume) -> None:
        strangers.append("another program is connected to the daemon (from port 50007)")
        answer = clinic.ask(action)
        assert isinstance(answer, Refused)
        assert said(answer)[:2] == ("daemon isolation", strangers.pop())

    clinic.prescribe()
    refused_while_exposed(CheckContact())
    clinic.do(CheckContact())
    clinic.until("Armed")
    refused_while_exposed(Start())
    assert clinic.state == "Armed"
    clinic.do(Start())
    clinic.until("RampUp", "Delivering")
    clinic.do(Pause())
    clinic.until("Paused")
    refused_while_exposed(Resume())
    clinic.do(Resume())
    clinic.until("RampUp", "Delivering")


def on_loads(clinic: Clinic) -> None:
    """Start on test loads as an engineer does, at 3 mA."""
    for fault in ("resistor:1=500", "resistor:2=1000"):
        clinic.board.fault_set(fault)
    clinic.arm(subject=Subject.TEST_LOAD)
    assert isinstance(clinic.ask(Start()), Reply)
    clinic.until("Delivering")
    clinic.raise_to(3_000)
    clinic.wait(500)


def put_on(clinic: Clinic, channel: int) -> None:
    """Put the pads of a channel on skin."""
    clinic.board.fault_clear(f"resistor:{channel}")


@pytest.mark.proves("bystander")
@pytest.mark.parametrize("channel", [1, 2])
def test_a_run_on_test_loads_trips_when_a_channel_meets_skin(clinic: Clinic, channel: int) -> None:
    """Hazard: contact is checked on a resistor, then the pads are put on somebody."""
    on_loads(clinic)
    assert clinic.state == "Delivering"
    put_on(clinic, channel)
    at_us = clinic.now_us
    assert clinic.trip() == "T41"
    assert clinic.now_us - at_us < 200_000
    assert clinic.events("trip")[0]["channel"] == channel


@pytest.mark.proves("bystander")
@pytest.mark.parametrize("role", [Role.OWNER, Role.KIOSK])
def test_a_run_on_test_loads_is_watched_after_pause_and_resume(clinic: Clinic, role: Role) -> None:
    on_loads(clinic)
    clinic.do(Pause())
    clinic.until("Paused")
    put_on(clinic, 2)
    sit_down(clinic, role)
    clinic.do(Resume())
    clinic.until("Delivering")
    for _ in range(8):
        if clinic.state == "Delivering":
            clinic.ask(Rise(channel=2))
            clinic.wait(320)
    assert clinic.trip() == "T41"


@pytest.mark.proves("bystander")
def test_loads_that_stay_connected_cause_no_trip(clinic: Clinic) -> None:
    on_loads(clinic)
    clinic.raise_to(12_000)
    clinic.wait(1_000)
    assert (clinic.state, clinic.events("caution")) == ("Delivering", [])
