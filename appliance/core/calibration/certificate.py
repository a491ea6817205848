"""The certificate of a calibration: who measured what with which instrument, and the scales of it.

A certificate is a value and its bytes. The bytes carry a SHA-256 over everything else, and the
points: whoever reads it fits them again, so no scale ever comes out of a file that its points do
not give. The digest finds damage, not forgery. Another way to fit is another `format`.
"""

import hashlib
from typing import Annotated

import msgspec

from appliance.core.calibration.fit import ChannelFit, fit_channel
from appliance.core.calibration.measured import Point, Scales
from appliance.core.calibration.scale import Scale

FORMAT = 1

Line = Annotated[str, msgspec.Meta(min_length=1, max_length=120)]
Digest = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]
FullScale = Annotated[int, msgspec.Meta(ge=1, le=1_000_000_000)]


class ChannelScales(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The scales of one channel, and the points that gave them."""

    source: Scale
    current: Scale
    voltage: Scale
    points: tuple[Point, ...]


class Certificate(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A calibration of every channel of a unit.

    `day` is counted from 1970, `device` names the unit, `rig` the kind of it, `board_digest` the
    board file of that day, whose full scales `full_scales` holds (µA, µA, mV). `instrument` says
    maker, number and where its own calibration is found.
    """

    format: int
    number: Line
    day: Annotated[int, msgspec.Meta(ge=0, le=1_000_000)]
    operator: Line
    instrument: Line
    device: Line
    rig: Line
    board_digest: Digest
    full_scales: tuple[FullScale, FullScale, FullScale]
    channels: Annotated[tuple[ChannelScales, ...], msgspec.Meta(min_length=1, max_length=4)]


def channel_scales(fit: ChannelFit, points: tuple[Point, ...]) -> ChannelScales:
    """Return what a certificate keeps of a channel's fit."""
    return ChannelScales(fit.source.scale, fit.current.scale, fit.voltage.scale, points)


def certificate_bytes(certificate: Certificate) -> bytes:
    """Return the bytes of a certificate: its digest, a line end, and JSON."""
    body = msgspec.json.encode(certificate, order="deterministic")
    return hashlib.sha256(body).hexdigest().encode() + b"\n" + body + b"\n"


def read_certificate(raw: bytes) -> Certificate | None:
    """Return the certificate in bytes; None for anything that is not whole or not as fitted."""
    digest, _, rest = raw.partition(b"\n")
    body = rest.removesuffix(b"\n")
    if hashlib.sha256(body).hexdigest().encode() != digest:
        return None
    try:
        certificate = msgspec.json.decode(body, type=Certificate)
    except (msgspec.MsgspecError, RecursionError):
        return None
    is_as_written = certificate.format == FORMAT and certificate_bytes(certificate) == raw
    return certificate if is_as_written and _is_as_fitted(certificate) else None


def _is_as_fitted(certificate: Certificate) -> bool:
    scales = Scales(*certificate.full_scales)
    for kept in certificate.channels:
        fit = fit_channel(kept.points, scales)
        if not isinstance(fit, ChannelFit) or channel_scales(fit, kept.points) != kept:
            return False
    return True
