"""The sentences of the instructions: each is used, each number comes from the code, none claims."""

import re
from string import Formatter

import pytest

from appliance.errors import ConfigError
from appliance.instructions.instructions import ReadTopic, read_topic
from appliance.instructions.numbers import SHORTWAVE_M, numbers
from appliance.instructions.topics import load_topics, parse_topics
from appliance.texts.catalogue import TEXTS
from appliance.texts.catalogue.instructions import INSTRUCTIONS
from appliance.texts.english import english
from appliance.texts.text import Text
from tests.support.tools.instructions import PAGE, page

pytestmark = pytest.mark.proves("instructions")

COMPLIANCE_MV = 120_000


def topic(name: str) -> ReadTopic:
    return read_topic(load_topics()[name], COMPLIANCE_MV)


def said(name: str) -> str:
    """Return a whole topic, a line a sentence."""
    return "\n".join(english(line) for block in topic(name).blocks for line in block.lines)


def keys_of(text: Text) -> set[str]:
    values = (value for _, value in text.values if isinstance(value, Text))
    return {text.key}.union(*map(keys_of, values))


def test_every_text_of_the_instructions_is_used() -> None:
    used = set()
    for name in load_topics():
        title, blocks = topic(name)
        used |= keys_of(title)
        for heading, lines in blocks:
            used |= set().union(*map(keys_of, lines)) | (keys_of(heading) if heading else set())
    assert used & INSTRUCTIONS.keys() == INSTRUCTIONS.keys()
    assert used <= TEXTS.keys()


def test_no_sentence_has_a_number_of_its_own() -> None:
    plain = {key: re.sub(r"\{.*?\}", "", template) for key, template in INSTRUCTIONS.items()}
    assert [key for key, words in plain.items() if re.search(r"\d", words)] == []


def test_every_number_is_used_by_a_sentence() -> None:
    named = {
        name
        for topic in load_topics().values()
        for key in topic.lines
        for _, name, _, _ in Formatter().parse(TEXTS[key])
        if name
    }
    assert named == numbers(COMPLIANCE_MV).keys()


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("contraindications", "valid for 30 days"),
        ("warnings", "More than 2 mA/cm² r.m.s."),
        ("warnings", "a reason from 1 mA/cm² on"),
        ("warnings", "neck no more than 1 mA/cm²"),
        ("warnings", "about 1 m,"),
        ("warnings", "sits for 2 min"),
        ("programmes", "95 % of 120 V"),
        ("programmes", "into 1000 Ω no more than 108.571 mA"),  # 114 V / (1000 + 50) Ω
        ("levels", "adds 0.5 mA, or 1 mA"),
        ("levels", "at most once in 0.3 s"),
        ("levels", "Held for 0.8 s, plus climbs by 2 mA a second on the neck and 4 mA"),
        ("levels", "at most 10 s, each followed by at least 10 s"),
        ("levels", "announced 3 s before"),
        ("levels", "at most 30 mA on the back and 20 mA on the neck, and at most 15 min a day"),
        ("levels", "felt on 3 days"),
        ("how_often", "At most 2 sessions a day, at least 10 min apart."),
        ("how_often", "At most 4 sessions in any 48 h."),
        ("how_often", "72 h of rest, after later ones 48 h."),
        ("people", "a PIN of 4 to 12 digits"),
        ("people", "After 2 min without a touch"),
        ("people", "never longer than 5 min"),
        ("session", "good for 10 min"),
        ("session", "nothing felt at 10 mA on the neck or 20 mA on the back"),
        ("stopping", "to zero within 0.45 s"),
        ("stopping", "silent for 2 s"),
        ("skin_and_pads", "worn for 30 min"),
        ("skin_and_pads", "warns at 10 uses and refuses a set after 20 uses or 30 days"),
        ("skin_and_pads", "at least 30 mm apart"),
        ("care", "14 days later"),
        ("care", "every 7 days, by whoever works with the unit"),
        ("care", "safety check: every 365 days, by service"),
        ("care", "calibration: every 365 days, by service"),
        ("sounds", "Output was stopped – 3 short, 2 short, 3 short, 2 short, every 6 s."),
        ("sounds", "Are you with the patient? – 1 long, 4 short, every 4 s."),
        ("sounds", "A silence lasts 120 s"),
        ("sounds", "A contraction is coming – 1 short, once. It comes 3 s later"),
        ("drills", "every 30 days; it is announced 7 days before"),
    ],
)
def test_the_instructions_name_the_limits_of_the_unit(name: str, words: str) -> None:
    assert words in said(name)


def test_the_distance_of_a_shortwave_unit_is_that_of_the_screening() -> None:
    assert f"within {SHORTWAVE_M} m?" in TEXTS["screening.shortwave.question"]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("left_out", "Implanted electrodes"),
        ("left_out", "Take-home TENS"),
        ("left_out", "Swallowing"),
        ("intended_use", "not a cleared medical device"),
        ("intended_use", "Nothing here claims that stimulation works"),
        ("stopping", "hand switch"),
        ("stopping", "red button"),
    ],
)
def test_what_has_to_be_said_is_said(name: str, words: str) -> None:
    assert words in said(name)


def test_no_sentence_claims_an_effect() -> None:
    claims = re.compile(r"reliev|effective|cure|benefit|improve|heal|recommend", re.IGNORECASE)
    assert [words for words in INSTRUCTIONS.values() if claims.search(words)] == []


def test_the_committed_page_is_the_one_the_topics_make() -> None:
    assert PAGE.read_text(encoding="utf-8") == page()


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ('id = "a"\nlines = ["help.b.one"]', "topic a: lines are help.a"),
        ('id = "a"\nlines = []', "topic a"),
        ('id = "a"\nlines = ["help.a.one"]\nnonsense = 1', "nonsense"),
        ('id = "a"\nlines = ["help.a.one"]\ngenerated = "poems"', "generated"),
    ],
)
def test_a_file_of_topics_that_is_wrong_names_what_is_wrong(changed: str, fault: str) -> None:
    with pytest.raises(ConfigError, match=fault):
        parse_topics(f'[[topic]]\nsource = "x"\n{changed}\n'.encode())


def test_two_topics_cannot_have_one_id() -> None:
    one = '[[topic]]\nid = "a"\nsource = "x"\nlines = ["help.a.one"]\n'
    with pytest.raises(ConfigError, match="two topics"):
        parse_topics((one + one).encode())
