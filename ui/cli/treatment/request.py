"""Turn the options of `treat` into a request, checked against the limits known before the start."""

from dataclasses import dataclass
from typing import NoReturn

from msgspec import to_builtins
from msgspec.structs import replace

from appliance.clinical.catalogue import to_prescription
from appliance.clinical.own.draft import OwnDraft
from appliance.clinical.own.judge import refuse_draft
from appliance.clinical.own.programme import to_programme
from appliance.clinical.own.shelf import NONE, OwnProgrammes, find_any, unknown
from appliance.clinical.patients.before_start import WantedTreatment
from appliance.clinical.programme import Programme
from appliance.control.commands.wanted_treatment import on_placement, wanted_treatment
from appliance.core.prescription.prescription import Prescription, PrescriptionError
from appliance.core.prescription.waveform import ChannelUse
from appliance.core.refusal import Refusal
from appliance.messages.actions import Prescribe
from appliance.messages.wire import Subject
from appliance.texts.common_phrases import seconds
from appliance.texts.english import english
from appliance.texts.text import microamps, text
from ui.cli.terminal.console import fail
from ui.cli.terminal.exit_codes import ExitCode
from ui.cli.terminal.quantity_format import in_ma

SMALL_TAP_UA, LARGE_TAP_UA = 500, 1_000
ALTERNATING, ON_CALL = "alternating", "on-call"


@dataclass(frozen=True, slots=True)
class TreatOptions:
    """The options of `treat` in base units (µA, µs, mm²); without a patient for a test load.

    `patient` names a simulated patient; "" is the one that the records have, or a new one. No
    channels are those of the placement on the `side`, and channel 1 for a test load without one.
    """

    programme: str
    channels: tuple[int, ...]
    level_ua: int
    plateau_us: int | None = None
    duration_us: int | None = None
    region: str | None = None
    pad_area_mm2: int | None = None
    reason: str = ""
    patient: str | None = None
    side: str = "both"
    contractions: str = "together"
    """Together, alternating or on-call."""
    draft: OwnDraft | None = None
    """An own programme that nobody kept, in place of a programme by its name."""
    own: OwnProgrammes | None = None
    """Those that were kept, where one of them is named."""


@dataclass(frozen=True, slots=True)
class TreatmentRequest:
    """The prescription to request, the level to reach in µA, the time at the level in µs.

    `title` is the programme's title for people; `plateau_us` None means to the programme's end.
    """

    prescribe: Prescribe
    level_ua: int
    plateau_us: int | None
    title: str = ""
    operator: str = "treat"
    contracts: bool = False
    """Whether the programme has on and off times."""
    wanted: WantedTreatment | None = None
    """Where the pads of a patient lie; None for a test load."""


def to_request(options: TreatOptions) -> TreatmentRequest:
    """Turn the options into a request; end the command with a refusal if a limit is exceeded."""
    programme = _programme(options)
    if options.level_ua % SMALL_TAP_UA:
        below = options.level_ua // SMALL_TAP_UA * SMALL_TAP_UA
        asked, nearest = in_ma(options.level_ua), f"{in_ma(below)} or {in_ma(below + SMALL_TAP_UA)}"
        fail(f"--level {asked}: levels are steps of 0.5 mA; nearest {nearest}", ExitCode.USAGE)
    tap_ua = _tap_ua(programme, options.level_ua)
    is_patient = options.patient is not None
    if is_patient and options.contractions == ON_CALL:
        fail("--contractions on-call is for test loads; leave out --patient", ExitCode.USAGE)
    prescribe = Prescribe(
        programme=programme.name,
        subject=Subject.PATIENT if is_patient else Subject.TEST_LOAD,
        side=options.side,
        channels=options.channels,
        duration_us=options.duration_us,
        region=options.region,
        pad_area_mm2=options.pad_area_mm2,
        tap_ua=tap_ua,
        reason=options.reason,
        alternating=options.contractions == ALTERNATING,
        on_call=options.contractions == ON_CALL,
        draft=None if options.draft is None else to_builtins(options.draft),
    )
    placed = is_patient or bool(options.side)
    wanted = wanted_treatment(prescribe, programme) if placed else None
    if isinstance(wanted, Refusal):
        _refused(wanted)
    prescribe = on_placement(prescribe, wanted)
    if not is_patient:  # a test load has the channels and pads of a side, but no side
        prescribe, wanted = replace(prescribe, side=""), None
    _check_level_and_time(options, _prescription(programme, prescribe))
    return TreatmentRequest(
        prescribe,
        options.level_ua,
        options.plateau_us,
        english(programme.title_text),
        contracts=any(train.on_off is not None for train in programme.trains),
        wanted=wanted,
    )


def _tap_ua(programme: Programme, level_ua: int) -> int:
    """Return the tap that reaches a level soonest; a search has the small one only."""
    small = programme.kind.finds or level_ua % LARGE_TAP_UA
    return SMALL_TAP_UA if small else LARGE_TAP_UA


def _programme(options: TreatOptions) -> Programme:
    """Return what is to be given; end the command where there is none, or a draft is refused."""
    if options.draft is not None:
        refusal = refuse_draft(options.draft)
        programme = to_programme(options.draft, options.programme)
        if refusal is None and programme is not None:
            return programme
        _refused(refusal or unknown(options.draft.base, ()))
    own = options.own or NONE
    refusal = own.refuse_use(options.programme)
    if refusal is not None:
        _refused(refusal)
    found = find_any(options.programme, own)
    if isinstance(found, tuple):
        near = ", ".join(found)
        fail(f"no programme {options.programme!r}; nearest: {near}", ExitCode.USAGE)
    return found


def _refused(refusal: Refusal) -> NoReturn:
    fail(f"refused: {english(refusal.text())}", ExitCode.REFUSED)


def _prescription(programme: Programme, asked: Prescribe) -> Prescription:
    try:
        return to_prescription(
            programme,
            asked.channels,
            duration_us=asked.duration_us,
            region=asked.region,
            pad_area_mm2=asked.pad_area_mm2,
            tap_ua=asked.tap_ua,
            reason=asked.reason,
            use=ChannelUse.ALTERNATING if asked.alternating else ChannelUse.SIMULTANEOUS,
            on_call=asked.on_call,
        )
    except PrescriptionError as error:
        fail(f"refused: {error}", ExitCode.REFUSED)


def _check_level_and_time(options: TreatOptions, prescription: Prescription) -> None:
    region = prescription.region.value.replace("_", " ")
    where = {"programme": prescription.programme, "region": region}
    if options.level_ua > prescription.ceiling_ua:
        most = microamps(prescription.ceiling_ua)
        allowed = text("level.allowed", most=most, **where)
        refusal = Refusal("refusal.level", microamps(options.level_ua), allowed, most)
        _refused(refusal)
    if options.plateau_us is not None and options.plateau_us > prescription.duration_us:
        longest = seconds(prescription.duration_us)
        allowed = text("time_at_the_level.allowed", most=longest, **where)
        asked = seconds(options.plateau_us)
        refusal = Refusal("refusal.time_at_the_level", asked, allowed, longest)
        _refused(refusal)
