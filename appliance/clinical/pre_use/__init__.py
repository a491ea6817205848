"""Before a treatment: the patient was told what comes."""
