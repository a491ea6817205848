"""A fact from plain values: what does not fit is refused with what would be accepted there."""

from typing import Any

import pytest

from appliance.clinical.fact import Fact
from appliance.clinical.fact_reading import read_fact
from appliance.clinical.screening.facts import Answer, ScreeningAnswered, ScreeningConfirmed
from appliance.clinical.skin.facts import SkinCheckedAfter, SkinCheckedBefore
from appliance.core.limits.limits import Region
from appliance.core.refusal import Refusal
from tests.support.texts import said

WHO = {"patient": "P-0015", "operator": "K. M.", "simulated": False}
SITE = {"region": "neck", "side": "left", "spot": "C4"}


def read(kind: type[Fact], /, **values: object) -> Fact | Refusal:
    return read_fact(kind, {**WHO, **values})


def test_right_values_are_a_fact() -> None:
    fact = read(ScreeningAnswered, kind="part", here={"neck": {"metal_here": "unknown"}})
    assert isinstance(fact, ScreeningAnswered)
    assert fact.here == {Region.NECK: {"metal_here": Answer.UNKNOWN}}


@pytest.mark.parametrize(
    ("kind", "values", "asked", "allowed"),
    [
        (ScreeningAnswered, {}, "without kind", "full, part"),
        (ScreeningAnswered, {"kind": "half"}, "a value that does not fit, kind", "full, part"),
        (
            ScreeningAnswered,
            {"kind": "part", "answers": {"fever": "maybe"}},
            "a value that does not fit, answers",
            "yes, no, unknown",
        ),
        (
            ScreeningAnswered,
            {"kind": "part", "here": {"throat": {}}},
            "a value that does not fit, here",
            "neck, suboccipital, upper_back, lower_back",
        ),
        (
            ScreeningAnswered,
            {"kind": "part", "here": {"neck": {"metal_here": 1}}},
            "a value that does not fit, here",
            "yes, no, unknown",
        ),
        (
            ScreeningAnswered,
            {"kind": "part", "answers": 7},
            "a value that does not fit, answers",
            "names and values",
        ),
        (
            ScreeningConfirmed,
            {"region": "neck", "purpose": "motor", "reasons": {}, "mood": 3},
            "an unknown field",
            "the fields patient, operator, simulated, region, purpose, reasons",
        ),
        (
            SkinCheckedBefore,
            {"grades": [{"site": SITE, "grade": 3}]},
            "a value that does not fit, grades.grade",
            "0, 1, 2",
        ),
        (
            SkinCheckedBefore,
            {"grades": [{"site": {**SITE, "side": "up"}, "grade": 1}]},
            "a value that does not fit, grades.site.side",
            "left, right, both",
        ),
        (
            SkinCheckedBefore,
            {"grades": [{"grade": 1}]},
            "without grades.site",
            "the fields region, side, spot",
        ),
        (SkinCheckedBefore, {"grades": 7}, "a value that does not fit, grades", "a list"),
        (
            SkinCheckedAfter,
            {
                "session": "0001-001",
                "grades": [],
                "levels": [{"site": SITE, "level_ua": -1}],
                "material": "gel",
            },
            "a value that does not fit, levels.level_ua",
            "0 to 100000",
        ),
        (
            SkinCheckedBefore,
            {"simulated": 2, "grades": []},
            "a value that does not fit, simulated",
            "true, false",
        ),
        (
            SkinCheckedBefore,
            {"patient": None, "grades": []},
            "a value that does not fit, patient",
            "a text",
        ),
    ],
)
def test_what_does_not_fit_is_refused_with_what_does(
    kind: type[Fact], values: dict[str, Any], asked: str, allowed: str
) -> None:
    refusal = read(kind, **values)
    assert isinstance(refusal, Refusal)
    assert (said(refusal).asked, said(refusal).allowed) == (asked, allowed)
