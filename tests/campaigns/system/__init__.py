"""The installer and its units on a real systemd, in a container: `make system-test`."""
