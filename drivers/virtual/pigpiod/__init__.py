"""pigpiod v79 as its clients see it: frames, pins, waves, scripts, notifications.

Function names of pigpio.c in comments say which behaviour is reproduced; the dangerous ones are on
purpose and must not be made kinder.
"""
