"""The SPI bus with its DAC and ADC, and their scales."""
