"""The virtual board: a simulated pigpio daemon, Pi kernel interfaces and output stage."""
