"""Actions about the sheet that a patient takes home."""

from appliance.messages.wire import Name, Wire


class MakeSheet(Wire, frozen=True, tag="make_sheet"):
    """Make the sheet that the patient of a session takes home, and keep it with the session.

    Answered once it is on the disk; it is made again from the records as they are.
    """

    session: Name
    language: Name = "en"


class ExportSheet(Wire, frozen=True, tag="export_sheet"):
    """Make the sheet of a session and write it to the USB stick; answered once it was read back."""

    session: Name
    language: Name = "en"
