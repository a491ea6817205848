"""Channels of a simulated patient are felt one after the other, at their own pads."""

import pytest

from appliance.clinical.body import Side
from appliance.clinical.catalogue import load_catalogue
from appliance.clinical.patients.before_start import WantedTreatment
from appliance.core.limits.limits import Region
from appliance.messages.actions import RecordFact, Rise, Stop
from appliance.messages.snapshot import FirstFeelingView
from tests.ui.cli.treatment.test_autopilot import LEAD_OFF, PRESCRIBE, Talk, levels
from ui.cli.treatment.autopilot import Autopilot
from ui.cli.treatment.request import TreatmentRequest
from ui.cli.treatment.simulated_clinician import SimulatedClinician

WANTED = WantedTreatment(
    programme=load_catalogue()["conventional-tens"], region=Region.LOWER_BACK, side=Side.BOTH
)


@pytest.fixture
def talk() -> Talk:
    return Talk(Autopilot(TreatmentRequest(PRESCRIBE, level_ua=2_000, plateau_us=1_000_000)))


def test_a_channel_that_is_to_be_felt_is_raised_alone_and_marked(talk: Talk) -> None:
    talk.until_pulsing()
    clinician = SimulatedClinician("", WANTED, patient="P-1")
    talk.autopilot.clinician = clinician
    feel = {
        channel: FirstFeelingView(channel=channel, up_to_ua=20_000, text=LEAD_OFF)
        for channel in (1, 2)
    }
    assert talk.shows(state="Delivering", patient="P-1", first_feeling=feel[1]) == Rise(channel=1)
    talk.accepts()
    later_us = talk.now.at_us + 400_000
    marked = talk.shows(at_us=later_us, channels=levels(2_000, 0))
    assert isinstance(marked, RecordFact)
    assert marked.values == {"patient": "P-1", "channel": 1, "felt": "this_pair"}
    assert marked.simulated
    talk.accepts()
    assert [fact.kind for fact in clinician.entered] == ["first_feeling_marked"]
    later_us += 400_000
    assert talk.shows(at_us=later_us, first_feeling=feel[2]) == Rise(channel=2)


def test_a_mark_that_the_engine_refuses_ends_the_treatment(talk: Talk) -> None:
    talk.until_pulsing()
    talk.autopilot.clinician = SimulatedClinician("", WANTED, patient="P-1")
    feel = FirstFeelingView(channel=1, up_to_ua=20_000, text=LEAD_OFF)
    assert talk.shows(state="Delivering", first_feeling=feel, channels=levels(2_000, 0))
    talk.refuses("refusal.first_feeling")
    assert talk.autopilot.failure is not None
    assert talk.autopilot.failure.text.startswith("first feeling: asked a")
    assert talk.shows() == Stop()
