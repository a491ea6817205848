"""Patch tests of pad materials: when one is needed, and what it says. Pure.

A cut of the same pad is on upper back or inner forearm for at least 30 minutes without current and
read at once; a reaction is read whenever it is seen. That shows irritation only; allergy shows on
the next day or later, so it is asked for at the next visit. A reaction blocks the material for this
patient for good.

The test is offered to every new patient and may be declined with a reason. It is required, and no
reason replaces it, after an allergy to adhesive, eczema or an earlier grade of 1 or more, and for a
patient treated before with pads of another material.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from appliance.clinical.fact import DAY_US, Fact, FactTime, elapsed_us, same_day
from appliance.clinical.finding import Consequence, Finding
from appliance.clinical.skin.facts import (
    NextDay,
    PatchTestApplied,
    PatchTestDeclined,
    PatchTestFollowedUp,
    PatchTestRead,
    SkinGrade,
)
from appliance.clinical.skin.skin_state import SkinState
from appliance.core.readable_text import refuse_reason, says_something
from appliance.core.refusal import Refusal
from appliance.texts.common_phrases import NONE, at_least, hours
from appliance.texts.text import Text, TextValue, text
from drivers.quantities import US_PER_S

RULE = "refusal.patch_test"
MINUTE_US = 60 * US_PER_S
WEAR_US = 30 * MINUTE_US
"""Shows irritation; dermatology reads after 24 to 48 h and later [secondary]; 30 min (D)."""
WEAR_MOST_US = DAY_US
"""A cut that nobody took off and read within a day says nothing any more (D)."""
MATERIAL_MOST = 64
"""Characters of a material's name at most."""


@dataclass(frozen=True, slots=True)
class PatchTest:
    """The newest patch test of one material; None for what has not been done yet."""

    applied: FactTime | None = None
    read: FactTime | None = None
    grade: SkinGrade | None = None
    next_day: NextDay | None = None
    declined: FactTime | None = None

    @property
    def to_follow_up(self) -> bool:
        """Return whether "anything by the next day?" is still to be asked."""
        return self.grade is SkinGrade.CLEAR and self.next_day is None

    @property
    def clear(self) -> bool:
        """Return whether it showed nothing so far."""
        return self.grade is SkinGrade.CLEAR and self.next_day in (None, NextDay.NOTHING)


NO_TEST = PatchTest()


@dataclass(frozen=True, slots=True)
class PatchTestState:
    """The patch tests of one patient by material, and since when a material is blocked."""

    tests: Mapping[str, PatchTest] = field(default_factory=lambda: MappingProxyType({}))
    blocked: Mapping[str, FactTime] = field(default_factory=lambda: MappingProxyType({}))

    def after(self, fact: Fact, at: FactTime) -> "PatchTestState":
        """Return the state after a fact; a fact of another room changes nothing."""
        match fact:
            case PatchTestApplied():
                return _with(self, fact.material, PatchTest(applied=at))
            case PatchTestRead():
                test = replace(self.of(fact.material), read=at, grade=fact.grade)
                blocks = fact.grade is not SkinGrade.CLEAR
                return _with(self, fact.material, test, at if blocks else None)
            case PatchTestFollowedUp():
                test = replace(self.of(fact.material), next_day=fact.answer)
                blocks = fact.answer is NextDay.SOMETHING
                return _with(self, fact.material, test, at if blocks else None)
            case PatchTestDeclined():
                test = replace(self.of(fact.material), declined=at)
                return _with(self, fact.material, test)
            case _:
                return self

    def of(self, material: str) -> PatchTest:
        """Return the newest test of a material."""
        return self.tests.get(material, NO_TEST)


def _with(
    state: PatchTestState, material: str, test: PatchTest, blocked: FactTime | None = None
) -> PatchTestState:
    state = replace(state, tests=MappingProxyType({**state.tests, material: test}))
    if blocked is None:
        return state
    return replace(state, blocked=MappingProxyType({**state.blocked, material: blocked}))


def judge_next_day(state: PatchTestState, now: FactTime) -> tuple[Finding, ...]:
    """Return what has to be asked first thing at the visit after a test; `now` as judged."""
    return tuple(
        _ask(
            material,
            text("patch_test.read", material=material),
            text("patch_test.ask_next_day"),
            test.read,
        )
        for material, test in state.tests.items()
        if test.to_follow_up and test.read is not None and not same_day(test.read, now)
    )


def judge_patch_test(
    state: PatchTestState, skin: SkinState, material: str, *, sensitive: bool, now: FactTime
) -> tuple[Finding, ...]:
    """Return the findings about the material of the planned pads; `now` as of `judged_at`.

    `sensitive` says that the screening found an allergy to adhesive, or eczema.
    """
    return tuple(_findings(state, skin, material, now, sensitive=sensitive))


def why_required(
    state: PatchTestState, skin: SkinState, material: str, *, sensitive: bool
) -> Text | None:
    """Return why a test of a material is required, None where it is only offered or not needed."""
    test = state.of(material)
    if test.next_day is NextDay.UNKNOWN:
        return text("patch_test.next_day_unknown")
    if skin.reacted is not None and not (test.clear and _is_later(test.read, skin.reacted)):
        return text("patch_test.reacted")
    if test.clear:
        return None
    if sensitive:
        return text("patch_test.sensitive")
    if skin.materials and material not in skin.materials:
        return text("patch_test.new_material")
    return None


def refuse_application(fact: PatchTestApplied, state: PatchTestState) -> Refusal | None:
    """Refuse a material without a readable name, a blocked one, or one not asked about yet."""
    refusal = _refuse_material(fact.material, state)
    if refusal is None and state.of(fact.material).to_follow_up:
        asked = text("patch_test.read", material=fact.material)
        return Refusal(
            RULE, asked, text("patch_test.one_at_a_time"), text("patch_test.ask_next_day")
        )
    return refusal


def refuse_reading(fact: PatchTestRead, state: PatchTestState, now: FactTime) -> Refusal | None:
    """Refuse a test that is not on the skin, and "clear" before 30 minutes; `now` as judged.

    A reaction is taken whenever it is seen: the piece comes off at once.
    """
    test = state.of(fact.material)
    allowed = at_least(hours(WEAR_US))
    if test.applied is None or not _is_worn(test, now):
        return Refusal(RULE, NONE, text("patch_test.on_the_skin"), text("patch_test.apply"))
    if fact.grade is not SkinGrade.CLEAR:
        return None
    worn_us = elapsed_us(test.applied, now)
    if worn_us is None:
        if fact.timed_by_hand:
            return None
        asked = text("patch_test.time_unknown")
        return Refusal(RULE, asked, allowed, text("patch_test.time_by_hand"))
    if worn_us >= WEAR_US:
        return None
    asked = text("patch_test.worn", time=hours(worn_us))
    left = -(-(WEAR_US - worn_us) // MINUTE_US) * MINUTE_US
    return Refusal(RULE, asked, allowed, text("patch_test.read_in", time=hours(left)))


def refuse_next_day(fact: PatchTestFollowedUp, state: PatchTestState) -> Refusal | None:
    """Refuse an answer about a test of which nothing has to be asked."""
    if state.of(fact.material).to_follow_up:
        return None
    return Refusal(RULE, NONE, text("patch_test.one_to_ask"), text("patch_test.leave_out"))


def refuse_decline(
    fact: PatchTestDeclined, state: PatchTestState, skin: SkinState, *, sensitive: bool
) -> Refusal | None:
    """Refuse to decline a test that is required, or without a reason."""
    refusal = _refuse_material(fact.material, state)
    if refusal is not None:
        return refusal
    required = why_required(state, skin, fact.material, sensitive=sensitive)
    if required is not None:
        return Refusal(RULE, text("patch_test.declined"), required, text("patch_test.apply"))
    return refuse_reason(fact.reason)


def _findings(
    state: PatchTestState, skin: SkinState, material: str, now: FactTime, *, sensitive: bool
) -> Iterator[Finding]:
    test = state.of(material)
    required = why_required(state, skin, material, sensitive=sensitive)
    if material in state.blocked:
        found = text("patch_test.blocked", material=material)
        nearest = text("patch_test.other_material")
        yield _finding(Consequence.STOP, material, found, nearest, state.blocked[material])
    elif test.applied is not None and _is_worn(test, now):
        found = text("patch_test.applied", material=material)
        if elapsed_us(test.applied, now) is None:
            yield _ask(material, found, text("patch_test.time_by_hand"), test.applied)
            return
        yield _ask(material, found, text("patch_test.read_now"), test.applied, _ripe(test.applied))
    elif required is not None:
        yield _ask(material, required, text("patch_test.apply"))
    elif test.clear:
        if test.next_day is None and test.read is not None and same_day(test.read, now):
            found = text("patch_test.irritation_only", material=material)
            nearest = text("patch_test.next_visit")
            yield _finding(Consequence.NOTE, material, found, nearest, test.read)
    elif material in skin.materials:
        return
    elif test.declined is not None:
        found = text("patch_test.declined")
        nearest = text("patch_test.look_closely")
        yield _finding(Consequence.NOTE, material, found, nearest, test.declined)
    else:
        found = text("patch_test.not_offered", material=material)
        yield _ask(material, found, text("patch_test.offer"))


def _is_worn(test: PatchTest, now: FactTime) -> bool:
    """Return whether a test may still be on the skin."""
    if test.applied is None or test.read is not None:
        return False
    worn_us = elapsed_us(test.applied, now)
    return worn_us is None or worn_us < WEAR_MOST_US


def _ripe(applied: FactTime) -> int | None:
    return applied.utc_us + WEAR_US if applied.trusted else None


def _is_later(first: FactTime | None, second: FactTime) -> bool:
    """Return whether a time is certainly later than another."""
    if first is None:
        return False
    if first.boot == second.boot:
        return first.monotonic_us > second.monotonic_us
    return first.boot > second.boot


def _refuse_material(material: str, state: PatchTestState) -> Refusal | None:
    if not says_something(material) or len(material) > MATERIAL_MOST:
        asked = text("text.unreadable", count=len(material)) if material.strip() else NONE
        return Refusal(RULE, asked, text("patch_test.material"), text("patch_test.read_label"))
    if material in state.blocked:
        asked = text("patch_test.blocked", material=material)
        allowed = text("patch_test.not_blocked")
        return Refusal(RULE, asked, allowed, text("patch_test.other_material"))
    return None


def _ask(
    material: str,
    found: Text,
    nearest: Text,
    since: FactTime | None = None,
    from_utc_us: int | None = None,
) -> Finding:
    return _finding(Consequence.ASK, material, found, nearest, since, from_utc_us)


def _finding(
    consequence: Consequence,
    material: str,
    found: TextValue,
    nearest: Text,
    since: FactTime | None = None,
    from_utc_us: int | None = None,
) -> Finding:
    return Finding(
        consequence=consequence,
        rule=RULE,
        item=f"patch_test:{material}",
        found=found,
        allowed=text("patch_test.allowed"),
        nearest=nearest,
        since=since,
        from_utc_us=from_utc_us,
    )
