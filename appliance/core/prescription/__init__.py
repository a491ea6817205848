"""What is asked for, and the checks that make a prescription of it."""
