"""What the drivers use of the operating system: TCP connection table, regular files, signals."""
