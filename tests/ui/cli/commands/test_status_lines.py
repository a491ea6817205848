"""What `stimkiosk status` says of a trip, the latches, the pulses and the session that is over."""

from pathlib import Path

from appliance.messages.actions import Stop
from tests.support.clinic import Clinic, open_clinic
from ui.cli.commands.status import _lines


def lines(clinic: Clinic) -> dict[str, str]:
    """Return the text behind each label."""
    return {line[:10].rstrip(): line[11:] for line in _lines(clinic.view, "0")}


def test_status_says_when_a_trip_was_which_layer_acted_and_what_the_latches_need(
    tmp_path: Path,
) -> None:
    with open_clinic(tmp_path) as clinic:
        clinic.treat()
        shown = lines(clinic)
        assert shown["pulses"].startswith("80 per second, phases of 150 µs; 80 pulses")
        assert shown["for"] == "sensory (conventional), lower back, both"
        assert shown["channel 1"].endswith("contact good")
        clinic.board.fault_set("lead-off:1")
        clinic.trip()
        clinic.wait(65_000)
        shown = lines(clinic)
        assert shown["when"].startswith("1:05.0 ago, at 2023-11-14 ")
        assert "ended the output within" in shown["when"]
        assert shown["channel 1"].endswith("contact open")
        assert "reset when the trip is acknowledged" in shown["latch"]


def test_status_says_why_a_session_ended(tmp_path: Path) -> None:
    with open_clinic(tmp_path) as clinic:
        clinic.treat()
        clinic.do(Stop())
        clinic.until("Finished")
        assert lines(clinic)["ended"].startswith("a person stopped it, the engine ended the output")
