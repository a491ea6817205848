"""Why output ended, since when, by which layer, and when current was zero."""
