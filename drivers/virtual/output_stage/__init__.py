"""The output stage behind the pins. Inside: SI floats (ampere, volt, ohm, farad) and ns of time."""
