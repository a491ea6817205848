"""What a test bench does to the board: faults, recording, status."""
