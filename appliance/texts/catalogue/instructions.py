"""The instructions for use. Numbers are values: `appliance/instructions/numbers.py` has them."""

from appliance.texts.catalogue.mark import translatable as _

INSTRUCTIONS = {
    "help.intended_use.title": _("What it is for"),
    "help.intended_use.what": _(
        "Supervised electrical stimulation of nerves and muscles through pads on the skin of the "
        "neck and the back."
    ),
    "help.intended_use.who": _("For adults who can say what they feel and squeeze a hand switch."),
    "help.intended_use.operator": _(
        "Used by a trained clinician, who screens the patient, places the pads, raises the level "
        "and stays in charge."
    ),
    "help.intended_use.where": _("In a physiotherapy clinic; not at home and not outdoors."),
    "help.intended_use.not_cleared": _(
        "It is a reference design and not a cleared medical device. Nothing of it has been tried "
        "on a person."
    ),
    "help.intended_use.no_claim": _(
        "Nothing here claims that stimulation works. Each programme shows what is published for "
        "and against it."
    ),
    "help.left_out.title": _("What is left out on purpose"),
    "help.left_out.implanted": _("Implanted electrodes and leads of any kind."),
    "help.left_out.take_home": _("Take-home TENS: nobody treats without a clinician."),
    "help.left_out.dysphagia": _("Swallowing disorders: no pad lies on the front of the neck."),
    "help.left_out.head_and_chest": _(
        "Head, eyes, mouth, front of the neck, chest, and any path across the heart."
    ),
    "help.left_out.limbs": _("Arms, legs and everything else that is not neck or back."),
    "help.left_out.denervated": _("Muscle that has lost its nerve: it needs longer pulses."),
    "help.left_out.direct_current": _(
        "Direct current, iontophoresis and pulses whose two phases differ."
    ),
    "help.left_out.children": _("Children."),
    "help.left_out.diagnosis": _("Diagnosis: nothing that the unit shows is a finding."),
    "help.contraindications.title": _("Who is not treated"),
    "help.contraindications.asked": _(
        "The unit asks each of these questions and judges the answers; a full screening is valid "
        "for {screening_days} days."
    ),
    "help.contraindications.unknown": _(
        "What nobody knows counts as the answer that is written here."
    ),
    "help.contraindications.never": _("No treatment"),
    "help.contraindications.some": _("No treatment in some places or with some programmes"),
    "help.contraindications.confirm": _("Only with a clinician's reason"),
    "help.contraindication": _("{question} {more} ({answer})"),
    "help.contraindication.for": _("{question} {more} ({answer}): {what}"),
    "help.contraindication.what": _("{purpose} on the {region}"),
    "help.purpose.sensory": _("programmes that are only felt"),
    "help.purpose.motor": _("programmes that contract"),
    "help.warnings.title": _("Warnings"),
    "help.warnings.paths": _(
        "No current across the head, the eyes, the mouth, the front of the neck, or from chest to "
        "back across the heart."
    ),
    "help.warnings.near_chest": _(
        "Pads near the chest may raise the risk of fibrillation of the heart: on the upper back "
        "the two pads of a channel lie on one side of the spine."
    ),
    "help.warnings.hf_surgery": _(
        "A patient connected to a high-frequency surgery unit may be burnt under the pads, and the "
        "stimulator may be damaged."
    ),
    "help.warnings.shortwave": _(
        "A shortwave or microwave unit close by, about {shortwave_m} m, may make the output "
        "unstable."
    ),
    "help.warnings.monitor": _("Stimulation disturbs an ECG monitor and may mislead an alarm."),
    "help.warnings.density": _(
        "More than {density_block} r.m.s. needs the operator's special attention: the unit asks "
        "for a reason from {density_caution} on and gives no more than {density_block}, on the "
        "neck no more than {density_neck}."
    ),
    "help.warnings.half_lifted": _(
        "A pad that is half off carries the same current on half its skin: watch the edges."
    ),
    "help.warnings.pads": _(
        "Use pads of the size that the placement names, none smaller, none damaged or dry, and "
        "none cut to size."
    ),
    "help.warnings.touching": _("Do not touch, move or take off pads and leads under current."),
    "help.warnings.water": _("Never in or beside water, and not on wet skin."),
    "help.warnings.explosive": _("Not where anaesthetic or other gases can catch fire."),
    "help.warnings.changed": _("Do not change the unit. Use its own leads and hand switch."),
    "help.warnings.first_session": _(
        "The first sessions are weak and short, and the patient sits for {seated} after a "
        "programme that contracts: some people feel faint."
    ),
    "help.programmes.title": _("Programmes and their output"),
    "help.programmes.goals": _(
        "Choose the region, then what the treatment is for: the screen shows the programmes for "
        "it, and the reason where nothing is offered."
    ),
    "help.programmes.wave": _(
        "Every pulse has two rectangular phases of the same charge and opposite sign; its direct "
        "current is zero by plan, watched, and blocked by a capacitor."
    ),
    "help.programmes.load": _(
        "The current is controlled: it stays as it is set whatever the load, until the voltage is "
        "at its highest. The unit trips at {rail_percent} of {compliance}, so into {load_high} no "
        "more than {most_into_high} can flow at phases of {phase_most}."
    ),
    "help.programmes.board": _(
        "Amplitudes are peak values of a phase, on the board of this unit; r.m.s. over the densest "
        "second."
    ),
    "help.programmes.evidence": _("Evidence and sources stand with each programme on the unit."),
    "help.output.pulse": _("two phases of {phase:µs}, {gap:µs} between them"),
    "help.output.carrier": _(
        "bursts of {cycles} cycles of two phases of {phase:µs}, {gap:µs} after each phase"
    ),
    "help.output.rate": _("{rate} pulses per second"),
    "help.output.bursts": _("{rate} bursts per second of {pulses} pulses at {within} per second"),
    "help.output.carrier_bursts": _("{rate} bursts per second"),
    "help.output.swept_rate": _("rate from {first} to {second} per second and back in {cycle:s}"),
    "help.output.swept_phase": _("phases from {first:number} to {second:µs} and back in {cycle:s}"),
    "help.output.on_off": _("{on:s} on, ramps of {up:s} and {down:s} in it, {off:s} off"),
    "help.output.before": _("before it {time} at {rate} pulses per second, {share} of the level"),
    "help.output.active_rest": _(
        "in each rest, after {silence:s} of silence, {on:s} at {rate} pulses per second, {share} "
        "of the level"
    ),
    "help.output.after": _("then {time} at {rate} pulses per second, {share} of the level"),
    "help.output.on_call": _("a clinician may call each contraction"),
    "help.output.course": _(
        "{time} a session, at most {per_week} a week, {sessions} before a new assessment"
    ),
    "help.output.no_session": _("{time} at most; it is no session of a course"),
    "help.output.most": _(
        "{region}: at most {low:mA} ({low_voltage:V}) into {low_load:ohm} and {high:mA} "
        "({high_voltage:V}) into {high_load:ohm}; {charge:µC} a phase, {rms:mA} r.m.s.; pads {pads}"
    ),
    "help.output.most_with_reason": _(
        "{region}, with a clinician's reason: at most {low:mA} ({low_voltage:V}) into "
        "{low_load:ohm} and {high:mA} ({high_voltage:V}) into {high_load:ohm}; {charge:µC} a "
        "phase, {rms:mA} r.m.s."
    ),
    "help.output.pad": _("{width:number} x {height:mm}"),
    "help.session.title": _("How a session goes"),
    "help.session.unit": _("Look at the unit once a day; the unit lists the parts."),
    "help.session.patient": _("Choose the patient, or register a new one under a made-up id."),
    "help.session.screening": _("Ask the screening; it stops or asks for a reason."),
    "help.session.skin": _("Look at the skin and test what the patient feels at each pad."),
    "help.session.programme": _("Choose programme, region, side and placement."),
    "help.session.pads": _("Check the pads of this patient, place them as shown, connect leads."),
    "help.session.told": _("Tell the patient what it feels like and how to stop it."),
    "help.session.hand_switch": _(
        "Let the patient squeeze the hand switch once and let go; it is good for {squeeze_good}."
    ),
    "help.session.contact": _(
        "Check contact: the unit tests itself, then measures each pair of pads with weak pulses."
    ),
    "help.session.start": _("Start: the level is zero."),
    "help.session.feeling": _(
        "Raise channel by channel and ask where it is felt. Felt elsewhere, or nothing felt at "
        "{felt_by_neck} on the neck or {felt_by_back} on the back: back to zero, pads again."
    ),
    "help.session.watch": _("Stay, watch the skin at the edges of the pads, and ask."),
    "help.session.close": _(
        "At the end take the pads off, look at the skin, ask for pain, and note why it ended."
    ),
    "help.levels.title": _("Raising the level"),
    "help.levels.zero": _(
        "Each start, and each start after an interruption, begins at level zero."
    ),
    "help.levels.tap": _(
        "One press of plus adds {tap}, or {tap_large} where that is chosen, at most once in "
        "{tap_every}."
    ),
    "help.levels.hold": _(
        "Held for {climb_after}, plus climbs by {climb_neck} a second on the neck and "
        "{climb_back} on the back, up to a level that was comfortable before in this session."
    ),
    "help.levels.lower": _("Minus lowers the level at once and is never refused."),
    "help.levels.contractions": _(
        "Programmes that contract are raised in their own contractions, of at most "
        "{contraction}, each followed by at least {contraction_rest} of rest; each is announced "
        "{cue} before it."
    ),
    "help.levels.turns": _(
        "Where channels take turns, plus of a channel counts in its own turn only."
    ),
    "help.levels.parts": _(
        "A programme of several parts gives each part a share of the level. The screen names the "
        "part and what follows; a part that may be stronger begins at level zero."
    ),
    "help.levels.on_call": _(
        "On call, contractions come by cycle until a level is set. Then hold Contract: the muscle "
        "contracts, and letting go ends it. It ends by itself {on_call_most} after it began, and "
        "where the screen is lost."
    ),
    "help.levels.on_call_rest": _(
        "The next one can be called after a rest as long as the contraction, at least "
        "{on_call_rest}. Set level lets them come by cycle again."
    ),
    "help.levels.new_patient": _(
        "Who is new to it gets at most {first_back} on the back and {first_neck} on the neck, and "
        "at most {first_minutes} a day of a programme that contracts, until it was felt on "
        "{careful_days} days."
    ),
    "help.levels.derate": _("If a pad dries, its level is lowered before the unit trips."),
    "help.levels.too_strong": _('"Too strong" lowers the level at once by one step.'),
    "help.stopping.title": _("Stopping"),
    "help.stopping.patient": _(
        "The patient squeezes the hand switch or pulls its plug: the output is cut."
    ),
    "help.stopping.red_button": _("Anybody presses the red button: the hardware cuts the output."),
    "help.stopping.screen": _(
        "Stop on a screen lets the current fall to zero within {ramp_down}; it can also be cut at "
        "once."
    ),
    "help.stopping.by_itself": _(
        "The unit ends the output by itself when anything it measures is wrong, when the screen is "
        "silent for {screen_silent}, and when its program hangs."
    ),
    "help.stopping.after": _("After each stop the level is zero; nothing comes back by itself."),
    "help.stopping.never_blocked": _("No question, no lock and no rule can hold up a stop."),
    "help.how_often.title": _("How often"),
    "help.how_often.a_day": _("At most {a_day} sessions a day, at least {apart} apart."),
    "help.how_often.two_days": _("At most {in_two_days} sessions in any {two_days}."),
    "help.how_often.strengthening": _(
        "After the first strengthening session of a course {after_first} of rest, after later ones "
        "{after_later}."
    ),
    "help.how_often.no_override": _("No reason lifts these; a refusal says from when it may be."),
    "help.how_often.course": _(
        "After the sessions of a course the unit asks for a review before it goes on."
    ),
    "help.skin_and_pads.title": _("Skin and pads"),
    "help.skin_and_pads.sensation": _(
        "Where the skin feels nothing no pad is placed. Where feeling is altered no motor and no "
        "brief-intense programme is given, and others only with a reason."
    ),
    "help.skin_and_pads.before_and_after": _(
        "Look at the skin under each pad before and after each session."
    ),
    "help.skin_and_pads.grades": _(
        "Even pink is normal. Patchy, itching or lasting marks halve the next level there; a "
        "blister, a burn or broken skin blocks the place."
    ),
    "help.skin_and_pads.patch_test": _(
        "A piece of the same pad, without current, worn for {patch_test}, shows whether the skin "
        "bears it."
    ),
    "help.skin_and_pads.one_patient": _("Pads are for one patient and carry that patient's label."),
    "help.skin_and_pads.uses": _(
        "The unit warns at {pad_warn_uses} uses and refuses a set after {pad_block_uses} uses or "
        "{pad_block_days} days."
    ),
    "help.skin_and_pads.apart": _("Edges of two pads stay at least {pad_clear} apart."),
    "help.skin_and_pads.taking_off": _("Peel pads off by the edge, never by the lead."),
    "help.people.title": _("Who works with the unit"),
    "help.people.sign_in": _(
        "Each operator signs in with a PIN of {pin_least} to {pin_most} digits; one person is in "
        "charge at a time."
    ),
    "help.people.roles": _(
        "Clinicians and lead clinicians treat. Service tests and repairs, treats nobody and reads "
        "no patient's file."
    ),
    "help.people.present": _(
        "After {present} without a touch plus and settings need the PIN again; stop, pause and "
        "minus never do."
    ),
    "help.people.wrong_pin": _(
        "Wrong PINs make an operator wait, never longer than {lock_out}; a session goes on "
        "meanwhile."
    ),
    "help.people.lost_pin": _(
        "A lead clinician or service gives a PIN for one sign-in; it is replaced at once."
    ),
    "help.after_harm.title": _("After a shock, a burn or a faint"),
    "help.after_harm.stop": _("Stop the output and take the pads off."),
    "help.after_harm.see_to": _("See to the patient first; call a doctor where it is needed."),
    "help.after_harm.out_of_use": _(
        "Take the unit out of use: it then treats nobody until service releases it."
    ),
    "help.after_harm.incident": _(
        "Keep the incident: the unit has sealed the minute before the stop."
    ),
    "help.cleaning.title": _("Cleaning"),
    "help.cleaning.when": _("Between two patients; the unit asks for it before the next one."),
    "help.cleaning.off": _("Lock the unit and unplug the leads from the pads first."),
    "help.cleaning.how": _(
        "Wipe the case, the leads and the hand switch with a damp cloth; let no liquid in."
    ),
    "help.cleaning.not_tested": _(
        "No disinfectant has been tried: whoever builds a unit has to name one for its parts."
    ),
    "help.cleaning.pads": _("Pads are not cleaned and not shared: throw them away."),
    "help.care.title": _("Care"),
    "help.care.locks": _(
        "From the day due on the unit warns; {lock_days} days later no patient is treated until it "
        "is done and recorded."
    ),
    "help.care.parts": _("A part that is damaged stays out of use until service releases it."),
    "help.care.item": _("{item}: every {days} days, {by}"),
    "help.care.anybody": _("by whoever works with the unit"),
    "help.care.service": _("by service"),
    "help.drills.title": _("Safety drills"),
    "help.drills.why": _(
        "A person proves that the stops work; the unit leads through it and times it."
    ),
    "help.drills.when": _(
        "Each drill every {drill_days} days; it is announced {drill_warn_days} days before. "
        "Without it nobody can be treated on a real board."
    ),
    "help.drills.load": _("Drills with current need test loads in place of the pads."),
    "help.faults.title": _("Faults and what to do"),
    "help.faults.latched": _(
        "A trip stays until its cause is gone and a person has acknowledged it; the level is then "
        "zero."
    ),
    "help.faults.service": _(
        "Where a self-test follows, the unit cannot see the cause with the output off; the test "
        "has to pass."
    ),
    "help.faults.first": _("See to the patient first, then read what is shown."),
    "help.faults.cautions": _("Cautions: the output goes on"),
    "help.faults.caution": _("{code} {meaning}"),
    "help.faults.W01": _(
        "The two phases begin to differ: look at the skin, stop if it goes on, call service."
    ),
    "help.faults.W02": _(
        "Contact gets worse: look at the pads. Where it would soon trip, the level is lowered."
    ),
    "help.faults.W03": _("Contact is high: press the pads on, moisten or change them."),
    "help.faults.W04": _(
        "A pad looks dry or half off: its level is lowered; see to it, then raise it again."
    ),
    "help.faults.W05": _(
        "Contact fell: sweat or gel may join the pads, or a pad slid; dry the skin between them."
    ),
    "help.faults.W06": _(
        "A held pad has no contact, its level is zero: put it on, then hold plus to bring it back."
    ),
    "help.faults.cut": _("cut"),
    "help.faults.ramp": _("ramped down"),
    "help.faults.trip": _("{code} {title} {instruction} (Output: {how}.)"),
    "help.faults.trip_self_test": _(
        "{code} {title} {instruction} (Output: {how}; a self-test follows.)"
    ),
    "help.sounds.title": _("Sounds"),
    "help.sounds.shown": _(
        "The screen names what sounds. Where several are due, the first of this list is heard; "
        "only a contraction is announced through the others, but not through a stop."
    ),
    "help.sounds.silent": _(
        "A silence lasts {silence} and covers what was there: whatever comes then is heard at once."
    ),
    "help.sounds.again": _("{sound} – {beeps}, every {every}. {meaning} {silence}"),
    "help.sounds.once": _("{sound} – {beeps}, once. {meaning} {silence}"),
    "help.sounds.long": _("{count} long"),
    "help.sounds.short": _("{count} short"),
    "help.sounds.silenced": _("Can be silenced."),
    "help.sounds.never_silenced": _("Cannot be silenced."),
    "help.sounds.trip": _(
        "The unit stopped. See to the patient, read the screen, then acknowledge."
    ),
    "help.sounds.hand_switch": _(
        "The patient squeezed the hand switch, or it is unplugged. Go there and ask."
    ),
    "help.sounds.with_patient": _(
        "Nobody has touched the screen for a while. Touch it or enter the PIN; else the unit "
        "pauses."
    ),
    "help.sounds.contact": _("Contact changes. Look at both pads of the channel shown."),
    "help.sounds.end": _("Take the pads off and look at the skin."),
    "help.sounds.drill_step": _("Do what the screen asks."),
    "help.sounds.cue": _("It comes {cue} later: tell the patient."),
    "help.records.title": _("Records and names"),
    "help.records.names": _(
        "No name is kept on the unit: which id is which person stands in the clinic's own file."
    ),
    "help.records.kept": _(
        "Each answer, level, refusal and stop is recorded and cannot be changed unnoticed."
    ),
    "help.records.clock": _(
        "Rules that count days need a clock that is set; without one they hold the longer."
    ),
    "help.not_tested.title": _("What has not been tested"),
    "help.not_tested.body": _("Nothing has been tried on a person or on the real output stage."),
    "help.not_tested.standards": _(
        "No test of electrical safety, electromagnetic compatibility, biocompatibility or "
        "cleaning has been done."
    ),
    "help.not_tested.before": _(
        "Whoever builds a unit has to do these tests, and what the law asks for, before a person "
        "is connected."
    ),
}
