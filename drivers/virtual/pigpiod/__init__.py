"""pigpiod v79 as its clients see it: frames, pins, waves, scripts, notifications.

Comments name the function of pigpio.c whose behaviour is reproduced. Dangerous behaviour of the
real daemon is reproduced on purpose and must not be made safer.
"""
