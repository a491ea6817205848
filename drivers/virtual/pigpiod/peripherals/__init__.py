"""Pins and buses as pigpiod drives them: GPIO, PWM, clocks, SPI, serial."""
