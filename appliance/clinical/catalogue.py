"""The catalogue of programmes, and how a programme becomes a prescription."""

import tomllib
from difflib import get_close_matches
from functools import lru_cache
from importlib import resources

import msgspec

from appliance.clinical.programme import Programme
from appliance.core.limits import limits
from appliance.core.limits.limits import Region
from appliance.core.prescription.densest import densest_pulses, highest_ua, period_of
from appliance.core.prescription.prescription import Prescription, PrescriptionError
from appliance.core.prescription.waveform import ChannelUse
from appliance.core.readable_text import says_something
from appliance.core.refusal import Refusal
from appliance.errors import ConfigError
from appliance.texts.text import text

HOLD_ORDER = 4
"""Sample-and-hold keeps phases in the order + - - + (docs/design.md section 4); between bursts the
last pulse stays held."""


@lru_cache(maxsize=1)
def _catalogue() -> dict[str, Programme]:
    folder = resources.files("appliance.clinical") / "programmes"
    files = [file for file in folder.iterdir() if file.name.endswith(".toml")]
    found = [parse_programme(file.read_bytes(), file.name) for file in files]
    return {programme.name: programme for programme in sorted(found, key=lambda each: each.name)}


def load_catalogue() -> dict[str, Programme]:
    """Return every programme by name, in the order of the names; raises `ConfigError`."""
    return dict(_catalogue())


def find(name: str) -> Programme | tuple[str, ...]:
    """Return the programme of that name, or the names nearest to it (at least one)."""
    programmes = _catalogue()
    wanted = name.strip().lower().replace("_", "-").replace(" ", "-")
    if wanted in programmes:
        return programmes[wanted]
    near = get_close_matches(wanted, programmes, n=3, cutoff=0.4)
    return tuple(near or programmes)


def parse_programme(raw: bytes, file: str) -> Programme:
    """Decode and check a programme file.

    The programme must make a valid prescription in every region it names. Raises `ConfigError` that
    names the file and the key, or the limit.
    """
    try:
        programme = msgspec.convert(tomllib.loads(raw.decode()), Programme)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.ValidationError) as error:
        raise ConfigError(f"programme file {file}: {error}") from error
    if f"{programme.name}.toml" != file:
        raise ConfigError(f"programme file {file}: name is {programme.name}, not the file's")
    if (programme.pulse is None) == (programme.carrier is None):
        raise ConfigError(f"programme file {file}: give either [pulse] or [carrier]")
    if programme.carrier is not None and programme.carrier.cycles % HOLD_ORDER == 0:
        raise ConfigError(
            f"programme file {file}: {programme.carrier.cycles} cycles always leave the same phase "
            f"held, so the other is never measured; give a number that 4 does not divide"
        )
    if programme.region not in programme.regions:
        raise ConfigError(f"programme file {file}: regions leaves out {programme.region}")
    for region in programme.regions:
        try:
            to_prescription(programme, region=region)
        except PrescriptionError as error:
            raise ConfigError(f"programme file {file}, {region}: {error}") from error
    return programme


def to_prescription(
    programme: Programme,
    channels: tuple[int, ...] = (1,),
    *,
    duration_us: int | None = None,
    region: str | None = None,
    pad_area_mm2: int | None = None,
    ceiling_ua: int | None = None,
    patient_ceiling_ua: int | None = None,
    use: ChannelUse = ChannelUse.SIMULTANEOUS,
    tap_ua: int = 500,
    reason: str = "",
) -> Prescription:
    """Prescribe a programme; None keeps what the programme says.

    Without `ceiling_ua` the ceiling adapts to region, patient and pads; a given one is refused if
    it is too high. Raises `PrescriptionError` with every refusal.
    """
    place = _place(programme, region)
    area_mm2 = programme.pad_area_mm2 if pad_area_mm2 is None else pad_area_mm2
    if ceiling_ua is None:
        ceiling_ua = _highest_ua(programme, place, area_mm2, patient_ceiling_ua, reason)
    return Prescription(
        programme=programme.name,
        kind=programme.kind,
        region=place,
        purpose=programme.purpose,
        pad_area_mm2=area_mm2,
        channels=channels,
        ceiling_ua=ceiling_ua,
        waveform=programme.waveform(),
        period_us=period_of(programme.rate_hz),
        duration_us=programme.duration_us if duration_us is None else duration_us,
        burst=programme.bursts(),
        sweep=programme.sweeps(),
        on_off=programme.times(),
        use=use,
        layout=programme.layout,
        tap_ua=tap_ua,
        patient_ceiling_ua=patient_ceiling_ua,
        reason=reason,
    )


def _highest_ua(
    programme: Programme,
    place: Region,
    area_mm2: int,
    patient_ceiling_ua: int | None,
    reason: str,
) -> int:
    """Return the highest ceiling programme, region, patient and pads allow together."""
    given, period_us = says_something(reason), period_of(programme.rate_hz)
    allowed_ua = limits.ceiling_ua(
        place,
        programme.purpose,
        reason_given=given,
        patient_ceiling_ua=patient_ceiling_ua,
    )
    pulses = densest_pulses(programme.waveform(), period_us, programme.bursts(), programme.sweeps())
    by_pads_ua = highest_ua(pulses, place, area_mm2, acknowledged=given)
    return min(programme.ceiling_ua, allowed_ua, by_pads_ua)


def _place(programme: Programme, region: str | None) -> Region:
    if region is None:
        return programme.region
    if region in programme.regions:
        return Region(region)
    refusal = Refusal(
        "refusal.region",
        text("region.asked", programme=programme.name, region=region),
        ", ".join(programme.regions),
        programme.region,
    )
    raise PrescriptionError((refusal,))
