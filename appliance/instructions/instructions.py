"""A whole topic of the instructions, ready to be shown: its sentences, then what data adds."""

from typing import NamedTuple

from appliance.instructions.generated import Block, generated
from appliance.instructions.numbers import line, numbers
from appliance.instructions.topics import Topic
from appliance.texts.text import Text


class ReadTopic(NamedTuple):
    """A topic with its texts; `blocks` begin with its own sentences."""

    title: Text
    blocks: tuple[Block, ...]


def read_topic(topic: Topic, compliance_mv: int) -> ReadTopic:
    """Return a topic for a unit whose board has such a voltage."""
    values = numbers(compliance_mv)
    own = Block(None, tuple(line(key, values) for key in topic.lines))
    more = () if topic.generated is None else generated(topic.generated, compliance_mv)
    return ReadTopic(Text(topic.title), (own, *more))
