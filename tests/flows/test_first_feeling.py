"""New pads: each channel alone rises until it is felt at its own pads; else zero, at once."""

from dataclasses import replace
from typing import Any

import pytest
from msgspec import to_builtins

from appliance.clinical.placement.history import PlacementHistory
from appliance.messages.actions import (
    Action,
    CheckContact,
    CloseSession,
    HoldRise,
    Prescribe,
    RecordFact,
    Rise,
    Start,
    Stop,
)
from appliance.messages.wire import Subject
from drivers.quantities import Microamps
from tests.support.clinic import Clinic
from tests.support.clinical_records import fact, files, refusal
from tests.support.texts import Said

pytestmark = pytest.mark.proves("first-feeling")

WRONG = ["other_pair", "other_side", "away_from_pads", "shooting", "burning"]


def never_felt(clinic: Clinic, programme: str = "conventional-tens", **asked: Any) -> str:
    """Prescribe for a regular patient whose pads have just been placed for the first time."""
    if clinic.state == "Locked":
        clinic.unlock()
    clinic.prescribe(programme, **{"channels": (1, 2), **asked})
    clinic.wait(60)
    patient = clinic.view.patient
    assert patient is not None
    forget_felt(clinic, patient)
    return patient


def forget_felt(clinic: Clinic, patient: str) -> None:
    """Let nothing have been felt at the pads as they lie."""
    facts = clinic.engine.loop._facts
    for known in (facts.files, facts._expected):
        file = known.of(patient)
        placed = PlacementHistory(file.placement.placed, file.placement.placed_at)
        known._files[patient] = replace(file, placement=placed)


def start(clinic: Clinic, programme: str = "conventional-tens", **asked: Any) -> str:
    patient = never_felt(clinic, programme, **asked)
    clinic.do(CheckContact())
    clinic.until("Armed")
    clinic.do(Start())
    clinic.until("RampUp", "Delivering")
    return patient


def tap(clinic: Clinic, level_ua: int, channel: int = 1) -> None:
    clinic.wait(60)
    while clinic.channel(channel).level_ua < level_ua:
        clinic.ask(Rise(channel=channel))
        clinic.wait(310)


def felt(patient: str, felt_at: str, channel: int = 1, **values: Any) -> RecordFact:
    return fact("first_feeling_marked", patient, channel=channel, felt=felt_at, **values)


def feeling(clinic: Clinic, action: Action) -> Said:
    refused = refusal(clinic, action)
    assert refused.limit == "first feeling", refused
    return refused


def to_feel(clinic: Clinic) -> int | None:
    clinic.wait(60)
    return None if clinic.view.first_feeling is None else clinic.view.first_feeling.channel


def step_of(clinic: Clinic, patient: str, channel: int = 1) -> str | None:
    return files(clinic).of(patient).placement.felt.get(channel)


def prescription(patient: str) -> Prescribe:
    return Prescribe(
        programme="conventional-tens",
        subject=Subject.PATIENT,
        patient=patient,
        side="both",
        pad_set="A",
    )


def refuse_start(clinic: Clinic, patient: str) -> str:
    """Close the session and prescribe the same again; return what refuses the contact check."""
    clinic.do(CloseSession())
    clinic.close_out()
    clinic.do(prescription(patient))
    clinic.squeeze()
    return refusal(clinic, CheckContact()).limit


def test_channel_1_rises_alone_until_it_is_felt_then_channel_2_then_both(clinic: Clinic) -> None:
    """Hazard: leads of two channels crossed, found only at full level."""
    patient = start(clinic)
    assert to_feel(clinic) == 1
    assert feeling(clinic, Rise(channel=2)).nearest == "channel 1"
    feeling(clinic, HoldRise(channel=2, pressed=True))
    tap(clinic, 3_000)
    clinic.do(felt(patient, "this_pair"))
    assert to_feel(clinic) == 2
    assert feeling(clinic, Rise(channel=1)).nearest == "channel 2"
    tap(clinic, 2_000, channel=2)
    clinic.do(felt(patient, "this_pair", channel=2))
    assert to_feel(clinic) is None
    clinic.raise_to(5_000)
    history = files(clinic).of(patient).placement
    assert sorted(channel for _, channel in history.right) == [1, 2]


@pytest.mark.parametrize("felt_at", WRONG)
@pytest.mark.parametrize("region", ["neck", "lower_back"])
def test_anything_but_its_own_pads_goes_to_zero_and_back_to_the_pads(
    clinic: Clinic, region: str, felt_at: str
) -> None:
    """Hazard: current goes on where it must not flow."""
    patient = start(clinic, region=region)
    tap(clinic, 2_000)
    asked_us = clinic.now_us
    clinic.do(felt(patient, felt_at))
    clinic.until("Finished")
    assert clinic.now_us - asked_us <= 600_000
    assert [view.level_ua for view in clinic.view.channels] == [0, 0]
    (stop,) = clinic.events("stop")
    assert (stop["cause"], stop["channels"][0]["level_ua"]) == ("first_feeling", 2_000)
    assert stop["time_to_zero_us"] <= 450_000
    assert clinic.events("session_closed")[0]["cause"] == "first_feeling"
    assert step_of(clinic, patient) == "place_again"
    clinic.wait(60)
    shown = clinic.view.first_feeling
    assert shown is not None
    assert (shown.channel, shown.text.key) == (None, "first_feeling.place_again")


@pytest.mark.parametrize(("region", "most_ua"), [("neck", 10_000), ("lower_back", 20_000)])
def test_nothing_felt_at_10_ma_on_the_neck_or_20_on_the_back_goes_to_zero(
    clinic: Clinic, region: str, most_ua: int
) -> None:
    patient = start(clinic, region=region)
    tap(clinic, most_ua - 1_000)
    clinic.do(felt(patient, "nothing"))
    assert clinic.state in {"RampUp", "Delivering"}, "not yet: it may rise further"
    tap(clinic, most_ua)
    assert feeling(clinic, Rise(channel=1)).nearest.startswith("mark where channel 1 is felt")
    clinic.do(felt(patient, "nothing"))
    clinic.until("Finished")
    assert step_of(clinic, patient) == "check_pads_and_sensation"


def test_a_pressed_key_climbs_no_further_than_what_has_to_be_felt(clinic: Clinic) -> None:
    start(clinic, region="neck")
    tap(clinic, 9_000)
    clinic.wait(3_500)
    treatment = clinic.engine.loop.state.setup.treatment
    assert treatment is not None
    treatment._levels[1] = replace(treatment._levels[1], tolerated_ua=Microamps(15_000))
    clinic.do(HoldRise(channel=1, pressed=True))
    clinic.wait(3_000)
    assert 9_000 < clinic.channel(1).level_ua <= 10_000


def test_the_level_of_a_mark_is_the_engines_own(clinic: Clinic) -> None:
    """Hazard: a level is recorded that nobody felt."""
    patient = start(clinic)
    assert feeling(clinic, felt(patient, "this_pair")).asked == "a mark at level zero"
    tap(clinic, 3_000)
    assert feeling(clinic, felt(patient, "this_pair", level_ua=9_000)).allowed == "3 mA"
    assert feeling(clinic, felt("P-99", "this_pair")).nearest == "start the treatment, then mark"
    key = {
        "programme": "low-rate-tens",
        "placement": "low_back",
        "region": "lower_back",
        "side": "both",
        "depth": "usual",
    }
    feeling(clinic, felt(patient, "this_pair", key=key))
    feeling(clinic, felt(patient, "this_pair", channel=2))
    assert to_feel(clinic) == 1
    clinic.do(felt(patient, "this_pair", level_ua=3_000))
    assert to_feel(clinic) == 2


def test_a_wrong_feeling_stops_though_the_rest_of_the_mark_is_refused(clinic: Clinic) -> None:
    """Hazard: a slip in a mark keeps burning current on."""
    patient = start(clinic)
    tap(clinic, 3_000)
    feeling(clinic, felt(patient, "burning", level_ua=9_000))
    clinic.until("Finished")
    assert step_of(clinic, patient) is None
    assert refuse_start(clinic, patient) == "first feeling"


@pytest.mark.parametrize(
    "values",
    [{"felt": ["burning"]}, {"felt": {"burning": 1}}, {"felt": "burning", "channel": True}],
)
@pytest.mark.parametrize("stopped", [False, True])
def test_a_mark_that_no_screen_sends_is_refused_and_ends_no_engine(
    clinic: Clinic, values: dict[str, Any], *, stopped: bool
) -> None:
    """Hazard: a broken client takes the engine from under a treatment."""
    patient = start(clinic)
    tap(clinic, 3_000)
    if stopped:
        clinic.do(Stop())
        clinic.until("Finished")
    mark = {"patient": patient, "channel": 1, **values}
    refusal(clinic, RecordFact(kind="first_feeling_marked", values=mark))
    clinic.wait(500)
    assert clinic.view.trip is None


def test_a_wrong_feeling_stops_though_the_records_take_nothing(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    patient = start(clinic)
    tap(clinic, 3_000)
    monkeypatch.setattr(clinic.engine.loop._journal, "note_fact", lambda *_: None)
    refusal(clinic, felt(patient, "shooting"))
    clinic.until("Finished")
    rule = clinic.engine.loop._dispatcher.feeling
    assert rule._refuse_wrong(patient) is not None


def test_what_burned_is_marked_after_the_stop_as_well(clinic: Clinic) -> None:
    """Hazard: who stops first, as anybody would, can no longer say why."""
    patient = start(clinic)
    tap(clinic, 4_000)
    clinic.do(Stop())
    clinic.until("Finished")
    clinic.do(felt(patient, "burning"))
    assert step_of(clinic, patient) == "place_again"
    assert clinic.events("session_closed")[0]["cause"] == "stop"


def test_after_a_wrong_feeling_the_pads_are_placed_again_before_any_current(
    clinic: Clinic,
) -> None:
    patient = start(clinic)
    tap(clinic, 2_000)
    clinic.do(felt(patient, "other_side"))
    clinic.until("Finished")
    placed = files(clinic).of(patient).placement.placed
    assert placed is not None
    assert refuse_start(clinic, patient) == "first feeling"
    values = to_builtins(placed)
    clinic.with_file(prescription(patient))  # skin, pads and what else a new session asks for
    forget_felt(clinic, patient)
    clinic.do(fact("pads_placed", patient, **{n: values[n] for n in ("key", "pads", "pad_set")}))
    clinic.do(CheckContact())
    clinic.until("Armed")
    clinic.do(Start())
    assert to_feel(clinic) == 1


def test_contractions_are_felt_by_their_set_level_and_marked_in_the_rest(clinic: Clinic) -> None:
    patient = start(clinic, "nmes-endurance", channels=(1, 2))
    clinic.until("Delivering")
    feeling(clinic, Rise(channel=2))
    for _ in range(3_000):
        clinic.ask(Rise(channel=1))
        clinic.ticks(5)
        if clinic.view.state == "Resting" and clinic.channel(1).level_ua:
            break
    clinic.do(felt(patient, "this_pair"))
    assert to_feel(clinic) == 2


def test_the_same_placement_is_not_felt_again_unless_asked(clinic: Clinic) -> None:
    clinic.start()
    assert to_feel(clinic) is None
    clinic.raise_to(2_000)


def test_who_asks_for_it_feels_each_channel_again(clinic: Clinic) -> None:
    clinic.unlock()
    clinic.prescribe(feel_again=True)
    patient = clinic.view.patient
    assert patient is not None
    facts = clinic.engine.loop._facts
    for known in (facts.files, facts._expected):
        file = known.of(patient)
        known._files[patient] = replace(file, placement=replace(file.placement, felt={}))
    assert to_feel(clinic) == 1
    clinic.do(CheckContact())
    clinic.until("Armed")
    clinic.do(Start())
    clinic.until("RampUp", "Delivering")
    feeling(clinic, Rise(channel=2))


def test_a_test_load_has_nothing_to_feel(clinic: Clinic) -> None:
    for channel in (1, 2):
        clinic.board.fault_set(f"resistor:{channel}=1000")
    clinic.start(subject=Subject.TEST_LOAD)
    assert to_feel(clinic) is None
    clinic.raise_to(2_000)
