"""What is left of a close-out, step by step in the order of doing. Pure."""

from typing import NamedTuple

from appliance.clinical.closing.close_out import (
    DEFERRABLE,
    HOLD_UP,
    LEFT_OUT_WITH_REASON,
    SEATED_S,
    WHAT_TO_DO,
    CloseOut,
    PartOutcome,
)
from appliance.clinical.closing.facts import CloseOutPart
from appliance.clinical.fact import FactTime, elapsed_us
from appliance.texts.text import Text
from drivers.quantities import US_PER_S

OFFERED = (CloseOutPart.EXERCISES, CloseOutPart.ADVICE, CloseOutPart.OUTCOMES)
"""Parts that nothing waits for."""


REASONS = (
    Text("close_out.patient_left"),
    Text("close_out.patient_declined"),
    Text("close_out.patient_unwell"),
    Text("close_out.no_time"),
)
"""Reasons to choose from where something is left out, so that nobody has to type one."""


class CloseOutStep(NamedTuple):
    """One part: what became of it (None: nothing yet) and what may become of it.

    One that `holds_up` is answered before anybody is treated; one that is `required`, before the
    close-out is complete.
    """

    part: CloseOutPart
    outcome: PartOutcome | None
    required: bool
    holds_up: bool
    to_do: Text

    @property
    def may_defer(self) -> bool:
        """Return whether it can be completed later."""
        return self.part in DEFERRABLE

    @property
    def may_leave_out(self) -> bool:
        """Return whether it can be left out with a reason."""
        return self.part in LEFT_OUT_WITH_REASON or self.part is CloseOutPart.SKIN

    @property
    def is_open(self) -> bool:
        """Return whether it is still to be done, now or later."""
        if self.outcome is None:
            return self.required
        return self.outcome is PartOutcome.DEFERRED


def close_out_steps(close_out: CloseOut, *, outcomes_due: bool) -> tuple[CloseOutStep, ...]:
    """Return every step; outcomes only where they are offered or were put off."""
    offered = [
        part
        for part in OFFERED
        if outcomes_due or part is not CloseOutPart.OUTCOMES or part in close_out.parts
    ]
    return tuple(
        CloseOutStep(
            part,
            close_out.parts.get(part),
            required=part in close_out.wanted,
            holds_up=part in HOLD_UP and part not in close_out.parts,
            to_do=WHAT_TO_DO[part],
        )
        for part in (*close_out.wanted, *offered)
    )


def seated_left_s(close_out: CloseOut, now: FactTime) -> int | None:
    """Return how many whole seconds the patient still has to sit; None if no clock can tell."""
    passed_us = elapsed_us(close_out.opened, now)
    if passed_us is None:
        return None
    return max(-((passed_us - SEATED_S * US_PER_S) // US_PER_S), 0)
