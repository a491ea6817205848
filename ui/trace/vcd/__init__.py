"""Read value change dumps (VCD files): lines, header, columns of numbers."""
