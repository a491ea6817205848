"""Probes of the records: database, chain, self-test of each channel, drills and care that are due.

Nothing about a patient is read into a line: what is told is about the unit.
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from ui.cli.doctor.lines import Line, not_here, ok, warning, wrong
from ui.cli.doctor.subject import NO_UNIT, EngineSeen, Subject

if TYPE_CHECKING:
    from appliance.clinical.unit.care import CareStanding
    from appliance.drills.schedule import DrillDone, DrillStanding
    from appliance.messages.wire import DrillKind
    from appliance.records.self_tests import NewestOf

US_PER_S = 1_000_000
CHANNELS = 2
"""Channels of a unit whose board file cannot be read."""
OF_CHANNEL = re.compile(r"\bDAC (\d)\b|\bgate(\d)_")
"""How a failure of a self-test names its channel."""
KEEP = "keep a copy of the folder as it is, take the unit out of use and tell the maker"
UNLOCK = "run the engine, sign in and unlock: that tests it"


def database(subject: Subject) -> Iterator[Line]:
    """Judge the file of the records and the chain of its events."""
    from appliance.records.storage.data_folder import has_records
    from appliance.records.storage.store import open_read_only
    from appliance.records.verify import verify

    if not has_records(subject.records):
        for name in ("database", "chain"):
            yield not_here(name, f"there are no records in {subject.records} yet")
        return
    with open_read_only(subject.records) as db:
        report = verify(db)
    of_file = [each for each in report.findings if each.where in {"file", "schema"}]
    others = [each for each in report.findings if each not in of_file]
    for name, findings, found in (
        ("database", of_file, f"{subject.records}, {report.events} events"),
        ("chain", others, f"{report.events} events as written, head {report.head[:12]}"),
    ):
        if not findings:
            yield ok(name, found)
            continue
        first, more = findings[0], len(findings) - 1
        also = f" and {more} more" if more else ""
        yield wrong(name, f"{first.where}: {first.text}{also}", KEEP)


def self_test(subject: Subject) -> Iterator[Line]:
    """Judge the newest self-test, for each channel."""
    from appliance.records.self_tests import newest_of_unit
    from appliance.records.session_events import EventName
    from appliance.records.storage.data_folder import has_records
    from appliance.records.storage.store import open_read_only

    channels = range(1, channels_of(subject) + 1)
    if not has_records(subject.records):
        yield not_here("self-test", f"there are no records in {subject.records} yet")
        return
    with open_read_only(subject.records) as db:
        found = {each.name: each for each in newest_of_unit(db)}
    newest = found.get(EventName.SELF_TEST)
    if newest is None:
        yield warning("self-test", "it was never done", UNLOCK)
        return
    for channel in channels:
        yield _self_test(channel, newest)


def _self_test(channel: int, newest: "NewestOf") -> Line:
    from appliance.records.texts import read_texts

    name, on = f"self-test, channel {channel}", day(newest.utc_us, trusted=newest.clock_trusted)
    failures = [each.english for each in read_texts(newest.facts, "failures")]
    own = [failure for failure in failures if channel_named(failure) in {channel, None}]
    if own:
        return wrong(name, f"{on}: {'; '.join(own)}", f"mend the board, then {UNLOCK}")
    if not newest.facts.get("passed"):
        fix = f"mend the other channel first, then {UNLOCK}"
        return warning(name, f"{on}: nothing was found on this one", fix)
    return ok(name, f"passed {on}")


def channel_named(failure: str) -> int | None:
    """Return the channel that a failure is about, None where it is about the whole unit."""
    found = OF_CHANNEL.search(failure)
    return None if found is None else int(found[1] or found[2])


def due(subject: Subject) -> Iterator[Line]:
    """Judge every drill, on each channel where it is about one, and every item of care."""
    from appliance.errors import JournalError
    from appliance.records.storage.data_folder import has_records

    try:
        known = has_records(subject.records)
    except JournalError:
        # Only the engine's user reads the records; the engine itself says what it is waiting for.
        yield from _due_by_engine(subject.ask_engine())
        return
    if not known and subject.installed is None:
        yield not_here("due", NO_UNIT)
        return
    yield from _drills(subject)
    yield from _care(subject)


def _due_by_engine(seen: EngineSeen) -> Iterator[Line]:
    from appliance.link.text_conversion import text_of
    from appliance.texts.english import english

    notes = [*seen.snapshot.drill_notes, *seen.snapshot.unit_notes]
    if not notes:
        yield ok("due", "the engine says that nothing is due")
    for note in notes:
        yield warning("due", english(text_of(note)), "see stimkiosk unit due, as root")


def _drills(subject: Subject) -> Iterator[Line]:
    from appliance.drills.schedule import Today, standings
    from appliance.records.drills import last_drills, last_on_channels, rig_of_records
    from appliance.records.storage.data_folder import has_records
    from appliance.records.storage.store import open_read_only
    from appliance.safety.arming_policy import policy_of

    kind = "hardware" if subject.has_board else "virtual"
    last: dict[DrillKind, DrillDone] = {}
    on_channels: dict[tuple[DrillKind, int], DrillDone] = {}
    if has_records(subject.records):
        with open_read_only(subject.records) as db:
            kind = rig_of_records(db) or kind
            last, on_channels = last_drills(db, kind), last_on_channels(db, kind)
    policy = policy_of(kind)
    today = Today(subject.wall.utc_us(), subject.wall.trusted)
    for standing in standings(last, today, policy):
        yield _drill(standing, locks=policy.drills_lock)
        yield from _on_channels(standing.kind, on_channels, today.utc_us, channels_of(subject))


def _drill(standing: "DrillStanding", *, locks: bool) -> Line:
    from appliance.drills.schedule import DrillStatus, note_of
    from appliance.texts.english import english

    name = f"drill {standing.kind}"
    found, fix = english(note_of(standing)), f"stimkiosk drill {standing.kind}"
    if standing.status is DrillStatus.OK:
        return ok(name, found)
    if standing.locks and locks:
        return wrong(name, f"{found}: arming is refused", fix)
    return warning(name, found, fix)


def _on_channels(
    kind: "DrillKind",
    done: "dict[tuple[DrillKind, int], DrillDone]",
    now_utc_us: int,
    channels: int,
) -> Iterator[Line]:
    """Yield a line for each channel of a drill that tests one channel at a time."""
    from appliance.drills.kinds import ON_A_CHANNEL
    from appliance.drills.schedule import EVERY_DAYS, US_PER_DAY

    if kind not in ON_A_CHANNEL or not any(each is kind for each, _ in done):
        return
    for channel in range(1, channels + 1):
        name, last = f"drill {kind}, channel {channel}", done.get((kind, channel))
        fix = f"stimkiosk drill {kind} --channel {channel}"
        if last is None:
            yield warning(name, "never done on this channel", fix)
            continue
        on = day(last.utc_us, trusted=last.clock_trusted)
        if not last.passed:
            yield wrong(name, f"not passed {on}", fix)
        elif now_utc_us - last.utc_us >= EVERY_DAYS * US_PER_DAY:
            yield warning(name, f"passed {on}, more than {EVERY_DAYS} days ago", fix)
        else:
            yield ok(name, f"passed {on}")


def _care(subject: Subject) -> Iterator[Line]:
    from appliance.clinical.fact import FactTime
    from appliance.records.drills import rig_of_records
    from appliance.records.storage.data_folder import has_records
    from appliance.records.storage.store import open_read_only
    from appliance.records.unit_facts import UnitFacts
    from appliance.records.wall_clock import now_of

    if not has_records(subject.records):
        yield warning("care", "no engine ever ran here", "start the unit")
        return
    with open_read_only(subject.records) as db:
        rig = rig_of_records(db) or "hardware"
    facts = UnitFacts.load(subject.records, rig)
    if facts.fault is not None:
        yield wrong("care", f"it cannot be read: {facts.fault}", KEEP)
        return
    now = now_of(subject.wall)
    for standing in facts.file.care_standings(FactTime(now.utc_us, now.day, now.trusted, 0)):
        yield _care_line(standing)
    if facts.file.out_of_use:
        reason = facts.file.out_of_use[0].reason
        fix = "stimkiosk unit release, by service, once the cause is mended"
        yield wrong("use", f"the unit is out of use: {reason}", fix)


def _care_line(standing: "CareStanding") -> Line:
    from appliance.clinical.unit.care import CareStatus, care_note
    from appliance.texts.english import english
    from appliance.texts.text import Text

    name, found = f"care {standing.item}", english(care_note(standing))
    fix = english(Text(f"care_do.{standing.item}"))
    match standing.status:
        case CareStatus.IN_ORDER:
            return ok(name, found)
        case CareStatus.OVERDUE:
            return warning(name, found, fix)
        case CareStatus.LOCKED:
            return wrong(name, found, fix)


def channels_of(subject: Subject) -> int:
    """Return how many channels the board file has."""
    from drivers.errors import BoardFileError

    with suppress(BoardFileError, OSError):
        return subject.board().channels
    return CHANNELS


def day(utc_us: int, *, trusted: bool) -> str:
    """Return a day of the records, as a clock that was set showed it."""
    if not trusted:
        return "at an unknown time"
    with suppress(ValueError, OverflowError, OSError):
        return f"on {datetime.fromtimestamp(utc_us // US_PER_S, UTC):%Y-%m-%d}"
    return "at an unknown time"
