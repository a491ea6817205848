"""Texts of placements: landmarks, levels, positions, steps, what to feel and to see."""

from appliance.texts.catalogue.mark import translatable as _

PLACEMENT = {
    # Refusals.
    "placement.asked": _("another placement for {programme} on {region}"),
    "placement.asked_depth": _("{placement} at the depth {depth}"),
    "placement.other_region": _("another region of the programme"),
    "pad_site.unknown": _("a place that is not known"),
    "pad_site.head": _("head, eyes or mouth"),
    "pad_site.front_of_neck": _("front or side of the neck"),
    "pad_site.chest": _("the chest: no current across or through it"),
    "pad_site.front": _("the front of the trunk"),
    "pad_site.two_regions": _("a pair with its pads in two regions"),
    "pad_site.allowed": _("both pads in one region of neck or back, behind"),
    "pad_site.nearest": _("a placement of the list"),
    "pad_path.off_the_back": _("pad {pad} beyond the neck and back"),
    "pad_path.outside_region": _("pad {pad} outside the {region}"),
    "pad_path.across_midline": _("one channel across the midline, {region}"),
    "pad_path.across_the_chest": _("a pair across the upper back"),
    "pad_path.allowed": _("a pair behind, on one side, upright on the upper back"),
    "pad_path.nearest": _("a placement of the list"),
    "pad_spacing.asked": _("{first} and {second} {gap:mm} apart"),
    "placed.not_yet": _("no pads on the patient"),
    "placed.not_today": _("pads that were placed on another day"),
    "placed.other": _("pads that lie elsewhere than planned"),
    "placed.other_set": _("pads of another set than the one chosen"),
    "placed.as_planned": _("pads placed today as planned"),
    "placed.place": _("place the pads as shown, then confirm"),
    "pad_set.label_taken": _("a label that is taken, or is no letter with up to three digits"),
    "pad_set.no_material": _("no material that can be read"),
    "pad_set.material": _("the maker's name of the pad, at most {most} characters"),
    "pad_set.read_material": _("read it from the bag"),
    "pad_set.new_label": _("a label no pads of this patient have had"),
    "pad_set.size": _("pads of {width:number} x {height:mm}"),
    "pad_set.number": _("{count} pads"),
    "pad_set.unknown": _("pads that are not labelled for this patient"),
    "pad_set.label_new": _("label a new set for this patient"),
    "pad_set.label_of_size": _("label a set for this patient: {size}"),
    "pad_set.out_of_use": _("pads out of use: damaged or thrown away"),
    "pad_set.in_use": _("pads that are whole: damaged ones can burn"),
    "pad_set.uses": _("{count} uses"),
    "pad_set.days": _("{count} days after opening"),
    "pad_set.too_old": _("pads that are too old, or whose age no clock can tell"),
    "pad_set.look_closely": _("look closely at gel and edges, or label a new set"),
    "pad_set.looked_at": _("pads looked at today, since their last use: edges, gel, whole, date"),
    "pad_set.not_looked_at": _("pads not looked at"),
    "pad_set.look": _("look at edges, gel, damage and date"),
    "first_feeling.right": _("Felt at its own pads."),
    "first_feeling.not_yet": _("Nothing is felt yet: go on raising."),
    "first_feeling.nothing": _(
        "Nothing is felt at a level that should be felt. Level to zero; check the pads, test the "
        "sensation again."
    ),
    "first_feeling.other_pair": _(
        "Felt at the other pads: the leads may be swapped. Level to zero; check pads and leads."
    ),
    "first_feeling.other_side": _("Felt on the other side. Level to zero; place the pads again."),
    "first_feeling.away_from_pads": _(
        "Felt away from the pads. Level to zero; place the pads again."
    ),
    "first_feeling.shooting": _("Shooting: a nerve is met. Level to zero; place the pads again."),
    "first_feeling.burning": _(
        "Burning: level to zero; look at skin and pads, place the pads again."
    ),
    "first_feeling.other_placement": _("a mark for a placement that is not the present one"),
    "first_feeling.placed": _("the placement whose pads lie on the patient"),
    "first_feeling.place_first": _("place the pads, then mark"),
    "first_feeling.without_current": _("a mark at level zero"),
    "first_feeling.with_current": _("a mark while the channel plays above zero"),
    "first_feeling.raise_first": _("raise first"),
    "first_feeling.channel": _("channel {channel}"),
    "first_feeling.in_turn": _("one channel alone, in turn, beginning with 1"),
    "first_feeling.unmarked": _("{most} while nothing was marked"),
    "first_feeling.mark": _("mark where channel {channel} is felt, or that nothing is felt"),
    "first_feeling.feel": _(
        "raise channel {channel} alone, {most}, until it is felt, then mark where"
    ),
    "first_feeling.treated": _("the placement that is treated now"),
    "first_feeling.start": _("start the treatment, then mark"),
    "first_feeling.other_level": _("a mark at another level than the channel has"),
    "first_feeling.leave_out": _("leave the level out: the unit knows it"),
    "first_feeling.wrong": _("current after a first feeling that was wrong"),
    "first_feeling.placed_again": _("after the pads were placed again"),
    "first_feeling.place_again": _("place the pads again, then start from zero"),
    # Names of placements, muscles and spots.
    "placement.neck_extensors": _("neck, beside the spine"),
    "placement.upper_trapezius": _("upper trapezius and neck"),
    "placement.levator_scapulae": _("lower end of the levator scapulae, and neck"),
    "placement.suboccipital": _("below the hairline, beside the spine"),
    "placement.thoracic_paraspinals": _("upper back, beside the spine"),
    "placement.between_the_blades": _("between spine and shoulder blade"),
    "placement.lumbar_paraspinals": _("lower back, beside the spine"),
    "placement.multifidus": _("lower back, close to the spine"),
    "placement.lumbar_large": _("lower back, large pads"),
    "muscle.cervical_paraspinals": _("neck extensors"),
    "muscle.upper_trapezius": _("upper trapezius"),
    "muscle.middle_trapezius": _("middle trapezius"),
    "muscle.lower_trapezius": _("lower trapezius"),
    "muscle.levator_scapulae": _("levator scapulae"),
    "muscle.thoracic_paraspinals": _("back extensors of the chest"),
    "muscle.lumbar_paraspinals": _("back extensors of the loin"),
    "muscle.multifidus": _("multifidus"),
    "spot.c3": _("C3"),
    "spot.c3_c4": _("C3-C4"),
    "spot.c4": _("C4"),
    "spot.l1": _("L1"),
    "spot.l3": _("L3"),
    "spot.l5": _("L5"),
    "spot.levator_scapulae": _("levator scapulae"),
    "spot.lower_trapezius": _("lower trapezius"),
    "spot.middle_trapezius": _("middle trapezius"),
    "spot.t1": _("T1"),
    "spot.t12": _("T12"),
    "spot.t1_t2": _("T1-T2"),
    "spot.t4": _("T4"),
    "spot.t8": _("T8"),
    "spot.t9": _("T9"),
    "spot.upper_trapezius": _("upper trapezius"),
    # Landmarks and levels.
    "landmark.back_of_skull": _("the bump at the back of the skull"),
    "landmark.c7": _("C7"),
    "landmark.t3": _("T3"),
    "landmark.t8": _("T8"),
    "landmark.acromion": _("the outer tip of the shoulder (acromion)"),
    "landmark.upper_corner_of_shoulder_blade": _("the upper inner corner of the shoulder blade"),
    "landmark.root_of_scapular_spine": _("the inner end of the ridge of the shoulder blade"),
    "landmark.lower_corner_of_shoulder_blade": _("the lower corner of the shoulder blade"),
    "landmark.dimple": _("the dimple above the buttock"),
    "level.find.c3": _("C3: four above C7; the first below C2, which can be felt."),
    "level.find.c3_c4": _("C3-C4: the gap between the third and fourth bone above C7."),
    "level.find.c4": _("C4: three above C7."),
    "level.find.c7": _("C7: the bone that stands out when the head is bent forward."),
    "level.find.c7_t1": _("C7-T1: the gap below C7."),
    "level.find.t1": _("T1: one below C7."),
    "level.find.t1_t2": _("T1-T2: the gap below the first bone under C7."),
    "level.find.t3": _("T3: level with the inner end of the ridge of the shoulder blade."),
    "level.find.t4": _("T4: one below T3, the level of the ridge of the shoulder blade."),
    "level.find.t6": _("T6: two above T8, the level of the lower corner of the shoulder blade."),
    "level.find.t8": _("T8: level with the lower corner of the shoulder blade or just below."),
    "level.find.t9": _("T9: one below T8, the level of the lower corner of the shoulder blade."),
    "level.find.t12": _("T12: four above L4, the line of the iliac crests."),
    "level.find.l1": _("L1: three above L4, the line of the iliac crests."),
    "level.find.l3": _("L3: one above L4, the line of the iliac crests."),
    "level.find.l4": _("L4: on the line of the iliac crests."),
    "level.find.l5": _("L5: one below L4, the line of the iliac crests."),
    # Positions.
    "side.left": _("patient's left"),
    "side.right": _("patient's right"),
    "side.both": _("patient's left and right"),
    "pad_part.centre": _("centre"),
    "pad_part.upper_edge": _("upper edge"),
    "pad_part.lower_edge": _("lower edge"),
    "gap.beside_the_process": _("inner edge right beside the spine"),
    "gap.half_a_finger": _("inner edge half a finger breadth from the midline"),
    "gap.one_finger": _("inner edge one finger breadth from the midline"),
    "gap.two_fingers": _("inner edge two finger breadths from the midline"),
    "direction.up": _("above"),
    "direction.down": _("below"),
    "direction.outwards": _("to the outside of"),
    "direction.inwards": _("to the inside of"),
    "position.beside_spine": _("{part} at {level}, {gap}"),
    "position.between": _("centre {share} of the way from {start} to {end}"),
    "position.on_landmark": _("centre on {landmark}"),
    "position.one_finger": _("centre one finger breadth {direction} {landmark}"),
    "position.fingers": _("centre {count} finger breadths {direction} {landmark}"),
    # Steps.
    "placement.step.output_off": _("Output is off before a pad is placed or removed."),
    "placement.step.wash_and_dry": _("Wash the skin with soap and water, dry it."),
    "placement.step.clip_hair": _("Clip hair under the pads, never shave."),
    "placement.step.hair_and_collar": _("Pin up long hair; free the neck of collar and chain."),
    "placement.step.below_the_hairline": _("Lift the hair; the whole pad lies on skin below it."),
    "placement.step.bend_the_head": _("Let the head bend forward a little; count up from C7."),
    "placement.step.never_front_of_neck": _("Never on the front or the side of the neck."),
    "placement.step.find_sorest_point": _(
        "Feel for the sorest point of the trapezius within two finger breadths of the place; the "
        "whole pad stays behind its front edge."
    ),
    "placement.step.feel_the_blade": _("Let the arm hang; feel the inner border of the blade."),
    "placement.step.count_from_the_blade": _("With arms hanging, count from the shoulder blade."),
    "placement.step.one_side_only": _(
        "Both pads of a channel lie on one side; none crosses the spine."
    ),
    "placement.step.count_from_the_crests": _(
        "Lay the hands on the iliac crests; the thumbs meet at L4. Count from there."
    ),
    "placement.step.same_height": _("Where both sides are treated, both lie at the same height."),
    "placement.step.close_to_the_midline": _(
        "Keep close to the spine, and off it: a contraction is felt under the fingers beside it."
    ),
    "placement.step.place_pad": _("{pad}, {width:number} x {height:mm}, {side}: {where}."),
    "placement.step.press_edges": _("Press every edge down for some seconds; no gel between pads."),
    "placement.step.spacing": _(
        "{least:number} to {most:mm} from edge to edge of the two pads of a channel; pads of "
        "different channels never touch."
    ),
    "placement.step.leads": _("Connect the leads: the one marked + to the A pad of its channel."),
    # Orientation and polarity.
    "placement.orientation.upright": _("Pads upright, edges along and across the spine."),
    "placement.orientation.along_the_shoulder": _(
        "The outer pad turned along the slope of the shoulder; the inner one upright."
    ),
    "placement.orientation.long_side_along_the_spine": _(
        "The long side of each pad along the spine."
    ),
    "placement.polarity.upper_positive": _(
        "A, the positive pad, is the upper one. Pulses are symmetrical: swap the leads if the "
        "other pad is felt too strongly, with the output off."
    ),
    "placement.polarity.sorest_point_positive": _(
        "A, the positive pad, lies on the sorest point. Pulses are symmetrical: swap the leads if "
        "the other pad is felt too strongly, with the output off."
    ),
    # Depth.
    "placement.depth.neck": _("One distance only: the neck is small and nothing lies deep in it."),
    "placement.depth.upper_back": _(
        "Reaches the muscles; no deeper placement is offered over heart and lungs."
    ),
    "placement.depth.shallow": _(
        "Pads close together: the current stays near the skin, for a small sore place."
    ),
    "placement.depth.usual": _(
        "Pads some ten centimetres apart: the current reaches the muscle between them."
    ),
    "placement.depth.deep": _(
        "Pads far apart, at most fifteen centimetres: the current goes deeper and spreads, so it "
        "is felt less at one place."
    ),
    "placement.depth.multifidus": _(
        "Pads close to each other and to the spine, over the deep muscle beside it."
    ),
    "placement.depth.large": _("Large pads: less current on each square centimetre of skin."),
    # Motor points.
    "motor_point.where": _("{landmark}: {along}, {across}"),
    "motor_point.up": _("{distance} up"),
    "motor_point.down": _("{distance} down"),
    "motor_point.outwards": _("{distance} outwards"),
    "motor_point.inwards": _("{distance} inwards"),
    "placement.motor_point": _(
        "{muscle}: begin at {where}. Slide the pad by 1 cm at 2 pulses a second, from zero for "
        "each place; keep the place with the lowest level that twitches. "
        "The mark is only where to begin."
    ),
    # What to feel and to see.
    "expected.feel.tingling": _("A strong, comfortable tingling under the pads; no contraction."),
    "expected.feel.near_tolerance": _(
        "Strong tingling close to what the patient tolerates, for a short time; no burning."
    ),
    "expected.feel.twitch": _("Taps or twitches under the pads, strong and comfortable."),
    "expected.feel.contraction": _(
        "The muscle tightens and lets go with each on-time; no pain, no shooting."
    ),
    "expected.feel.visible": _("A light, comfortable tightening with each on-time; no pain."),
    "expected.feel.along": _(
        "The muscle tightens; the patient draws in the belly and lifts lightly along with it."
    ),
    "expected.see.nothing_moves": _("Nothing moves. If a muscle moves, lower the level."),
    "expected.see.twitch": _("A small twitch with each pulse or burst; no joint moves."),
    "expected.see.visible": _("The muscle is just seen to tighten and let go; no joint moves."),
    "expected.see.along": _(
        "The muscle beside the spine hardens under a finger. Stop when the movement gets poor."
    ),
    "expected.see.contraction": _(
        "The muscle under the pads tightens and lets go with each on-time; the limbs stay still."
    ),
}
