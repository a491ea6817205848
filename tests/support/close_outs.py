"""Close-outs in tests: a session that ended, each answer about it, and what is missing."""

from appliance.clinical.body import PadSite, Side
from appliance.clinical.closing.close_out import (
    CloseOuts,
    judge_close_out,
)
from appliance.clinical.closing.facts import (
    CloseOutCompleted,
    CloseOutOpened,
    CloseOutPart,
    PartDeferred,
    PartLeftOut,
    SeatedAfter,
    StopExplained,
    StoppedBecause,
)
from appliance.clinical.closing.recording import refuse_close_out, refuse_session
from appliance.clinical.fact import Fact, FactTime
from appliance.clinical.finding import Consequence
from appliance.clinical.outcomes.facts import (
    PainMoment,
    PainScored,
)
from appliance.clinical.placement.facts import PadsRemoved
from appliance.clinical.skin.facts import (
    SiteGrade,
    SiteLevel,
    SkinCheckedAfter,
    SkinGrade,
    SkinNotChecked,
)
from appliance.core.limits.limits import Region
from appliance.core.refusal import Refusal
from tests.support.facts import WHO, day
from tests.support.texts import problems

FIRST, SECOND = "0001-001", "0001-002"
SITE = PadSite(region=Region.LOWER_BACK, side=Side.LEFT, spot="l1")
OTHER = PadSite(region=Region.LOWER_BACK, side=Side.LEFT, spot="l5")
LEVELS = (SiteLevel(site=SITE, level_ua=12_000),)


def pain(moment: PainMoment, session: str = FIRST) -> PainScored:
    return PainScored(**WHO, session=session, region=Region.LOWER_BACK, moment=moment, score=4)


def skin(session: str = FIRST) -> SkinCheckedAfter:
    grades = (SiteGrade(site=SITE, grade=SkinGrade.CLEAR),)
    return SkinCheckedAfter(
        **WHO, session=session, grades=grades, levels=LEVELS, material="hydrogel-1"
    )


def skin_not_checked() -> SkinNotChecked:
    return SkinNotChecked(
        **WHO, session=FIRST, reason="patient left in a hurry", levels=LEVELS, material="hydrogel-1"
    )


def opened(session: str = FIRST, *, motor: bool = True) -> CloseOutOpened:
    return CloseOutOpened(
        **WHO,
        session=session,
        motor=motor,
        region=Region.LOWER_BACK,
        levels=LEVELS,
        material="hydrogel-1",
        cause="stop",
    )


def stopped(
    because: StoppedBecause = StoppedBecause.TIME_OVER, session: str = FIRST
) -> StopExplained:
    return StopExplained(**WHO, session=session, because=because)


def left_out(part: CloseOutPart, reason: str = "had to leave") -> PartLeftOut:
    return PartLeftOut(**WHO, session=FIRST, part=part, reason=reason)


def deferred(part: CloseOutPart, session: str = FIRST) -> PartDeferred:
    return PartDeferred(**WHO, session=session, part=part)


def completed(session: str = FIRST) -> CloseOutCompleted:
    return CloseOutCompleted(**WHO, session=session)


STEPS: dict[str, Fact] = {
    "pads_off": PadsRemoved(**WHO, session=FIRST),
    "skin": skin(),
    "pain_before": pain(PainMoment.BEFORE),
    "pain_after": pain(PainMoment.AFTER),
    "stopped_because": stopped(),
    "seated": SeatedAfter(**WHO, session=FIRST, seconds=120),
}


def state(*facts: Fact) -> CloseOuts:
    close_outs = CloseOuts()
    for fact in facts:
        close_outs = close_outs.after(fact, day(0))
    return close_outs


def minutes(count: int, *, trusted: bool = True, boot: int = 1) -> FactTime:
    """Return a time so many minutes after the output of the session ended."""
    passed_us, end = count * 60_000_000, day(0, trusted=trusted, boot=boot)
    return end._replace(utc_us=end.utc_us + passed_us, monotonic_us=passed_us)


NOW = minutes(5)


def objection(fact: Fact, close_outs: CloseOuts, now: FactTime = NOW) -> Refusal | None:
    """Return why a fact of a close-out cannot be recorded five minutes after the end."""
    return refuse_session(fact, close_outs, None) or refuse_close_out(fact, close_outs, now)


def missing(close_outs: CloseOuts, session: str = FIRST) -> list[str]:
    findings = judge_close_out(close_outs.by_session[session])
    assert {finding.consequence for finding in findings} <= {Consequence.ASK}
    assert [problem for finding in findings for problem in problems(finding.text())] == []
    return [finding.item for finding in findings]
