"""Read, measure and draw recordings of the board. No side effects except file access."""
