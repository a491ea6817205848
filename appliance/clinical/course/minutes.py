"""How many minutes of a programme may be chosen, and what to know about them. Pure."""

from collections.abc import Sequence

from appliance.clinical.catalogue import to_prescription
from appliance.clinical.fact import FactTime
from appliance.clinical.finding import Consequence, Finding
from appliance.clinical.programme import Programme
from appliance.core.limits import limits
from appliance.core.limits.limits import SESSION_MIN_US, Purpose, Region
from appliance.core.limits.patient_limits import FIRST_MOTOR, bounds_of, scope_of
from appliance.core.prescription.contraction_counts import longest_session_us
from appliance.core.prescription.part_list_checks import part_durations, shortest_part_us
from appliance.core.prescription.sessions_per_patient import GivenSession, TimeOfDay, history_of
from appliance.core.prescription.waveform import ProgrammeKind
from appliance.texts.common_phrases import hours
from appliance.texts.text import Text, text
from drivers.quantities import US_PER_S

US_PER_MIN = 60 * US_PER_S
CHIPS = (5, 10, 15, 20, 30)
"""Minutes to choose from, beside the programme's own."""
SHORT_BELOW = 20
"""Sensory sessions of trials take 20 to 30 min and more [Cefar Basic manual p. 35; NCT02297685]."""
ITEM = "minutes"


def longest_minutes(programme: Programme) -> int:
    """Return the most whole minutes that limits and the number of contractions allow anybody."""
    brief = programme.kind is ProgrammeKind.BRIEF_INTENSE
    finds = programme.kind.finds
    most_us = limits.longest_session_us(programme.purpose, brief_intense=brief, finds=finds)
    by_count_us = longest_session_us(to_prescription(programme), first=False)
    return (most_us if by_count_us is None else min(most_us, by_count_us)) // US_PER_MIN


def minutes_offered(programme: Programme) -> tuple[int, ...]:
    """Return the minutes to choose from: the chips that are allowed, and the programme's own."""
    own, most = programme.duration_us // US_PER_MIN, longest_minutes(programme)
    chips = (minutes for minutes in CHIPS if minutes <= most and _holds_parts(programme, minutes))
    return tuple(sorted({own, *chips}))


def _holds_parts(programme: Programme, minutes: int) -> bool:
    """Say whether so many minutes leave the programme's own train time beside its other parts."""
    if not (programme.before or programme.after):
        return True
    parts = programme.parts()
    lengths = part_durations(parts, minutes * US_PER_MIN)
    last = max(lengths)
    return all(
        length_us >= shortest_part_us(parts[number], is_last=number == last)
        for number, length_us in lengths.items()
    )


def note_of(programme: Programme, minutes: int) -> Text | None:
    """Return what to know about so many minutes: a short session that is only felt."""
    contracts = any(train.on_off is not None for train in programme.trains)
    short = minutes < SHORT_BELOW and not contracts
    sensory = programme.purpose is Purpose.SENSORY
    if not short or not sensory or programme.kind is ProgrammeKind.BRIEF_INTENSE:
        return None
    return text("minutes.short", least=SHORT_BELOW)


def judge_minutes(
    given: Sequence[GivenSession], programme: Programme, region: Region, now: FactTime
) -> tuple[Finding, ...]:
    """Note that a first motor session is shorter than the programme; `now` as of `judged_at`."""
    if programme.purpose is not Purpose.MOTOR or programme.kind.finds:
        return ()
    scope, at = scope_of(region), TimeOfDay(now.utc_us, now.day, now.trusted)
    bounds = bounds_of(history_of(None, given, scope, at), scope, programme.purpose)
    if bounds.duration_us is None or bounds.first_given_us is None:
        return ()
    by_count_us = longest_session_us(
        to_prescription(programme, region=region),
        first=True,
        given_us=bounds.first_given_us,
        called=bounds.called,
    )
    left_us = bounds.duration_us if by_count_us is None else min(bounds.duration_us, by_count_us)
    if not SESSION_MIN_US <= left_us < programme.duration_us:
        return ()
    finding = Finding(
        consequence=Consequence.NOTE,
        rule=FIRST_MOTOR,
        item=ITEM,
        found=hours(programme.duration_us),
        allowed=text("minutes.first_motor"),
        nearest=hours(left_us),
    )
    return (finding,)
