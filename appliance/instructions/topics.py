"""The topics of the instructions, checked: which sentences each has and what is made from data."""

from collections.abc import Mapping
from enum import StrEnum
from functools import lru_cache

import msgspec

from appliance.clinical.data_file import parse_data, read_data
from appliance.errors import ConfigError

FILE = "instructions.toml"


class Generated(StrEnum):
    """What follows the sentences of a topic, made from data."""

    CONTRAINDICATIONS = "contraindications"
    PROGRAMMES = "programmes"
    CARE = "care"
    TRIPS = "trips"
    SOUNDS = "sounds"


class Topic(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One topic; `lines` are keys of texts, in order of doing where `steps` says so."""

    id: str
    lines: tuple[str, ...]
    source: str
    steps: bool = False
    generated: Generated | None = None

    @property
    def title(self) -> str:
        """Return the key of its title."""
        return f"help.{self.id}.title"


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    topic: tuple[Topic, ...]


@lru_cache(maxsize=1)
def _loaded() -> dict[str, Topic]:
    return _checked(read_data("appliance.instructions", FILE, _File))


def load_topics() -> Mapping[str, Topic]:
    """Return every topic by its id, in the order of reading; raises `ConfigError`."""
    return _loaded()


def parse_topics(raw: bytes) -> Mapping[str, Topic]:
    """Decode and check a file of topics; raises `ConfigError` that names file and topic."""
    return _checked(parse_data(raw, FILE, _File))


def _checked(file: _File) -> dict[str, Topic]:
    topics = {topic.id: topic for topic in file.topic}
    if len(topics) < len(file.topic):
        raise ConfigError(f"data file {FILE}: two topics have one id")
    for topic in file.topic:
        strange = [line for line in topic.lines if not line.startswith(f"help.{topic.id}.")]
        if strange or not topic.lines:
            raise ConfigError(f"data file {FILE}: topic {topic.id}: lines are help.{topic.id}.*")
    return topics
