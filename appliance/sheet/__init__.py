"""The sheet that a patient takes home: what it says, how it is drawn, where it is kept."""
