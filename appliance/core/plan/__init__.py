"""From a prescription to slices: timeline, compiler, decoder, amplitude codes, dose."""
