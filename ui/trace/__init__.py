"""Reading, measuring and drawing recordings of the board. Pure but for opening files."""
