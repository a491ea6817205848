"""A text is its key and values; English shows each value exactly, in the unit a template names."""

import string

import pytest

from appliance.texts.catalogue import TEXTS
from appliance.texts.english import WAYS, english
from appliance.texts.text import Quantity, Unit, microamps, microseconds, text


@pytest.mark.parametrize(
    ("quantity", "shown"),
    [
        (microamps(12_500), "12.5 mA"),
        (microamps(0), "0 mA"),
        (microamps(-30), "-0.03 mA"),
        (microseconds(250_000), "250 ms"),
        (Quantity(1_234_567, Unit.PICOCOULOMB), "1.234567 µC"),
        (Quantity(2_500, Unit.SQUARE_MILLIMETRE), "25 cm²"),
        (Quantity(30, Unit.MILLIMETRE), "30 mm"),
        (Quantity(3, Unit.COUNT), "3"),
    ],
)
def test_a_quantity_is_shown_exactly_in_its_usual_unit(quantity: Quantity, shown: str) -> None:
    assert english(text("not in the catalogue", seen=quantity)) == (
        f"not in the catalogue, seen {shown}"
    )


def test_a_text_inside_a_text_is_shown_in_its_place() -> None:
    inner = text("refusal", limit="l", asked="a", allowed="b", nearest=microamps(1_000))
    outer = text("refusal", limit=inner, asked="x", allowed="y", nearest="z")
    assert english(outer) == ("l: asked a, allowed b; nearest 1 mA: asked x, allowed y; nearest z")


def test_every_template_shows_its_values_in_ways_that_exist() -> None:
    for key, template in TEXTS.items():
        for _, name, how, _ in string.Formatter().parse(template):
            assert name != "", key
            assert not how or how in WAYS, key
