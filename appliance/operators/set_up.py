"""The first set-up of a unit, folded from its facts: what is done and what is still missing. Pure.

Drills and the trust in the clock refuse nothing here: they lock arming by rules of their own, then
and ever after. The page of the steps names the drills as well.
"""

from dataclasses import dataclass, replace
from typing import NamedTuple

from appliance.core.readable_text import says_something
from appliance.core.refusal import Refusal
from appliance.operators.facts import UnitSetUp
from appliance.texts.common_phrases import listed
from appliance.texts.languages import OFFERED
from appliance.texts.text import Text, text

CLINIC_MOST = 60
"""Characters of a clinic's name; nothing but a screen and the sheet of a patient uses it."""
TELEPHONE_DIGITS, TELEPHONE_MOST = 3, 24
"""Fewest digits and most characters of a telephone number (D); nothing dials it."""
_TELEPHONE = frozenset("0123456789+-/() ")
STEPS = ("lead", "language", "clinic", "clock", "board")
"""The steps of the first set-up in their order; a lead clinician comes first."""


class SetUpStep(NamedTuple):
    """One step, and whether it is done."""

    step: str
    done: bool


@dataclass(frozen=True, slots=True)
class SetUp:
    """What the first set-up has recorded so far."""

    language: str | None = None
    clinic: str | None = None
    telephone: str = ""
    clock_confirmed: bool = False
    board_digest: str | None = None

    def after(self, fact: UnitSetUp) -> "SetUp":
        """Return the set-up after further steps; a step may be done again."""
        return replace(
            self,
            language=fact.language or self.language,
            clinic=fact.clinic or self.clinic,
            telephone=self.telephone if fact.telephone is None else fact.telephone,
            clock_confirmed=fact.clock_confirmed or self.clock_confirmed,
            board_digest=fact.board_digest or self.board_digest,
        )

    def steps(self, *, has_lead: bool, board_digest: str) -> tuple[SetUpStep, ...]:
        """Return every step; another board than the one that was checked is to be checked again."""
        done = (
            has_lead,
            self.language is not None,
            self.clinic is not None,
            self.clock_confirmed,
            self.board_digest == board_digest,
        )
        return tuple(map(SetUpStep, STEPS, done))


def refuse_unfinished(steps: tuple[SetUpStep, ...]) -> Refusal | None:
    """Refuse a patient while a step is missing; each of them is named."""
    missing = [Text(f"set_up.{step.step}") for step in steps if not step.done]
    if not missing:
        return None
    asked = text("set_up.missing", steps=listed(missing))
    return Refusal("refusal.set_up", asked, text("set_up.complete"), missing[0])


def refuse_steps(
    language: str | None, clinic: str | None, telephone: str | None = None, *, others: bool
) -> Refusal | None:
    """Refuse steps that say nothing; `others` says that further steps come with them."""
    if language is None and clinic is None and telephone is None and not others:
        nearest = text("set_up.one_step")
        return Refusal("refusal.set_up", text("none"), nearest, nearest)
    if language is not None and language not in OFFERED:
        allowed = listed(OFFERED)
        asked = text("set_up.another_language")
        return Refusal("refusal.set_up", asked, allowed, OFFERED[0])
    if clinic is not None and (len(clinic) > CLINIC_MOST or not says_something(clinic)):
        asked = text("set_up.clinic_of", count=len(clinic))
        allowed = text("set_up.clinic_name", most=CLINIC_MOST)
        return Refusal("refusal.set_up", asked, allowed, allowed)
    if telephone is not None and not _is_number(telephone.strip()):
        asked = text("set_up.telephone_of", count=len(telephone))
        allowed = text("set_up.telephone", least=TELEPHONE_DIGITS, most=TELEPHONE_MOST)
        return Refusal("refusal.set_up", asked, allowed, allowed)
    return None


def _is_number(telephone: str) -> bool:
    """Return whether it can be a telephone number, or is empty: none."""
    if not telephone:
        return True
    digits = sum(letter.isdigit() for letter in telephone)
    whole = len(telephone) <= TELEPHONE_MOST and _TELEPHONE.issuperset(telephone)
    return whole and digits >= TELEPHONE_DIGITS
