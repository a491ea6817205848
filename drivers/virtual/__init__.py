"""The virtual board: a pigpio daemon, a kernel side and an output stage without hardware."""
