"""The lists of exercises and of advice, from their data files."""

from enum import StrEnum
from functools import lru_cache

import msgspec

from appliance.clinical.data_file import read_data
from appliance.errors import ConfigError
from appliance.texts.text import Text, microseconds, text
from drivers.quantities import US_PER_S

SETS = (1, 5)
REPETITIONS = (1, 30)
DAYS = (1, 7)


class Area(StrEnum):
    """The part of the body that an exercise is for."""

    NECK = "neck"
    UPPER_BACK = "upper_back"
    LOWER_BACK = "lower_back"


class _Table(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table of a data file; an unknown key is an error."""


class Exercise(_Table, frozen=True, kw_only=True):
    """An exercise; `purpose`, `start` and `stop` are keys of texts, the dose is a proposal (D)."""

    name: str
    area: Area
    purpose: str
    start: str
    steps: int
    sets: int
    repetitions: int
    hold_s: int
    days_a_week: int
    stop: tuple[str, ...]
    source: str

    @property
    def title(self) -> Text:
        """Return its name in words."""
        return Text(f"exercise.{self._key}.title")

    @property
    def step_texts(self) -> tuple[Text, ...]:
        """Return its steps in words, without the start position."""
        return tuple(
            Text(f"exercise.{self._key}.step_{number + 1}") for number in range(self.steps)
        )

    def dose(self, sets: int, repetitions: int, days_a_week: int) -> Text:
        """Return a dose in words."""
        if not self.hold_s:
            return text(
                "exercise.dose_moving", sets=sets, repetitions=repetitions, days=days_a_week
            )
        hold = microseconds(self.hold_s * US_PER_S)
        return text(
            "exercise.dose", sets=sets, repetitions=repetitions, hold=hold, days=days_a_week
        )

    @property
    def _key(self) -> str:
        return self.name.replace("-", "_")


class Advice(_Table, frozen=True, kw_only=True):
    """One piece of advice and its source."""

    name: str
    source: str

    @property
    def text(self) -> Text:
        """Return it in words."""
        return Text(f"advice.{self.name.replace('-', '_')}")


class _ExerciseFile(_Table, frozen=True, kw_only=True):
    exercise: tuple[Exercise, ...]


class _AdviceFile(_Table, frozen=True, kw_only=True):
    advice: tuple[Advice, ...]


@lru_cache(maxsize=1)
def load_exercises() -> dict[str, Exercise]:
    """Return every exercise by name, in the order of the file; raises `ConfigError`."""
    listed = read_data("appliance.clinical.exercises", "exercises.toml", _ExerciseFile).exercise
    return check_exercises(listed)


def check_exercises(listed: tuple[Exercise, ...]) -> dict[str, Exercise]:
    """Return exercises by name; raises `ConfigError` for a name twice or a dose out of range."""
    found: dict[str, Exercise] = {}
    for exercise in listed:
        if exercise.name in found:
            raise ConfigError(f"data file exercises.toml: two exercises {exercise.name}")
        dose = (exercise.sets, exercise.repetitions, exercise.days_a_week)
        ranges = (SETS, REPETITIONS, DAYS)
        if not all(
            least <= count <= most for count, (least, most) in zip(dose, ranges, strict=True)
        ):
            raise ConfigError(f"data file exercises.toml: {exercise.name}: dose {dose}")
        if not exercise.stop or exercise.steps < 1 or exercise.hold_s < 0:
            raise ConfigError(f"data file exercises.toml: {exercise.name}: stop, steps or hold_s")
        found[exercise.name] = exercise
    return found


@lru_cache(maxsize=1)
def load_advice() -> dict[str, Advice]:
    """Return every piece of advice by name, in the order of the file; raises `ConfigError`."""
    listed = read_data("appliance.clinical.exercises", "advice.toml", _AdviceFile).advice
    if len({advice.name for advice in listed}) < len(listed):
        raise ConfigError("data file advice.toml: a name stands twice")
    return {advice.name: advice for advice in listed}
