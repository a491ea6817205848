"""The autopilot of a treatment: decide the next action from what a snapshot shows.

It has the same commands, level rules and refusals as a person at a screen. Only one command is
outstanding at a time; a stop does not wait. It never changes a treatment that somebody else
prepared.
"""

from dataclasses import dataclass, field, replace

from appliance.clinical.closing.facts import StoppedBecause
from appliance.control.commands.output_permission import is_dummy_load
from appliance.link.text_conversion import text_of
from appliance.messages.actions import (
    Action,
    CheckContact,
    CloseSession,
    Contract,
    Prescribe,
    RecordFact,
    Rise,
    Start,
    Stop,
    Unlock,
)
from appliance.messages.replies import Refused, Reply
from appliance.messages.snapshot import Snapshot
from appliance.safety.arming_policy import policy_of
from appliance.texts.english import english
from drivers.board_file import BoardFile
from ui.cli.engine.pending_action import SendsOneAtATime
from ui.cli.terminal.exit_codes import ExitCode
from ui.cli.terminal.refusal_text import in_words
from ui.cli.terminal.units import state_in_words
from ui.cli.treatment.contract_key import ContractKey
from ui.cli.treatment.failure import AutopilotFailure, beyond_patient, tripped_before
from ui.cli.treatment.request import TreatmentRequest
from ui.cli.treatment.simulated_clinician import FIRST_FEELING, SimulatedClinician

TAP_PAUSE_US = 300_000
"""The engine refuses a tap sooner than this after the last one (docs/design.md section 7)."""
SQUEEZED_WITHIN_US = 5_000_000
"""A simulated patient squeezes the hand switch within 0.2 s; one that is unplugged, never."""
STOP_AGAIN_US = 1_000_000
"""A stop without effect is sent again after this time (D: twice the longest ramp down)."""
FELT_FROM_UA = 2_000
"""From this level on a simulated patient feels a channel for the first time."""
SQUEEZED = ("proven", "waived")
ENDED = ("Finished", "Tripped")
IDLE = ("Ready", "Locked")
RISING = ("RampUp", "Delivering")


@dataclass(slots=True)
class Autopilot(SendsOneAtATime):
    """Runs one treatment on the given kind of rig; `decide` is called with each snapshot."""

    request: TreatmentRequest
    rig: str = "virtual"
    board: BoardFile | None = None
    """The requested board file; None takes that of the running engine."""
    clinician: SimulatedClinician | None = None
    """Enters the facts of a simulated patient; None for test loads."""
    failure: AutopilotFailure | None = None
    was_interrupted: bool = False
    at_level_from_us: int | None = None
    """Treatment time at which the level was reached on every channel."""
    stop_sent: bool = False
    _prescribed: bool = False
    _session: str | None = None
    """The session of our treatment, from its first snapshot on."""
    _contact_asked: bool = False
    _last_tap_us: int = -TAP_PAUSE_US
    _interrupts: int = 0
    _stops: int = 0
    _stopped_at_us: int = 0
    _rest_wanted: bool = False
    _capped: set[int] = field(default_factory=set)
    _ended_us: int | None = None
    _squeeze_from_us: int | None = None
    _contract_key: ContractKey = field(default_factory=ContractKey)

    # --- talking with the engine --------------------------------------------------------------

    def decide(self, snapshot: Snapshot) -> Action | None:
        """Return the next action, or None to wait. A stop that is due comes first."""
        if self._session is None and self.owns(snapshot):
            self._session = snapshot.session
        if self.wants_stop:
            self._stops = self._interrupts
            return self._stop(snapshot)
        if not self.is_settled(snapshot) or self.is_done(snapshot):
            return None
        return self._next(snapshot)

    def answered(self, answer: Reply | Refused) -> None:
        """Process the engine's answer; ignore one to an action that a stop has overtaken."""
        action = self._answered_action(answer)
        if isinstance(action, Contract):
            self._contract_key.answered(action, done=isinstance(answer, Reply))
        is_fact = isinstance(action, RecordFact) and (
            isinstance(answer, Reply) or action.kind != FIRST_FEELING
        )
        if is_fact and self.clinician is not None:
            self.clinician.answered(answer)
        elif isinstance(answer, Reply):
            self._prescribed = self._prescribed or isinstance(action, Prescribe)
        elif isinstance(action, Rise):
            self._rise_refused(action, answer)
        elif isinstance(action, Contract):
            pass  # the rest is not over: it is called again
        elif action is not None and not isinstance(action, Stop):
            self.failure = self.failure or AutopilotFailure(in_words(answer))
            # Refused before anything of ours was energised: what runs now is somebody else's.
            self._prescribed = self._prescribed and not isinstance(action, CheckContact)

    def interrupt(self) -> None:
        """Note a Ctrl-C: the first stops with a ramp, the second cuts."""
        self._interrupts += 1
        self.was_interrupted = True

    def give_up(self, why: str) -> None:
        """End before anything is started."""
        self.failure = self.failure or AutopilotFailure(why)
        self._prescribed = self._prescribed and self._contact_asked

    @property
    def is_capped(self) -> bool:
        """Tell whether a channel's ceiling is below the requested level."""
        return bool(self._capped)

    @property
    def wants_stop(self) -> bool:
        """Tell whether a stop is waiting to be sent."""
        return self._interrupts > self._stops

    # --- progress of the treatment --------------------------------------------------------------

    def is_done(self, snapshot: Snapshot) -> bool:
        """Tell whether there is nothing more to do."""
        if self.failure is not None and not self._prescribed:
            return True
        if self._session is not None and not self.owns(snapshot):
            return True  # it ended, and somebody else closed it before we saw its end
        has_ended = snapshot.state in ENDED and not self._closes_out(snapshot)
        if self.failure is not None or self.was_interrupted:
            return has_ended or snapshot.state in IDLE
        return self._prescribed and has_ended

    def owns(self, snapshot: Snapshot) -> bool:
        """Tell whether the engine shows our treatment and not somebody else's.

        Once our session is known, another one of the same programme is somebody else's.
        """
        prescribe = self.request.prescribe
        channels = tuple(view.channel for view in snapshot.channels)
        same = (snapshot.programme, channels) == (prescribe.programme, prescribe.channels)
        if self._session is not None and snapshot.session != self._session:
            same = same and snapshot.session is None and snapshot.state in ENDED
        return self._prescribed and same

    def reached(self, snapshot: Snapshot) -> bool:
        """Tell whether every channel is at the requested level or at its ceiling."""
        return all(
            channel.level_ua >= self.request.level_ua or channel.channel in self._capped
            for channel in snapshot.channels
        )

    def remaining_us(self, snapshot: Snapshot) -> int:
        """Return the remaining treatment time in µs, as far as it is known."""
        plateau_us = self.request.plateau_us
        if plateau_us is None:
            return snapshot.remaining_us
        level_time_us = (
            0 if self.at_level_from_us is None else snapshot.elapsed_us - self.at_level_from_us
        )
        return min(max(plateau_us - level_time_us, 0), snapshot.remaining_us)

    # --- deciding -------------------------------------------------------------------------------

    def _next(self, snapshot: Snapshot) -> Action | None:
        if self._closes_out(snapshot):
            return self._close_out(snapshot)
        if self.failure is not None or self.was_interrupted:
            return self._stop_again(snapshot)
        if not self._prescribed:
            return self._enter(snapshot)
        match snapshot.state:
            case "Locked":
                self.failure = AutopilotFailure("somebody else locked the engine", ExitCode.BUSY)
            case "Ready":
                return self._prepare(snapshot)
            case "Armed":
                return self._start(snapshot)
            case "RampUp" | "Delivering" | "Resting" if self._is_ours(snapshot):
                return self._hold(snapshot) or self._raise(snapshot) or self._contract(snapshot)
            case _:
                pass
        return None

    def _enter(self, snapshot: Snapshot) -> Action | None:
        """Unlock and prescribe, unless somebody else is using the engine."""
        if snapshot.rig != self.rig:
            text = f"the engine that runs here drives a {snapshot.rig} rig, not a {self.rig} one"
            self.failure = AutopilotFailure(f"{text}; give --rig {snapshot.rig} or another --data")
            return None
        if self.board is not None and self.board.digest != snapshot.board_digest:
            text = "the engine that runs here was started with another board file"
            text = f"{text} ({snapshot.board}); leave out --board, or give another --data"
            self.failure = AutopilotFailure(text)
            return None
        match snapshot.state:
            case "Locked":
                return Unlock(operator=self.request.operator)
            case "Ready":
                return self._prescribe()
            case "Finished":
                return CloseSession()
            case "SelfTest":
                return None
            case "Tripped":
                self.failure = AutopilotFailure(tripped_before(snapshot))
            case _:
                what = f"{snapshot.programme or 'a treatment'} is {state_in_words(snapshot)}"
                text = f"the engine that runs here treats already ({what})"
                self.failure = AutopilotFailure(
                    f"{text}; wait, or give another --data", ExitCode.BUSY
                )
        return None

    def _prescribe(self) -> Action | None:
        """Enter what is missing before the start of a simulated patient, then prescribe."""
        if self.clinician is None:
            return self.request.prescribe
        fact = self.clinician.before_start()
        if self.clinician.failure is not None:
            self.failure = AutopilotFailure(self.clinician.failure)
        elif fact is None:
            prescribe = self.clinician.prescribed(self.request.prescribe)
            self.request = replace(self.request, prescribe=prescribe)
            return prescribe
        return fact

    def _prepare(self, snapshot: Snapshot) -> Action | None:
        """Request the contact check, unless the level is above the patient's limit."""
        if not self._is_ours(snapshot):
            return None
        if self._contact_asked:
            notes = (
                "; ".join(english(text_of(note)) for note in snapshot.notes)
                or "stopped before anything was felt"
            )
            self.failure = AutopilotFailure(f"contact check: {notes}")
            return None
        self.failure = beyond_patient(self.request, snapshot)
        if self.failure is not None:
            self._prescribed = False
            return None
        if self._waits_for_squeeze(snapshot):
            return None
        self._contact_asked = True
        return CheckContact()

    def _waits_for_squeeze(self, snapshot: Snapshot) -> bool:
        """Tell whether to wait for the hand switch; after 5 s the engine says what is missing."""
        view = snapshot.hand_switch
        if view is None or view.step in SQUEEZED:
            return False
        if self._squeeze_from_us is None:
            self._squeeze_from_us = snapshot.at_us
        return snapshot.at_us - self._squeeze_from_us <= SQUEEZED_WITHIN_US

    def _start(self, snapshot: Snapshot) -> Action | None:
        if not self._is_ours(snapshot):
            return None
        loads = [view.contact_ohm for view in snapshot.channels]
        if policy_of(snapshot.rig).only_kiosk_treats and not all(map(is_dummy_load, loads)):
            measured = ", ".join("unknown" if ohm is None else f"{ohm} Ω" for ohm in loads)
            text = f"no dummy load: the contact check measured {measured}, not 500 Ω or 1 kΩ"
            self.failure = AutopilotFailure(f"{text}; only the kiosk may be used to treat a person")
            return self._stop(snapshot)
        return Start()

    def _is_ours(self, snapshot: Snapshot) -> bool:
        """Tell whether the engine still has our prescription; if not, give up."""
        if self.owns(snapshot):
            return True
        what = f"chose {snapshot.programme}" if snapshot.programme else "ended it"
        text = f"somebody else {what} meanwhile"
        self.failure = AutopilotFailure(text, ExitCode.BUSY)
        self._prescribed = False
        return False

    def _raise(self, snapshot: Snapshot) -> Action | None:
        if snapshot.state == "Resting":
            self._rest_wanted = False
        if self._rest_wanted or snapshot.state not in RISING:
            return None
        if snapshot.contraction is not None and snapshot.contraction.rises_in_us != 0:
            return None
        if snapshot.at_us - self._last_tap_us < TAP_PAUSE_US:
            return None
        if snapshot.first_feeling is not None:
            return self._feel(snapshot, snapshot.first_feeling.channel)
        short = [
            channel
            for channel in snapshot.channels
            if channel.level_ua < self.request.level_ua and channel.channel not in self._capped
        ]
        if not short:
            return None
        self._last_tap_us = snapshot.at_us
        return Rise(channel=min(short, key=lambda view: view.level_ua).channel)

    def _contract(self, snapshot: Snapshot) -> Action | None:
        """Call the next contraction of a treatment on call, or release the one that is held."""
        if not self.request.prescribe.on_call or not self.reached(snapshot):
            return None
        return self._contract_key.decide(snapshot)

    def _feel(self, snapshot: Snapshot, channel: int | None) -> Action | None:
        """Raise the channel that is to be felt, then mark it as felt at its own pads."""
        levels = {view.channel: view.level_ua for view in snapshot.channels}
        if channel is None or channel not in levels or self.clinician is None:
            return None
        felt_from_ua = min(FELT_FROM_UA, self.request.level_ua)
        if levels[channel] < felt_from_ua and channel not in self._capped:
            self._last_tap_us = snapshot.at_us
            return Rise(channel=channel)
        return self.clinician.felt(channel)

    def _hold(self, snapshot: Snapshot) -> Action | None:
        if not self.reached(snapshot):
            return None
        if self.at_level_from_us is None:
            self.at_level_from_us = snapshot.elapsed_us
        plateau_us = self.request.plateau_us
        if plateau_us is None or snapshot.elapsed_us - self.at_level_from_us < plateau_us:
            return None
        return self._stop(snapshot)

    def _closes_out(self, snapshot: Snapshot) -> bool:
        """Tell whether the session of a simulated patient has ended and is not closed out yet.

        A second Ctrl-C leaves the close-out open.
        """
        clinician, is_wanted = self.clinician, self._interrupts <= 1
        is_open = clinician is not None and not clinician.is_closed and self._session is not None
        return is_open and is_wanted and snapshot.state in ENDED

    def _close_out(self, snapshot: Snapshot) -> Action | None:
        """Enter the next fact of the close-out."""
        if self.clinician is None or self._session is None:
            return None
        because = StoppedBecause.TIME_OVER
        if snapshot.state == "Tripped":
            because = StoppedBecause.UNIT
        elif self.stop_sent:
            because = StoppedBecause.CLINICIAN
        self._ended_us = snapshot.at_us if self._ended_us is None else self._ended_us
        waited_us = snapshot.at_us - self._ended_us
        return self.clinician.after_end(self._session, because, waited_us)

    def _stop(self, snapshot: Snapshot) -> Stop:
        self.stop_sent = True
        self._stopped_at_us = snapshot.at_us
        return Stop(cut=self._interrupts > 1)

    def _stop_again(self, snapshot: Snapshot) -> Stop | None:
        waited_us = snapshot.at_us - self._stopped_at_us
        if self.stop_sent and waited_us < STOP_AGAIN_US:
            return None
        return self._stop(snapshot)

    def _rise_refused(self, action: Rise, answer: Refused) -> None:
        if answer.rule in (
            "refusal.ceiling",
            "refusal.contact",
        ):  # a derated channel stays at its level
            self._capped.add(action.channel)
        self._rest_wanted = answer.rule == "refusal.set_level"
