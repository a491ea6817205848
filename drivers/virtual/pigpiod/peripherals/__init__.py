"""peripherals."""
