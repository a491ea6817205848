"""A run that was allowed for a test load: everything else than that load ends it."""

import pytest

from tests.appliance.safety.interlocks.bench import (
    at_set,
    but,
    channel,
    codes,
    last,
    look_channel,
    pulses,
)

pytestmark = pytest.mark.proves("bystander")


def met(ohms: list[int], set_ua: int = 3_000, load_ohm: int | None = 500) -> list[str | None]:
    fields = [at_set(set_ua, set_ua, ohm * set_ua // 1_000) for ohm in ohms]
    return codes(look_channel("test_load", pulses(fields, load_ohm=load_ohm)))


@pytest.mark.parametrize(
    ("ohm", "load_ohm", "code"),
    [
        (625, 500, None),
        (626, 500, "T41"),
        (375, 500, None),
        (374, 500, "T41"),
        (1_250, 1_000, None),
        (1_251, 1_000, "T41"),
        (9_000, None, None),
    ],
)
def test_three_readings_a_quarter_off_the_load_cut(
    ohm: int, load_ohm: int | None, code: str | None
) -> None:
    assert met([ohm] * 4, load_ohm=load_ohm) == [None, None, code, code]
    assert met([ohm, 500, 500, ohm], load_ohm=load_ohm)[1:] == [None] * 3 or load_ohm != 500
    small = met([ohm] * 4, set_ua=1_249, load_ohm=load_ohm)
    assert small == [None] * 4


@pytest.mark.parametrize(("set_ua", "code"), [(1_249, None), (1_250, "T41")])
def test_a_load_is_judged_from_one_and_a_quarter_milliamperes_on(
    set_ua: int, code: str | None
) -> None:
    assert met([900] * 3, set_ua=set_ua) == [None, None, code]


def test_any_twelve_readings_count() -> None:
    assert met([900, *[500] * 5, 900, *[500] * 4, 900])[-1] == "T41"
    assert met([900, *[500] * 5, 900, *[500] * 5, 900])[-1] is None


@pytest.mark.parametrize(("second", "code"), [(500, None), (480, None), (479, "T41")])
def test_skin_of_the_size_of_a_load_differs_between_its_phases(
    second: int, code: str | None
) -> None:
    """Hazard: a person who measures as much as the load."""
    skin = [600 if n % 4 in (0, 3) else second for n in range(12)]
    assert met(skin, set_ua=5_000) == [*[None] * 11, code]
    assert met(skin, set_ua=4_999) == [None] * 12
    outliers = [600, 480, *[500] * 10]
    assert met([400, 620, *outliers[2:]], set_ua=5_000)[-1] is None


@pytest.mark.parametrize(("ohms", "code"), [((470, 470), "T41"), ((470, 590), None)])
def test_two_smaller_holds_of_twelve_are_a_second_phase_and_one_is_an_outlier(
    ohms: tuple[int, int], code: str | None
) -> None:
    assert met([*ohms, *[600] * 10], set_ua=5_000)[-1] == code


def test_nothing_is_judged_in_the_check_nor_where_nothing_flows() -> None:
    series = pulses([at_set(3_000, 3_000, 9_000)] * 4, load_ohm=500)
    assert last("test_load", series) == "T41"
    assert last("test_load", series, checking=True) is None
    assert last("test_load", [but(each, pulses=1) for each in series]) is None
    open_lead = pulses([at_set(3_000, 0, 119_000)] * 4, load_ohm=500)
    assert last("test_load", open_lead) is None
    assert channel().load_ohm is None
