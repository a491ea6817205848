"""What the buzzer plays: one table of patterns, which of them is due, and who has silenced it."""
