"""Programmes: what they are called, what they are, and what is published for and against them.

Evidence is reported as published; nothing here claims that a programme works.
"""

from appliance.texts.catalogue.mark import translatable as _

PROGRAMMES = {
    "programme.brief_intense_tens.title": _("Brief-intense TENS"),
    "programme.brief_intense_tens.summary": _(
        "Near tolerance for a short time; never on the neck."
    ),
    "programme.burst_ac.title": _("Burst-modulated a.c."),
    "programme.burst_ac.summary": _(
        "A 2.5 kHz carrier in 50 bursts a second: strong contractions with long rests."
    ),
    "programme.burst_tens.title": _("Burst TENS"),
    "programme.burst_tens.summary": _("Two short bursts a second with a visible contraction."),
    "programme.contract_relax.title": _("Contract and relax, lower back"),
    "programme.contract_relax_neck.title": _("Contract and relax, neck"),
    "programme.contract_relax_upper_back.title": _("Contract and relax, upper back"),
    "programme.contract_relax.summary": _(
        "Short, comfortable contractions that are seen, each with a rest as long."
    ),
    "programme.conventional_tens.title": _("Conventional TENS"),
    "programme.conventional_tens.summary": _("Strong, comfortable tingling without a contraction."),
    "programme.low_rate_tens.title": _("Low-rate TENS"),
    "programme.low_rate_tens.summary": _("A few strong pulses a second with a visible twitch."),
    "programme.modulated_tens.title": _("Modulated TENS"),
    "programme.modulated_tens.summary": _(
        "Tingling that changes in rate and width, without a contraction."
    ),
    "programme.muscle_pump.title": _("Muscle pump, lower back"),
    "programme.muscle_pump_neck.title": _("Muscle pump, neck"),
    "programme.muscle_pump_upper_back.title": _("Muscle pump, upper back"),
    "programme.muscle_pump.summary": _(
        "Short contractions that are just seen, in turn with rests as long."
    ),
    "programme.muscle_pump_twitch.title": _("Muscle pump, single twitches"),
    "programme.muscle_pump_twitch.summary": _(
        "Two single twitches a second, each a small movement."
    ),
    "programme.motor_point_find.title": _("Motor-point find, back"),
    "programme.motor_point_find_neck.title": _("Motor-point find, neck"),
    "programme.motor_point_find.summary": _(
        "Single twitches at a low level, under a pad held by hand; not a treatment session."
    ),
    "programme.nmes_endurance.title": _("NMES endurance"),
    "programme.nmes_endurance.summary": _("Many moderate contractions with short rests."),
    "programme.nmes_endurance_active.title": _("NMES endurance, active rest"),
    "programme.nmes_endurance_active.summary": _(
        "Many moderate contractions, with slow twitches in their rests."
    ),
    "programme.nmes_strengthening_neck.title": _("NMES strengthening, neck"),
    "programme.nmes_strengthening_neck.summary": _(
        "Ten contractions of the trapezius or neck extensors with long rests; posterior pads alone."
    ),
    "programme.nmes_strengthening.title": _("NMES strengthening, lower back"),
    "programme.nmes_strengthening.summary": _(
        "Ten strong contractions of the lumbar muscles with long rests."
    ),
    "programme.nmes_strengthening_upper_back.title": _("NMES strengthening, upper back"),
    "programme.nmes_strengthening_upper_back.summary": _(
        "Ten strong contractions of the muscles of the upper back with long rests."
    ),
    "programme.rehabilitation_start.title": _("Re-education, first weeks"),
    "programme.rehabilitation_start.summary": _(
        "Moderate contractions at 35 per second after disuse, for the first two weeks."
    ),
    "programme.rehabilitation_later.title": _("Re-education, later weeks"),
    "programme.rehabilitation_later.summary": _(
        "Moderate contractions at 45 per second after disuse, from the third week on."
    ),
    "programme.rehabilitation_active.title": _("Re-education, active rest"),
    "programme.rehabilitation_active.summary": _(
        "Slow twitches before, between and after moderate contractions."
    ),
    "programme.rehabilitation_upper_back.title": _("Re-education, upper back"),
    "programme.rehabilitation_upper_back.summary": _(
        "Moderate contractions between the shoulder blades after disuse."
    ),
    "programme.relaxation_twitch.title": _("Twitch method, relaxation"),
    "programme.relaxation_twitch.summary": _("Slow single twitches, each a visible movement."),
    "programme.stabilisation.title": _("Stabilisation, lower back"),
    "programme.stabilisation.summary": _(
        "Contractions close to the spine; the patient works along with each one."
    ),
    "evidence.contract_relax.for": _(
        "In 60 people with trapezius pain a single session of EMS gave more range than placebo, "
        "not a better pain score (Hsueh 1997, Am J Phys Med Rehabil 76:471). EMS with active "
        "stretching of the trapezius is registered as a trial (NCT07315776); no result was found."
    ),
    "evidence.neck.against": _(
        "Cochrane 2013 on neck pain (doi 10.1002/14651858.CD004251.pub5, 20 trials, very low "
        "quality) found TENS inconsistent against placebo, and EMS no better than placebo "
        "(M)."
    ),
    "evidence.motor_point.for": _(
        "Missing the motor point by 2 to 4 cm raised current and pain (Forrester and Petrofsky, "
        "electrode placement)."
    ),
    "evidence.motor_point.against": _(
        "No trial was found in which motor points of neck or back were searched before a "
        "treatment, and a pad shows a point only coarsely (D)."
    ),
    "evidence.nmes.for": _(
        "A review of 4 trials (Linzmeyer 2022, doi 10.5935/2595-0118.20220025) reports more "
        "strength, endurance or muscle area in 3 of them; too mixed to pool."
    ),
    "evidence.nmes_back.against": _(
        "Paraspinal NMES added to exercise made no difference between groups (Alrwaily 2019, "
        "doi 10.1016/j.bjpt.2018.10.003, n = 30, tolerable); two doses over 20 sessions "
        "changed pain in both groups but not the multifidus, without a sham arm "
        "(PMC12641961)."
    ),
    "evidence.pump.for": _(
        "In 33 healthy women 15 min of twitches at 2 a second raised the blood flow of the "
        "trapezius, not of the skin; tingling at 80 a second did not (Sandberg 2007, Phys Ther "
        "87:1047)."
    ),
    "evidence.pump.against": _(
        "No trial on pain or swelling of neck or back was found: a review of 7 studies on swelling "
        "(Burgess 2019, doi 10.2340/16501977-2529) has limbs only."
    ),
    "evidence.stabilisation.for": _(
        "In 20 healthy people stimulation beside L4 and L5 made the multifidus thicker while it "
        "was on, at 20, 50 and 80 a second (Baek 2014, PMC4163590); no patients were studied."
    ),
    "evidence.tens.against": _(
        "WHO 2023 (ISBN 978-92-4-008178-9) advises against TENS in routine care of chronic "
        "primary low back pain (very low certainty), NICE NG59 does not support it for low "
        "back pain; Cochrane 2019 on chronic neck pain (doi 10.1002/14651858.CD011927.pub2) "
        "cannot recommend for or against."
    ),
    "evidence.tens.for": _(
        "A review of 381 trials with 24 532 people (Johnson 2022, doi "
        "10.1136/bmjopen-2021-051073) found lower pain scores during or just after strong "
        "TENS than with placebo (SMD -0.96, moderate certainty); harms were mild and poorly "
        "reported."
    ),
    "evidence.twitch.for": _(
        "In 60 people with trapezius pain a single session of TENS reduced pain and of EMS "
        "improved range against placebo (Hsueh 1997, Am J Phys Med Rehabil 76:471); after EMS "
        "the pain score was not better than after placebo; a two-week course of either improved "
        "both groups at 3 months (n = 40)."
    ),
    "evidence.guideline.against": _(
        "Chou 2018 (doi 10.1007/s00586-017-5433-8) lists TENS and EMS among what should not be "
        "offered."
    ),
    "evidence.not_identified": _(
        "Three studies that articles name without authors: not identified, not used."
    ),
    "evidence.tens_and_ems": _(
        "TENS is meant to be felt, EMS to make a muscle contract; the current is of the same kind."
    ),
    "mechanism.gate": _("Proposed: touch inhibits signals of pain in the spinal cord (gate)."),
    "mechanism.endorphins": _("Proposed: slow, strong pulses release the body's own endorphins."),
    "mechanism.fatigue": _("Proposed: the muscle tires, then relaxes."),
    "mechanism.pump": _("Proposed: contractions press blood out of the veins (muscle pump)."),
    "mechanism.load": _("Proposed: contractions load the muscle as exercise does."),
    "choice.programme_kind.conventional": _("conventional TENS"),
    "choice.programme_kind.low_rate": _("low-rate TENS"),
    "choice.programme_kind.burst": _("burst TENS"),
    "choice.programme_kind.modulated": _("modulated TENS"),
    "choice.programme_kind.brief_intense": _("brief-intense TENS"),
    "choice.programme_kind.strengthening": _("strengthening"),
    "choice.programme_kind.endurance": _("endurance"),
    "choice.programme_kind.twitch": _("single twitches"),
    "choice.programme_kind.burst_ac": _("burst-modulated a.c."),
    "choice.programme_kind.stabilisation": _("stabilisation"),
    "choice.programme_kind.rehabilitation": _("re-education after disuse"),
    "choice.programme_kind.motor_point_find": _("search for a motor point"),
    "choice.treatment_goal.deep_neck_flexors": _("deep neck flexors"),
    "choice.treatment_goal.continuous_tetany": _("contraction without rest"),
    "not_offered.suboccipital": _("under the skull only conventional and modulated TENS"),
    "not_offered.brief_intense_on_the_neck": _("brief-intense TENS only on the back"),
    "not_offered.carrier": _("a carrier only on the lower back"),
    "not_offered.no_source": _("not offered here: no published numbers were found"),
    "not_offered.not_yet": _("not in this catalogue yet"),
    "not_offered.deep_neck_flexors": _(
        "not offered: no pads on the front of the neck, and no published numbers"
    ),
    "not_offered.continuous_tetany": _(
        "not offered: no safe time is known, and muscle broke down after single sessions"
    ),
    "offered.without_heart_disease": _("only without heart disease"),
    "offered.swelling_of_limbs_only": _("trials on swelling are of arms and legs only"),
    "choice.programme_kind.contract_relax": _("contract and relax"),
    "choice.programme_kind.circulation": _("circulation (muscle pump)"),
    "choice.purpose.sensory": _("to be felt, without a contraction"),
    "choice.purpose.motor": _("to contract muscle"),
    "choice.region.neck": _("neck"),
    "choice.region.suboccipital": _("under the skull"),
    "choice.region.upper_back": _("upper back"),
    "choice.region.lower_back": _("lower back"),
    "choice.contact_verdict.good": _("contact is good"),
    "choice.contact_verdict.acceptable": _("contact is usable: look at the pads"),
    "choice.contact_verdict.poor": _("contact is poor"),
    "choice.contact_verdict.open": _("open: a pad or a lead is off"),
    "choice.contact_verdict.short": _("short: pads or leads touch"),
    "choice.contact_verdict.unknown": _("contact is not known"),
}
