"""Reruns real-time tests that failed because the machine did not run the processes in time."""
