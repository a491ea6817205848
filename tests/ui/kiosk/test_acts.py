"""What a person did once carries one id, however often the link breaks before the answer."""

from dataclasses import replace
from pathlib import Path

from appliance.messages.actions import MarkFelt
from appliance.messages.replies import Refused, Reply
from appliance.messages.wire import StateName, TextView
from tests.support.kiosk.samples.sample import ME, snapshot
from ui.kiosk.journey.acts import to_keep
from ui.kiosk.journey.engine_places import engine_place
from ui.kiosk.journey.lock import Lock
from ui.kiosk.journey.new_patient import NewPatient
from ui.kiosk.journey.of_patient import Whose
from ui.kiosk.journey.operators import OperatorCard
from ui.kiosk.journey.outcomes import Outcomes, Score
from ui.kiosk.journey.place import KeptWork, Kiosk, Place, Send
from ui.kiosk.journey.reduce import Moved, Reducer
from ui.kiosk.journey.sent import numbered
from ui.kiosk.places import ENTRIES, first_place, place_after
from ui.kiosk.work_file import WorkFile

REDUCER = Reducer(engine_place, first_place, ENTRIES, place_after)
OK = Reply(request=1, tick=0)
SIGNED_IN = Reply(request=1, tick=0, token=ME.token)
TEXT = TextView(key="operator.in_charge")
REFUSED = Refused(request=1, rule="refusal.any", asked=TEXT, allowed=TEXT, nearest=TEXT)
WHOSE = Whose(patient="P-1")
SCORE = Score(
    whose=WHOSE, came_from=Outcomes(whose=WHOSE), measure="index", index="ndi", region="neck"
)


def kiosk(place: Place = SCORE, **changed: object) -> Kiosk:
    values: dict[str, object] = {"snapshot": snapshot(), "me": ME, "run": "r", **changed}
    return Kiosk(place=place, **values)  # type: ignore[arg-type] # as named


def touched(at: Kiosk, *actions: str) -> tuple[Kiosk, Send]:
    """Touch keys; return the kiosk and what the last one sent."""
    moved = Moved(at)
    for action in actions:
        moved = REDUCER.touched(moved.kiosk, action)
    [send] = [effect for effect in moved.effects if isinstance(effect, Send)]
    return moved.kiosk, send


def lost(at: Kiosk, send: Send) -> Kiosk:
    return REDUCER.answered(at, send.tag, None, send.number).kiosk


def test_what_is_sent_again_without_an_answer_is_the_same_act() -> None:
    """Hazard: a score, a patient or a fault stands twice in the records."""
    at, first = touched(kiosk(), "digit:7", "record")
    assert first.act
    for _ in range(2):
        at, again = touched(lost(at, first), "record")
        assert (again.act, again.action) == (first.act, first.action)
        assert again.number > first.number
        first = again


def test_another_content_or_visit_is_another_act() -> None:
    at, first = touched(kiosk(), "digit:7", "record")
    _, other = touched(lost(at, first), "digit:1", "record")
    assert other.act != first.act
    _, later = touched(lost(at, first), "back", "enter:index:ndi:neck", "digit:7", "record")
    assert later.action == first.action
    assert later.act != first.act


def test_an_act_that_is_done_is_not_taken_for_the_next_one() -> None:
    at, first = touched(kiosk(), "digit:7", "record")
    done = REDUCER.answered(at, first.tag, OK, first.number).kiosk
    assert done.acts == ()
    _, again = touched(replace(done, place=SCORE, visit=at.visit), "digit:7", "record")
    assert again.act != first.act


def test_a_refused_act_keeps_its_id_for_it_may_be_kept_all_the_same() -> None:
    """The disk may fail when the engine refuses, and take the fact later."""
    at, first = touched(kiosk(), "digit:7", "record")
    refused = REDUCER.answered(at, first.tag, REFUSED, first.number).kiosk
    assert touched(refused, "record")[1].act == first.act


def test_a_mark_on_a_screen_of_the_engine_is_another_act_each_time() -> None:
    """Hazard: pain that comes back would not be told."""
    at = kiosk(first_place(), snapshot=snapshot(StateName.PAUSED))
    mark, sender = Send(MarkFelt(channel=1, felt="pain"), "felt"), REDUCER.shown(at)
    assert sender is not at.place
    then, first = numbered(at, sender, mark)
    assert first.act
    assert numbered(lost(then, first), sender, mark)[1].act not in {"", first.act}


def test_an_act_on_its_way_outlives_the_screen_with_its_place(tmp_path: Path) -> None:
    """Hazard: the patient who was registered when the screen went is registered twice."""
    file, new = WorkFile(tmp_path / "work.json"), NewPatient(alias="P7", year="1980", at_year=True)
    at, first = touched(kiosk(new), "register")
    file.keep(ME.operator, at.place, to_keep(at))
    kept = WorkFile(tmp_path / "work.json").load()
    assert kept is not None
    anew = kiosk(Lock(operator=ME.operator), me=None, run="other", kept=kept)
    signed_in = REDUCER.answered(anew, "sign_in", SIGNED_IN).kiosk
    assert signed_in.place == at.place
    assert touched(signed_in, "register")[1].act == first.act


def test_an_act_is_nobody_elses(tmp_path: Path) -> None:
    new = NewPatient(alias="P7", year="1980", at_year=True)
    at, _ = touched(kiosk(new), "register")
    anew = kiosk(Lock(operator="kim"), me=None, kept=KeptWork(ME.operator, new, to_keep(at)))
    assert REDUCER.answered(anew, "sign_in", SIGNED_IN).kiosk.acts == ()


def test_no_act_with_a_pin_is_kept() -> None:
    at, _ = touched(
        kiosk(OperatorCard(operator="BEN")), "new_pin", *(f"digit:{d}" for d in "4071"), "give"
    )
    assert at.acts
    assert to_keep(at) == ()
