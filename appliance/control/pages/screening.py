"""The pages `screening` and `screening:PROGRAMME:REGION`: questions and what answers mean."""

from collections.abc import Iterator

import msgspec

from appliance.clinical.body import Side
from appliance.clinical.finding import Consequence
from appliance.clinical.offers.offers import refuse_region
from appliance.clinical.planned import PlannedTreatment
from appliance.clinical.screening.judge import instead_of
from appliance.clinical.screening.questions import Question, load_questions, load_visit_list
from appliance.control.pages.page import PageSources, Row, Rows, plain_text
from appliance.control.pages.programmes import find_programme
from appliance.core.limits.limits import Region
from appliance.core.refusal import Refusal
from appliance.texts.text import Text, text


def question_rows(wanted: str, sources: PageSources) -> Rows:
    """Return the questions; for a programme in a region with what the flagged answer means there.

    Each is named with the item of the visit list that it is in.
    """
    if not wanted:
        return map(_question, load_questions().values())
    name, _colon, region = wanted.partition(":")
    programme = find_programme(name, sources)
    if isinstance(programme, Refusal):
        return programme
    elsewhere = refuse_region(programme, region)
    if elsewhere is not None:
        return elsewhere
    return _meanings(
        PlannedTreatment(
            region=Region(region), side=Side.BOTH, purpose=programme.purpose, kind=programme.kind
        )
    )


def _meanings(planned: PlannedTreatment) -> Iterator[Row]:
    for question in load_questions().values():
        consequence = question.consequence(planned.region, planned.purpose, planned.kind)
        means = {
            Consequence.STOP: instead_of(question, planned),
            Consequence.CONFIRM: text("screening.confirm"),
        }.get(consequence, text("screening.to_note"))
        yield {**_question(question), "consequence": consequence, "means": plain_text(means)}


def _question(question: Question) -> Row:
    item = _items()[question.id]
    return {
        **msgspec.to_builtins(question),
        "name": plain_text(Text(f"screening.{question.id}.name")),
        "question": plain_text(Text(f"screening.{question.id}.question")),
        "help": plain_text(Text(f"screening.{question.id}.help")),
        "visit_item": item,
        "visit_name": plain_text(Text(f"visit.{item}.name")),
    }


def _items() -> dict[str, str]:
    return {name: item.id for item in load_visit_list().values() for name in item.questions}
