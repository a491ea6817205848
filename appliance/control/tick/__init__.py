"""What the loop does with the readings of one tick: feed, judge, measure, announce."""
