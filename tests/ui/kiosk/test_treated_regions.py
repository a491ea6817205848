"""Every region and goal treated with current, by touches: what records and recording say of it.

One board and one engine give all the treatments, each to a patient whose questions are answered
already; the screens differ in size, theme and language.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from appliance.clinical.catalogue import load_catalogue
from appliance.link.client import LinkClient
from appliance.link.engine_socket import link_path
from appliance.records.queries import SessionRecord, list_sessions, read_session
from appliance.records.storage.store import open_read_only
from tests.support.kiosk.clinician import Clinician, rows
from tests.support.kiosk.hands import a_kiosk
from tests.support.kiosk.prepared import prepare
from tests.support.kiosk.spoken import spoken
from tests.ui.cli.conftest import House, a_house
from ui.kiosk.journey.choose import EMS, TENS, group_of
from ui.kiosk.locale.words import say_row, using
from ui.trace.measure import ChannelMeasure, measure, signal_names
from ui.trace.vcd.reader import Recording, read_vcd

LEVEL_UA = 1_500
TOLERANCE_UA = 600
"""How far a current may be from its level, as in the tests of the programmes."""


class Look(NamedTuple):
    """How a screen looks and speaks."""

    profile: str = "7-800x480"
    theme: str = "dark"
    language: str = "en"


class Treated(NamedTuple):
    """A treatment of the day."""

    programme: str
    region: str
    side: str


DAY: dict[Look, tuple[Treated, ...]] = {
    Look(language="ar"): (Treated("conventional-tens", "lower_back", "right"),),
    Look(): (
        Treated("nmes-strengthening", "lower_back", "left"),
        Treated("brief-intense-tens", "upper_back", "left"),
        Treated("modulated-tens", "suboccipital", "both"),
    ),
    Look("7-720x1280", "light"): (
        Treated("nmes-strengthening-neck", "neck", "both"),
        Treated("burst-tens", "neck", "right"),
    ),
    Look("10-1280x720", "light"): (Treated("relaxation-twitch", "upper_back", "both"),),
}
TREATED = [treated for given in DAY.values() for treated in given]


class Done(NamedTuple):
    """What is known of a treatment once Home is shown again; times in µs."""

    patient: str
    home_us: int
    history: dict[str, Any]


def test_the_day_has_each_region_with_each_kind_of_current_that_is_offered_there() -> None:
    catalogue = load_catalogue()
    groups = {name: group_of(each.kind.value) for name, each in catalogue.items()}
    offered = {
        (region.value, groups[name]) for name, each in catalogue.items() for region in each.regions
    }
    assert {(each.region, groups[each.programme]) for each in TREATED} == offered
    assert {group for _, group in offered} == {EMS, TENS}


@pytest.mark.slow
def test_every_region_and_goal_is_treated_and_closed_out(tmp_path: Path) -> None:
    with a_house(tmp_path) as house:
        _, port = house.board("--record", str(tmp_path / "trace.vcd"))
        house.engine(port)
        with LinkClient.connect(link_path(house.data), "test") as other:
            day = [
                done
                for look, given in DAY.items()
                for done in treat_at(look, given, house, port, other)
            ]
    recording = read_vcd(tmp_path / "trace.vcd", signal_names())
    with open_read_only(house.data) as db:
        sessions = [read_session(db, each.id) for each in reversed(list_sessions(db))]
    for treated, done, session in zip(TREATED, day, sessions, strict=True):
        assert session is not None
        check_records(treated, done, session)
        check_current(treated, done, session, recording)


def treat_at(
    look: Look, given: tuple[Treated, ...], house: House, port: str, other: LinkClient
) -> Iterator[Done]:
    with at_home(look, house, port, other) as who, using(look.language):
        for treated in given:
            alias = f"Q{TREATED.index(treated)}"
            patient = prepare(other, alias, *treated)
            who.touch("New treatment")
            who.touch(alias)
            names = {row["name"]: row["title"] for row in rows(other, "programmes")}
            who.choose(treated.region, treated.side, say_row(names[treated.programme]))
            who.to_start()
            who.to_treatment()
            for channel in who.snapshot().channels:
                who.raise_to(channel.channel, LEVEL_UA)
            who.end(stays_seated=False)
            [history] = rows(other, f"history:{patient}")
            yield Done(patient, who.snapshot().at_us, history)


@contextmanager
def at_home(look: Look, house: House, port: str, other: LinkClient) -> Iterator[Clinician]:
    """Open a kiosk at Home, in its language."""
    with a_kiosk(link_path(house.data), look.profile, look.theme) as kiosk:
        kiosk.until(lambda: kiosk.screen in {"lock", "home"}, "a screen")
        who = Clinician(kiosk, house, port, other)
        if look.language != "en":
            kiosk.touch("Language")
            kiosk.touch("العربية")
            kiosk.words = spoken(look.language)
            kiosk.touch("Back")
        if kiosk.screen == "lock":
            kiosk.touch("Try it on the virtual board")
        kiosk.wait("home")
        who.wait_for(lambda now: now.state == "Ready", "ready")
        yield who


def check_records(treated: Treated, done: Done, session: SessionRecord) -> None:
    """Check what the session and the history of the patient say."""
    summary, opening = session.summary, session.opening
    assert opening is not None
    where = (summary.programme, summary.region, opening["side"], summary.patient)
    assert where == (*treated, done.patient)
    assert (summary.outcome, summary.cause) == ("stopped", "stop")
    assert opening["hand_switch"] == "proven"
    assert opening["placement"]
    assert all(int(str(dose["level_ua"])) >= LEVEL_UA for dose in session.dose), treated
    assert [dose["channel"] for dose in session.dose] == opening["channels"]
    names = ("session", "programme", "region", "side", "skin", "close_out_open")
    kept = [done.history[name] for name in names]
    assert kept == [summary.id, *treated, 0, False]


def check_current(
    treated: Treated, done: Done, session: SessionRecord, recording: Recording
) -> None:
    """Check the pulses of a session, and that nothing flows after it."""
    opened, closed = session.events[0], session.events[-1]
    begins_ns, ends_ns = opened.monotonic_us * 1_000, closed.monotonic_us * 1_000
    during = measure(recording, from_ns=begins_ns, to_ns=ends_ns)
    assert during.faults == (), treated
    assert session.opening is not None
    asked, used = session.opening["prescription"], session.opening["channels"]
    for channel in during.channels:
        if channel.channel not in used:
            assert (channel.pulses, channel.output_ns) == (0, 0), treated
            continue
        dose = next(dose for dose in session.dose if dose["channel"] == channel.channel)
        check_pulses(treated, channel, asked)
        assert channel.pulses == dose["pulses"], treated
        assert channel.peak_ua <= int(str(dose["highest_ua"])) + TOLERANCE_UA
        assert channel.peak_ua <= asked["ceiling_ua"] + TOLERANCE_UA
    after = measure(recording, from_ns=ends_ns, to_ns=done.home_us * 1_000)
    assert after.faults == (), treated
    for channel in after.channels:
        flowed = (channel.pulses, channel.silent_pulses, channel.output_ns, channel.residual_pc)
        assert flowed == (0, 0, 0, 0.0), (treated, flowed)


def check_pulses(treated: Treated, channel: ChannelMeasure, asked: dict[str, Any]) -> None:
    """Check rate, width and charge of the pulses of a channel against the prescription."""
    programme = load_catalogue()[treated.programme]
    sweep, phase, period = asked["sweep"], channel.phase, channel.period
    assert channel.pulses > 0, treated
    assert phase is not None
    assert period is not None
    width_us = asked["waveform"]["phase_us"]
    widths_us = [width_us, width_us] if sweep is None else sweep["phase_us"]
    assert 1_000 * widths_us[0] <= phase.least_ns <= phase.most_ns <= 1_000 * widths_us[1], treated
    if sweep is not None:
        slowest, fastest = (1_000_000_000 / rate for rate in sweep["rate_hz"])
        assert fastest - 1_000 <= period.least_ns <= period.most_ns <= slowest + 1_000, treated
    elif asked["burst"] is not None:
        assert channel.median_period_ns == 1_000 * asked["burst"]["pulse_period_us"], treated
    else:
        assert channel.median_period_ns == 1_000 * asked["period_us"], treated
    assert asked["period_us"] == -(-1_000_000 // programme.rate_hz), treated  # never faster
    charge_pc = channel.peak_ua * phase.most_ns / 1_000_000
    assert abs(channel.worst_net_pc) <= 0.01 * charge_pc, treated
    assert abs(channel.residual_pc) <= 0.01 * charge_pc, treated
