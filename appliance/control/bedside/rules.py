"""The rules at the bedside, asked at each step towards output, in the order of the list.

They come after the limits of a prescription and before the state machine. A rule about patients
leaves test loads alone. Stop, pause and minus are never asked about: no rule can hold them up.
"""

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple, Protocol

from appliance.clinical.fact import Fact, FactTime
from appliance.clinical.patients.file import PatientFile
from appliance.control.commands.clinical_facts import RefuseFact
from appliance.core.refusal import Refusal
from appliance.link.interfaces import Received


class OutputStep(StrEnum):
    """A step towards output, or towards more of it."""

    CHECK_CONTACT = "check_contact"
    START = "start"
    RESUME = "resume"
    RISE = "rise"
    """One tap, or a rise key that is pressed."""


class AskedStep(NamedTuple):
    """A step, who asked for it, and the channel of a rise."""

    step: OutputStep
    received: Received
    channel: int | None = None


class BedsideRule(Protocol):
    """One rule; it owns what it has to remember."""

    def attend(self) -> None:
        """Follow what happened since the last tick."""

    def refuse(self, asked: AskedStep) -> Refusal | None:
        """Return why this step may not be taken now, None if it may."""


class BedsideRules:
    """All rules; used by the control thread only."""

    def __init__(
        self, rules: Sequence[BedsideRule], about_facts: Sequence[RefuseFact] = ()
    ) -> None:
        self._rules = tuple(rules)
        self._about_facts = tuple(about_facts)

    def attend(self) -> None:
        """Let each rule follow the tick."""
        for rule in self._rules:
            rule.attend()

    def refuse(self, asked: AskedStep) -> Refusal | None:
        """Return the first refusal, None if every rule lets the step be taken."""
        refusals = (rule.refuse(asked) for rule in self._rules)
        return next((refusal for refusal in refusals if refusal is not None), None)

    def refuse_fact(self, fact: Fact, file: PatientFile, now: FactTime) -> Refusal | None:
        """Return why a fact does not agree with what is set up or measured, None if it does."""
        refusals = (refuse(fact, file, now) for refuse in self._about_facts)
        return next((refusal for refusal in refusals if refusal is not None), None)
