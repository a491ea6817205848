"""A text is the same after the link and after the records, at any depth."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.link.text_conversion import text_of, value_of, view_of
from appliance.messages.wire import QuantityView, TextView
from appliance.records.texts import from_record, to_record
from appliance.texts.text import Quantity, Text, TextValue, Unit
from tests.support.texts import over_the_link

NUMBERS = st.integers(-(2**63), 2**63 - 1)
NAMES = st.text("abcdef_", min_size=1, max_size=4)
QUANTITIES = st.builds(Quantity, NUMBERS, st.sampled_from(Unit))
LEAVES = st.one_of(NUMBERS, st.text(max_size=8), QUANTITIES)


def texts_of(values: st.SearchStrategy[TextValue]) -> st.SearchStrategy[Text]:
    named = st.dictionaries(NAMES, values, max_size=2).map(lambda found: tuple(found.items()))
    return st.builds(Text, NAMES, named)


TEXTS = texts_of(LEAVES | texts_of(LEAVES | texts_of(LEAVES)))


@given(TEXTS)
def test_a_text_is_the_same_after_the_link(text: Text) -> None:
    assert text_of(over_the_link(view_of(text))) == text


@given(TEXTS)
def test_a_text_is_the_same_after_the_records(text: Text) -> None:
    assert from_record(json.loads(json.dumps(to_record(text)))) == text


@pytest.mark.parametrize("fact", [None, "words", 3, True, [], {}, {"key": 1, "values": {}}])
def test_what_is_no_text_in_the_records_is_none(fact: object) -> None:
    assert from_record(fact) is None


def test_a_unit_of_a_newer_build_stays_as_written() -> None:
    assert value_of(QuantityView(value=3, unit="lumen")) == "3 lumen"
    lumen = {"key": "k", "values": {"seen": {"value": 3, "unit": "lumen"}}}
    assert from_record(lumen) == Text("k", (("seen", "3 lumen"),))


def test_more_values_than_a_text_may_have_are_refused() -> None:
    view = TextView(key="k", values={f"v{n}": n for n in range(17)})
    with pytest.raises(ValueError, match="length"):
        over_the_link(view)
