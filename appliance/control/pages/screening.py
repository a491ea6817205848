"""The page `screening`: every question and what its answers mean."""

from collections.abc import Iterator

import msgspec

from appliance.clinical.screening.questions import load_questions, load_visit_list
from appliance.control.pages.page import PageSources, Row, plain_text
from appliance.texts.text import Text


def question_rows(_: str, _sources: PageSources) -> Iterator[Row]:
    """Yield the questions of the screening, each with the item of the visit list it is in."""
    items = {name: item.id for item in load_visit_list().values() for name in item.questions}
    for question in load_questions().values():
        yield {
            **msgspec.to_builtins(question),
            "name": plain_text(Text(f"screening.{question.id}.name")),
            "question": plain_text(Text(f"screening.{question.id}.question")),
            "help": plain_text(Text(f"screening.{question.id}.help")),
            "visit_item": items[question.id],
        }
