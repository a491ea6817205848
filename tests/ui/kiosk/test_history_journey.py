"""From Home to a patient's sessions, one of them in charts, and the sheet; beside a real engine."""

from pathlib import Path

import pytest

from appliance.link.engine_socket import link_path
from appliance.messages.actions import CloseSession, MarkFelt, Stop
from appliance.records.sheets import kept_languages
from tests.support.clinic import open_clinic
from tests.support.clinical_records import fact
from tests.support.kiosk.hands import a_kiosk
from tests.support.treated_patient import answers, treated
from tests.ui.cli.conftest import a_house

pytestmark = pytest.mark.slow


def one_session(folder: Path, data: Path) -> tuple[str, str]:
    """Treat a patient in stepped time; return the patient and the session."""
    with open_clinic(folder, data=data) as clinic:
        patient = treated(clinic)
        clinic.do(MarkFelt(channel=1, felt="first_felt"))
        clinic.wait(8_000)
        clinic.do(Stop())
        clinic.until("Finished")
        clinic.do(CloseSession())
        session = clinic.last().summary.id
        for each in answers(patient):
            clinic.do(each)
        for moment, score in (("before", 6), ("after", 3)):
            of = {"session": session, "region": "lower_back", "moment": moment, "score": score}
            clinic.do(fact("pain_scored", patient, **of))
        return patient, session


def test_a_session_is_found_looked_at_and_taken_home(tmp_path: Path) -> None:
    with a_house(tmp_path) as house:
        patient, session = one_session(tmp_path / "stepped", house.data)
        _, port = house.board()
        house.engine(port)
        link = link_path(house.data)
        with a_kiosk(link) as kiosk:
            kiosk.wait("lock")
            kiosk.touch("Try it on the virtual board")
            kiosk.wait("home")
            kiosk.touch("New treatment")
            kiosk.wait("patients")
            kiosk.touch(patient)
            kiosk.wait("choose")
            kiosk.touch("History")
            kiosk.wait("history")
            kiosk.until(lambda: "6 – 3" in kiosk.texts(), "pain before and after")
            kiosk.touch("Patient")
            kiosk.wait("patient")
            kiosk.until(lambda: "channel 1" in kiosk.texts(), "where it was felt")
            kiosk.touch("Exercises and advice")
            kiosk.wait("at_home")
            kiosk.touch("Pelvic tilt")
            kiosk.touch("Give")
            kiosk.wait("patient")
            kiosk.until(lambda: "1 exercise given" in kiosk.texts(), "the exercise")
            kiosk.touch("Back")
            kiosk.wait("history")
            line = next(part for part in kiosk.parts() if "6 – 3" in part.text)
            kiosk.touch(line.text)
            kiosk.wait("summary")
            kiosk.until(lambda: "Dose against limits" in kiosk.texts(), "the charts")
            assert "of 30:00" in kiosk.texts()
            kiosk.touch("Sheet")
            kiosk.wait("patient_sheet")
            kiosk.touch("Keep only")
            kiosk.until(lambda: "Kept with the session" in kiosk.texts(), "the sheet")
            assert kept_languages(house.data, session) == ("en",)
