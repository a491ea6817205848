"""While one channel plays alone, what the patient feels is marked with one touch."""

from types import MappingProxyType
from typing import Any

import msgspec
import pytest

from appliance.clinical.placement.facts import FeltAt
from appliance.control.pages.placements import placement_rows
from appliance.messages.actions import Fall, Pause, RecordFact, Rise
from appliance.messages.replies import Refused
from appliance.messages.snapshot import FirstFeelingView, PlanView, Snapshot
from appliance.messages.wire import StateName, Subject, TextView
from tests.support.kiosk.channels import channel
from tests.support.no_sources import NOTHING
from tests.support.snapshots import AT_REST
from ui.kiosk.journey.engine_places import Feeling, Treating, engine_place
from ui.kiosk.journey.home import Home
from ui.kiosk.journey.place import Kiosk, Row, Send
from ui.kiosk.journey.reduce import Reducer
from ui.kiosk.places import view_of
from ui.kiosk.view_models.blocks import Keys
from ui.kiosk.view_models.feeling import FeelingView, still_of
from ui.kiosk.view_models.parts import KeyLook, KeyView

REDUCER = Reducer(engine_place, Home)
TEXT = TextView(key="first_feeling.place_again", values={})
PLAN = PlanView(
    kind="conventional_tens",
    purpose="sensory",
    region="lower_back",
    rate_millihertz=80_000,
    phase_us=200,
    side="both",
)


def offered() -> tuple[Row, ...]:
    rows = placement_rows("conventional-tens:lower_back:both", NOTHING)
    plain = msgspec.to_builtins(list(rows), str_keys=True)  # type: ignore[arg-type]
    return tuple(msgspec.json.decode(msgspec.json.encode(plain)))


ROWS = offered()
PAGES = MappingProxyType(
    {
        "placements:conventional-tens:lower_back:both": ROWS,
        "patient:P-1": ({"kind": "placed", "key": ROWS[0]["placed"]["key"], "pad_set": "A"},),
    }
)


def snapshot(
    playing: int | None = 1,
    level_ua: int = 9_500,
    state: StateName = StateName.DELIVERING,
) -> Snapshot:
    most_ua = None if playing is None else 20_000
    feeling = FirstFeelingView(channel=playing, up_to_ua=most_ua, text=TEXT)
    levels = {playing: level_ua}
    return msgspec.structs.replace(
        AT_REST,
        state=state,
        patient="P-1",
        subject=Subject.PATIENT,
        programme="conventional-tens",
        plan=PLAN,
        first_feeling=feeling,
        channels=tuple(channel(number, levels.get(number, 0)) for number in (1, 2)),
    )


def kiosk(shown: Snapshot, **more: Any) -> Kiosk:
    return Kiosk(place=Home(), snapshot=shown, pages=PAGES, **more)


def view(at: Kiosk) -> FeelingView:
    content = view_of(Feeling(), at).content
    assert isinstance(content, FeelingView)
    return content


def keys(at: Kiosk) -> dict[str, KeyView]:
    blocks = view(at).column.blocks
    return {key.action: key for block in blocks if isinstance(block, Keys) for key in block.keys}


def sent(at: Kiosk, action: str) -> list[object]:
    moved = REDUCER.touched(at, action)
    return [effect.action for effect in moved.effects if isinstance(effect, Send)]


def test_its_screen_is_shown_only_while_something_is_to_be_felt() -> None:
    assert engine_place(kiosk(snapshot())) == Feeling()
    felt = msgspec.structs.replace(snapshot(), first_feeling=None)
    assert engine_place(kiosk(felt)) == Treating()


def test_every_answer_of_the_engine_has_a_key() -> None:
    assert set(keys(kiosk(snapshot()))) == {f"felt:{felt.value}" for felt in FeltAt}


@pytest.mark.parametrize("felt", [felt.value for felt in FeltAt])
def test_a_mark_names_the_channel_that_plays_and_leaves_the_level_to_the_engine(felt: str) -> None:
    [fact] = sent(kiosk(snapshot(playing=2)), f"felt:{felt}")
    values = {"patient": "P-1", "channel": 2, "felt": felt}
    assert fact == RecordFact(kind="first_feeling_marked", values=values)


def test_at_level_zero_nothing_can_be_marked() -> None:
    found = keys(kiosk(snapshot(level_ua=0)))
    assert {key.look for key in found.values()} == {KeyLook.OFF}
    assert "Raise channel 1" in str(view(kiosk(snapshot(level_ua=0))).column)


def test_the_figure_marks_the_pair_that_plays_and_no_single_pad() -> None:
    figure = view(kiosk(snapshot(playing=2))).figure
    assert figure is not None
    looks = {pad.label: pad.look for pad in figure.pads}
    assert looks == {"1A": "off", "1B": "off", "2A": "playing", "2B": "playing"}
    words = str([key.text for key in keys(kiosk(snapshot())).values()])
    assert "1A" not in words


def test_level_keys_and_pause_stay_while_it_is_asked() -> None:
    at = kiosk(snapshot())
    assert sent(at, "fall:1") == [Fall(channel=1, step_ua=500)]
    assert Rise(channel=1) in sent(at, "rise:1")
    assert sent(at, "pause") == [Pause()]


def test_a_change_of_the_level_does_not_build_the_screen_anew() -> None:
    before, after = (view(kiosk(snapshot(level_ua=level))) for level in (9_000, 9_500))
    assert still_of(before) == still_of(after)
    assert before != after


def test_after_a_wrong_feeling_it_says_what_to_do_and_asks_nothing() -> None:
    wrong = kiosk(snapshot(playing=None))
    assert set(keys(wrong)) == {"end"}
    assert view(wrong).channel is None
    assert "again" in str(view(wrong).column)
    falling = kiosk(snapshot(playing=None, state=StateName.RAMP_DOWN))
    assert keys(falling) == {}


def test_a_refused_mark_says_why_and_the_answers_stay() -> None:
    refused = Refused(request=1, rule="refusal.any", asked="a", allowed="b", nearest="raise first")
    at = kiosk(snapshot(), refused=refused)
    assert "raise first" in str(view(at).column)
    assert len(keys(at)) == len(FeltAt)
