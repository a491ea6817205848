# shellcheck shell=bash
# The real-time clock (a DS3231, docs/design.md section 4): the overlay is in the boot configuration.

readonly fake_clocks=(fake-hwclock.service fake-hwclock-load.service fake-hwclock-save.service)

step_clock() {
    place "$deploy/services/stimkiosk-clock.service" /etc/systemd/system/stimkiosk-clock.service 644
    # It would set an old time of its own over that of the chip.
    masked "${fake_clocks[@]}"
}

undo_clock() {
    local unit
    taken /etc/systemd/system/stimkiosk-clock.service
    for unit in "${fake_clocks[@]}"; do taken "/etc/systemd/system/$unit"; done
}
