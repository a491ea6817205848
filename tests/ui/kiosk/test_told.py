"""The patient is told about a programme from the engine's own sentences, then it is recorded."""

from types import MappingProxyType

import msgspec

from appliance.control.pages.programmes import told_rows
from appliance.core.refusal import Refusal
from appliance.messages.actions import RecordFact
from appliance.messages.wire import StateName
from tests.support.no_sources import NOTHING
from tests.support.snapshots import AT_REST
from ui.kiosk.journey.place import STAY, Kiosk, Next, Send
from ui.kiosk.journey.steps import STEPS, Leads, step_for
from ui.kiosk.journey.told import TellPatient
from ui.kiosk.journey.treatment import Treatment
from ui.kiosk.places import view_of
from ui.kiosk.view_models.blocks import Beside, FormView, Keys, PatientCard
from ui.kiosk.view_models.parts import KeyLook, KeyView

PROGRAMME = "nmes-strengthening"
TREATMENT = Treatment(
    patient="P-1", first_step=step_for, programme=PROGRAMME, region="lower_back", side="both"
)
PLACE = TellPatient(treatment=TREATMENT)


def kiosk(*, with_page: bool = True) -> Kiosk:
    rows = told_rows(PROGRAMME, NOTHING)
    assert not isinstance(rows, Refusal)
    plain = tuple(msgspec.to_builtins(row, str_keys=True) for row in rows)
    pages = {f"told:{PROGRAMME}": plain} if with_page else {}
    ready = msgspec.structs.replace(AT_REST, state=StateName.READY)
    return Kiosk(place=PLACE, snapshot=ready, pages=MappingProxyType(pages))


def content(place: TellPatient, at: Kiosk) -> FormView:
    view = view_of(place, at).content
    assert isinstance(view, FormView)
    return view


def test_the_finding_of_a_patient_who_was_not_told_leads_here() -> None:
    row = {"rule": "refusal.patient_told", "item": PROGRAMME, "consequence": "ask"}
    leads = next(leads for leads in STEPS if leads.fits({**row, "nearest": "b"}))
    assert isinstance(leads, Leads)
    assert leads.to is TellPatient


def test_all_that_the_engine_says_stands_on_the_card_in_three_blocks() -> None:
    card = content(PLACE, kiosk()).columns[0].blocks[0]
    assert isinstance(card, PatientCard)
    assert len(card.blocks) == 3
    text = " ".join(block.text for block in card.blocks)
    assert "the muscle moves by itself" in text
    assert "Do not touch or move pads and leads" in text


def test_one_key_records_that_the_patient_has_understood() -> None:
    following = PLACE.touched("understood", kiosk())
    values: dict[str, object] = {"patient": "P-1", "programme": PROGRAMME}
    fact = RecordFact(kind="patient_told", values=values)
    assert following.effects == (Send(fact, "fact"),)


def test_nothing_is_understood_before_the_sentences_have_come() -> None:
    at = kiosk(with_page=False)
    assert PLACE.touched("understood", at) == STAY
    assert f"told:{PROGRAMME}" in PLACE.wants(at)
    assert KeyLook.OFF in {key.look for key in keys(content(PLACE, at))}


def test_the_card_turns_and_its_keys_do_not() -> None:
    following = PLACE.touched("turn_round", kiosk())
    assert following == Next(TellPatient(treatment=TREATMENT, turned=True))
    assert isinstance(following.place, TellPatient)
    turned, straight = content(following.place, kiosk()), content(PLACE, kiosk())
    assert keys(turned) == keys(straight)
    assert turned != straight


def keys(view: FormView) -> tuple[KeyView, ...]:
    beside = view.columns[0].blocks[-1]
    assert isinstance(beside, Beside)
    return tuple(key for part in beside.parts if isinstance(part, Keys) for key in part.keys)
