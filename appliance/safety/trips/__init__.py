"""Every trip: its code, its hazard, its latch rule and its texts."""
