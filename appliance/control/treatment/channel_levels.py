"""The levels of a treatment's channels: what moves each, and what the patient said of it."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from appliance.control.treatment.cautions import Derating
from appliance.core.limits.patient_limits import PatientBounds
from appliance.core.prescription.prescription import Prescription
from appliance.core.refusal import Refusal
from appliance.safety import levels
from appliance.safety.interlocks.rule import Caution
from appliance.safety.levels import LevelRules, LevelState, Moment
from drivers.quantities import Microamps, Microseconds


class ChannelLevels:
    """Applies the level rules to each channel, in the part of the prescription that plays.

    `bounds` and `comfortable_ua` are those of the patient, `rested_from_us` is since when a
    contraction with a rise rests.
    """

    harmed = False  # pain, burning or faintness was told, whatever was kept since

    def __init__(
        self,
        prescription: Prescription,
        bounds: PatientBounds,
        comfortable_ua: Mapping[int, int],
        rested_from_us: int | None,
    ) -> None:
        self._rules = LevelRules(
            ceiling_ua=Microamps(prescription.ceiling_ua),
            neck=prescription.region.is_neck,
            contractions=prescription.parts[0].on_off is not None,
            tap_ua=prescription.tap_ua,
            single_taps=bounds.single_taps,
            finds=prescription.kind.finds,
        )
        self._levels: dict[int, LevelState] = {
            n: levels.after_interruption(comfortable_ua.get(n, 0), rested_from_us)
            for n in prescription.channels
        }
        self._felt: dict[int, set[str]] = {}
        self._derating = Derating()
        self._causes: dict[int, str] = {}
        self._kept_ua: dict[int, int] = {}

    @property
    def rules(self) -> LevelRules:
        """Return the level rules of the part that plays."""
        return self._rules

    @property
    def levels(self) -> Mapping[int, LevelState]:
        """Return the level of each channel, for reading."""
        return MappingProxyType(self._levels)

    @property
    def causes(self) -> Mapping[int, str]:
        """Return what last changed the level of each channel, for the records."""
        return MappingProxyType(self._causes)

    @property
    def rested_from_us(self) -> int | None:
        """Return when the last contraction with a rise ended on any channel, None for never."""
        known = [each.rested_from_us for each in self._levels.values()]
        return max((each for each in known if each is not None), default=None)

    def follow(self, *, contractions: bool) -> None:
        """Rise by set level from now on, or as in an unbroken train."""
        self._rules = replace(self._rules, contractions=contractions)

    def interrupt(self, now_us: Microseconds) -> None:
        """Set every level to zero, as the level rules want it after an interruption."""
        for channel, state in self._levels.items():
            self._change(channel, levels.interrupt(state, now_us), "interruption")

    def begin_part(self) -> None:
        """Set every level to zero for a part in which more may be felt than before."""
        kept_ua = dict(self._kept_ua)
        for channel, state in self._levels.items():
            self._change(channel, levels.begin_part(state), "part")
        self._kept_ua = kept_ua

    def felt_ua(self, level_ua: int) -> int:
        """Return what is felt at a level in the part that plays, with the envelope at it."""
        return level_ua

    def kept_ua(self, channel: int) -> int:
        """Return what was felt at the comfortable level that was kept last, for the records."""
        return self._kept_ua.get(channel, 0)

    def raise_level(self, channel: int, moment: Moment, cause: str = "tap") -> Refusal | None:
        """Raise a channel's level by one tap, or say why not."""
        derated = self._derating.refusal(channel, moment.now_us)
        if derated is not None:
            return derated
        state = levels.tap(self._levels[channel], self.rules, moment)
        if isinstance(state, Refusal):
            return self.dated(state, moment.now_us)
        self._change(channel, state, cause)
        return None

    def press(self, channel: int, moment: Moment) -> Refusal | None:
        """Note that the key of a channel is pressed, so that its level climbs; or say why not."""
        derated = self._derating.refusal(channel, moment.now_us)
        if derated is not None:
            return derated
        state = levels.press(self._levels[channel], self.rules, moment)
        if isinstance(state, Refusal):
            return self.dated(state, moment.now_us)
        self._levels[channel] = state
        return None

    def let_go(self, channel: int) -> None:
        """Note that the key of a channel is released."""
        self._levels[channel] = levels.release(self._levels[channel])

    def lower(self, channel: int, step_ua: int) -> None:
        """Lower a channel's level at once by a step."""
        self._change(channel, levels.lower(self._levels[channel], step_ua), "fall")

    def lower_by_tap(self, channel: int, cause: str) -> None:
        """Lower a channel's level by one tap and forget what was tolerated above it."""
        self._change(channel, levels.derate(self._levels[channel], self.rules.tap_ua), cause)

    def withdraw_raising_back(self, channel: int | None = None) -> None:
        """Offer no way back up on a channel, None: on all for harm, until a level is kept again."""
        self.harmed = self.harmed or channel is None
        for number in [n for n in self._levels if channel in (None, n)]:
            self._levels[number] = levels.withdraw(self._levels[number])

    def raise_back_to_ua(self, channel: int) -> Microamps | None:
        """Return where raising back by the pressed key ends, None where it is not offered."""
        return levels.raise_back_to_ua(self._levels[channel], self.rules)

    @property
    def was_felt(self) -> bool:
        """Say whether the patient has said of any channel that it is felt."""
        return bool(self._felt)

    def felt(self, channel: int) -> frozenset[str]:
        """Return what the patient said of a channel."""
        return frozenset(self._felt.get(channel, ()))

    def take_felt(self, channel: int, felt: str) -> None:
        """Keep what the patient said of a channel."""
        self._felt.setdefault(channel, set()).add(felt)

    def plays(self, played: Mapping[int, int], pulses: Mapping[int, int]) -> None:
        """Note the levels a slice plays at; `pulses` counts those of each channel before it."""
        for channel, level_ua in played.items():
            if self._levels[channel].level_ua == level_ua:
                self._levels[channel] = levels.play(self._levels[channel], pulses[channel])

    def begin_pulses(self, channel: int, moment: Moment) -> None:
        """Note that an on-time of a channel begins."""
        self._levels[channel] = levels.begin_pulses(self._levels[channel], moment)

    def end_pulses(self, channel: int, now_us: Microseconds) -> None:
        """Note that an on-time of a channel has ended."""
        self._levels[channel] = levels.end_pulses(self._levels[channel], now_us)

    def settle(self, channel: int, moment: Moment) -> None:
        """Let time pass for the level rules, once a tick."""
        state = levels.settle(self._levels[channel], moment)
        self._change(channel, levels.climb(state, self.rules, moment), "hold")

    def derate_for(self, cautions: tuple[Caution, ...], now_us: int) -> None:
        """Lower the channels that cautions derate or zero; none of them rises again by itself."""
        for caution in cautions:
            if caution.zeroes and caution.channel in self._levels:
                lifted = levels.lift(self._levels[caution.channel])
                self._change(caution.channel, lifted, "lifted")
            lowers = caution.channel if caution.derates else None
            if lowers is not None and lowers in self._levels:
                self._derating.caution(lowers, now_us)
        for channel, state in self._levels.items():
            step_ua = self._derating.step_ua(channel, state.level_ua, now_us)
            if step_ua:
                self._change(channel, levels.derate(state, step_ua), "fade")

    def dated(self, refusal: Refusal, _now_us: int) -> Refusal:
        """Return the refusal of a rise with when one counts next, where that is known."""
        return refusal

    def _change(self, channel: int, state: LevelState, cause: str) -> None:
        """Take over what the level rules made of a channel, and remember what moved its level."""
        if state.level_ua != self._levels[channel].level_ua:
            self._causes[channel] = cause
        if state.comfortable_ua != self._levels[channel].comfortable_ua:
            self._kept_ua[channel] = self.felt_ua(state.comfortable_ua)
        self._levels[channel] = state
