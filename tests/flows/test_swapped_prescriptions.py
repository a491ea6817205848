"""Two people at two screens: nobody can start a prescription that another screen has replaced."""

import pytest

from appliance.messages.actions import Action, CheckContact, Prescribe, Start
from appliance.messages.replies import Refused, Reply
from appliance.messages.wire import Subject
from tests.support.clinic import Clinic
from tests.support.texts import said

pytestmark = pytest.mark.proves("stale-commands")

OTHER = Prescribe(
    subject=Subject.PATIENT,
    patient="P-1",
    programme="nmes-strengthening",
    side="left",
    pad_set="A",
)


def prescribed(clinic: Clinic, *, armed: bool) -> None:
    clinic.unlock()
    clinic.with_file(OTHER)
    clinic.prescribe("conventional-tens")
    clinic.wait(60)
    if armed:
        clinic.do(CheckContact())
        clinic.until("Armed")


@pytest.mark.parametrize(("armed", "next_step"), [(False, CheckContact()), (True, Start())])
def test_a_step_decided_on_another_prescription_is_refused(
    clinic: Clinic, *, armed: bool, next_step: Action
) -> None:
    """Hazard: a prescription is given that is not the one on the screen."""
    prescribed(clinic, armed=armed)
    swap = clinic.link.send(OTHER)
    step = clinic.link.send(next_step)  # on the same picture, as a second screen would
    assert isinstance(clinic.link.wait_reply(swap), Reply)
    answer = clinic.link.wait_reply(step)
    assert isinstance(answer, Refused)
    assert said(answer).limit == "stale"
    assert clinic.state == "Ready"


def test_the_step_is_accepted_once_the_new_prescription_was_shown(clinic: Clinic) -> None:
    prescribed(clinic, armed=False)
    clinic.do(OTHER)
    clinic.squeeze()
    clinic.do(CheckContact())
    clinic.until("Armed")
    assert clinic.view.programme == "nmes-strengthening"
