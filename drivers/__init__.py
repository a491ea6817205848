"""Hardware drivers: amperes, microseconds and pins. No notion of a patient."""
