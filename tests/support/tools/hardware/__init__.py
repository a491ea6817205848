"""The generated pages and drawings of docs/hardware, from the board file and the code's limits."""
