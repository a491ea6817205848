"""A certificate is read back whole or not at all, and counts for its unit, board and year only."""

import hashlib
from datetime import date

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.core.calibration.certificate import (
    Certificate,
    certificate_bytes,
    channel_scales,
    read_certificate,
)
from appliance.core.calibration.fit import ChannelFit, fit_channel
from appliance.core.calibration.scale import Scale
from appliance.core.calibration.validity import (
    CalibrationStatus,
    ThisUnit,
    calibration_standing,
    ends_on,
)
from tests.support.made_up_channel import SCALES, MadeUpChannel

DIGEST = "ab" * 32
UNIT = ThisUnit("unit-1", "hardware", DIGEST, 2)


def day(text: str) -> int:
    return (date.fromisoformat(text) - date(1970, 1, 1)).days


def certificate(since: str = "2026-11-30") -> Certificate:
    channels = []
    for gain in (1.03, 0.98):
        points = MadeUpChannel((gain, 300.0), (1.01, 200.0), (0.99, 0.0)).points()
        fit = fit_channel(points, SCALES)
        assert isinstance(fit, ChannelFit)
        channels.append(channel_scales(fit, points))
    return Certificate(
        format=1,
        number="C-17",
        day=day(since),
        operator="sam",
        instrument="DMM 6500, no. 12, calibrated 2026-03",
        device="unit-1",
        rig="hardware",
        board_digest=DIGEST,
        full_scales=(120_000, 120_000, 150_000),
        channels=tuple(channels),
    )


RAW = certificate_bytes(certificate())


def sealed(body: bytes) -> bytes:
    """Return a file whose digest fits whatever it holds."""
    return hashlib.sha256(body).hexdigest().encode() + b"\n" + body + b"\n"


def test_a_certificate_is_read_back_as_it_was_written() -> None:
    assert read_certificate(RAW) == certificate()


@given(st.integers(0, len(RAW) - 1), st.integers(1, 255))
def test_one_changed_byte_makes_it_no_certificate(place: int, by: int) -> None:
    damaged = bytearray(RAW)
    damaged[place] ^= by
    assert read_certificate(bytes(damaged)) is None


@given(st.integers(0, len(RAW) - 1))
def test_a_file_cut_short_is_no_certificate(length: int) -> None:
    assert read_certificate(RAW[:length]) is None


@given(st.binary(max_size=300))
def test_any_other_bytes_are_no_certificate(raw: bytes) -> None:
    assert read_certificate(raw) is None
    assert read_certificate(sealed(raw)) is None


@pytest.mark.parametrize(
    "body", [b"[" * 20_000, b"{}", b"null", b'{"format": 1}', b" " * 70_000, b"\xff\xfe"]
)
def test_bytes_with_a_digest_that_fits_are_no_certificate_by_that(body: bytes) -> None:
    assert read_certificate(sealed(body)) is None


def test_a_scale_that_its_points_do_not_give_is_never_read() -> None:
    whole = certificate()
    for name in ("source", "current", "voltage"):
        scale = getattr(whole.channels[1], name)
        other = Scale(scale.gain_ppm - 1, scale.offset)
        forged = msgspec.structs.replace(whole.channels[1], **{name: other})
        channels = (whole.channels[0], forged)
        raw = certificate_bytes(msgspec.structs.replace(whole, channels=channels))
        assert read_certificate(raw) is None


def test_points_that_are_refused_make_no_certificate() -> None:
    whole = certificate()
    short = msgspec.structs.replace(whole.channels[0], points=whole.channels[0].points[:-1])
    raw = certificate_bytes(msgspec.structs.replace(whole, channels=(short, whole.channels[1])))
    assert read_certificate(raw) is None


@pytest.mark.parametrize(
    "changes",
    [
        {"format": 2},
        {"operator": ""},
        {"instrument": "x" * 121},
        {"board_digest": "AB" * 32},
        {"channels": ()},
        {"day": -1},
        {"full_scales": (0, 120_000, 150_000)},
        {"full_scales": (120_000, 120_000, 0)},
    ],
)
def test_a_field_out_of_its_bounds_makes_no_certificate(changes: dict[str, object]) -> None:
    raw = certificate_bytes(msgspec.structs.replace(certificate(), **changes))
    assert read_certificate(raw) is None


def test_an_unknown_key_or_another_order_makes_no_certificate() -> None:
    content = msgspec.json.decode(msgspec.json.encode(certificate()))
    assert read_certificate(sealed(msgspec.json.encode({**content, "note": "x"}))) is None
    backwards = dict(reversed(content.items()))
    assert read_certificate(sealed(msgspec.json.encode(backwards))) is None


@pytest.mark.parametrize(
    ("today", "status", "counts"),
    [
        ("2026-11-29", "unknown", False),
        ("2026-11-30", "valid", True),
        ("2027-10-30", "valid", True),
        ("2027-10-31", "ending", True),
        ("2027-11-29", "ending", True),
        ("2027-11-30", "expired", True),
        ("2027-12-29", "expired", True),
        ("2027-12-30", "locked", False),
        ("2040-01-01", "locked", False),
    ],
)
def test_it_warns_30_days_before_12_months_and_locks_30_days_after(
    today: str, status: str, counts: bool
) -> None:
    standing = calibration_standing(certificate(), UNIT, day(today))
    assert (standing.status.value, standing.counts) == (status, counts)
    assert (standing.ends, standing.locks) == (day("2027-11-30"), day("2027-12-30"))


@given(st.integers(0, 60_000), st.integers(0, 60_000))
def test_time_alone_never_makes_it_count_again(first: int, later: int) -> None:
    order = ["valid", "ending", "expired", "locked"]
    since = day("2026-11-30")
    early, late = sorted((since + first, since + later))
    whole = certificate()
    places = [
        order.index(calibration_standing(whole, UNIT, today).status.value)
        for today in (early, late)
    ]
    assert places == sorted(places)


def test_12_months_after_29_february_is_the_28th() -> None:
    assert ends_on(day("2028-02-29")) == day("2029-02-28")
    assert ends_on(day("2027-02-28")) == day("2028-02-28")
    assert ends_on(day("2026-12-31")) == day("2027-12-31")


def test_without_a_clock_nobody_knows_and_it_does_not_count() -> None:
    standing = calibration_standing(certificate(), UNIT, None)
    assert standing.status is CalibrationStatus.UNKNOWN
    assert not standing.counts


def test_no_certificate_is_not_calibrated() -> None:
    standing = calibration_standing(None, UNIT, day("2026-12-01"))
    assert standing.status is CalibrationStatus.NONE
    assert (standing.ends, standing.locks, standing.counts) == (None, None, False)


@pytest.mark.parametrize(
    ("unit", "status"),
    [
        (UNIT._replace(device="unit-2"), "foreign"),
        (UNIT._replace(rig="virtual"), "foreign"),
        (UNIT._replace(board_digest="cd" * 32), "board_changed"),
        (UNIT._replace(channels=1), "board_changed"),
        (UNIT._replace(channels=4), "board_changed"),
    ],
)
def test_another_unit_or_board_file_voids_it_on_any_day(unit: ThisUnit, status: str) -> None:
    for today in (day("2026-11-30"), day("2027-12-30"), None):
        standing = calibration_standing(certificate(), unit, today)
        assert (standing.status.value, standing.counts) == (status, False)
