"""Build the full snapshot that clients receive; never a delta."""

from collections.abc import Callable, Mapping
from typing import Any

from appliance.clinical.fact import FactTime
from appliance.clinical.pre_use.left_load import like_a_load
from appliance.control.engine_state import ChannelState, EngineState
from appliance.control.output.rig_observation import Observation
from appliance.control.reporting.bedside_views import bedside_fields
from appliance.control.reporting.contact_verdicts import ContactVerdicts
from appliance.control.reporting.latch_views import latch_views
from appliance.control.reporting.part_views import on_call_view, part_view
from appliance.control.reporting.plan_view import plan_view
from appliance.control.reporting.sound_view import sound_view
from appliance.control.reporting.trip_view import TripClock, trip_view
from appliance.control.stops.ended_because import ended_because
from appliance.control.treatment.treatment import Treatment
from appliance.core.plan.dose import Dose
from appliance.core.plan.pulse_timeline import OnTimeKind
from appliance.link.text_conversion import view_of
from appliance.messages.snapshot import ChannelView, ContractionView, Snapshot
from appliance.messages.wire import ContactVerdict, StateName, TextView
from appliance.safety.state_machine import states
from appliance.safety.state_machine.states import Delivering, Paused, RampUp, Resting
from appliance.texts.text import Text
from drivers.interfaces import Inputs, Rig

SNAPSHOT_PERIOD_US = 50_000
"""docs/design.md section 2: 20 snapshots a second."""
NO_INPUTS = Inputs(
    estop_closed=False, hand_switch_closed=False, supply_good=False, latch_clear=False
)
NO_DOSE = Dose()
NOBODY = "nobody_there"
"""The cause of a pause that no person asked for, in the words of the records."""


class ShownBefore:
    """What a snapshot needs to know of those before it; used by the control thread only."""

    def __init__(self, engine: EngineState, wall: Callable[[], FactTime]) -> None:
        self.verdicts = ContactVerdicts(engine)
        self.trip = TripClock(engine, wall)

    def look(self) -> None:
        """Take in the state, once for each snapshot."""
        self.verdicts.look()
        self.trip.look()


def make_snapshot(
    engine: EngineState,
    observation: Observation,
    rig: Rig,
    amplitudes: Mapping[int, int],
    doses: Mapping[int, Dose],
    drill_notes: tuple[Text, ...],
    shown: ShownBefore,
) -> Snapshot:
    """Return the whole state; inputs that could not be read show as open."""
    signed_in = engine.people.signed_in
    inputs = observation.inputs or NO_INPUTS
    return Snapshot(
        at_us=engine.tick.now_us,
        tick=engine.tick.number,
        state=StateName(type(engine.machine.state).__name__),
        state_number=engine.machine.number,
        session=engine.session.id,
        rig=rig.kind,
        simulated_time=rig.simulated_time,
        stage=engine.played.stage.value,
        slice_number=engine.played.slices,
        channels=_channels(engine, amplitudes, doses, shown.verdicts),
        trip=trip_view(engine, shown.trip),
        **inputs._asdict(),
        drift_ppm=engine.played.drift_ppm,
        rail_mv=observation.rail.value if observation.rail is not None else None,
        notes=_notes(engine),
        drill_notes=tuple(map(view_of, drill_notes)),
        operator=engine.command.operator,
        operator_role=signed_in.role.value if signed_in is not None else "",
        pin_needed=signed_in is not None and signed_in.is_suspended,
        board=rig.board.name,
        board_digest=rig.board.digest,
        last_session=engine.session.last,
        sound=sound_view(engine),
        latches=latch_views(engine.machine.state, observation),
        **bedside_fields(engine),
        **_treatment(engine),
        **_unit(engine),
    )


def _unit(engine: EngineState) -> dict[str, Any]:
    """Return the fields about the unit itself, and the drill that it is in."""
    out_of_use = engine.unit.out_of_use
    return {
        "drill": engine.drill.view,
        "unit_notes": tuple(map(view_of, engine.unit.notes)),
        "out_of_use": None if out_of_use is None else view_of(out_of_use),
    }


def _treatment(engine: EngineState) -> dict[str, Any]:
    """Return the fields about what is set up to be given."""
    treatment = engine.setup.treatment
    if treatment is None:
        return {"programme": None, "elapsed_us": 0, "remaining_us": 0}
    prescription, elapsed_us = treatment.prescription, treatment.elapsed_us
    now_us, state = engine.tick.now_us, engine.machine.state
    plays = isinstance(state, RampUp | Delivering | Resting)
    return {
        "programme": prescription.programme,
        "programme_title": "" if treatment.programme is None else treatment.programme.own_title,
        "elapsed_us": elapsed_us,
        "remaining_us": max(treatment.plan.duration_us - elapsed_us, 0),
        "contraction": _contraction(engine),
        "subject": treatment.subject,
        "patient": treatment.patient,
        "ceiling_by": treatment.ceiling_by,
        "resumable": not treatment.over_for,
        "paused_because": _paused_because(engine),
        "plan": plan_view(treatment, state, now_us),
        "part": part_view(treatment),
        "on_call": on_call_view(treatment, now_us, plays=plays),
    }


def _paused_because(engine: EngineState) -> TextView | None:
    """Return why the session is paused where no person paused it."""
    ending = engine.stop.ending
    if not isinstance(engine.machine.state, Paused) or ending is None or ending.cause != NOBODY:
        return None
    because = ended_because(ending.cause)
    return None if because is None else view_of(because)


def _notes(engine: EngineState) -> tuple[TextView, ...]:
    cautions = (caution.note for caution in engine.cautions.active)
    left = (
        like_a_load(contact.channel, contact.ohm)
        for contact in engine.left_load.found
        if contact.ohm is not None
    )
    return tuple(view_of(note) for note in (*engine.setup.notes, *left, *cautions))


def _contraction(engine: EngineState) -> ContractionView | None:
    """Describe the contractions while they continue; none in a pause or a ramp down."""
    treatment = engine.setup.treatment
    if treatment is None or not isinstance(engine.machine.state, RampUp | Delivering | Resting):
        return None
    contraction = treatment.contraction(engine.tick.now_us)
    if contraction is None:
        return None
    plan, on_time = treatment.plan, treatment.plan.on_time(contraction.on_phase)
    section, falls_us = plan.section_of(contraction.on_phase), on_time.falls_us
    ramp_down_us = on_time.ramp_down_us
    if on_time.kind is OnTimeKind.CALLED:  # a release shortens it
        ramp_down_us = on_time.settled_us - falls_us
    return ContractionView(
        number=contraction.number + 1,
        of=plan.contraction(plan.on_times),
        channels=contraction.channels,
        playing=contraction.playing,
        next_on_in_us=contraction.next_on_in_us,
        rises_in_us=contraction.rises_in_us,
        rises_for_us=contraction.rises_for_us,
        into_us=contraction.into_us,
        ramp_up_us=min(on_time.ramp_up_us, falls_us),
        on_us=on_time.on_us,
        ramp_down_us=ramp_down_us,
        period_us=section.cycle_us // section.contractions(len(section.cycle)),
    )


def _channels(
    engine: EngineState,
    amplitudes: Mapping[int, int],
    doses: Mapping[int, Dose],
    verdicts: ContactVerdicts,
) -> tuple[ChannelView, ...]:
    treatment = engine.setup.treatment
    if treatment is None:
        return ()
    return tuple(
        _channel(
            channel,
            engine.measured.channels[channel],
            treatment,
            amplitudes.get(channel, 0),
            doses.get(channel, NO_DOSE),
            verdicts.of(channel),
            live=states.is_energising(engine.machine.state),
        )
        for channel in treatment.prescription.channels
    )


def _channel(
    channel: int,
    measured: ChannelState,
    treatment: Treatment,
    amplitude_ua: int,
    dose: Dose,
    contact: ContactVerdict,
    *,
    live: bool,
) -> ChannelView:
    level = treatment.levels[channel]
    lifted = level.lifted and not level.level_ua
    return ChannelView(
        channel=channel,
        level_ua=level.level_ua,
        amplitude_ua=amplitude_ua,
        measured_ua=measured.measured_ua if live else None,  # with the output off nothing is
        contact_ohm=measured.contact_ohm,
        ceiling_ua=treatment.prescription.ceiling_ua,
        highest_ua=measured.highest_ua,
        pulses=dose.pulses,
        charge_pc=dose.charge_pc,
        rms_ua=dose.rms_ua,
        worst_error_ua=measured.worst_error_ua,
        contact=ContactVerdict.OPEN if lifted else contact,
        comfortable_ua=level.comfortable_ua,
        raise_back_to_ua=treatment.raise_back_to_ua(channel),
        lifted=lifted,
    )
