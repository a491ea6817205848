# shellcheck shell=bash
# Who may open the converters and the lines. After the rules of Raspberry Pi OS (99-com.rules), which
# give them to groups of other users.

step_udev() { place "$deploy/udev/99-stimkiosk.rules" /etc/udev/rules.d/99-stimkiosk.rules 644; }

undo_udev() { taken /etc/udev/rules.d/99-stimkiosk.rules; }
