"""The kiosk on the real clinical rooms without an engine: pages and facts are real, current is not.

Days pass at once. Touches are actions of the journey, counted by kind as docs/kiosk-journeys.md
counts them; a touch on a key that is not shown, or that is off, fails.
"""

from collections import Counter, deque
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import msgspec

from appliance.clinical.body import Side
from appliance.clinical.catalogue import load_catalogue
from appliance.clinical.closing.ended_session import EndedSession, close_out_facts
from appliance.clinical.fact import FactTime
from appliance.clinical.placement.placement import PlannedPlacement
from appliance.clinical.placement.placements import plan_named
from appliance.clinical.unit.care import Treated
from appliance.control.pages.answers import answer_with_page, page_kind
from appliance.control.pages.page import KnownPatients, KnownUnit, PageSources
from appliance.core.limits.limits import Purpose, Region
from appliance.messages.actions import (
    CheckContact,
    CloseSession,
    Prescribe,
    Query,
    RecordFact,
    RepeatLast,
    Start,
)
from appliance.messages.replies import Page, Refused, Reply
from appliance.messages.snapshot import CloseOutView, HandSwitchView, Snapshot
from appliance.messages.wire import StateName, TextView
from drivers.board_file import load_board_file
from tests.support.facts import day
from tests.support.simulated_unit import Unit
from tests.support.snapshots import AT_REST
from ui.cli.treatment.simulated_facts import SimulatedFact
from ui.kiosk.journey.engine_places import engine_place
from ui.kiosk.journey.home import Home
from ui.kiosk.journey.place import Effect, Kiosk, Look, Place, Send, SignedIn
from ui.kiosk.journey.reduce import Moved, Reducer
from ui.kiosk.places import ENTRIES, place_after, view_of
from ui.kiosk.view_models.parts import KeyView

ME = SignedIn(operator="anna", role="lead", token="")
TOUCH_US = 1_000_000
FROM_RECORDS = ("history", "self_test", "series", "sessions", "session")
"""Pages that an engine reads from its records: there are none here."""


class PaperEngine:
    """A kiosk at Home; `answer` of a touch is what the clinical rooms say."""

    def __init__(self) -> None:
        self.unit = Unit()
        self.reducer = Reducer(engine_place, Home, ENTRIES, place_after)
        self.kiosk = Kiosk(place=Home(), snapshot=self._snapshot(StateName.READY), me=ME)
        self.counts: Counter[str] = Counter()
        self.places: list[str] = []
        self.set_up: Prescribe | RepeatLast | None = None
        self.started = False
        self.history: list[dict[str, Any]] = []
        self.holds: CloseOutView | None = None
        self._news: Snapshot | None = None
        self._follow(self.reducer.wanted(self.kiosk))

    @property
    def place(self) -> Place:
        """Return the place that is shown."""
        return self.reducer.shown(self.kiosk)

    def on_day(self, number: float) -> None:
        """Let it be another day, with nobody at the kiosk and nothing known from before."""
        self.unit.now = day(number)
        self.counts.clear()
        self.set_up, self.started, self.holds = None, False, None
        self.places.clear()
        self.kiosk = Kiosk(place=Home(), snapshot=self._snapshot(StateName.READY), me=ME)
        self._follow(self.reducer.wanted(self.kiosk))

    def touch(self, action: str, kind: str = "other") -> None:
        """Touch a key that is shown and on."""
        place, keys = self.place, self.shown_keys()
        assert action in keys, (action, type(place).__name__, sorted(keys))
        assert keys[action].is_enabled, (action, keys[action])
        self.counts[kind] += 1
        name = type(place).__name__
        if not self.places or self.places[-1] != name:
            self.places.append(name)
        self.wait(TOUCH_US)
        self._follow(self.reducer.touched(self.kiosk, action))

    def shown_keys(self) -> Mapping[str, KeyView]:
        """Return the keys that are shown, by what they mean."""
        view = view_of(self.place, self.kiosk)
        return {key.action: key for key in keys_of((view.content, view.shell))}

    def wait(self, us: int) -> None:
        """Let time pass."""
        now = self.unit.now
        utc_us, monotonic_us = now.utc_us + us, now.monotonic_us + us
        self.unit.now = FactTime(utc_us, now.day, now.trusted, now.boot, monotonic_us)

    def squeeze(self) -> None:
        """Let the patient squeeze the hand switch."""
        self.counts["squeeze"] += 1
        self._see(StateName.READY, hand_switch=_switch("proven"))

    def end(self) -> None:
        """Let the treatment play and end: the screen says so."""
        number = len(self.history) + 1
        session, asked = f"{number:04}-001", self._prescribed()
        programme = load_catalogue()[asked["programme"]]
        region, side = Region(asked["region"]), Side(asked["side"])
        placement = plan_named(programme, region, side, asked["placement"], asked["depth"])
        assert isinstance(placement, PlannedPlacement)
        ended = EndedSession(
            session=session,
            patient=asked["patient"],
            operator="anna",
            motor=programme.purpose is Purpose.MOTOR,
            region=region,
            cause="stop",
            levels_ua=dict.fromkeys(placement.channels, 9_000),
            placement=placement,
            pad_set=asked["pad_set"],
        )
        for fact in close_out_facts(ended, self.unit.files.of(ended.patient).pads):
            self.unit.files.take(fact, self.unit.now)
        self.unit.treated = Treated(ended.patient, self.unit.now)
        planned_us = programme.duration_us
        self.history.insert(0, {**asked, "session": session, "planned_us": planned_us})
        self.holds = CloseOutView(session=session, pads_off=False, skin=False)
        self._see(StateName.FINISHED, close_out=self.holds)

    def _let_go(self) -> None:
        """Name the session no more once its pads and skin have answers, as the engine does."""
        if self.holds is None:
            return
        patient = str(self.history[0]["patient"])
        if self.unit.files.of(patient).close_outs.holding_up is None:
            self.holds = None
            self._news = self._snapshot(StateName.READY)

    def _prescribed(self) -> dict[str, Any]:
        """Return what was set up, named as a row of the history is."""
        asked = self.set_up
        if isinstance(asked, RepeatLast):
            return {**self.history[0], "pad_set": asked.pad_set or self.history[0]["pad_set"]}
        assert isinstance(asked, Prescribe)
        names = ("programme", "patient", "region", "side", "placement", "depth", "pad_set")
        return {name: getattr(asked, name) for name in names}

    # --- what an engine does ---------------------------------------------------------------------

    def _snapshot(self, state: StateName, **changed: Any) -> Snapshot:
        return msgspec.structs.replace(AT_REST, state=state, operator="anna", **changed)

    def _see(self, state: StateName, **changed: Any) -> None:
        self._follow(self.reducer.snapshot(self.kiosk, self._snapshot(state, **changed), 0.0))

    def _follow(self, moved: Moved) -> None:
        """Carry out what follows; a new state is seen after the answer that brought it."""
        waiting: deque[Effect] = deque()
        while True:
            self.kiosk = moved.kiosk
            waiting.extend(moved.effects)
            if waiting:
                moved = self._carry_out(waiting.popleft())
            elif self._news is not None:
                news, self._news = self._news, None
                moved = self.reducer.snapshot(self.kiosk, news, 0.0)
            else:
                return

    def _carry_out(self, effect: Effect) -> Moved:
        match effect:
            case Look(page=page):
                return self.reducer.answered(self.kiosk, page, self._page(page))
            case Send(action=action, tag=tag, number=number):
                answer = self._act(action)
                return self.reducer.answered(self.kiosk, tag, answer, number)
            case _:
                return Moved(self.kiosk)

    def _page(self, what: str) -> Page | Refused:
        if what.partition(":")[0] in FROM_RECORDS:
            rows = tuple(self.history) if what.startswith("history:") else ()
            return Page(request=1, rows=rows, next_after=None)
        kind = page_kind(what)
        assert kind is not None, what
        unit = self.unit
        known = KnownPatients(unit.files, unit.now, own=unit.unit.own)
        of_unit = KnownUnit(unit.unit, unit.now, (1, 2), unit.treated)
        sources = PageSources(known, of_unit, (), Path(), load_board_file())
        found: list[Any] = []
        after: int | None = 0
        while after is not None:  # whole, as the kiosk's client of the link makes it
            query = Query(request=1, what=what, after=after, limit=1_000)
            page = answer_with_page(query, kind, sources)
            if isinstance(page, Refused):
                return page
            plain: Any = msgspec.to_builtins(page.rows, str_keys=True)
            found += msgspec.json.decode(msgspec.json.encode(plain))
            after = page.next_after
        return Page(request=1, rows=tuple(found), next_after=None)

    def _act(self, action: object) -> Reply | Refused:
        match action:
            case RecordFact(kind=kind, values=values):
                fact = self.unit.record(SimulatedFact(kind, dict(values)))
                self._let_go()
                return Reply(request=1, tick=0, patient=str(getattr(fact, "patient", "")))
            case Prescribe() | RepeatLast():
                self.set_up = action
                self._news = self._snapshot(StateName.READY, hand_switch=_switch("squeeze"))
            case CheckContact():
                self._news = self._snapshot(StateName.ARMED)
            case Start():
                self.started = True
            case CloseSession():
                self._news = self._snapshot(StateName.READY, close_out=self.holds)
            case _:
                pass
        return Reply(request=1, tick=0)


def _switch(step: str) -> HandSwitchView:
    return HandSwitchView(step=step, text=TextView(key=f"hand_switch.{step}", values={}))


def keys_of(value: object) -> Iterator[KeyView]:
    """Yield every key of a view."""
    if isinstance(value, KeyView):
        yield value
    elif isinstance(value, tuple | list):
        for each in value:
            yield from keys_of(each)
    elif isinstance(value, Mapping):
        return
    elif is_dataclass(value):
        for field in fields(value):
            yield from keys_of(getattr(value, field.name))
