"""The pigpio daemon: client, waves, notifications, guard script, stop order."""
