"""A refusal is told in whole sentences, never in the template of the records."""

from dataclasses import replace

import msgspec
import pytest

from appliance.messages.replies import Refused
from appliance.messages.wire import QuantityView, TextView
from appliance.texts.languages import OFFERED
from tests.support.kiosk.samples import SAMPLES
from ui.kiosk.locale.words import using
from ui.kiosk.places import view_of
from ui.kiosk.view_models.refusals import refusal_text, told


def a(key: str) -> TextView:
    return TextView(key=key)


WRONG = Refused(
    request=1,
    rule="refusal.sign_in",
    asked=a("sign_in.wrong"),
    allowed=a("sign_in.right"),
    nearest=a("sign_in.try_again"),
)
LOAD = TextView(
    key="refusal",
    values={
        "limit": a("refusal.subject"),
        "asked": a("subject.load_and_patient"),
        "allowed": a("subject.allowed"),
        "nearest": a("subject.connect"),
    },
)


@pytest.mark.parametrize("code", OFFERED)
def test_both_sentences_begin_with_a_capital_and_end(code: str) -> None:
    with using(code):
        words = refusal_text(WRONG)
        first, _, second = words.partition(". ")
        assert words.endswith(".")
        for sentence in (first, second):
            assert sentence[0] == sentence[0].upper()


def test_what_is_accepted_is_a_sentence_and_a_name_is_not_changed() -> None:
    assert refusal_text(WRONG) == "Not accepted: a wrong PIN. Try again."
    named = msgspec.structs.replace(WRONG, nearest="p12")
    assert refusal_text(named) == "Not accepted: a wrong PIN. p12."
    level = msgspec.structs.replace(WRONG, nearest=QuantityView(value=9_000, unit="uA"))
    assert refusal_text(level).startswith("Not accepted: a wrong PIN. 9")


def test_a_drill_that_was_refused_says_so_in_sentences() -> None:
    """Hazard: "Subject: asked ..., allowed ...; nearest ..." was read beside a green tick."""
    place, kiosk = SAMPLES["drill_known-load_failed"]()
    assert kiosk.snapshot is not None
    drill = kiosk.snapshot.drill
    assert drill is not None
    assert drill.result is not None
    level = TextView(
        key="drill.failed.level",
        values={"level": QuantityView(value=2_000, unit="uA"), "why": LOAD},
    )
    result = msgspec.structs.replace(drill.result, failures=(LOAD, level))
    drill = msgspec.structs.replace(drill, result=result)
    snapshot = msgspec.structs.replace(kiosk.snapshot, drill=drill)
    shown = str(view_of(place, replace(kiosk, snapshot=snapshot)).content)
    assert (
        "Not accepted: a test load and a patient."
        " Connect the test load, or prescribe for a patient." in shown
    )
    assert "nearest" not in shown
    assert "asked" not in shown
    assert told(level).endswith(
        "a test load and a patient; connect the test load, or prescribe for a patient."
    )
