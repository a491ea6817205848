"""The first set-up: six numbered steps; the clinic with its name on the lock and its number."""

from dataclasses import replace

from appliance.core.refusal import Refusal
from appliance.link.text_conversion import refused
from appliance.messages.actions import Action, SetUpUnit
from appliance.messages.replies import Reply
from appliance.texts.text import text
from tests.support.kiosk.samples import SAMPLES
from tests.support.kiosk.samples.sample import Sample
from ui.kiosk.journey.clinic import ClinicCard
from ui.kiosk.journey.place import Forget, Kiosk, Next, Place, Send
from ui.kiosk.journey.service import Service
from ui.kiosk.journey.set_up import SetUp
from ui.kiosk.places import ENTRIES, view_of
from ui.kiosk.view_models.blocks import FormView, Heading, Steps
from ui.kiosk.view_models.service import service_view

WRONG = Refusal("refusal.set_up", text("none"), text("set_up.one_step"), text("set_up.one_step"))


def sent(moved: Next) -> list[Action]:
    return [effect.action for effect in moved.effects if isinstance(effect, Send)]


def press(place: Place, sample: Sample, *keys: str) -> Next:
    moved = Next(place)
    for key in keys:
        assert moved.place is not None
        moved = moved.place.touched(key, sample.kiosk)
    return moved


def shown(place: Place, kiosk: Kiosk) -> FormView:
    view = view_of(place, kiosk).content
    assert isinstance(view, FormView)
    return view


def steps_of(view: FormView) -> Steps:
    return next(block for block in view.columns[0].blocks if isinstance(block, Steps))


def test_the_six_steps_are_numbered_and_say_which_one_is_now() -> None:
    view = shown(*SAMPLES["set_up_clock"]())
    heading = view.columns[0].blocks[0]
    assert isinstance(heading, Heading)
    assert heading.note == "Step 4 of 6"
    steps = steps_of(view).steps
    assert [step.number for step in steps] == ["1", "2", "3", "4", "5", "6"]
    assert [step.icon for step in steps] == ["check"] * 3 + [""] * 3
    assert [step.state_role for step in steps[3:]] == ["text", "text_soft", "text_soft"]


def test_a_step_with_a_keyboard_says_which_one_it_is_too() -> None:
    for name, which in (("lead", "Step 1 of 6"), ("clinic", "Step 3 of 6")):
        heading = shown(*SAMPLES[f"set_up_{name}"]()).columns[0].blocks[0]
        assert isinstance(heading, Heading)
        assert heading.note == which


def test_the_clinic_is_recorded_with_its_number_in_one_step() -> None:
    sample = SAMPLES["set_up_clinic"]()
    assert sent(press(SetUp(), sample, "done")) == []
    named = press(SetUp(), sample, "letter:N", "done")
    assert not sent(named)
    assert named.place == SetUp(clinic="N", clinic_named=True)
    moved = press(named.place, sample, "digit:+", "digit:4", "digit:9", "digit:1", "done")
    assert sent(moved) == [SetUpUnit(clinic="N", telephone="+491")]
    assert sent(press(named.place, sample, "done")) == [SetUpUnit(clinic="N")]
    assert press(named.place, sample, "back").place == SetUp(clinic="N")


def test_a_number_that_is_refused_stays_as_it_was_typed() -> None:
    place, kiosk = SAMPLES["set_up_telephone"]()
    answer = refused(1, WRONG.rule, WRONG.asked, WRONG.allowed, WRONG.nearest)
    moved = place.answered("step", answer, kiosk)
    assert moved.place == place
    assert shown(place, replace(kiosk, refused=answer)) != shown(place, kiosk)


def test_the_lock_names_the_clinic_once_it_is_known() -> None:
    assert view_of(*SAMPLES["lock_clinic"]()).shell.head.title == "stimkiosk · Physio Am Markt"
    assert view_of(*SAMPLES["lock"]()).shell.head.title == "stimkiosk"


def test_the_clinic_is_changed_in_service_by_who_may_set_the_unit_up() -> None:
    for name, may in (("service_lead", True), ("service", True), ("service_clinician", False)):
        sample = SAMPLES["service_lead" if name == "service_clinician" else name]()
        kiosk = sample.kiosk
        if not may and kiosk.me is not None:
            kiosk = replace(kiosk, me=replace(kiosk.me, role="clinician"))
        assert ("action='clinic'" in str(service_view(Service(), kiosk))) is may
    assert ENTRIES["clinic"]() == ClinicCard()


def test_name_and_number_are_changed_apart_and_the_number_can_be_taken_away() -> None:
    sample = SAMPLES["clinic"]()
    assert "+49 30 12345" in str(shown(*sample))
    moved = press(ClinicCard(), sample, "change:telephone", "digit:1", "digit:2", "done")
    assert sent(moved) == [SetUpUnit(telephone="12")]
    assert sent(press(ClinicCard(changes="telephone"), sample, "done")) == [SetUpUnit(telephone="")]
    assert sent(press(ClinicCard(changes="clinic"), sample, "done")) == []
    named = press(ClinicCard(), sample, "change:clinic", "letter:N", "done")
    assert sent(named) == [SetUpUnit(clinic="N")]
    assert named.place is not None
    recorded = named.place.answered("clinic", Reply(request=1, tick=0), sample.kiosk)
    assert recorded == Next(ClinicCard(), (Forget("set_up"),))
    assert press(ClinicCard(changes="clinic"), sample, "back").place == ClinicCard()
