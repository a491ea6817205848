"""Where a person is in the work at the bedside, as plain values: touches and answers move it on."""
