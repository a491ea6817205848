"""A prescription: its draft, its waveform, and the checks of every limit."""
