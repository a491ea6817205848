"""The pages `help` and `help:TOPIC`: the instructions for use, for the "?" of a screen.

`help` lists the topics. A topic has its blocks in the order of reading: `heading`, or None for the
first, and `lines`; `steps` says that the lines are done one after the other.
"""

from collections.abc import Iterator

from appliance.control.pages.page import PageSources, Row, Rows, plain_text
from appliance.core.refusal import Refusal
from appliance.instructions.instructions import read_topic
from appliance.instructions.topics import Topic, load_topics
from appliance.texts.common_phrases import listed
from appliance.texts.text import Text, text


def help_rows(name: str, sources: PageSources) -> Rows:
    """Return the topics, or one of them for the board of this unit."""
    topics = load_topics()
    if not name:
        return (
            {"topic": topic.id, "title": plain_text(Text(topic.title))} for topic in topics.values()
        )
    topic = topics.get(name)
    if topic is None:
        nearest = next(iter(topics))
        return Refusal("refusal.query", text("query.topic"), listed(list(topics)), nearest)
    return _rows(topic, sources.board.output.compliance_mv)


def _rows(topic: Topic, compliance_mv: int) -> Iterator[Row]:
    title, blocks = read_topic(topic, compliance_mv)
    for number, (heading, lines) in enumerate(blocks):
        yield {
            "topic": topic.id,
            "title": plain_text(title),
            "heading": None if heading is None else plain_text(heading),
            "steps": topic.steps and number == 0,
            "lines": [plain_text(line) for line in lines],
        }
