"""pigpiod's waves: pulses, control blocks, chains, and the DMA that plays them."""
