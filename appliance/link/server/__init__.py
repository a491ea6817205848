"""The engine's end of the link: one thread that accepts, reads, limits and forwards."""
