"""The people who use the unit: accounts, PINs, who is signed in, who is present."""
