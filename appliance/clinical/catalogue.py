"""The catalogue of programmes, and how a programme becomes a prescription."""

import tomllib
from dataclasses import fields, replace
from difflib import get_close_matches
from functools import lru_cache
from importlib import resources

import msgspec

from appliance.clinical.offers.offers import check_names, load_offers, refuse_region, regions_of
from appliance.clinical.programme import CallUse, Programme, TrainFields
from appliance.core.limits.limits import Region
from appliance.core.prescription.draft import PrescriptionDraft
from appliance.core.prescription.limit_checks import highest_ceiling_ua
from appliance.core.prescription.prescription import Prescription, PrescriptionError
from appliance.core.prescription.waveform import ChannelUse
from appliance.errors import ConfigError

HOLD_ORDER = 4
"""Sample-and-hold keeps phases in the order + - - + (docs/design.md section 4); between bursts the
last pulse stays held."""


@lru_cache(maxsize=1)
def _catalogue() -> dict[str, Programme]:
    folder = resources.files("appliance.clinical") / "programmes"
    files = [file for file in folder.iterdir() if file.name.endswith(".toml")]
    found = [parse_programme(file.read_bytes(), file.name) for file in files]
    catalogue = {each.name: each for each in sorted(found, key=lambda each: each.name)}
    check_names(load_offers(), catalogue)
    return catalogue


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
    for train in programme.trains:
        _check_train(train, file)
    if programme.own_title:
        raise ConfigError(f"programme file {file}: own_title is for own programmes, not for here")
    _check_keys(programme, file)
    if programme.regions:
        raise ConfigError(f"programme file {file}: regions are in offers.toml, not here")
    offered = regions_of(programme.name, programme.kind)
    programme = msgspec.structs.replace(programme, regions=offered)
    if programme.region not in programme.regions:
        raise ConfigError(f"programme file {file}: not offered for its region {programme.region}")
    for region in programme.regions:
        try:
            to_prescription(programme, region=region)
        except PrescriptionError as error:
            raise ConfigError(f"programme file {file}, {region}: {error}") from error
    return programme


def _check_keys(programme: Programme, file: str) -> None:
    """Check keys that mean something only together with others."""
    if programme.on_call is not CallUse.NO and not programme.may_be_called:
        raise ConfigError(f"programme file {file}: on_call needs [on_off], and no part beside it")
    follows = bool(programme.follows)
    if follows is not (programme.after_sessions > 0) or programme.follows == programme.name:
        either = "follows names another programme and after_sessions is 1 or more, or neither"
        raise ConfigError(f"programme file {file}: {either}")


def _check_train(train: TrainFields, file: str) -> None:
    if not train.is_whole:
        either = "either [pulse] or [carrier], and in [on_off] either plateau_ms or on_ms"
        raise ConfigError(f"programme file {file}: give {either}")
    if train.carrier is not None and train.carrier.cycles % HOLD_ORDER == 0:
        raise ConfigError(
            f"programme file {file}: {train.carrier.cycles} cycles always leave the same phase "
            f"held, so the other is never measured; give a number that 4 does not divide"
        )


def to_prescription(
    programme: Programme,
    channels: tuple[int, ...] = (1,),
    *,
    duration_us: int | None = None,
    region: str | None = None,
    pad_area_mm2: int | None = None,
    ceiling_ua: int | None = None,
    patient_ceiling_ua: int | None = None,
    use: ChannelUse | None = None,
    on_call: bool = False,
    tap_ua: int = 500,
    reason: str = "",
) -> Prescription:
    """Prescribe a programme; None keeps what the programme says.

    `on_call` lets a clinician call each contraction.

    Without `ceiling_ua` the ceiling adapts to region, patient and pads; a given one is refused if
    it is too high. Raises `PrescriptionError` with every refusal.
    """
    place = _place(programme, region)
    if programme.alternating or use is None:
        use = ChannelUse.ALTERNATING if programme.alternating else ChannelUse.SIMULTANEOUS
    area_mm2 = programme.pad_area_mm2 if pad_area_mm2 is None else pad_area_mm2
    draft = PrescriptionDraft(
        programme=programme.name,
        kind=programme.kind,
        region=place,
        purpose=programme.purpose,
        pad_area_mm2=area_mm2,
        channels=channels,
        ceiling_ua=programme.ceiling_ua if ceiling_ua is None else ceiling_ua,
        parts=programme.parts(on_call=on_call),
        duration_us=programme.duration_us if duration_us is None else duration_us,
        use=use,
        layout=programme.layout,
        tap_ua=tap_ua,
        patient_ceiling_ua=patient_ceiling_ua,
        reason=reason,
    )
    if ceiling_ua is None:
        draft = replace(draft, ceiling_ua=highest_ceiling_ua(draft))
    return Prescription(**{field.name: getattr(draft, field.name) for field in fields(draft)})


def _place(programme: Programme, region: str | None) -> Region:
    if region is None:
        return programme.region
    refusal = refuse_region(programme, region)
    if refusal is not None:
        raise PrescriptionError((refusal,))
    return Region(region)
