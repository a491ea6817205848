"""The questions of `questions.toml`, checked, and what an answer means where. Pure."""

import re
from collections.abc import Mapping
from enum import StrEnum
from functools import lru_cache
from typing import Annotated, Literal

import msgspec

from appliance.clinical.data_file import parse_data, read_data
from appliance.clinical.finding import Consequence
from appliance.core.limits.limits import Purpose, Region
from appliance.core.prescription.waveform import ProgrammeKind
from appliance.errors import ConfigError

FILE = "questions.toml"
MOST_VISIT_ITEMS = 10
"""All fit on one screen, each with its name."""
_ID = re.compile(r"[a-z][a-z0-9_]{1,31}")


class ScreeningSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a clinic may set: for how many days a full screening is valid, 1 to 90, usually 30 (D).

    Raises ValueError for other numbers of days.
    """

    valid_days: Annotated[int, msgspec.Meta(ge=1, le=90)] = 30

    def __post_init__(self) -> None:
        if not 1 <= self.valid_days <= 90:  # noqa: PLR2004
            raise ValueError(f"a screening is valid for 1 to 90 days, not {self.valid_days}")


class Lasts(StrEnum):
    """How long an answer lasts: until the full screening expires, or for the day."""

    SCREENING = "screening"
    DAY = "day"


class Page(StrEnum):
    """The page on which a question is asked, in the order of asking."""

    RED_FLAGS = "red_flags"
    HISTORY = "history"
    HERE = "here"
    TODAY = "today"
    AGREEMENT = "agreement"


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A consequence where region, purpose and kind all fit; an empty list fits everything."""

    consequence: Consequence
    regions: tuple[Region, ...] = ()
    purposes: tuple[Purpose, ...] = ()
    kinds: tuple[ProgrammeKind, ...] = ()

    def fits(self, region: Region, purpose: Purpose, kind: ProgrammeKind | None) -> bool:
        """Return whether the rule is for this treatment; no kind fits no rule for kinds."""
        return (
            (not self.regions or region in self.regions)
            and (not self.purposes or purpose in self.purposes)
            and (not self.kinds or kind in self.kinds)
        )


class Question(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One question: each asks one thing. The file says what its keys mean."""

    id: str
    page: Page
    otherwise: Consequence
    source: str
    mark: Literal["M", "D"] | None = None
    flagged: Literal["yes", "no"] = "yes"
    local: bool = False
    lasts: Lasts = Lasts.SCREENING
    refer: bool = False
    patch_test: bool = False
    rules: tuple[Rule, ...] = ()

    def consequence(
        self, region: Region, purpose: Purpose, kind: ProgrammeKind | None = None
    ) -> Consequence:
        """Return what a flagged answer means for a treatment."""
        for rule in self.rules:
            if rule.fits(region, purpose, kind):
                return rule.consequence
        return self.otherwise


class VisitItem(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """An item of the visit list, and the questions that are asked again where it changed."""

    id: str
    questions: tuple[str, ...]


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    questions: tuple[Question, ...]
    visit: tuple[VisitItem, ...]


def parse_questions(raw: bytes) -> tuple[tuple[Question, ...], tuple[VisitItem, ...]]:
    """Decode and check a file of questions; raises `ConfigError` that names file and key."""
    return _checked(parse_data(raw, FILE, _File))


@lru_cache(maxsize=1)
def _loaded() -> tuple[dict[str, Question], dict[str, VisitItem]]:
    questions, visit = _checked(read_data("appliance.clinical.screening", FILE, _File))
    return {question.id: question for question in questions}, {item.id: item for item in visit}


def load_questions() -> Mapping[str, Question]:
    """Return every question by its id, in the order of asking; raises `ConfigError`."""
    return _loaded()[0]


def load_visit_list() -> Mapping[str, VisitItem]:
    """Return the items of the visit list by their ids; raises `ConfigError`."""
    return _loaded()[1]


def _checked(file: _File) -> tuple[tuple[Question, ...], tuple[VisitItem, ...]]:
    ids = [question.id for question in file.questions]
    items = [item.id for item in file.visit]
    asked_again = [question for item in file.visit for question in item.questions]
    for name in [*ids, *items]:
        if not _ID.fullmatch(name):
            raise ConfigError(f"data file {FILE}: id: {name!r} is no id")
    for kind, names in (("questions", ids), ("visit", items), ("visit.questions", asked_again)):
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ConfigError(f"data file {FILE}: {kind}: twice: {', '.join(twice)}")
    lost = sorted(set(ids) ^ set(asked_again))
    if lost:
        raise ConfigError(
            f"data file {FILE}: visit.questions: each question under one item: {', '.join(lost)}"
        )
    if len(items) > MOST_VISIT_ITEMS:
        raise ConfigError(f"data file {FILE}: visit: at most {MOST_VISIT_ITEMS}, not {len(items)}")
    for question in file.questions:
        _check_consequences(question)
    pages = [list(Page).index(question.page) for question in file.questions]
    if pages != sorted(pages):
        raise ConfigError(f"data file {FILE}: page: questions are not in the order of asking")
    return file.questions, file.visit


def _check_consequences(question: Question) -> None:
    where = f"data file {FILE}: {question.id}"
    every = [question.otherwise, *(rule.consequence for rule in question.rules)]
    if Consequence.ASK in every:
        raise ConfigError(f"{where}: an answer stops, is confirmed or is a note; it asks nothing")
    for rule in question.rules:
        if rule.kinds and rule.consequence is not Consequence.STOP:
            raise ConfigError(f"{where}: rules: a rule for kinds can only stop")
        if not (rule.regions or rule.purposes or rule.kinds):
            raise ConfigError(f"{where}: rules: a rule needs regions, purposes or kinds")
    if question.refer and set(every) != {Consequence.STOP}:
        raise ConfigError(f"{where}: refer: only what stops everywhere refers to a doctor")
    if not question.source.strip():
        raise ConfigError(f"{where}: source: nothing is asked without a source")
