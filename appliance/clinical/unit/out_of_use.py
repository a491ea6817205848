"""A unit that was taken out of use stays so until service releases it. Pure."""

from typing import NamedTuple

from appliance.clinical.choice import choice_text
from appliance.clinical.fact import FactTime
from appliance.clinical.finding import Consequence, Finding
from appliance.clinical.unit.facts import OutOfUseReason, UnitReleased, UnitTakenOutOfUse
from appliance.core.readable_text import refuse_reason
from appliance.core.refusal import Refusal
from appliance.texts.text import Text, text

RULE = "refusal.out_of_use"
MOST = 8
"""Reasons that are kept for showing; the first is always among them (D)."""


class OutOfUse(NamedTuple):
    """Why and since when a unit is out of use."""

    reason: OutOfUseReason
    words: str
    since: FactTime


OutOfUses = tuple[OutOfUse, ...]
"""Every reason since the last release, the first one first; empty for a unit in use."""


def after_out_of_use(
    reasons: OutOfUses, fact: UnitTakenOutOfUse | UnitReleased, at: FactTime
) -> OutOfUses:
    """Return why a unit is out of use after a fact."""
    if isinstance(fact, UnitReleased):
        return ()
    return (*reasons[: MOST - 1], OutOfUse(fact.reason, fact.words, at))


def out_of_use_text(reasons: OutOfUses) -> Text | None:
    """Return why a unit is out of use in one line, None for a unit in use."""
    if not reasons:
        return None
    return text("out_of_use.since", reason=choice_text(reasons[0].reason))


def judge_out_of_use(reasons: OutOfUses) -> tuple[Finding, ...]:
    """Return the finding of a unit that is out of use."""
    found = out_of_use_text(reasons)
    if found is None:
        return ()
    finding = Finding(
        consequence=Consequence.STOP,
        rule=RULE,
        item="unit",
        found=found,
        allowed=text("out_of_use.allowed"),
        nearest=text("out_of_use.nearest"),
        since=reasons[0].since,
        answered_by="unit_released",
    )
    return (finding,)


def refuse_taking_out(fact: UnitTakenOutOfUse) -> Refusal | None:
    """Refuse "other" without words; what is clear by itself needs none."""
    return refuse_reason(fact.words) if fact.reason is OutOfUseReason.OTHER else None


def refuse_unit_release(fact: UnitReleased, reasons: OutOfUses) -> Refusal | None:
    """Refuse to release a unit that is in use, or without a reason."""
    if not reasons:
        return Refusal(
            RULE, text("out_of_use.in_use"), text("out_of_use.taken"), text("out_of_use.nothing")
        )
    return refuse_reason(fact.reason)
