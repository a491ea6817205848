"""Texts of the close-out of a session."""

from appliance.texts.catalogue.mark import translatable as _

CLOSE_OUT = {
    "close_out.missing": _("without {part}"),
    "close_out.pads_off": _("take every pad off by its edge, then confirm"),
    "close_out.skin": _("look at the skin under each pad and grade it, or say why not"),
    "close_out.pain_before": _("ask for the pain before the session, 0 to 10"),
    "close_out.pain_after": _("ask for the pain now, 0 to 10"),
    "close_out.stopped_because": _("say why the session ended"),
    "close_out.seated": _("let the patient stay seated for two minutes"),
    "close_out.done": _("done"),
    "close_out.done_or_reason": _("done, or a reason why not"),
    "close_out.done_or_deferred": _("done, or put off to complete later"),
    "close_out.open": _("session {session} without its close-out"),
    "close_out.open_of": _("session {session} of {patient} without its close-out"),
    "close_out.answered": _("pads off, and the skin looked at or a reason why not"),
    "close_out.no_session": _("another session"),
    "close_out.completed": _("closed already"),
    "close_out.once": _("once a session"),
    "close_out.other_levels": _("other levels or pads than the unit knows"),
    "close_out.own_levels": _("the levels and pads of the session, added by the unit"),
    "close_out.skin_again": _("an answer about skin that was answered already"),
    "close_out.graver": _("one that is graver at a site and milder at none"),
    "close_out.time_unknown": _("no clock tells how long, since the unit was restarted"),
    "close_out.stands_up": _("leave it out with that reason"),
    "close_out.session": _("session {session}"),
    "close_out.open_session": _("a session of this patient whose output ended"),
    "close_out.deferrable": _("{part} later"),
    "close_out.may_be_left_out": _("{part} left out"),
    "close_out.leave_open": _("do it, or leave it: nothing waits for it"),
    "close_out.stay_seated": _("wait, or give the reason why the patient stands up"),
}
