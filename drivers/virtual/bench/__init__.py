"""The test bench on the virtual board: faults, recording, status."""
