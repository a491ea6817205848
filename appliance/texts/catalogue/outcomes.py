"""Texts of outcomes: how a change is read, and what is refused."""

from appliance.texts.catalogue.mark import translatable as _

OUTCOMES = {
    "change.same": _("unchanged"),
    "change.one_better": _("1 point better"),
    "change.one_worse": _("1 point worse"),
    "change.better": _("{points} points better"),
    "change.worse": _("{points} points worse"),
    "change.within_error": _("within measurement error"),
    "change.beyond_error": _("beyond measurement error"),
    "change.error_not_known": _("measurement error not known"),
    "change.smaller_than_noticed": _("smaller than people usually notice"),
    "change.as_large_as_noticed": _("as large as people usually notice"),
    "change.importance_not_known": _("not known how large a change people notice"),
    "complaint.none": _("no complaint"),
    "complaint.allowed": _("region, side, since when, and the diagnosis or none yet"),
    "complaint.ask": _("ask for the complaint"),
    "diagnosis.none_yet": _("no diagnosis yet"),
    "diagnosis.allowed": _("a diagnosis, or a clinician's reason to treat without"),
    "activity.asked": _("an activity of {count} characters, or none that can be read"),
    "activity.allowed": _("one line with letters, at most {most} characters, without names"),
    "activity.nearest": _("name the activity in a few words"),
    "motion.without": _("no answer to {movements}"),
    "motion.answer_each": _("answer each direction"),
}
