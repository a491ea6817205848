"""Before a treatment: the unit was looked at today, and the patient was told what comes."""
