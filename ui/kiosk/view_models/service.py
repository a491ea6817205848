"""The service screens: the menu, the self-test, what the unit is."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from importlib.metadata import version

from appliance.messages.snapshot import Snapshot
from appliance.texts.languages import KNOWN, OFFERED
from ui.kiosk.journey.place import Kiosk, Row
from ui.kiosk.journey.service import OPERATORS, SELF_TEST, About, SelfTest, Service
from ui.kiosk.locale.words import _, clauses, decimal, listed, pgettext, say, say_row, sentence
from ui.kiosk.view_models.blocks import (
    Block,
    Card,
    Column,
    FormView,
    Heading,
    Keys,
    Rows,
    Steps,
)
from ui.kiosk.view_models.days import day_of
from ui.kiosk.view_models.message import StepView
from ui.kiosk.view_models.parts import KeyLook, KeyView
from ui.kiosk.view_models.shell import BACK
from ui.kiosk.view_models.steps import problem_card

PACKAGE = "stimkiosk"
DIGEST_SHOWN, UNIT_SHOWN = 8, 8
IN_ORDER = frozenset({"in_order", "ok"})
PPM = 1_000_000
MAY_MANAGE = frozenset({"lead", "service"})


def service_view(place: Service, kiosk: Kiosk) -> FormView:
    """Return what there is to see and to do on the unit."""
    keys = tuple(_keys(kiosk))
    return FormView(
        title=_("Service"),
        line=_("Output is off here"),
        rail=(BACK,),
        columns=(
            Column(
                blocks=(
                    *_out_of_use(kiosk),
                    Keys(columns=2, how="tile", keys=keys),
                    *problem_card(kiosk),
                )
            ),
        ),
    )


def _out_of_use(kiosk: Kiosk) -> tuple[Block, ...]:
    snapshot = kiosk.snapshot
    if snapshot is None or snapshot.out_of_use is None:
        return ()
    text = sentence(say(snapshot.out_of_use))
    return (Card(height=72, icon="warn", look="alarm", title=_("Out of use"), text=text),)


def _keys(kiosk: Kiosk) -> Iterator[KeyView]:
    snapshot = kiosk.snapshot
    test = _row(kiosk, "self_test")
    due = [row for row in kiosk.rows("due") or () if row["kind"] == "care"]
    late = sum(row["status"] not in IN_ORDER for row in due)
    care = _("{count} due").format(count=late) if late else _("in order") if due else ""
    tested = ""
    if test:
        tested = _("the last one passed") if test["passed"] else _("the last one failed")
    yield _key("self_test", _("Self-test"), tested, "check")
    yield _key("care", _("Care"), care, "tool")
    if kiosk.me is not None and kiosk.me.token:
        if kiosk.me.role in MAY_MANAGE:
            yield _key(OPERATORS, _("Operators"), _("enrol, new PIN, retire"), "people")
            yield _key("clinic", _("Clinic"), _("name, telephone"), "call")
        yield _key("my_pin", _("My PIN"), _("change it"), "lock")
    yield _key("pulse_shape", _("Pulse shape"), _("reconstructed"), "pulse")
    if snapshot is not None and snapshot.out_of_use is not None:
        back = _key("put_back", _("Put back"), _("by service"), "unlock")
        yield replace(back, look=KeyLook.OUTLINED)
    out = _key("take_out_of_use", _("Take out of use"), _("after a shock, burn or fault"), "warn")
    yield replace(out, look=KeyLook.OUTLINED)
    yield _key("about", _("About"), _("versions, licences"), "info")


def _key(action: str, text: str, note: str, icon: str) -> KeyView:
    return KeyView(action=action, text=text, note=note, icon=icon)


def self_test_view(place: SelfTest, kiosk: Kiosk) -> FormView:
    """Return the newest self-test, and what the unit shows of itself now."""
    test, proof = _row(kiosk, "self_test"), _row(kiosk, "timing_proof")
    when = _("It runs at each sign-in and after a stop that asks for it.")
    left = (_verdict(test), Steps(steps=_tested(test, proof)))
    right = (Heading(text=_("Now")), Steps(steps=_now(kiosk.snapshot)))
    info = Card(height=72, only_wide=True, icon="info", text=when)
    return FormView(
        title=_("Self-test"),
        line=_board_line(kiosk.snapshot),
        rail=(BACK,),
        columns=(Column(share=320, blocks=left), Column(share=320, blocks=(*right, info))),
    )


def _board_line(snapshot: Snapshot | None) -> str:
    if snapshot is None:
        return ""
    return _("Board {name}").format(name=snapshot.board)


def _verdict(test: Row) -> Block:
    if not test:
        return Card(height=72, icon="info", title=_("No self-test is recorded yet"))
    day = day_of(test["at"])
    if test["passed"]:
        return Card(height=72, icon="check", look="good", title=_("Self-test passed"), text=day)
    why = clauses(*(sentence(say_row(line)) for line in test["failures"]))
    return Card(
        height=104,
        icon="warn",
        look="alarm",
        title=_("Self-test not passed"),
        text=why or day,
    )


def _tested(test: Row, proof: Row) -> tuple[StepView, ...]:
    """Return what the self-test found; a line that was not reached says so."""
    ok = bool(test) and bool(test["passed"])
    steps = [
        _line(_("Hardware latch"), _("works") if ok else "–", ok),
        _line(_("Supply and converters"), _("at zero") if ok else "–", ok),
    ]
    if not proof:
        return tuple(steps)
    good = bool(proof["passed"])
    off = abs(int(proof["ratio_ppm"]) - PPM)
    width = _("{error} µs off").format(error=proof["worst_width_error_us"])
    return (
        *steps,
        _line(_("Wave clock"), _("{ppm} ppm off").format(ppm=off), good),
        _line(_("Width of a phase"), width, good),
    )


def _now(snapshot: Snapshot | None) -> tuple[StepView, ...]:
    if snapshot is None:
        return ()
    closed, opened = pgettext("contact", "closed"), pgettext("contact", "open")
    estop, switch = snapshot.estop_closed, snapshot.hand_switch_closed
    latch = snapshot.latch_clear
    volts = "–"
    if snapshot.rail_mv is not None:
        volts = _("{volts} V").format(volts=decimal(f"{round(snapshot.rail_mv / 1000)}"))
    return (
        _seen(_("Stop button contact"), closed if estop else opened, estop),
        _seen(_("Hand switch contact"), closed if switch else opened, switch),
        _seen(_("Fault latch"), _("not set") if latch else _("set"), latch),
        StepView(text=_("Isolated supply"), icon="flash", state=volts, state_role="text"),
    )


def _line(text: str, state: str, ok: bool) -> StepView:
    role = "good" if ok else "alarm_high"
    return StepView(text=text, icon="check" if ok else "cross", state=state, state_role=role)


def _seen(text: str, state: str, ok: bool) -> StepView:
    role = "text" if ok else "warn"
    return StepView(text=text, icon="check" if ok else "warn", state=state, state_role=role)


def about_view(place: About, kiosk: Kiosk) -> FormView:
    """Return that this is no cleared device; versions, unit, licences."""
    boot, unit = _row(kiosk, "boot"), _row(kiosk, "genesis")
    own = version(PACKAGE)
    engine = str(boot.get("build", "–"))
    same = _("same build") if engine == own else _("another build: {build}").format(build=engine)
    rows = (
        (_("stimkiosk"), own),
        (_("Engine"), same if boot else "–"),
        (_("Unit"), str(unit.get("device", "–"))[:UNIT_SHOWN]),
        (_("Board"), _board(kiosk.snapshot)),
        (_("Board file"), _digest(kiosk.snapshot)),
        (_("Calibration"), str(boot.get("calibration") or "–")),
    )
    licences = (
        ("stimkiosk", "Apache-2.0"),
        ("Noto Sans", "OFL-1.1"),
        ("Noto Sans Arabic", "OFL-1.1"),
        ("Kivy", "MIT"),
    )
    card = Card(
        height=100,
        icon="warn",
        look="warn",
        title=_("Not conformity-tested"),
        text=_("An open reference design, not a cleared medical device."),
    )
    right = (Heading(text=_("Licences")), Rows(rows=licences), _unread_languages())
    return FormView(
        title=_("About"),
        line=_("Reference design"),
        rail=(BACK,),
        columns=(
            Column(share=380, blocks=(card, Rows(rows=rows))),
            Column(share=260, blocks=right),
        ),
    )


def _unread_languages() -> Card:
    """Return the languages whose words no clinician who grew up with them has read."""
    unread = [KNOWN[code] for code in OFFERED if not KNOWN[code].reviewed]
    names = listed(*(each.name for each in unread if not each.right_to_left))
    others = (each.name for each in unread if each.right_to_left)  # turn the line they stand in
    return Card(
        height=112,
        icon="globe",
        look="advice",
        title=_("Translation not reviewed"),
        text="\n".join((names, *others)),
    )


def _board(snapshot: Snapshot | None) -> str:
    if snapshot is None:
        return "–"
    if snapshot.rig != "hardware":
        return _("{name}, virtual").format(name=snapshot.board)
    return snapshot.board


def _digest(snapshot: Snapshot | None) -> str:
    return "–" if snapshot is None else snapshot.board_digest[:DIGEST_SHOWN] or "–"


def _row(kiosk: Kiosk, kind: str) -> Row:
    """Return a row of the page of the self-test, an empty one while it is not known."""
    rows: tuple[Mapping[str, object], ...] = kiosk.rows(SELF_TEST) or ()
    return next((row for row in rows if row["kind"] == kind), {})
