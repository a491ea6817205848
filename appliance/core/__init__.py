"""Pure rules: limits, prescription, plan, compiler, decode, dose. No I/O, no clock."""
