"""The catalogue of programmes and, later, screening and placement."""
