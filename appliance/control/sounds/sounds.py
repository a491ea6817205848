"""Decides in every tick what the buzzer plays, and takes a person's silence.

A silence holds for the causes that were there when it was asked for: another trip, another channel
or another session is heard at once. The output, the state and what the screen shows stay as they
are.
"""

from typing import NamedTuple

from appliance.clinical.choice import choice_text
from appliance.control.engine_state import EngineState, SoundState
from appliance.control.reporting.journal_writer import EngineJournal
from appliance.control.sounds.due import Due, due_now
from appliance.control.sounds.rhythm import Rhythm
from appliance.core.refusal import Refusal
from appliance.messages.wire import SoundName
from appliance.records.session_events import EventName
from appliance.safety.sound_patterns import PATTERNS, SILENT_US
from appliance.safety.state_machine.states import Finished
from appliance.texts.common_phrases import seconds, whole_seconds
from appliance.texts.text import TextValue, text
from drivers.quantities import US_PER_S

SHOWN_US = 2 * US_PER_S
"""A sound that is heard once is shown for so long: who heard it looks at the screen (D)."""
_TRIPS = (SoundName.TRIP, SoundName.HAND_SWITCH)


class _Silence(NamedTuple):
    causes: frozenset[str]
    session: str | None
    until_us: int


class Sounds:
    """The only writer of `SoundState`; used by the control thread."""

    def __init__(self, engine: EngineState, journal: EngineJournal) -> None:
        self._engine, self._journal = engine, journal
        self._write = engine.claim(SoundState)
        self._rhythm = Rhythm()
        self._due: Due | None = None
        self._playing: Due | None = None
        self._silences: dict[SoundName, _Silence] = {}
        self._once: tuple[SoundName, int] | None = None
        """A sound that was heard once, and when it began."""
        self._was_finished, self._drill_step = False, ""

    def cue(self) -> None:
        """Announce a contraction; nothing silences it."""
        now_us = self._engine.tick.now_us
        self._rhythm.cue(now_us)
        self._once = SoundName.CUE, now_us

    def look(self) -> None:
        """Follow the state, once a tick."""
        engine, now_us = self._engine, self._engine.tick.now_us
        self._due = due_now(engine)
        self._forget_silences(now_us)
        silent_until_us = self._silent_until_us()
        playing = self._due if silent_until_us is None else None
        once = self._begun_once()
        if _sound_of(playing) is not _sound_of(self._playing) or _adds(playing, self._playing):
            self._rhythm.play(_sound_of(playing), now_us)
        self._playing = playing
        if once is not None and playing is None:
            self._once = once, now_us
            if not self._rhythm.is_under_way(once, now_us):
                self._rhythm.play(once, now_us)
        if self._once is not None and now_us - self._once[1] >= SHOWN_US:
            self._once = None
        self._show(silent_until_us)

    def is_on(self) -> bool:
        """Return whether the buzzer is on now."""
        return self._rhythm.is_on(self._engine.tick.now_us)

    def silence(self, sound: SoundName) -> Refusal | None:
        """Silence what sounds for 120 s and record it, or say why not."""
        engine, now_us = self._engine, self._engine.tick.now_us
        self._due = due_now(engine)
        self._forget_silences(now_us)
        refusal = self._refuse(sound, now_us)
        if refusal is not None or self._due is None:
            return refusal
        due, until_us = self._due, now_us + SILENT_US
        self._silences[due.sound] = _Silence(due.causes, engine.session.id, until_us)
        self._journal.note(
            EventName.SOUND_SILENCED,
            sound=due.sound.value,
            causes=sorted(due.causes),
            for_us=SILENT_US,
            operator=engine.command.operator,
        )
        return None

    def _refuse(self, sound: SoundName, now_us: int) -> Refusal | None:
        due = self._due
        asked = text("sound.silence", sound=choice_text(sound))
        if due is None and sound in (SoundName.CUE, SoundName.END, SoundName.DRILL_STEP):
            return _refusal(asked, text("sound.may_be"), text("sound.is_short"))
        if due is None:
            return _refusal(asked, text("sound.while_heard"), text("sound.nothing"))
        if due.sound != sound:
            return _refusal(asked, choice_text(due.sound), text("sound.look_first"))
        if not PATTERNS[due.sound].may_be_silenced:
            return _refusal(asked, text("sound.may_be"), text("sound.answer"))
        until_us = self._silent_until_us()
        if until_us is None:
            return None
        again = seconds(whole_seconds(until_us - now_us))
        allowed = text("sound.once_in", time=seconds(SILENT_US))
        return _refusal(asked, allowed, text("sound.again_in", time=again))

    def _forget_silences(self, now_us: int) -> None:
        """Drop silences that are over; one of a trip ends with its acknowledgement."""
        due = self._due
        self._silences = {
            sound: silence
            for sound, silence in self._silences.items()
            if now_us < silence.until_us
            and (sound not in _TRIPS or (due is not None and due.sound in _TRIPS))
            and (sound in _TRIPS or silence.session == self._engine.session.id)
        }

    def _silent_until_us(self) -> int | None:
        """Return until when what is due is silent, None where it is heard."""
        due = self._due
        silence = None if due is None else self._silences.get(due.sound)
        if due is None or silence is None or not due.causes <= silence.causes:
            return None
        return silence.until_us

    def _begun_once(self) -> SoundName | None:
        """Return a sound that is heard once and begins in this tick."""
        view = self._engine.drill.view
        in_drill = view is not None and view.result is None
        step = "" if view is None else f"{view.step} {view.key} {in_drill}"
        is_finished = isinstance(self._engine.machine.state, Finished)
        ends = is_finished and not self._was_finished and not in_drill
        steps = view is not None and step != self._drill_step
        self._was_finished, self._drill_step = is_finished, step
        if ends:
            return SoundName.END
        return SoundName.DRILL_STEP if steps else None

    def _show(self, silent_until_us: int | None) -> None:
        once = None if self._once is None else self._once[0]
        sound = self._due.sound if self._due is not None else once
        pattern = None if sound is None or silent_until_us is not None else PATTERNS[sound]
        may_be_silenced = pattern is not None and pattern.may_be_silenced
        state = SoundState(sound, silent_until_us, may_be_silenced)
        if state != self._engine.sound:
            self._write(state)


def _sound_of(due: Due | None) -> SoundName | None:
    return None if due is None else due.sound


def _adds(now: Due | None, before: Due | None) -> bool:
    """Return whether something new calls for the same sound: it begins anew."""
    return now is not None and before is not None and not now.causes <= before.causes


def _refusal(asked: TextValue, allowed: TextValue, nearest: TextValue) -> Refusal:
    return Refusal("refusal.sound", asked, allowed, nearest)
