"""A treatment of several parts on the stepped board, measured in its recording."""

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from appliance.core.prescription.prescription import Prescription
from appliance.core.prescription.waveform import ChannelUse
from appliance.messages.actions import CheckContact, MarkFelt, Rise, Start, Stop
from appliance.messages.replies import Refused
from tests.support.clinic import Clinic, open_clinic
from tests.support.complete_file import accepted_for
from tests.support.parts import ACTIVE_REST, COOL_DOWN, WARM_UP, WORK, S, of_parts
from tests.support.recorded_trace import Trace
from tests.support.screen import Screen
from tests.support.texts import said

pytestmark = [pytest.mark.proves("limits", "level-rules", "balanced-pulses")]

SHORT_WARM_UP = replace(WARM_UP, duration_us=12 * S)
SHORT_COOL_DOWN = replace(COOL_DOWN, duration_us=12 * S)


def begin(clinic: Clinic, asked: Prescription) -> None:
    clinic.unlock()
    loop = clinic.engine.loop
    loop._state_runner.prescribe(accepted_for(loop, asked))
    clinic.squeeze()
    clinic.wait(60)
    clinic.do(CheckContact())
    clinic.until("Armed")
    clinic.do(Start())


def raise_when_it_counts(clinic: Clinic, channel: int = 1) -> None:
    """Tap until a tap counts."""
    clinic.until_true(lambda: not isinstance(clinic.ask(Rise(channel=channel)), Refused), "rise")


def phases(path: Path, channel: int = 1) -> list[tuple[int, int, float]]:
    """Return (start, length, peak) of every phase of current above 100 µA, in µs and µA.

    Phases of 200 µs are those of the contact check.
    """
    changes = Trace(path).changes(f"i{channel}_ua")
    return [
        (at_us, ends_us - at_us, value)
        for (at_us, value), (ends_us, _) in pairwise(changes)
        if abs(value) > 100 and ends_us - at_us != 200
    ]


def give_all_parts(clinic: Clinic) -> None:
    """Raise in the warm-up and in the first contraction; try to in its active rest."""
    asked = of_parts(SHORT_WARM_UP, WORK, ACTIVE_REST, SHORT_COOL_DOWN, duration_us=60 * S)
    begin(clinic, asked)
    for _ in range(2):
        raise_when_it_counts(clinic)
        clinic.wait(400)
    assert clinic.channel(1).level_ua == 2_000
    clinic.until("Resting")
    clinic.until("RampUp")
    clinic.wait(100)
    assert clinic.channel(1).level_ua == 0  # a rise counts in the part it was set for
    clinic.until("Delivering")
    for _ in range(2):
        raise_when_it_counts(clinic)
        clinic.wait(400)
    clinic.until_true(lambda: clinic.view.stage == "active_rest", "active rest")
    clinic.wait(2_000)
    refused = clinic.ask(Rise(channel=1))
    assert isinstance(refused, Refused)
    assert said(refused).limit == "envelope"
    clinic.until("Finished")


def test_each_part_is_measured_at_its_rate_width_and_share(tmp_path: Path) -> None:
    with open_clinic(tmp_path / "c") as clinic:
        give_all_parts(clinic)
        levels = [(fact["to_ua"], fact["cause"]) for fact in clinic.events("level_changed")]
        charged_pc = clinic.events("session_closed")[-1]["channels"][0]["charge_pc"]
        record = clinic.record
    assert [to_ua for to_ua, _ in levels][:5] == [1_000, 2_000, 0, 1_000, 2_000]
    assert levels[2][1] == "part"
    found = phases(record)
    starts_us = found[0][0]
    warm_up = [each for each in found if each[0] < starts_us + 13 * S]
    rest = [each for each in found if each[1] == 250]
    work = [each for each in found if abs(each[2]) > 1_900]
    assert {length for _, length, _ in found} == {250, 300}
    for own, least_ua, most_ua in ((warm_up, 940, 1_000), (rest, 740, 800), (work, 1_900, 2_000)):
        assert least_ua <= max(abs(value) for _, _, value in own) <= most_ua
    for own, period_us in ((warm_up, 166_667), (rest, 250_000), (work, 28_572)):
        assert period_us in {b[0] - a[0] for a, b in pairwise(own[::2])}
    silent = [b[0] - a[0] for a, b in pairwise(found) if a[1] == 300 and b[1] == 250]
    assert min(silent) >= S
    assert abs(sum(length * value for _, length, value in found)) < 1_000_000  # 1 µC of 1 mC
    given_pc = sum(length * abs(value) for _, length, value in found) / 2
    assert given_pc == pytest.approx(charged_pc, rel=0.03)


def test_what_is_kept_and_marked_in_a_weak_part_is_recorded_as_it_was_felt(
    tmp_path: Path,
) -> None:
    """Hazard: 2 mA at a share of 50 % count as 2 mA felt, and lift the limits of later sessions."""
    first = replace(WARM_UP, duration_us=10 * S)
    with open_clinic(tmp_path / "c") as clinic:
        begin(clinic, of_parts(first, replace(first, duration_us=None), duration_us=60 * S))
        for _ in range(2):
            raise_when_it_counts(clinic)
            clinic.wait(400)
        clinic.wait(4_000)
        clinic.do(MarkFelt(channel=1, felt="comfortable"))
        clinic.do(Stop())
        clinic.until("Finished")
        kept_ua = clinic.events("session_closed")[-1]["channels"][0]["comfortable_ua"]
        marked_ua = [fact["level_ua"] for fact in clinic.events("felt")]
    assert (kept_ua, marked_ua) == (1_000, [1_000])


def test_a_cue_says_at_which_level_the_contraction_begins(tmp_path: Path) -> None:
    asked = of_parts(replace(WARM_UP, duration_us=10 * S), WORK, duration_us=60 * S)
    with open_clinic(tmp_path / "c") as clinic:
        begin(clinic, asked)
        raise_when_it_counts(clinic)
        screen = Screen(clinic)
        while not screen.cues():
            screen.tick()
        _, cue = screen.cues()[0]
    assert (cue["level_ua"], cue["on_phase"], cue["of"]) == ([0], 1, 3)


def highest_ua(clinic: Clinic) -> int:
    """Return the highest amplitude shown within half a second: between slow pulses it is zero."""
    found = []
    for _ in range(50):
        clinic.tick()
        found.append(clinic.channel(1).amplitude_ua)
    return max(found)


def test_a_weaker_part_keeps_the_level_and_plays_its_share(tmp_path: Path) -> None:
    first = replace(WARM_UP, share_percent=100, duration_us=15 * S)
    second = replace(WARM_UP, share_percent=50, duration_us=None)
    with open_clinic(tmp_path / "c") as clinic:
        begin(clinic, of_parts(first, second, duration_us=60 * S))
        raise_when_it_counts(clinic)
        clinic.wait(300)
        clinic.until_true(lambda: clinic.view.elapsed_us > 20 * S, "the second part")
        assert clinic.channel(1).level_ua == 1_000
        amplitude_ua = highest_ua(clinic)
        raise_when_it_counts(clinic)
        clinic.wait(500)
        raised_ua = highest_ua(clinic)
    assert 460 <= amplitude_ua <= 500
    assert 960 <= raised_ua <= 1_000


def test_channels_take_turns_each_with_its_whole_rest(tmp_path: Path) -> None:
    asked = of_parts(WORK, channels=(1, 2), use=ChannelUse.ALTERNATING, duration_us=60 * S)
    with open_clinic(tmp_path / "c") as clinic:
        begin(clinic, asked)
        for channel in (1, 2):
            clinic.until_true(lambda: channel in playing(clinic), "turn")  # noqa: B023
            raise_when_it_counts(clinic, channel)
        clinic.until("Finished")
        record = clinic.record
    for channel in (1, 2):
        found = phases(record, channel)
        gaps = [b[0] - a[0] - a[1] for a, b in pairwise(found)]
        rests = [gap for gap in gaps if gap > S]
        assert rests
        assert min(rests) >= 9_250_000
    both = sorted((at_us, 1) for at_us, _, _ in phases(record, 1))
    both += [(at_us, 2) for at_us, _, _ in phases(record, 2)]
    turns = [channel for _, channel in sorted(both)]
    assert sum(a != b for a, b in pairwise(turns)) <= 8


def playing(clinic: Clinic) -> tuple[int, ...]:
    shown = clinic.view.contraction
    return shown.channels if shown is not None and shown.playing else ()
