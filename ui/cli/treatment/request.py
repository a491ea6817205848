"""From the command line's wish to an order that the limits accept so far."""

from dataclasses import dataclass

from appliance.clinical.catalogue import find, to_prescription
from appliance.clinical.programme import Programme
from appliance.core.prescription.prescription import Prescription, PrescriptionError
from appliance.core.refusal import Refusal, in_ma, in_seconds
from appliance.messages.actions import Prescribe
from ui.cli.terminal.console import fail
from ui.cli.terminal.exit_codes import ExitCode

SMALL_TAP_UA, LARGE_TAP_UA = 500, 1_000


@dataclass(frozen=True, slots=True)
class TreatOptions:
    """What the command line asked for, in base units."""

    programme: str
    channels: tuple[int, ...]
    level_ua: int
    hold_us: int | None = None
    duration_us: int | None = None
    region: str | None = None
    pad_area_mm2: int | None = None
    reason: str = ""
    patient: str | None = None


@dataclass(frozen=True, slots=True)
class TreatmentRequest:
    """What to treat: the prescription asked for, the level to reach, how long to hold it.

    `title` is the programme's, for people; `hold_us` None means to the programme's end.
    """

    prescribe: Prescribe
    level_ua: int
    hold_us: int | None
    title: str = ""
    operator: str = "treat"
    contracts: bool = False
    """Whether the programme has on and off times."""


def order_for(wish: TreatOptions) -> TreatmentRequest:
    """Turn the wish into an order, or end the command with a refusal."""
    programme = find(wish.programme)
    if isinstance(programme, tuple):
        near = ", ".join(programme)
        fail(f"no programme {wish.programme!r}; nearest: {near}", ExitCode.USAGE)
    if wish.level_ua % SMALL_TAP_UA:
        below = wish.level_ua // SMALL_TAP_UA * SMALL_TAP_UA
        asked, nearest = in_ma(wish.level_ua), f"{in_ma(below)} or {in_ma(below + SMALL_TAP_UA)}"
        fail(f"--level {asked}: levels are steps of 0.5 mA; nearest {nearest}", ExitCode.USAGE)
    tap_ua = SMALL_TAP_UA if wish.level_ua % LARGE_TAP_UA else LARGE_TAP_UA
    prescription = _prescription(programme, wish, tap_ua)
    _check_level_and_time(wish, prescription)
    prescribe = Prescribe(
        programme=programme.name,
        channels=wish.channels,
        duration_us=wish.duration_us,
        region=wish.region,
        pad_area_mm2=wish.pad_area_mm2,
        tap_ua=tap_ua,
        reason=wish.reason,
        patient=wish.patient,
    )
    contracts = programme.on_off is not None
    return TreatmentRequest(
        prescribe, wish.level_ua, wish.hold_us, programme.title, contracts=contracts
    )


def _prescription(programme: Programme, wish: TreatOptions, tap_ua: int) -> Prescription:
    try:
        return to_prescription(
            programme,
            wish.channels,
            duration_us=wish.duration_us,
            region=wish.region,
            pad_area_mm2=wish.pad_area_mm2,
            tap_ua=tap_ua,
            reason=wish.reason,
        )
    except PrescriptionError as error:
        fail(f"refused: {error}", ExitCode.REFUSED)


def _check_level_and_time(wish: TreatOptions, prescription: Prescription) -> None:
    where = f"{prescription.programme} on the {prescription.region.value.replace('_', ' ')}"
    if wish.level_ua > prescription.ceiling_ua:
        allowed = in_ma(prescription.ceiling_ua)
        found = Refusal("level", in_ma(wish.level_ua), f"up to {allowed} for {where}", allowed)
        fail(f"refused: {found.text()}", ExitCode.REFUSED)
    if wish.hold_us is not None and wish.hold_us > prescription.duration_us:
        allowed = in_seconds(prescription.duration_us)
        asked, longest = in_seconds(wish.hold_us), f"up to {allowed}, all of {where}"
        found = Refusal("time at the level", asked, longest, allowed)
        fail(f"refused: {found.text()}", ExitCode.REFUSED)
