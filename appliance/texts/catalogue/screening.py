"""Texts about the screening: what is open, what stops, what needs a reason, what is refused."""

from appliance.texts.catalogue.mark import translatable as _

SCREENING = {
    "refusal.screening": _("screening"),
    "refusal.screening_answers": _("screening answers"),
    "refusal.visit_list": _("visit list"),
    "refusal.confirmation": _("reason for treatment"),
    # Answers.
    "screening.answered": _("{name}: {answer}"),
    # What is open.
    "screening.expired": _("a full screening of {at}"),
    "screening.expired_undated": _("a full screening that may be older than {days} days"),
    "screening.changed": _("changed since the full screening: {names}"),
    "screening.not_today": _("not asked today"),
    "screening.asked_today": _("a valid screening, asked today"),
    "screening.answer_all": _("answer all {count} questions"),
    "screening.visit_list": _("the visit list: each asked"),
    "screening.ask_again": _("answer this question"),
    # What an answer means.
    "screening.refer": _("stop, and refer to a doctor"),
    "screening.another_region": _("not here while it is so"),
    "screening.elsewhere": _("elsewhere: {regions}"),
    "screening.sensory_only": _("a sensory programme"),
    "screening.once_it_has_changed": _("once it has changed, answer again"),
    "screening.no_treatment": _("no treatment while it is so"),
    "screening.confirm": _("give a clinician's reason"),
    "screening.confirmed": _("confirmed: {reason}"),
    "screening.to_note": _("to be noted"),
    # Answers that cannot be recorded.
    "screening.unknown_name": _("{count} names that are none of a question"),
    "screening.known_names": _("names of the list"),
    "screening.leave_out": _("leave it out"),
    "screening.misplaced": _("answers in the wrong place: {names}"),
    "screening.in_place": _("about the region for each region, about the patient once"),
    "screening.answer_per_region": _("answer for each region"),
    "screening.without": _("{count} without an answer: {names}"),
    "screening.every_answer": _("yes, no or unknown to each question"),
    "screening.answer_each": _("answer them"),
    "screening.one_answer": _("answer a question"),
    "screening.one_region": _("say which region"),
    "screening.valid_full": _("on a valid full screening"),
    "visit_list.allowed": _("each asked, none changed; or an answer to each item"),
    "visit_list.both": _("none changed, and answers as well"),
    "visit_list.one_way": _("one of the two"),
    "visit_list.answer_each": _("answer each item"),
    "confirmation.each": _("a reason for each answer that needs one"),
    "confirmation.give": _("say why"),
    "confirmation.nothing_changes_it": _("no reason changes it"),
    "confirmation.leave_out": _("leave it out: nothing has to be confirmed"),
}
