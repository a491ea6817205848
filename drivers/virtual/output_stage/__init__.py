"""The simulated output stage on the board's pins, in SI floats (A, V, Ω, F) and nanoseconds."""
