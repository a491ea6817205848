"""pigpio."""
