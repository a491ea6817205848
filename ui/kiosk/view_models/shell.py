"""The shell of a screen: output, head, rail, and pause while current may flow."""

from dataclasses import replace

from appliance.messages.wire import StateName, Subject
from ui.kiosk.journey.over import CLEAN, COVERED, SAYING, WIPED, place_over
from ui.kiosk.journey.over import HELP as HELP_SHEET
from ui.kiosk.journey.place import Kiosk
from ui.kiosk.journey.reduce import SILENCE
from ui.kiosk.journey.sheets import PIN
from ui.kiosk.journey.treatment import Treatment
from ui.kiosk.locale.words import _, choice, listed, pgettext, say, sentence, text_of
from ui.kiosk.view_models.channels import clock_text
from ui.kiosk.view_models.output import output_view
from ui.kiosk.view_models.parts import ChipView, HeadView, KeyLook, KeyView, ShellView
from ui.kiosk.view_models.sound import sound_chip

BY_PIN = f"sheet:{PIN}"
"""What brings whoever was away back."""
HELP = KeyView(action="help", text="Help", icon="help")
WIPE_AT = ("Home", "Lock")
"""Places from which the screen may be wiped."""
BACK = KeyView(action="back", text="Back", icon="back")
"""Keys of the rail that are the same everywhere; `shell_view` gives them their words."""
MINUTE_US = 60_000_000
NOBODY = "ended.nobody_there"
"""The key of the text that nobody answered "Are you with the patient?"."""
_FLOWING = (StateName.RAMP_UP, StateName.DELIVERING, StateName.RESTING, StateName.RAMP_DOWN)


def shell_view(
    kiosk: Kiosk,
    title: str,
    line: str = "",
    *,
    rail: tuple[KeyView, ...] = (),
    chip: ChipView | None = None,
    time_action: str = "",
) -> ShellView:
    """Return the shell round a screen with that title; without a chip it names what sounds."""
    snapshot = kiosk.snapshot
    pause = None
    time_left = ""
    if snapshot is not None and kiosk.has_engine and snapshot.state is StateName.PAUSED:
        time_left = clock_text(snapshot.remaining_us)
    if may_flow(kiosk) and snapshot is not None:
        pause = KeyView(action="pause", text=_("Pause"), icon="pause", look=KeyLook.OUTLINED)
        time_left = clock_text(snapshot.remaining_us) if kiosk.has_engine else "–"
    simulated_time = snapshot is not None and snapshot.simulated_time
    head = HeadView(
        title=title,
        line=_("Please wait") if kiosk.is_slow else line,
        chip=chip or sound_chip(kiosk) or _no_answer(kiosk),
        clock="" if simulated_time else kiosk.clock,
        mark=_mark(kiosk),
        help=_small_help(kiosk),
    )
    return ShellView(
        output=output_view(kiosk),
        head=head,
        rail=tuple(map(_in_language, _with_sound(kiosk, _with_help(kiosk, rail)))),
        time_left=time_left,
        time_word=_("Time left"),
        time_action=time_action if pause is not None else "",
        pause=pause,
        stop_word=_stop_word(),
    )


def _no_answer(kiosk: Kiosk) -> ChipView | None:
    """Return that no answer came, until a screen of its own says what to do about it."""
    said = kiosk.snapshot is not None and kiosk.snapshot.state in SAYING
    return ChipView(text=_("No answer came")) if kiosk.unconfirmed and not said else None


def _small_help(kiosk: Kiosk) -> KeyView | None:
    """Return the key for help while current may flow; it opens a sheet."""
    if not may_flow(kiosk) or not kiosk.has_engine:
        return None
    look = KeyLook.CHOSEN if kiosk.sheet.name == HELP_SHEET else KeyLook.OUTLINED
    return KeyView(action="help", icon="help", look=look)


def _with_help(kiosk: Kiosk, rail: tuple[KeyView, ...]) -> tuple[KeyView, ...]:
    """Return the keys of the rail with help before them and wiping the screen behind them."""
    snapshot = kiosk.snapshot
    over = kiosk.sheet.name in (HELP_SHEET, CLEAN) or place_over(kiosk) is not None
    if snapshot is None or not kiosk.has_engine or over:
        return rail
    first = (HELP,) if snapshot.state in COVERED else ()
    last: tuple[KeyView, ...] = ()
    if snapshot.state in WIPED and type(kiosk.place).__name__ in WIPE_AT:
        last = (KeyView(action=CLEAN, text=_("Wipe the\nscreen"), icon="wash"),)
    return (*first, *rail, *last)


def _with_sound(kiosk: Kiosk, rail: tuple[KeyView, ...]) -> tuple[KeyView, ...]:
    """Return the keys of the rail with the one that silences what is heard.

    While current may flow it takes the place of the others but the PIN: nobody leaves the patient
    while something sounds.
    """
    sound = None if kiosk.snapshot is None or not kiosk.has_engine else kiosk.snapshot.sound
    if sound is None or not (sound.may_be_silenced or sound.silenced_for_us):
        return rail
    text = _("Sound\noff 120 s")
    key = KeyView(action=SILENCE, text=text, icon="sound", look=KeyLook.OUTLINED)
    if not sound.may_be_silenced:
        key = KeyView(action="", text=_("Sound\nis off"), icon="sound", look=KeyLook.OFF)
    if not may_flow(kiosk):
        return (*rail, key)
    return (*(kept for kept in rail if kept.action == BY_PIN), key)


def may_flow(kiosk: Kiosk) -> bool:
    """Return whether current may flow, as was heard last."""
    return kiosk.snapshot is not None and kiosk.snapshot.state in _FLOWING


def _mark(kiosk: Kiosk) -> str:
    """Return the mark of a virtual board; where its time waits it takes the place of the clock."""
    snapshot = kiosk.snapshot
    if snapshot is not None and snapshot.rig == "hardware":
        return ""
    waits = snapshot is not None and snapshot.simulated_time
    return _("simulated time") if waits else _("VIRTUAL")


def _in_language(key: KeyView) -> KeyView:
    if key.text == HELP.text:
        return replace(key, text=_("Help"))
    return replace(key, text=_("Back")) if key.text == BACK.text else key


def _stop_word() -> str:
    """Return the word for STOP that stands below it, "" where the language has the same."""
    word = pgettext("ends the output", "STOP")
    return "" if word == "STOP" else word


def who(kiosk: Kiosk) -> str:
    """Return whom the treatment set up is for, and where, as the head names them."""
    snapshot = kiosk.snapshot
    if snapshot is None or snapshot.programme is None:
        return _("Nobody")
    if snapshot.subject is Subject.TEST_LOAD:
        return _("Test load")
    name, plan = _name(kiosk, snapshot.patient or ""), snapshot.plan
    if plan is None or not plan.side:
        return name or _("Nobody")
    return _named(name, plan.region, plan.side)


def treated(treatment: Treatment) -> str:
    """Return patient, region and side as the head names them."""
    if not treatment.region or not treatment.side:
        return treatment.name
    return _named(treatment.name, treatment.region, treatment.side)


def programme(kiosk: Kiosk) -> str:
    """Return the programme set up, as people call it."""
    if kiosk.snapshot and kiosk.snapshot.programme_title:
        return kiosk.snapshot.programme_title
    name = kiosk.snapshot.programme or "" if kiosk.snapshot else ""
    return text_of(f"programme.{name.replace('-', '_')}.title") or name


def programme_and_minutes(kiosk: Kiosk) -> str:
    """Return the programme set up, and how long it is to last, "" where none is."""
    snapshot = kiosk.snapshot
    if snapshot is None or snapshot.programme is None:
        return ""
    whole_us = snapshot.elapsed_us + snapshot.remaining_us
    minutes = _("{minutes} min").format(minutes=whole_us // MINUTE_US)
    lasts = clock_text(whole_us) if whole_us % MINUTE_US else minutes
    return f"{programme(kiosk)} · {lasts}"


def paused_because(kiosk: Kiosk) -> str:
    """Return why it is paused where no person paused it, "" where one did."""
    snapshot = kiosk.snapshot
    if snapshot is None or snapshot.paused_because is None:
        return ""
    if snapshot.paused_because.key == NOBODY:
        return _("Paused: nobody answered")
    return sentence(say(snapshot.paused_because))


def _name(kiosk: Kiosk, patient: str) -> str:
    """Return the alias of a patient, the id where that is not known."""
    treatment = getattr(kiosk.place, "treatment", None)
    if isinstance(treatment, Treatment) and treatment.patient == patient:
        return treatment.name
    rows = kiosk.rows(f"patient:{patient}") or ()
    identity = next((row for row in rows if row["kind"] == "identity"), {})
    return str(identity.get("alias") or patient)


def _named(name: str, region: str, side: str) -> str:
    return f"{name} · {listed(choice('region', region), choice('side', side))}"
