"""What a patient complains of, what is measured over a course, and how a change is read."""
