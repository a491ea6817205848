"""The trips: their codes, severities, latch rules, hazards and texts."""
