"""How many tetanic contractions one session may have, a channel.

Strong ones are those of every kind but the two whose level is a contraction that is only seen. 60
strong ones in later sessions and 30 in a first one, 90 and 60 of the others (D): muscle broke down
after single sessions [Kästner 2015, doi 10.1097/JSM.0000000000000153; Mallek 2025, doi
10.7759/cureus.95125]; 100 contractions raised creatine kinase twentyfold on day 2 [Vanderthommen
2012, J Sports Sci Med 11:592]; after 40 strength was back at 81 % after 96 h, after a second bout
in full [Aldayel 2009, doi 10.1007/s00421-009-1278-0]. Twitches are not counted.
"""

from dataclasses import replace

from appliance.core.limits import limits
from appliance.core.limits.limits import SESSION_MIN_US
from appliance.core.prescription.contracting_current import is_tetanic, least_rest_us
from appliance.core.prescription.draft import PrescriptionDraft
from appliance.core.prescription.part_list_checks import part_durations
from appliance.core.prescription.waveform import Part, PartKind, ProgrammeKind
from appliance.core.refusal import Refusal
from appliance.texts.common_phrases import seconds
from appliance.texts.text import TextValue, text
from drivers.quantities import US_PER_S

RULE = "refusal.contractions_of_a_session"
STRONG_MAX = 60
STRONG_FIRST = 30
VISIBLE_MAX = 90
VISIBLE_FIRST = 60
VISIBLE_ONLY = frozenset({ProgrammeKind.CONTRACT_RELAX, ProgrammeKind.CIRCULATION})


def most_contractions(kind: ProgrammeKind, *, first: bool) -> int:
    """Return how many contractions a session of a kind may have; a first one has fewer."""
    if kind in VISIBLE_ONLY:
        return VISIBLE_FIRST if first else VISIBLE_MAX
    return STRONG_FIRST if first else STRONG_MAX


def contractions_in(draft: PrescriptionDraft, duration_us: int) -> int:
    """Return how many tetanic contractions of each channel fit whole into a session."""
    own = part_durations(draft.parts, duration_us)
    last = max(own, default=0)
    found = 0
    for number in _tetanic(draft):
        cycle_us = _cycle_us(draft, draft.parts[number])
        cycles, rest_us = divmod(max(own[number], 0), cycle_us)
        found += cycles + (number == last and _on_us(draft.parts[number]) <= rest_us)
    return found


def longest_session_us(
    draft: PrescriptionDraft, *, first: bool, given_us: int = 0, called: int = 0
) -> int | None:
    """Return how long a session may go on after `given_us`, whole seconds; None for any time.

    `called` contractions began on call before it, in a time of their own. Parts of a time of their
    own keep it. 0 is returned where they leave too few contractions.
    """
    if not _tetanic(draft):
        return None
    open_part = _open_part(draft)
    own_us = sum(part.duration_us or 0 for part in draft.parts)
    left = most_contractions(draft.kind, first=first) - contractions_in(draft, own_us) - called
    if open_part is None or open_part not in _tetanic(draft):
        return None if _given_in(draft, given_us) <= left else 0
    cycle_us = _cycle_us(draft, draft.parts[open_part])
    given_us = -(-given_us * cycle_us // _shortest_cycle_us(draft))
    if len(draft.parts) > 1:
        longest_us = own_us + left * cycle_us - given_us
        return longest_us // US_PER_S * US_PER_S if longest_us >= own_us + cycle_us else 0
    whole_us = left * cycle_us
    longest_us = whole_us if first or called else max(whole_us, SESSION_MIN_US)
    return max(longest_us - given_us, 0) // US_PER_S * US_PER_S


def check_contractions(
    draft: PrescriptionDraft, *, first: bool = False, given_us: int = 0, called: int = 0
) -> Refusal | None:
    """Refuse a session with too many contractions, those before it with it.

    These are as many as fit in `given_us` by cycle, and `called`.
    """
    longest_us = longest_session_us(draft, first=first, given_us=given_us, called=called)
    if longest_us is None or draft.duration_us <= longest_us:
        return None
    most = most_contractions(draft.kind, first=first)
    asked = _asked(draft, given_us) + called
    if asked <= most:
        return None
    key = "contractions.first" if first else "contractions.allowed"
    nearest = _nearest(draft, longest_us, first=first)
    return Refusal(RULE, text("contractions.asked", count=asked), text(key, most=most), nearest)


def refuse_another(draft: PrescriptionDraft, *, first: bool) -> Refusal:
    """Refuse a contraction after the last that a session may have."""
    most = most_contractions(draft.kind, first=first)
    allowed = text("contractions.first" if first else "contractions.allowed", most=most)
    asked = text("contractions.asked", count=most + 1)
    return Refusal(RULE, asked, allowed, text("from_tomorrow"))


def contractions_left(
    draft: PrescriptionDraft, *, first: bool, given_us: int = 0, called: int = 0
) -> int | None:
    """Return how many contractions a session may have yet; None for any number.

    Before it there were as many as fit in `given_us` by cycle, and `called`.
    """
    if not _tetanic(draft):
        return None
    before = _given_in(draft, given_us) + called
    return max(most_contractions(draft.kind, first=first) - before, 0)


def _asked(draft: PrescriptionDraft, given_us: int) -> int:
    """Return the contractions of a session with those of the time before it."""
    if len(draft.parts) == 1:
        return contractions_in(draft, draft.duration_us + given_us)
    return contractions_in(draft, draft.duration_us) + _given_in(draft, given_us)


def _nearest(draft: PrescriptionDraft, longest_us: int, *, first: bool) -> TextValue:
    """Return minutes that are accepted, or what is accepted where no minutes are."""
    if longest_us >= SESSION_MIN_US:
        return seconds(longest_us)
    alone_us = longest_session_us(draft, first=first)
    if len(draft.parts) > 1 and alone_us is not None and alone_us < SESSION_MIN_US:
        return text("contractions.asked", count=most_contractions(draft.kind, first=first))
    return text("from_tomorrow")


def check_session(draft: PrescriptionDraft, *, brief_intense: bool) -> tuple[Refusal, ...]:
    """Refuse a session too short, too long or with too many contractions; one offer for all."""
    kinds = {"brief_intense": brief_intense, "finds": draft.kind.finds}
    session = limits.check_session(draft.duration_us, draft.purpose, **kinds)
    found = [refusal for refusal in (session, check_contractions(draft)) if refusal is not None]
    longest_us = longest_session_us(draft, first=False)
    if longest_us is None or min(longest_us, draft.duration_us) < SESSION_MIN_US:
        return tuple(found)
    most_us = limits.longest_session_us(draft.purpose, **kinds)
    return tuple(replace(each, nearest=seconds(min(longest_us, most_us))) for each in found)


def _tetanic(draft: PrescriptionDraft) -> tuple[int, ...]:
    """Return the numbers of the parts whose on-times are tetanic contractions."""
    return tuple(
        number
        for number, part in enumerate(draft.parts)
        if part.kind is not PartKind.ACTIVE_REST
        and part.on_off is not None
        and is_tetanic(draft, part)
    )


def _open_part(draft: PrescriptionDraft) -> int | None:
    """Return the number of the part that takes what the others leave of the session."""
    lengths = part_durations(draft.parts, draft.duration_us)
    return next((n for n in lengths if draft.parts[n].duration_us is None), None)


def _given_in(draft: PrescriptionDraft, given_us: int) -> int:
    """Return the most contractions that a session of these parts can have had in a time."""
    return -(-given_us // _shortest_cycle_us(draft))


def _shortest_cycle_us(draft: PrescriptionDraft) -> int:
    return min(_cycle_us(draft, draft.parts[number]) for number in _tetanic(draft))


def _on_us(part: Part) -> int:
    return 1 if part.on_off is None else max(part.on_off.on_us, 1)


def _cycle_us(draft: PrescriptionDraft, part: Part) -> int:
    """Return the time from contraction to contraction, with the rest as long as it has to be."""
    times = part.on_off
    if times is None:
        return 1
    rest_us = max(times.silent_us, least_rest_us(draft, times))
    return max(times.pulsing_us + rest_us, 1)
