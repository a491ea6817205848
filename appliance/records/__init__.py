"""Records: migrations, journal, hash chain, queries."""
