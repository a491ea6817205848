"""The prescription being given: levels, contractions, derating by contact."""
