"""Which programme is prescribed: one of the catalogue, an own one, or a draft on a test load.

A draft that nobody kept has no author and no date: no patient is treated with it.
"""

from appliance.clinical.own.files import read_draft
from appliance.clinical.own.judge import RULE, refuse_draft
from appliance.clinical.own.programme import to_programme
from appliance.clinical.own.shelf import OwnProgrammes, find_any, unknown
from appliance.clinical.programme import Programme
from appliance.core.refusal import Refusal
from appliance.messages.actions import Prescribe
from appliance.messages.wire import Subject
from appliance.texts.text import text

DRAFT = "draft"
"""What records call the programme of a draft."""


def wanted_programme(request: Prescribe, own: OwnProgrammes) -> Programme | Refusal:
    """Return the programme that a request names or brings, or why it cannot be prescribed."""
    if request.draft is not None:
        return _of_draft(request)
    refusal = own.refuse_use(request.programme)
    if refusal is not None:
        return refusal
    programme = find_any(request.programme, own)
    return unknown(request.programme, programme) if isinstance(programme, tuple) else programme


def _of_draft(request: Prescribe) -> Programme | Refusal:
    if request.subject is not Subject.TEST_LOAD:
        return Refusal(RULE, text("own.draft"), text("own.draft_on_load"), text("own.keep_first"))
    draft = read_draft(request.draft)
    if isinstance(draft, Refusal):
        return draft
    programme = refuse_draft(draft) or to_programme(draft, DRAFT)
    return unknown(draft.base, ()) if programme is None else programme
