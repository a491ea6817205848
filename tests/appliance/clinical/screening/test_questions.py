"""The questions of the screening: each asks one thing, has a source, and can be shown."""

import re
import tomllib
from importlib import resources
from pathlib import Path

import pytest

from appliance.clinical.finding import Consequence
from appliance.clinical.screening.questions import (
    Page,
    ScreeningSettings,
    load_questions,
    load_visit_list,
    parse_questions,
)
from appliance.errors import ConfigError
from appliance.texts.catalogue.screening_questions import QUESTIONS
from tests.support.tools import screening

RAW = (resources.files("appliance.clinical.screening") / "questions.toml").read_bytes()
PAGE = Path(__file__).parents[4] / "docs" / "clinical-sources.md"
ONE = """
[[questions]]
id = "epilepsy"
page = "history"
otherwise = "confirm"
rules = [{ regions = ["neck"], consequence = "stop" }]
source = "a list"
[[visit]]
id = "nerves"
questions = ["epilepsy"]
"""
ONE_THING = {"pregnancy", "cancer", "eczema", "cancer_here", "cord_injury_t6"}
"""Questions with an "or" or "and" that still ask one thing: now or ever, at or near."""


def test_each_question_has_a_name_a_question_and_one_line_of_help() -> None:
    wanted = {
        f"screening.{question}.{part}"
        for question in load_questions()
        for part in ("name", "question", "help")
    }
    wanted |= {f"visit.{item}.{part}" for item in load_visit_list() for part in ("name", "help")}
    assert wanted == set(QUESTIONS)


def test_a_question_is_short_and_asks() -> None:
    for key, text in QUESTIONS.items():
        if key.endswith(".question"):
            assert text.endswith("?")
            assert len(text) <= 46, text
        if key.endswith(".help"):
            assert text.endswith(".")
            assert len(text) <= 80, text
        if key.endswith(".name"):
            assert len(text) <= 36, text


def test_no_question_asks_two_things() -> None:
    asked = {key.split(".")[1]: text for key, text in QUESTIONS.items() if "question" in key}
    doubtful = {name for name, text in asked.items() if re.search(r"\b(or|and)\b|,", text)}
    assert doubtful == ONE_THING
    assert len(set(asked.values())) == len(asked)


def test_every_question_has_a_source() -> None:
    for question in load_questions().values():
        assert len(question.source) >= 10, question.id
        assert question.mark in {"M", "D"}, question.id


def test_every_source_of_a_question_is_on_the_page_of_sources() -> None:
    page = " ".join(PAGE.read_text(encoding="utf-8").split())
    cited = {
        source.strip().removeprefix("secondary: ").replace(" manual", "")
        for question in load_questions().values()
        for found in re.findall(r"\[([^\]]+)\]", question.source)
        for source in found.split(";")
    }
    assert len(cited) >= 15
    list_of_sources = page.partition("## 7. Sources")[2].replace("pp. 25, 47", "p. 25, p. 47")
    assert [source for source in sorted(cited) if source not in list_of_sources] == []


def test_the_page_of_questions_is_the_one_of_the_file() -> None:
    assert screening.PAGE.read_text(encoding="utf-8") == screening.page()


def test_the_page_says_what_an_answer_means_where() -> None:
    questions = load_questions()
    for name, said in (
        ("active_implant", "stop"),
        ("epilepsy", "neck, under the skull: stop; elsewhere: confirm"),
        ("arrhythmia", "upper back: stop; elsewhere: confirm"),
        ("statin", "sensory: note; motor: confirm"),
        ("hernia", "sensory: note; motor: lower back: confirm; elsewhere: note"),
        ("numbing_cream_here", "sensory: confirm; motor: stop; brief-intense: stop"),
    ):
        assert screening.consequences(questions[name]) == said


def test_the_red_flags_come_first_and_refer_to_a_doctor() -> None:
    questions = list(load_questions().values())
    flags = [question.id for question in questions if question.page is Page.RED_FLAGS]
    assert flags == [
        "bladder_control",
        "bowel_control",
        "saddle_numbness",
        "growing_deficit",
        "myelopathy",
        "neck_artery",
        "fever",
        "weight_loss",
        "injury_not_examined",
    ]
    assert [question.id for question in questions if question.refer] == flags
    assert [question.id for question in questions[:9]] == flags


def test_the_visit_list_has_at_most_ten_items_and_each_question_under_one() -> None:
    items = load_visit_list()
    assert len(items) <= 10
    asked = [question for item in items.values() for question in item.questions]
    assert sorted(asked) == sorted(load_questions())


@pytest.mark.parametrize("days", [1, 30, 90])
def test_a_clinic_sets_the_days_of_a_screening(days: int) -> None:
    assert ScreeningSettings(valid_days=days).valid_days == days
    assert ScreeningSettings().valid_days == 30


@pytest.mark.parametrize("days", [0, -1, 91])
def test_other_numbers_of_days_are_an_error(days: int) -> None:
    with pytest.raises(ValueError, match="1 to 90 days"):
        ScreeningSettings(valid_days=days)


def test_a_right_file_is_read() -> None:
    questions, visit = parse_questions(ONE.encode())
    assert questions[0].rules[0].consequence is Consequence.STOP
    assert visit[0].questions == ("epilepsy",)
    assert len(parse_questions(RAW)[0]) == len(tomllib.loads(RAW.decode())["questions"])


@pytest.mark.parametrize(
    ("was", "becomes", "names"),
    [
        ('otherwise = "confirm"', 'otherwise = "ask"', "epilepsy"),
        ('otherwise = "confirm"', 'otherwise = "maybe"', "otherwise"),
        ('otherwise = "confirm"', "", "otherwise"),
        ('source = "a list"', 'source = " "', "epilepsy: source"),
        ('source = "a list"', 'source = "a list"\nmark = "C"', "mark"),
        ('source = "a list"', 'source = "a list"\nwidth = 3', "width"),
        ('source = "a list"', 'source = "a list"\nrefer = true', "epilepsy: refer"),
        ('source = "a list"', 'source = "a list"\nflagged = "unknown"', "flagged"),
        ('id = "epilepsy"', 'id = "Epilepsy!"', "Epilepsy!"),
        ('page = "history"', 'page = "later"', "page"),
        ('regions = ["neck"]', 'regions = ["throat"]', "regions"),
        ('regions = ["neck"], ', "", "epilepsy: rules"),
        ('"stop" }', '"note", kinds = ["burst"] }', "epilepsy: rules"),
        ('questions = ["epilepsy"]', "questions = []", "visit.questions"),
        ('questions = ["epilepsy"]', 'questions = ["epilepsy", "epilepsy"]', "visit.questions"),
        ('questions = ["epilepsy"]', 'questions = ["epilepsy", "other"]', "other"),
        ("[[visit]]", "[[visits]]", "visits"),
        ("[[visit]]", "[[visit", "questions.toml"),
    ],
)
def test_a_wrong_file_is_an_error_that_names_file_and_key(
    was: str, becomes: str, names: str
) -> None:
    assert was in ONE
    with pytest.raises(ConfigError, match=re.escape(names)) as error:
        parse_questions(ONE.replace(was, becomes).encode())
    assert "questions.toml" in str(error.value)


def test_a_question_twice_and_an_eleventh_item_are_an_error() -> None:
    with pytest.raises(ConfigError, match="questions: twice: epilepsy"):
        parse_questions((ONE + ONE).encode())
    more = "".join(f'\n[[visit]]\nid = "item_{number}"\nquestions = []\n' for number in range(10))
    with pytest.raises(ConfigError, match="at most 10, not 11"):
        parse_questions((ONE + more).encode())


def test_questions_out_of_the_order_of_asking_are_an_error() -> None:
    later = ONE.split("[[visit]]", maxsplit=1)[0].replace('"epilepsy"', '"fever"')
    wrong = (ONE.replace('["epilepsy"]', '["epilepsy", "fever"]') + later).replace(
        'id = "fever"\npage = "history"', 'id = "fever"\npage = "red_flags"'
    )
    with pytest.raises(ConfigError, match="order of asking"):
        parse_questions(wrong.encode())
