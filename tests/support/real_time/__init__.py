"""What a machine that does not run us in time may spoil, and what is done about it."""
