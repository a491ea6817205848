"""The sheet that the patient takes home: its language, and whether it goes to a stick. Pure."""

from dataclasses import dataclass, replace

from appliance.messages.replies import Page, Refused, Reply
from appliance.messages.sheets import ExportSheet, MakeSheet
from ui.kiosk.journey.of_patient import OfPatient
from ui.kiosk.journey.place import STAY, Kiosk, Next, Send

KEEP, WRITE = "keep_sheet", "write_sheet"


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientSheet(OfPatient):
    """`language` is the patient's, "" that of the screen; `done` is what the engine has done.

    `asked` says that this screen asked for a sheet: the answer to another one is not its own.
    """

    session: str
    language: str = ""
    done: str = ""
    asked: bool = False

    def touched(self, action: str, kiosk: Kiosk) -> Next:
        """Choose the language; make the sheet, once at a time."""
        name, _, what = action.partition(":")
        at_work = bool({KEEP, WRITE} & kiosk.waiting)
        match name:
            case "language" if not at_work:
                return Next(replace(self, language=what, done=""))
            case "keep" if not at_work:
                return self._ask(MakeSheet(session=self.session, language=what), KEEP)
            case "write" if not at_work:
                return self._ask(ExportSheet(session=self.session, language=what), WRITE)
            case _:
                return OfPatient.touched(self, action, kiosk)

    def answered(self, tag: str, answer: Reply | Refused | Page | None, kiosk: Kiosk) -> Next:
        """Say what was done; a refusal is shown here."""
        if tag not in {KEEP, WRITE} or not self.asked:
            return STAY
        return Next(replace(self, asked=False, done=tag if isinstance(answer, Reply) else ""))

    def _ask(self, action: MakeSheet | ExportSheet, tag: str) -> Next:
        return Next(replace(self, done="", asked=True), (Send(action, tag),))
