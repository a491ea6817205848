"""A new PIN that is too easy is told after its first entry; what was typed is emptied then."""

import pytest

from appliance.link.text_conversion import refused
from appliance.messages.replies import Refused, Reply
from appliance.operators.pins import refuse_pin
from tests.support.kiosk.samples import SAMPLES
from ui.kiosk.journey.engine_places import engine_place
from ui.kiosk.journey.home import Home
from ui.kiosk.journey.lock import Lock
from ui.kiosk.journey.operators import MyPin
from ui.kiosk.journey.pins import weak
from ui.kiosk.journey.place import Kiosk, Place
from ui.kiosk.journey.reduce import Reducer
from ui.kiosk.journey.set_up import SetUp
from ui.kiosk.places import view_of

PINS = ("1", "123", "1111", "1234", "9876", "8901", "9053", "0" * 12, "3141592653589", "12a4")
REDUCER = Reducer(engine_place, Home)
EASY = weak("1234")
WRONG = Refused(request=1, rule="refusal.sign_in", asked="a", allowed="b", nearest="c")
RIGHT = Reply(request=1, tick=1)


@pytest.mark.parametrize("pin", [pin for pin in PINS if pin.isdigit()])
def test_the_kiosk_says_what_the_engine_would_say(pin: str) -> None:
    """The rule is the same one; the words are those of the engine too."""
    judged = refuse_pin(pin)
    said = weak(pin)
    if judged is None:
        assert said is None
    else:
        assert said == refused(0, judged.rule, judged.asked, judged.allowed, judged.nearest)


def typed(sample: str, place: Place, pin: str) -> Kiosk:
    kiosk = SAMPLES[sample]().kiosk
    at = Kiosk(place=place, pages=kiosk.pages, snapshot=kiosk.snapshot, me=kiosk.me)
    for action in (*(f"digit:{digit}" for digit in pin), "enter"):
        at = REDUCER.touched(at, action).kiosk
    return at


@pytest.mark.parametrize(
    ("sample", "place", "title"),
    [
        ("lock_new_pin", Lock(operator="anna", old_pin="7351"), "Choose a new PIN"),
        ("set_up_pin", SetUp(name="ANNA", named=True), "Choose a PIN"),
        ("my_pin", MyPin(at=1, old_pin="7351"), "Choose a new PIN"),
    ],
)
def test_an_easy_pin_is_told_after_its_first_entry(sample: str, place: Place, title: str) -> None:
    """Hazard: typed twice, then appended to, then "The two PINs differ"."""
    at = typed(sample, place, "1234")
    assert at.place == place  # emptied, and the same step
    shown = str(view_of(at.place, at).content)
    assert title in shown
    assert "Choose other digits." in shown
    cleared = REDUCER.touched(at, "digit:9").kiosk
    assert "Choose other digits." not in str(view_of(cleared.place, cleared).content)
    assert typed(sample, place, "9053").refused is None


def test_a_new_pin_is_another_one_than_before() -> None:
    at = typed("my_pin", MyPin(at=1, old_pin="7351"), "7351")
    assert "Another PIN" in str(view_of(at.place, at).content) or at.refused is not None
    assert at.place == MyPin(at=1, old_pin="7351")


@pytest.mark.parametrize(
    ("sample", "place", "title"),
    [
        ("lock_new_pin", Lock(operator="anna"), "PIN of anna"),
        ("my_pin", MyPin(), "The present PIN"),
    ],
)
@pytest.mark.parametrize("answer", [WRONG, None, RIGHT])
def test_a_wrong_pin_that_is_to_be_replaced_is_told_before_a_new_one_is_asked_for(
    sample: str, place: Place, title: str, answer: Refused | Reply | None
) -> None:
    """Hazard: a wrong one-time PIN is found out after the new PIN was entered twice."""
    at = typed(sample, place, "7351")
    assert at.waiting == {"try_pin"}
    assert title in str(view_of(at.place, at).content)
    waits = REDUCER.touched(at, "digit:9").kiosk
    told = REDUCER.answered(waits, "try_pin", answer).kiosk
    shown = str(view_of(told.place, told).content)
    assert ("Choose a new PIN" in shown) is (answer is RIGHT)
    assert (title in shown) is (answer is not RIGHT)
    assert ("Not accepted" in shown) is (answer is WRONG)
    assert getattr(told.place, "pin", "") == ""


@pytest.mark.parametrize("answer", [EASY, WRONG, None])
def test_after_a_refusal_the_digits_are_emptied_and_the_title_goes_back(
    answer: Refused | None,
) -> None:
    kiosk = SAMPLES["set_up_pin"]().kiosk
    place = SetUp(name="ANNA", named=True, pin="9053", first_pin="9053")
    assert place.answered("enrol", answer, kiosk).place == SetUp(name="ANNA", named=True)


def test_a_refused_own_pin_is_chosen_anew() -> None:
    kiosk = SAMPLES["my_pin"]().kiosk
    mine = MyPin(at=2, old_pin="7351", new_pin="1234", pin="1234")
    assert mine.answered("own_pin", EASY, kiosk).place == MyPin(at=1, old_pin="7351")
    assert mine.answered("own_pin", WRONG, kiosk).place == MyPin()
    assert mine.answered("own_pin", Reply(request=1, tick=1), kiosk).place == MyPin(changed=True)
