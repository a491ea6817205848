"""What a reason or a name has to be: read by somebody later, and nothing else than it shows."""

import pytest

from appliance.core.readable_text import refuse_operator, refuse_reason, says_something
from tests.support.texts import said


@pytest.mark.parametrize(
    "text",
    [
        "sore",
        "7",
        " anna ",
        "Müller",
        "痛い",
        "боль",
        "درد می\u200cشود",
        "e\u0301tat",
        "ok – 2 × daily",
    ],
)
def test_letters_and_digits_of_any_script_say_something(text: str) -> None:
    assert says_something(text)
    assert refuse_reason(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "\u00a0\u2003",
        "\u200b\u200b",
        "\u200c\u200d",
        "\ufeff",
        "\u2060",
        "\u00ad",
        "\u3164",
        "\u115f\uffa0",
        "\u2800",
        "\u0301",
        "\ufe0f",
        "--- ... !",
        "\U000e0041",
        "\ue000",
    ],
)
def test_what_shows_nothing_says_nothing(text: str) -> None:
    assert not says_something(text)


@pytest.mark.parametrize(
    "steering",
    [
        *("\x00", "\x07", "\x1b[2J", "\n", "\r", "\t", "\x85"),
        *("\u2028", "\u202e", "\u2066", "\u200f", "\u200b", "\ud800"),
    ],
)
def test_what_steers_is_refused_among_words_as_well_and_not_repeated(steering: str) -> None:
    text = f"so{steering}re"
    assert not says_something(text)
    found = refuse_operator(text)
    assert found is not None
    refusal = said(found)
    assert steering not in refusal.text()
    assert refusal.asked == f"{len(text)} characters that cannot be read"


def test_a_refusal_says_what_would_be_taken() -> None:
    refusal = refuse_reason(" ")
    assert refusal is not None
    assert said(refusal).text() == (
        "reason: asked none, allowed a clinician's reason: one line with letters or digits; "
        "nearest say why"
    )
