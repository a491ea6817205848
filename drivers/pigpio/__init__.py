"""Drive the pulse output through the pigpio daemon: client, waves, notifications, guard script."""
