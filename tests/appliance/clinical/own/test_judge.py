"""A draft is judged as the prescription it would be; limits are restated here by hand."""

from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appliance.clinical.catalogue import load_catalogue, to_prescription
from appliance.clinical.offers.offers import load_offers
from appliance.clinical.own.draft import OwnDraft, OwnTrain, parts_of
from appliance.clinical.own.fields import every_field, field_of, fields_of, quantity, with_value
from appliance.clinical.own.judge import judge, refuse_draft
from appliance.clinical.own.programme import draft_of, is_for, regions_for, to_programme
from appliance.clinical.own.steps import choices_of, steps_of
from appliance.core.prescription.waveform import ChannelUse
from appliance.texts.english import english
from tests.support.texts import Said, said

pytestmark = pytest.mark.proves("bad-input")

NAMES = tuple(load_catalogue())


def draft(base: str = "nmes-strengthening", **more: Any) -> OwnDraft:
    """Return a copy of a programme, with other values of its fields: `work__phase_us=200`."""
    found = draft_of(load_catalogue()[base], "Strong back")
    for name, value in more.items():
        found = with_value(found, name.replace("__", "."), value)
    return found


def refusal(found: OwnDraft) -> Said:
    refused = refuse_draft(found)
    assert refused is not None
    return said(refused)


# --- a copy is what it was copied from ---------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_a_copy_plays_what_the_programme_plays_and_is_accepted(name: str) -> None:
    programme = load_catalogue()[name]
    judged = judge(draft(name))
    original = to_prescription(programme, (1, 2))
    assert judged.prescription is not None
    assert judged.prescription.parts == original.parts
    assert judged.prescription.duration_us == original.duration_us
    assert 0 <= original.ceiling_ua - judged.prescription.ceiling_ua < 1_000
    assert (judged.prescription.kind, judged.prescription.purpose) == (
        original.kind,
        original.purpose,
    )


@pytest.mark.parametrize("name", NAMES)
def test_every_number_of_the_catalogue_lies_within_the_outer_bounds(name: str) -> None:
    for path, value in every_field(draft(name)):
        assert field_of(path).least <= value <= field_of(path).most, path


@pytest.mark.parametrize("name", NAMES)
def test_an_own_programme_is_offered_for_the_goal_of_what_it_was_copied_from(name: str) -> None:
    own = to_programme(draft(name), "own-1@1")
    assert own is not None
    (row,) = [row for row in load_offers() if is_for(own, row)]
    assert any(name in offer.programmes for offer in row.by_region.values())
    offered = {region for region, offer in row.by_region.items() if offer.programmes or offer.own}
    assert set(regions_for(load_catalogue()[name])) == offered


def test_a_copy_may_be_called_as_its_base_may_while_its_contractions_take_no_turns() -> None:
    for base, more, on_call in (
        ("stabilisation", {}, "may"),
        ("rehabilitation-start", {}, "usual"),
        ("rehabilitation-start", {"alternating": 1}, "no"),
        ("nmes-strengthening", {}, "no"),
    ):
        own = to_programme(draft(base, **more), "own-1@1")
        assert own is not None
        assert own.on_call == on_call


# --- one limit after the other -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("base", "path", "value", "nearest"),
    [
        ("conventional-tens", "minutes", 61, 60),
        ("nmes-strengthening", "minutes", 31, 30),
        ("brief-intense-tens", "minutes", 16, 15),
        ("nmes-endurance", "minutes", 30, 18),
        ("conventional-tens", "ceiling_ua", 30, 2_000),
        ("nmes-strengthening-neck", "ceiling_ua", 41_000, 40_000),
        ("conventional-tens", "ceiling_ua", 60_000_000, 83_000),
        ("nmes-strengthening", "pad_area_mm2", 2_400, 2_500),
        ("burst-ac", "pad_area_mm2", 4_900, 5_000),
        ("conventional-tens", "pad_area_mm2", 25, 1_000),
        ("nmes-strengthening-neck", "work.phase_us", 310, 300),
        ("nmes-strengthening", "work.phase_us", 300_000, 500),
        ("nmes-strengthening-neck", "work.rate_hz", 121, 120),
        ("low-rate-tens", "work.rate_hz", 11, 10),
        ("conventional-tens", "work.rate_hz", 0, 1),
        ("conventional-tens", "work.interphase_us", 0, 10),
        ("conventional-tens", "work.share_percent", 5, 10),
        ("nmes-strengthening", "work.times.plateau_ms", 7_000_000, 10_000),
        ("nmes-strengthening", "work.times.off_ms", 20_000, 30_000),
        ("nmes-endurance", "work.times.off_ms", 8_000, 8_500),
        ("nmes-strengthening", "work.times.ramp_up_ms", 500, 1_400),
        ("nmes-strengthening-neck", "work.times.ramp_up_ms", 1_000, 2_000),
        ("nmes-strengthening", "work.times.ramp_down_ms", 100, 500),
        ("burst-tens", "work.burst.pulses", 11, 10),
        ("modulated-tens", "work.sweep.cycle_s", 0, 1),
        ("modulated-tens", "work.sweep.rate_hz", 251, 250),
        ("burst-ac", "work.carrier_cycles", 9, 7),
        ("burst-ac", "work.rate_hz", 60, 59),
    ],
)
def test_beyond_a_limit_the_field_goes_back_to_the_nearest_value_that_is_accepted(
    base: str, path: str, value: int, nearest: int
) -> None:
    beyond = with_value(draft(base), path, value)
    refusal(beyond)
    part = "work" if path.startswith("work.") else ""
    (step,) = [step for step in steps_of(beyond, "work") if step.path == path]
    assert step.heals == nearest, (part, step)
    assert judge(with_value(beyond, path, nearest)).broken == ()


@pytest.mark.parametrize(
    ("path", "value", "asked", "allowed"),
    [
        ("work.times.plateau_ms", 7_000_000, "Plateau 7000000 ms", "500 ms to 10000 ms"),
        ("work.phase_us", 300_000, "Phase width 300000 µs", "50 µs to 500 µs"),
        ("ceiling_ua", 40, "Highest level 0.04 mA", "2 mA to 100 mA"),
        ("ceiling_ua", 40_000_000, "Highest level 40000 mA", "2 mA to 100 mA"),
        ("pad_area_mm2", 25, "Pads, each 0.25 cm²", "5 cm² to 200 cm²"),
        ("minutes", 600, "Minutes 600 min", "1 min to 60 min"),
        ("work.rate_hz", 50_000, "Rate 50000 pps", "1 pps to 250 pps"),
    ],
)
def test_a_slip_of_the_unit_is_answered_with_the_range_and_its_unit(
    path: str, value: int, asked: str, allowed: str
) -> None:
    found = refusal(with_value(draft(), path, value))
    assert (found.asked, found.allowed) == (asked, allowed)


def test_several_slips_are_all_named_and_each_goes_back_by_itself() -> None:
    found = judge(draft(minutes=600, ceiling_ua=40, work__phase_us=0)).broken
    assert [english(each.refusal.nearest) for each in found] == ["30 min", "2 mA", "50 µs"]


def test_limits_that_break_together_are_each_named_with_what_takes_them_away() -> None:
    beyond = draft(ceiling_ua=100_000, work__phase_us=480, work__times__off_ms=20_000)
    assert {each.refusal.rule for each in judge(beyond).broken} == {
        "refusal.rest_of_a_tetanic_train",
        "refusal.charge_per_phase",
    }
    mended = with_value(with_value(beyond, "ceiling_ua", 83_000), "work.times.off_ms", 30_000)
    assert judge(mended).broken == ()


def test_a_motor_train_without_rests_is_refused() -> None:
    work = msgspec.structs.replace(draft().work, times=None)
    unbroken = msgspec.structs.replace(draft(), work=work)
    assert refusal(unbroken).limit == "tetanic train"


def test_channels_take_turns_only_where_there_are_on_times() -> None:
    assert judge(draft(alternating=True)).prescription is not None
    both = judge(draft(alternating=True)).prescription
    assert both is not None
    assert both.use is ChannelUse.ALTERNATING
    assert refusal(draft("conventional-tens", alternating=True)).limit == "alternating channels"


def test_a_region_where_the_goal_is_not_offered_is_refused_with_the_reason() -> None:
    found = refusal(draft("burst-ac", region="neck"))
    assert found.limit == "region"
    assert refusal(draft("burst-ac", region="chest")).nearest == "lower_back"


def test_parts_without_end_and_a_base_that_is_nowhere_are_refused_before_anything_else() -> None:
    part = msgspec.structs.replace(draft().work, duration_s=60)
    endless = msgspec.structs.replace(draft(), before=(part,) * 400)
    assert refusal(endless).asked == "401 parts"
    assert refusal(endless).nearest == "5 parts"
    unknown = msgspec.structs.replace(draft(), base="x" * 9_000)
    assert len(refusal(unknown).asked) < 100


def test_a_carrier_whose_held_phase_never_changes_is_refused() -> None:
    found = refusal(draft("burst-ac", work__carrier_cycles=4))
    assert (found.asked, found.nearest) == ("4 cycles", "3 cycles")


def test_a_refusal_of_several_parts_says_which_part() -> None:
    part = msgspec.structs.replace(draft().work, duration_s=60, phase_us=500)
    several = msgspec.structs.replace(draft(ceiling_ua=100_000), before=(part,))
    assert {each.part for each in judge(several).broken} == {"before.0"}


# --- where the keys lead -----------------------------------------------------------------------

names = st.sampled_from(NAMES)
values = st.integers(0, 10_000)
few = settings(max_examples=20)  # each asks some hundred prescriptions


@st.composite
def edited(draw: st.DrawFn) -> tuple[OwnDraft, str]:
    """Return a draft after some keys, accepted or not, and the part that is looked at."""
    found = draft(draw(names))
    if draw(st.booleans()):
        part = msgspec.structs.replace(found.work, share_percent=50, duration_s=120)
        found = msgspec.structs.replace(found, after=(part,))
    part_name = draw(st.sampled_from(tuple(parts_of(found))))
    for _ in range(draw(st.integers(0, 3))):
        fields = [*fields_of(found, ""), *fields_of(found, part_name)]
        path, _value = draw(st.sampled_from(fields))
        choices = field_of(path).values
        found = with_value(found, path, choices[draw(values) % len(choices)])
    return found, part_name


@few
@given(edited(), values)
def test_what_plus_and_minus_lead_to_breaks_nothing_more(
    start: tuple[OwnDraft, str], place: int
) -> None:
    found, part = start
    before = judge(found).rules
    for step in steps_of(found, part):
        reached = [value for value in (step.lower, step.higher, step.least, step.most) if value]
        between = [v for v in step.field.values if step.least <= v <= step.most]
        if between:
            reached.append(between[place % len(between)])
        for value in reached:
            assert judge(with_value(found, step.path, value)).rules <= before, (step, value)


@few
@given(edited())
def test_beyond_the_last_value_of_a_field_a_limit_breaks(start: tuple[OwnDraft, str]) -> None:
    found, part = start
    before = judge(found).rules
    for step in steps_of(found, part):
        above = [value for value in step.field.values if value > step.most]
        below = [value for value in step.field.values if value < step.least]
        for beyond in (*above[:1], *below[-1:]):
            assert not judge(with_value(found, step.path, beyond)).rules <= before, (step, beyond)


@few
@given(edited())
def test_what_heals_takes_a_refusal_away_and_adds_none(start: tuple[OwnDraft, str]) -> None:
    found, part = start
    before = judge(found).rules
    for step in steps_of(found, part):
        if step.heals is not None:
            assert judge(with_value(found, step.path, step.heals)).rules < before, step
        if not before:
            assert step.heals is None


def test_a_narrow_range_far_below_a_value_is_found() -> None:
    """With a part of 2 min before it, a brief-intense session has 3 to 15 min."""
    start = draft("brief-intense-tens", minutes=57, ceiling_ua=49_000)
    part = msgspec.structs.replace(start.work, share_percent=50, duration_s=120)
    beyond = msgspec.structs.replace(start, before=(part,))
    (minutes,) = [step for step in steps_of(beyond, "work") if step.path == "minutes"]
    assert minutes.heals == 15


def test_a_value_that_is_offered_takes_away_both_limits_that_it_breaks() -> None:
    """46 min are too long for a motor session, and have too many contractions."""
    beyond = draft("muscle-pump-neck", minutes=46, work__times__ramp_down_ms=6_600)
    broken = {each.refusal.rule for each in judge(beyond).broken}
    assert {"refusal.session", "refusal.contractions_of_a_session"} < broken
    (minutes,) = [step for step in steps_of(beyond, "work") if step.path == "minutes"]
    assert minutes.heals == 30


@pytest.mark.parametrize("name", NAMES)
def test_another_region_takes_the_highest_level_down_to_what_is_allowed_there(name: str) -> None:
    for choice in choices_of(draft(name), "work"):
        if choice.path == "region":
            for region, chosen in choice.drafts:
                assert chosen.region == region
                assert chosen.ceiling_ua <= max(draft(name).ceiling_ua, 2_000)
                if region == "suboccipital":
                    assert chosen.ceiling_ua == 20_000


@pytest.mark.parametrize("unit", ["Hz", "us", "ms", "s", "min", "uA", "mm2", "percent", "count"])
def test_every_unit_of_a_field_can_be_said(unit: str) -> None:
    assert english(quantity(unit, 5)).startswith(("5", "0.0"))


def test_a_train_has_no_field_of_what_it_does_not_have() -> None:
    plain = draft("conventional-tens")
    assert [path for path, _ in fields_of(plain, "work")] == [
        "work.rate_hz",
        "work.phase_us",
        "work.interphase_us",
        "work.share_percent",
    ]
    assert isinstance(plain.work, OwnTrain)
