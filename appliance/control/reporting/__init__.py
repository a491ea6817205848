"""What leaves the loop: journal, snapshots, indicators, flight recorder, incidents."""
