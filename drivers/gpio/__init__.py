"""Plain lines through gpiozero, and the gate pins through the kernel."""
