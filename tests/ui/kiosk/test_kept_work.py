"""What was entered and not sent yet outlives the screen: for its person, and only while of use."""

import json
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import msgspec
import pytest

from appliance.messages.actions import MarkFelt, Stop
from appliance.messages.replies import Page, Reply
from appliance.messages.snapshot import CloseOutView, PlanView, Snapshot
from appliance.messages.wire import StateName
from tests.support.kiosk.samples import SAMPLES
from tests.support.snapshots import AT_REST
from ui.kiosk.journey.checks import Checks
from ui.kiosk.journey.close_out import CloseOut
from ui.kiosk.journey.engine_places import AtEnd, AtPause, engine_place
from ui.kiosk.journey.follow_ups import FollowUps
from ui.kiosk.journey.harm import was_told
from ui.kiosk.journey.home import Home
from ui.kiosk.journey.kept import UNFINISHED
from ui.kiosk.journey.lock import NOBODY, Lock
from ui.kiosk.journey.new_patient import NewPatient
from ui.kiosk.journey.place import NO_SHEET, KeptWork, Kiosk, Place, Send, SignedIn
from ui.kiosk.journey.ready import Ready
from ui.kiosk.journey.reduce import Reducer
from ui.kiosk.journey.screening import Screening
from ui.kiosk.journey.steps import step_for
from ui.kiosk.journey.treatment import Step, Treat, Treatment
from ui.kiosk.places import view_of
from ui.kiosk.work_file import KEPT_S, WorkFile

REDUCER = Reducer(engine_place, Lock)
TREATMENT = Treatment(
    patient="P-1", first_step=step_for, programme="burst-ac", region="neck", side="left"
)


def finding(rule: str, item: str, consequence: str = "ask") -> dict[str, Any]:
    texts = {"found": "found", "allowed": "allowed", "nearest": "nearest", "answered_by": ""}
    return {"rule": rule, "item": item, "consequence": consequence, "blocks": True, **texts}


ASKED = finding("refusal.screening", "full_screening")
TOKEN, NEW_TOKEN = "t", "new"
GIVEN = MappingProxyType({"pregnant": "no", "pacemaker": "unknown"})
ANSWERED = Screening(treatment=TREATMENT, finding=ASKED, given=GIVEN, page=2)


def snapshot(**changed: Any) -> Snapshot:
    return msgspec.structs.replace(AT_REST, **{"state": StateName.READY, **changed})


def kiosk(place: Place, **changed: Any) -> Kiosk:
    now = changed.pop("snapshot", None) or snapshot()
    return Kiosk(place=place, snapshot=now, **changed)


def with_missing(place: Place, *rows: dict[str, Any], **changed: Any) -> Place:
    page = Page(request=1, rows=rows, next_after=None)
    me = SignedIn(operator="anna", role="lead", token=TOKEN)
    at = kiosk(place, me=me, **changed)
    return REDUCER.answered(at, TREATMENT.page, page).kiosk.place


@pytest.mark.parametrize("name", SAMPLES)
def test_every_place_is_the_same_after_it_was_kept(name: str, tmp_path: Path) -> None:
    place, at = SAMPLES[name]()
    file = WorkFile(tmp_path / "kiosk" / "work.json")
    file.keep("anna", place)
    kept = file.load()
    if not isinstance(place, UNFINISHED):
        assert kept is None
        return
    assert kept is not None
    assert kept.operator == "anna"
    for refused in ("cannot", "question"):  # a refusal is shown again once it is given again
        if hasattr(place, refused):
            place = place.with_fields(**{refused: None})
    assert kept.place == place
    assert view_of(kept.place, at).content == view_of(place, at).content


def test_no_pin_is_ever_written(tmp_path: Path) -> None:
    file = tmp_path / "work.json"
    WorkFile(file).keep("anna", Lock(operator="anna", pin="7391"))
    assert not file.exists()
    WorkFile(file).keep("anna", NewPatient(alias="P7"))
    assert "token" not in file.read_text()
    assert file.stat().st_mode & 0o077 == 0


def test_nothing_is_kept_once_work_is_finished(tmp_path: Path) -> None:
    file = WorkFile(tmp_path / "work.json")
    file.keep("anna", NewPatient(alias="P7"))
    file.keep("anna", Home())
    assert file.load() is None


@pytest.mark.parametrize("text", ["", "{", "[]", '{"version": 1}', '{"version": 0}', "null"])
def test_a_file_that_cannot_be_read_is_as_none(text: str, tmp_path: Path) -> None:
    path = tmp_path / "work.json"
    path.write_text(text)
    assert WorkFile(path).load() is None
    assert WorkFile(path).is_over()


@pytest.mark.parametrize("field", ["monotonic_s", "wall_s"])
def test_work_is_forgotten_after_half_an_hour(
    field: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "work.json"
    file = WorkFile(path)
    file.keep("anna", NewPatient(alias="P7"))
    work = json.loads(path.read_text())
    if field == "wall_s":
        work["boot"] = "before"
    work[field] -= KEPT_S - 5
    path.write_text(json.dumps(work))
    assert file.load() is not None
    assert not file.is_over()
    work[field] -= 10
    path.write_text(json.dumps(work))
    assert file.load() is None
    assert file.is_over()
    assert not path.exists()


def test_a_clock_that_was_set_back_says_nothing(tmp_path: Path) -> None:
    path = tmp_path / "work.json"
    WorkFile(path).keep("anna", NewPatient(alias="P7"))
    work = {**json.loads(path.read_text()), "boot": "before"}
    path.write_text(json.dumps({**work, "wall_s": work["wall_s"] + 3_600}))
    assert WorkFile(path).load() is None


def test_a_full_disk_stops_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.open", lambda *_: (_ for _ in ()).throw(OSError("full")))
    WorkFile(tmp_path / "work.json").keep("anna", NewPatient(alias="P7"))


def signed_in(kept: KeptWork | None, operator: str = "anna", **changed: Any) -> Kiosk:
    rows = ({"kind": "operator", "operator": operator, "role": "lead", "has_pin": True},)
    pages = MappingProxyType({"operators": rows})
    place = Lock(operator=operator, pin="1234")
    at = kiosk(place, kept=kept, pages=pages, **changed)
    return REDUCER.answered(at, "sign_in", Reply(request=1, tick=0, token=TOKEN)).kiosk


def test_a_step_goes_on_with_its_answers_where_it_is_still_open() -> None:
    at = signed_in(KeptWork("anna", ANSWERED))
    assert isinstance(at.place, Treat)
    assert at.kept is None
    new = {**ASKED, "found": "now"}
    assert with_missing(at.place, new) == replace(ANSWERED, finding=new)


def test_a_step_that_was_answered_is_not_asked_again() -> None:
    begins = signed_in(KeptWork("anna", ANSWERED)).place
    assert isinstance(with_missing(begins, finding("refusal.pad_set", "A")), Checks)
    again = with_missing(begins, finding("refusal.screening", "full_screening", "confirm"))
    assert not isinstance(again, Screening)


def test_work_is_offered_to_nobody_else() -> None:
    assert signed_in(KeptWork("anna", ANSWERED), "bert").place == Home()
    assert signed_in(None).place == Home()


def test_a_close_out_comes_before_what_was_left() -> None:
    held = snapshot(close_out=CloseOutView(session="S-1", pads_off=False, skin=False))
    assert signed_in(KeptWork("anna", ANSWERED), snapshot=held).place == CloseOut(session="S-1")
    graded = CloseOut(grades={0: 1})
    assert signed_in(KeptWork("anna", graded), snapshot=held).place == replace(
        graded, session="S-1"
    )
    assert signed_in(KeptWork("anna", graded)).place == Home()
    before = CloseOut(session="S-0", grades={0: 1})
    assert signed_in(KeptWork("anna", before), snapshot=held).place == CloseOut(session="S-1")


def test_what_was_on_its_way_is_looked_at_again() -> None:
    row = finding("refusal.pad_set", "A")
    kept = Checks(treatment=TREATMENT, finding=row, sending=("pad_set_checked",))
    taken = kept.taken_up((row,), kiosk(Home()))
    assert isinstance(taken, Checks)
    assert taken.sending == ()
    asked = {"kind": "skin", **finding("refusal.skin", "skin_follow_up:neck/left/c5")}
    follow = FollowUps(treatment=TREATMENT, finding=asked, asked=(asked,))
    assert follow.taken_up((asked,), kiosk(Home())) == follow
    answered = follow.with_fields(given=MappingProxyType({asked["item"]: "gone"}), recorded=1)
    assert isinstance(answered, FollowUps)
    assert answered.taken_up((asked,), kiosk(Home())) is None


@pytest.mark.parametrize("programme", ["burst-ac", None])
def test_a_treatment_is_set_up_again_only_where_the_engine_has_it_no_more(
    programme: str | None,
) -> None:
    begins = signed_in(KeptWork("anna", Ready(treatment=TREATMENT, sent=True, why=True))).place
    plan = held_plan() if programme else None
    now = snapshot(programme=programme, patient="P-1" if programme else None, plan=plan)
    place = with_missing(begins, snapshot=now)
    assert isinstance(place, Ready)
    assert place.is_set_up == bool(programme)
    assert place.why == bool(programme)


@pytest.mark.parametrize("side", ["left", "right"])
def test_a_treatment_of_another_side_is_set_up_again(side: str) -> None:
    begins = signed_in(KeptWork("anna", Ready(treatment=TREATMENT, sent=True))).place
    now = snapshot(programme="burst-ac", patient="P-1", plan=held_plan(side=side))
    place = with_missing(begins, snapshot=now)
    assert isinstance(place, Ready)
    assert place.is_set_up == (side == TREATMENT.side)


@pytest.mark.parametrize(
    ("changed", "remaining_us"),
    [
        ({"placement": "other"}, 600_000_000),
        ({"depth": "deep"}, 600_000_000),
        ({"pad_set": "B"}, 600_000_000),
        ({}, 1_200_000_000),
        ({}, 600_000_000),
    ],
)
def test_a_treatment_that_the_engine_holds_otherwise_is_set_up_again(
    changed: dict[str, str], remaining_us: int
) -> None:
    """Hazard: the screen names a placement that the current will not be given for."""
    lying: dict[str, Any] = {"placement": "usual", "depth": "usual", "pad_set": "A"}
    treatment = replace(TREATMENT, minutes=10, **lying)
    now = snapshot(
        programme="burst-ac",
        patient="P-1",
        plan=held_plan(**{**lying, **changed}),
        remaining_us=remaining_us,
    )
    taken = Ready(treatment=treatment, sent=True).taken_up((), kiosk(Home(), snapshot=now))
    assert (taken is not None) == (not changed and remaining_us == 600_000_000)


def held_plan(**more: str) -> PlanView:
    values: dict[str, Any] = {"side": TREATMENT.side, **more}
    return PlanView(
        kind="burst", purpose="sensory", region="neck", rate_millihertz=1, phase_us=1, **values
    )


def test_the_virtual_board_goes_on_without_a_pin_where_nobody_is_set_up() -> None:
    at = kiosk(Lock(), snapshot=snapshot(operator=NOBODY), kept=KeptWork(NOBODY, NewPatient()))
    moved = REDUCER.snapshot(at, snapshot(operator=NOBODY), 0.0).kiosk
    assert (moved.place, moved.me is not None) == (NewPatient(), True)
    with_role = snapshot(operator=NOBODY, operator_role="lead")
    assert REDUCER.snapshot(at, with_role, 0.0).kiosk.me is None


@pytest.mark.parametrize(
    ("state", "place"), [(StateName.PAUSED, AtPause), (StateName.FINISHED, AtEnd)]
)
def test_a_screen_without_anybody_asks_who_it_is_before_it_goes_on(
    state: StateName, place: type[Place]
) -> None:
    now = snapshot(state=state, operator="anna", operator_role="lead")
    assert engine_place(kiosk(Lock(), snapshot=now)) is None
    me = SignedIn(operator="anna", role="lead", token=TOKEN)
    assert isinstance(engine_place(kiosk(Lock(), snapshot=now, me=me)), place)


def test_every_step_can_be_left() -> None:
    assert all(issubclass(kind, Place) for kind in UNFINISHED)
    assert issubclass(Ready, Step)


@pytest.mark.parametrize(
    "state", [StateName.READY, StateName.ARMED, StateName.PAUSED, StateName.FINISHED]
)
def test_a_sign_in_that_ended_by_itself_is_renewed_where_it_stood(state: StateName) -> None:
    """Hazard: every key is refused until the PIN, and no screen asks for one."""
    me = SignedIn(operator="anna", role="lead", token=TOKEN)
    at = kiosk(ANSWERED, me=me, snapshot=snapshot(state=state, operator="anna"))
    late = snapshot(state=state, operator="anna", operator_role="lead", pin_needed=True)
    asked = REDUCER.snapshot(at, late, 0.0).kiosk
    assert (asked.me, REDUCER.shown(asked)) == (None, Lock())
    chosen = replace(asked, place=Lock(operator="anna"), kept=KeptWork("anna", ANSWERED))
    back = REDUCER.answered(chosen, "sign_in", Reply(request=1, tick=0, token=NEW_TOKEN)).kiosk
    assert back.me is not None
    again = REDUCER.snapshot(back, late, 0.0).kiosk  # from before the PIN
    assert again.me is not None
    assert isinstance(again.place, Treat)


def test_what_a_patient_felt_is_told_without_the_pin_that_a_pause_asks_for() -> None:
    """Hazard: a complaint waits for a PIN, and is forgotten."""
    now = snapshot(state=StateName.PAUSED, operator="anna", pin_needed=True)
    paused = kiosk(Lock(operator="anna"), snapshot=now)
    telling = REDUCER.touched(paused, "harm").kiosk
    assert REDUCER.shown(telling) == AtPause()
    assert REDUCER.wanted(telling).effects == ()  # pages about patients need a sign-in
    told = REDUCER.touched(telling, "told:1:burning")
    [send] = [effect for effect in told.effects if isinstance(effect, Send)]
    assert send.action == MarkFelt(channel=1, felt="burning")
    kept = REDUCER.answered(told.kiosk, send.tag, Reply(request=1, tick=0), send.number).kiosk
    assert was_told(kept, 1, "burning")
    assert REDUCER.touched(kept, "end").effects == (Send(Stop(), "end"),)
    pin = REDUCER.touched(kept, "resume")
    assert not [effect for effect in pin.effects if isinstance(effect, Send)]
    assert REDUCER.shown(pin.kiosk) == paused.place
    again = REDUCER.touched(pin.kiosk, "harm").kiosk
    assert was_told(again, 1, "burning")
    assert REDUCER.shown(again) == AtPause()
    assert REDUCER.touched(kiosk(Lock()), "harm").kiosk.sheet == NO_SHEET


def test_a_sign_in_that_ended_during_the_treatment_is_renewed_once_it_pauses() -> None:
    me = SignedIn(operator="anna", role="lead", token=TOKEN)
    late = snapshot(state=StateName.DELIVERING, operator="anna", pin_needed=True)
    at = REDUCER.snapshot(kiosk(ANSWERED, me=me, snapshot=snapshot()), late, 0.0).kiosk
    assert at.me == me  # the key for the PIN is on the screen of the treatment
    paused = snapshot(state=StateName.PAUSED, operator="anna", pin_needed=True)
    asked = REDUCER.snapshot(at, paused, 0.0).kiosk
    assert (asked.me, REDUCER.shown(asked)) == (None, Lock())
    reply = Reply(request=1, tick=0, token=NEW_TOKEN)
    assert REDUCER.answered(asked, "sign_in", reply).kiosk.me is None  # of the screen before
