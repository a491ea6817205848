"""What is promised about time and size, measured: `make bench` prints one table."""
