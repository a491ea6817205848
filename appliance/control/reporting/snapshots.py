"""Build the full snapshot that clients receive; never a delta."""

from collections.abc import Mapping

from appliance.control.engine_state import ChannelState, EngineState
from appliance.control.output.rig_observation import Observation
from appliance.core.plan.dose import Dose
from appliance.link.text_conversion import view_of
from appliance.messages.snapshot import ChannelView, ContractionView, Snapshot, TripView
from appliance.messages.wire import StateName, TextView
from appliance.safety.state_machine import states
from appliance.safety.state_machine.states import Delivering, RampUp, Resting, Tripped, trip_of
from appliance.safety.trips.codes import TripCode, instruction, title
from appliance.safety.trips.trip import Trip
from appliance.texts.text import Text
from drivers.interfaces import Inputs, Rig

SNAPSHOT_PERIOD_US = 50_000
"""docs/design.md section 2: 20 snapshots a second."""
NO_INPUTS = Inputs(
    estop_closed=False, hand_switch_closed=False, supply_good=False, latch_clear=False
)
NO_DOSE = Dose()
WATCHED_AT_REST = frozenset(
    {
        TripCode.ESTOP,
        TripCode.HAND_SWITCH,
        TripCode.FAULT_LATCH,
        TripCode.INPUTS_STALE,
        TripCode.JOURNAL_FAULT,
        TripCode.DAEMON_LOST,
        TripCode.SUPPLY_STUCK_ON,
        TripCode.GATE_STUCK,
    }
)
"""Causes that are looked at with the output off: lines, latch, journal, daemon, supply.

All others show only in pulses, slices or the running output.
"""


def make_snapshot(
    engine: EngineState,
    observation: Observation,
    rig: Rig,
    amplitudes: Mapping[int, int],
    doses: Mapping[int, Dose],
    drill_notes: tuple[Text, ...],
) -> Snapshot:
    """Return the whole state; inputs that could not be read show as open."""
    treatment = engine.setup.treatment
    inputs = observation.inputs or NO_INPUTS
    duration_us = treatment.prescription.duration_us if treatment is not None else 0
    elapsed_us = treatment.elapsed_us if treatment is not None else 0
    return Snapshot(
        at_us=engine.tick.now_us,
        tick=engine.tick.number,
        state=StateName(type(engine.machine.state).__name__),
        state_number=engine.machine.number,
        session=engine.session.id,
        programme=treatment.prescription.programme if treatment is not None else None,
        rig=rig.kind,
        stage=engine.played.stage.value,
        elapsed_us=elapsed_us,
        remaining_us=max(duration_us - elapsed_us, 0),
        slice_number=engine.played.slices,
        channels=_channels(engine, amplitudes, doses),
        trip=_trip(engine),
        **inputs._asdict(),
        drift_ppm=engine.played.drift_ppm,
        rail_mv=observation.rail.value if observation.rail is not None else None,
        notes=_notes(engine),
        contraction=_contraction(engine),
        subject=treatment.subject if treatment is not None else None,
        patient=treatment.patient if treatment is not None else None,
        ceiling_by=treatment.ceiling_by if treatment is not None else "",
        drill=engine.drill.view,
        drill_notes=tuple(map(view_of, drill_notes)),
        board=rig.board.name,
        board_digest=rig.board.digest,
        last_session=engine.session.last,
    )


def _notes(engine: EngineState) -> tuple[TextView, ...]:
    cautions = (caution.note for caution in engine.cautions.active)
    return tuple(view_of(note) for note in (*engine.setup.notes, *cautions))


def _contraction(engine: EngineState) -> ContractionView | None:
    """Describe the contractions while they continue; none in a pause or a ramp down."""
    treatment = engine.setup.treatment
    if treatment is None or not isinstance(engine.machine.state, RampUp | Delivering | Resting):
        return None
    contraction = treatment.contraction(engine.tick.now_us)
    if contraction is None:
        return None
    return ContractionView(
        number=contraction.number + 1,
        of=treatment.plan.on_times,
        channels=contraction.channels,
        playing=contraction.playing,
        next_on_in_us=contraction.next_on_in_us,
        rises_in_us=contraction.rises_in_us,
        rises_for_us=contraction.rises_for_us,
    )


def _channels(
    engine: EngineState, amplitudes: Mapping[int, int], doses: Mapping[int, Dose]
) -> tuple[ChannelView, ...]:
    treatment = engine.setup.treatment
    if treatment is None:
        return ()
    return tuple(
        _channel(
            channel,
            engine.measured.channels[channel],
            treatment.levels[channel].level_ua,
            amplitudes.get(channel, 0),
            treatment.prescription.ceiling_ua,
            doses.get(channel, NO_DOSE),
            live=states.is_energising(engine.machine.state),
        )
        for channel in treatment.prescription.channels
    )


def _channel(
    channel: int,
    measured: ChannelState,
    level_ua: int,
    amplitude_ua: int,
    ceiling_ua: int,
    dose: Dose,
    *,
    live: bool,
) -> ChannelView:
    return ChannelView(
        channel=channel,
        level_ua=level_ua,
        amplitude_ua=amplitude_ua,
        measured_ua=measured.measured_ua if live else None,  # with the output off nothing is
        contact_ohm=measured.contact_ohm,
        ceiling_ua=ceiling_ua,
        highest_ua=measured.highest_ua,
        pulses=dose.pulses,
        charge_pc=dose.charge_pc,
        rms_ua=dose.rms_ua,
        worst_error_ua=measured.worst_error_ua,
    )


def _trip(engine: EngineState) -> TripView | None:
    state = engine.machine.state
    trip = trip_of(state)
    if not isinstance(trip, Trip):
        return None
    return TripView(
        code=trip.code.value,
        severity=trip.severity.value,
        title=view_of(title(trip.code)),
        instruction=view_of(instruction(trip.code)),
        detail=view_of(trip.detail) if trip.detail is not None else None,
        channel=trip.channel,
        cause_present=isinstance(state, Tripped) and state.cause_present,
        cause_watched=trip.code in WATCHED_AT_REST,
    )
