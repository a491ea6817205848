"""The hardware as it is: amperes, microseconds and pins, never patients."""
