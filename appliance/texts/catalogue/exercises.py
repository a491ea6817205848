"""Texts of exercises for at home: title and steps of each, purposes, starts, when to stop."""

from appliance.texts.catalogue.mark import translatable as _

EXERCISES = {
    # Said of every exercise.
    "exercise.dose": _("{sets} times {repetitions}, hold {hold:s}, {days} days a week"),
    "exercise.dose_moving": _("{sets} times {repetitions}, {days} days a week"),
    "exercise.for.mobility": _("to move more freely"),
    "exercise.for.control": _("to control a movement"),
    "exercise.for.strength": _("to train strength"),
    "exercise.for.endurance": _("to train endurance"),
    "exercise.for.stretch": _("to stretch"),
    "exercise.start.sitting": _("Sit upright, feet on the floor."),
    "exercise.start.standing": _("Stand upright, feet apart as wide as the hips."),
    "exercise.start.lying_on_back": _("Lie on the back, knees bent."),
    "exercise.start.lying_knees_bent": _("Lie on the back, knees bent, feet on the floor."),
    "exercise.start.lying_one_knee_bent": _("Lie on the back, one knee bent, one leg straight."),
    "exercise.start.lying_on_front": _("Lie on the front."),
    "exercise.start.lying_on_side": _("Lie on the side, knees bent."),
    "exercise.start.all_fours": _("Hands under the shoulders, knees under the hips."),
    "exercise.stop.pain": _("Stop if it hurts sharply, or if it is worse the next day."),
    "exercise.stop.dizzy": _("Stop if you are dizzy, sick, or see double; tell us."),
    "exercise.stop.arm": _("Stop if pain or numbness goes into the arm; tell us."),
    "exercise.stop.leg": _("Stop if pain or numbness goes into the leg; tell us."),
    "exercise.stop.breath": _("Stop if you are short of breath or hold your breath."),
    # Refusals and findings.
    "exercise.unknown": _("an exercise that is not on the list"),
    "exercise.allowed": _("an exercise of the list, each once"),
    "exercise.nothing": _("no exercise"),
    "exercise.twice": _("an exercise picked twice"),
    "exercise.sets": _("{count} sets"),
    "exercise.repetitions": _("{count} repetitions"),
    "exercise.days": _("{count} days a week"),
    "exercise.hurt": _("{exercise} hurt when it was last asked for"),
    "exercise.hurt_allowed": _("another exercise, or a clinician's reason"),
    "exercise.hurt_nearest": _("pick another, or say why"),
    "exercise.not_asked": _("{exercise} was given and not asked for at this visit"),
    "exercise.asked_allowed": _("done, partly, not done, or pain"),
    "exercise.ask": _("ask how it went"),
    "exercise.not_given": _("{exercise}, which was not given"),
    "exercise.given": _("exercises that were given"),
    "advice.unknown": _("advice that is not on the list"),
    "advice.allowed": _("advice of the list, each once"),
    # Each advice.
    "advice.stay_active": _("Stay active; go on with what you can do."),
    "advice.know_the_course": _("Pain does not always mean damage; ask us when in doubt."),
    "advice.change_position": _("Change your position at least every half hour."),
    "advice.muscle_soreness": _("Sore muscles for two days after contractions are usual."),
    "advice.warning_muscle": _(
        "Dark urine, swelling, weakness, or pain beyond measure within four days: see a doctor "
        "the same day and tell us."
    ),
    "advice.look_at_skin": _(
        "Look at the skin under the pads tonight and tomorrow; tell us of redness, itching or "
        "blisters."
    ),
    "advice.warning_nerves": _(
        "Numbness between the legs, loss of control over bladder or bowel, or a leg that grows "
        "weak: go to an emergency room at once."
    ),
    "advice.warning_neck": _(
        "New severe headache, double vision, trouble with speech or walking: call an ambulance."
    ),
    "advice.stand_up_slowly": _(
        "Stand up slowly after a treatment; sit down again if you feel faint."
    ),
    "advice.pads_stay_here": _("Pads and leads stay in the clinic."),
    "advice.heat": _("Warmth on the muscle is fine at home; not directly before a treatment here."),
    # Each exercise.
    "exercise.neck_retraction.title": _("Neck retraction"),
    "exercise.neck_retraction.step_1": _("Look straight ahead and keep the chin level."),
    "exercise.neck_retraction.step_2": _(
        "Glide the head straight back, as if to make a double chin."
    ),
    "exercise.neck_retraction.step_3": _("Hold, then let it glide forward again."),
    "exercise.neck_rotation.title": _("Neck rotation"),
    "exercise.neck_rotation.step_1": _("Keep the chin level and the shoulders down."),
    "exercise.neck_rotation.step_2": _("Turn the head slowly to one side until it feels tight."),
    "exercise.neck_rotation.step_3": _("Come back to the middle, then turn to the other side."),
    "exercise.neck_side_bend.title": _("Neck side bend"),
    "exercise.neck_side_bend.step_1": _("Let both shoulders hang."),
    "exercise.neck_side_bend.step_2": _(
        "Bring one ear towards its shoulder until it feels tight; the shoulder stays down."
    ),
    "exercise.neck_side_bend.step_3": _("Come back to the middle, then bend to the other side."),
    "exercise.neck_flexion.title": _("Neck bend forward"),
    "exercise.neck_flexion.step_1": _("Nod first, then let the head sink forward slowly."),
    "exercise.neck_flexion.step_2": _("Stop where it feels tight; do not pull with the hands."),
    "exercise.neck_flexion.step_3": _("Roll the head up again."),
    "exercise.deep_neck_nod.title": _("Small nod, lying"),
    "exercise.deep_neck_nod.step_1": _("Rest the head on a thin pillow."),
    "exercise.deep_neck_nod.step_2": _(
        "Nod as if to say yes, so little that the front of the neck stays soft."
    ),
    "exercise.deep_neck_nod.step_3": _("Hold, breathe, then let go."),
    "exercise.neck_isometric_side.title": _("Press sideways against the hand"),
    "exercise.neck_isometric_side.step_1": _("Lay a hand on the side of the head above the ear."),
    "exercise.neck_isometric_side.step_2": _(
        "Press the head lightly against the hand; nothing moves."
    ),
    "exercise.neck_isometric_side.step_3": _("Let go slowly, then change sides."),
    "exercise.neck_isometric_back.title": _("Press backwards against the hands"),
    "exercise.neck_isometric_back.step_1": _("Fold the hands behind the head, chin level."),
    "exercise.neck_isometric_back.step_2": _(
        "Press the head lightly into the hands; nothing moves."
    ),
    "exercise.neck_isometric_back.step_3": _("Let go slowly."),
    "exercise.trapezius_stretch.title": _("Stretch of the upper trapezius"),
    "exercise.trapezius_stretch.step_1": _(
        "Hold the seat with one hand, so that its shoulder stays down."
    ),
    "exercise.trapezius_stretch.step_2": _(
        "Bring the other ear towards its shoulder until the side of the neck feels a pull."
    ),
    "exercise.trapezius_stretch.step_3": _("Hold and breathe, then change sides."),
    "exercise.shoulder_rolls.title": _("Shoulder rolls"),
    "exercise.shoulder_rolls.step_1": _("Let the arms hang."),
    "exercise.shoulder_rolls.step_2": _("Lift the shoulders, take them back, let them sink."),
    "exercise.shoulder_rolls.step_3": _("Roll slowly, without holding the breath."),
    "exercise.shoulder_blade_squeeze.title": _("Shoulder blade squeeze"),
    "exercise.shoulder_blade_squeeze.step_1": _("Let the arms hang, chest upright."),
    "exercise.shoulder_blade_squeeze.step_2": _(
        "Draw the shoulder blades back and down, without lifting the shoulders."
    ),
    "exercise.shoulder_blade_squeeze.step_3": _("Hold, then let go slowly."),
    "exercise.band_row.title": _("Row with a band"),
    "exercise.band_row.step_1": _(
        "Fix a band at the height of the waist and hold both ends, arms forward."
    ),
    "exercise.band_row.step_2": _(
        "Pull the elbows back beside the body; the shoulder blades come together."
    ),
    "exercise.band_row.step_3": _("Let the arms go forward slowly."),
    "exercise.upper_back_stretch.title": _("Stretch between the blades"),
    "exercise.upper_back_stretch.step_1": _("Clasp the hands in front, arms straight."),
    "exercise.upper_back_stretch.step_2": _(
        "Reach forward until the shoulder blades move apart; let the head sink a little."
    ),
    "exercise.upper_back_stretch.step_3": _("Hold and breathe, then come back."),
    "exercise.extension_over_chair.title": _("Lean back over the chair"),
    "exercise.extension_over_chair.step_1": _(
        "Sit with the back of the chair below the shoulder blades, hands behind the head."
    ),
    "exercise.extension_over_chair.step_2": _(
        "Lean back over its edge while the lower back stays still."
    ),
    "exercise.extension_over_chair.step_3": _("Come up again slowly."),
    "exercise.seated_turn.title": _("Turn of the chest, sitting"),
    "exercise.seated_turn.step_1": _("Cross the arms, hands on the shoulders, knees together."),
    "exercise.seated_turn.step_2": _(
        "Breathe out and turn chest and head to one side; the hips stay."
    ),
    "exercise.seated_turn.step_3": _("Come back, then turn to the other side."),
    "exercise.thread_the_needle.title": _("Thread the needle"),
    "exercise.thread_the_needle.step_1": _("Reach one arm through under the other, palm up."),
    "exercise.thread_the_needle.step_2": _(
        "Let shoulder and head sink towards the floor as far as it is comfortable."
    ),
    "exercise.thread_the_needle.step_3": _("Come back, then change sides."),
    "exercise.wall_slide.title": _("Arms up the wall"),
    "exercise.wall_slide.step_1": _(
        "Stand with the back to a wall, elbows bent, hands at the height of the head."
    ),
    "exercise.wall_slide.step_2": _("Slide the hands up the wall; the shoulders stay low."),
    "exercise.wall_slide.step_3": _("Slide them down again."),
    "exercise.prone_arm_lift.title": _("Arm lift, lying on the front"),
    "exercise.prone_arm_lift.step_1": _(
        "Rest the forehead on a folded towel, arms out to the sides, thumbs up."
    ),
    "exercise.prone_arm_lift.step_2": _(
        "Draw the shoulder blades together and lift both arms a little."
    ),
    "exercise.prone_arm_lift.step_3": _("Hold, then lower them."),
    "exercise.elbow_lean_wall.title": _("Lean into the elbows"),
    "exercise.elbow_lean_wall.step_1": _(
        "Face a wall, elbows on it at the height of the shoulders, hands together behind the head."
    ),
    "exercise.elbow_lean_wall.step_2": _(
        "Let the chest sink forward between the elbows; the lower back stays still."
    ),
    "exercise.elbow_lean_wall.step_3": _("Come back slowly."),
    "exercise.pelvic_tilt.title": _("Pelvic tilt"),
    "exercise.pelvic_tilt.step_1": _("Put the hands on the hip bones."),
    "exercise.pelvic_tilt.step_2": _(
        "Flatten the lower back against the floor, without lifting the hips."
    ),
    "exercise.pelvic_tilt.step_3": _("Hold and breathe, then let the back arch again."),
    "exercise.knee_to_chest.title": _("Knee to the chest"),
    "exercise.knee_to_chest.step_1": _("Take hold behind one thigh."),
    "exercise.knee_to_chest.step_2": _(
        "Draw the knee towards the chest until the lower back feels a pull."
    ),
    "exercise.knee_to_chest.step_3": _("Hold and breathe, then change legs."),
    "exercise.cat_and_camel.title": _("Round and hollow"),
    "exercise.cat_and_camel.step_1": _("Round the back towards the ceiling, the head sinks."),
    "exercise.cat_and_camel.step_2": _(
        "Let the belly sink until the back is hollow, the head comes up."
    ),
    "exercise.cat_and_camel.step_3": _("Move slowly, only as far as it is comfortable."),
    "exercise.bird_dog.title": _("Arm and leg stretched"),
    "exercise.bird_dog.step_1": _("Tighten the belly lightly; the back stays level."),
    "exercise.bird_dog.step_2": _(
        "Stretch one arm forward and the other leg back, no higher than the back."
    ),
    "exercise.bird_dog.step_3": _("Hold, come back, then change sides."),
    "exercise.bridge.title": _("Bridge"),
    "exercise.bridge.step_1": _("Tighten belly and buttocks."),
    "exercise.bridge.step_2": _("Lift the hips until thighs and trunk are in one line."),
    "exercise.bridge.step_3": _("Hold and breathe, then lower them slowly."),
    "exercise.curl_up.title": _("Curl-up"),
    "exercise.curl_up.step_1": _("Put the hands under the lower back; one leg stays straight."),
    "exercise.curl_up.step_2": _(
        "Lift head and shoulders a little, the lower back keeps its hollow."
    ),
    "exercise.curl_up.step_3": _("Hold, lower them, change legs half way through."),
    "exercise.side_plank_knees.title": _("Side plank on the knees"),
    "exercise.side_plank_knees.step_1": _("Prop yourself up on the elbow, knees bent."),
    "exercise.side_plank_knees.step_2": _("Lift the hips until trunk and thighs are in one line."),
    "exercise.side_plank_knees.step_3": _("Hold and breathe, lower them, then change sides."),
    "exercise.plank_knees.title": _("Plank on the knees"),
    "exercise.plank_knees.step_1": _("Prop yourself up on elbows and knees."),
    "exercise.plank_knees.step_2": _(
        "Lift the hips until shoulders, hips and knees are in one line."
    ),
    "exercise.plank_knees.step_3": _("Hold and breathe, then lower them."),
    "exercise.prone_press_up.title": _("Press-up with the hips down"),
    "exercise.prone_press_up.step_1": _("Put the hands beside the shoulders."),
    "exercise.prone_press_up.step_2": _(
        "Press the upper body up as far as it is comfortable; the hips stay down."
    ),
    "exercise.prone_press_up.step_3": _("Lower it slowly."),
    "exercise.knee_rocking.title": _("Rock the knees"),
    "exercise.knee_rocking.step_1": _("Keep knees and feet together, arms out to the sides."),
    "exercise.knee_rocking.step_2": _("Let both knees sink to one side; the shoulders stay down."),
    "exercise.knee_rocking.step_3": _("Come back, then to the other side."),
}
