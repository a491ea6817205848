"""Value change dumps read: lines, header, columns of numbers."""
