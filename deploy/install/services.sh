# shellcheck shell=bash
# The units, their settings, and what the service manager itself has to be told.

readonly units=(stimkiosk-pigpiod.service stimkiosk-engine.service stimkiosk-kiosk.service)
readonly unit_folder=/etc/systemd/system

step_services() {
    local unit
    for unit in "${units[@]}"; do place "$deploy/services/$unit" "$unit_folder/$unit" 644; done
    put /etc/stimkiosk/engine.env 644 < <(engine_settings)
    put /etc/stimkiosk/kiosk.env 644 <<SETTINGS
STIMKIOSK_SIZE=$display
STIMKIOSK_THEME=$theme
SETTINGS
    virtual_drop_ins
    place "$deploy/services/watchdog.conf" /etc/systemd/system.conf.d/50-stimkiosk.conf 644
    place "$deploy/services/journal.conf" /etc/systemd/journald.conf.d/50-stimkiosk.conf 644
    enabled "${units[@]}"
}

engine_settings() {
    if [[ $virtual_board == yes ]]; then
        printf 'STIMKIOSK_RIG=virtual\nSTIMKIOSK_BOARD=reference\nXDG_RUNTIME_DIR=/run/stimkiosk-board\n'
    else
        printf 'STIMKIOSK_RIG=hardware\nSTIMKIOSK_BOARD=%s\n' "$board"
    fi
}

virtual_drop_ins() {
    local part
    for part in pigpiod engine; do
        local path=$unit_folder/stimkiosk-$part.service.d/virtual.conf
        if [[ $virtual_board == yes ]]; then
            place "$deploy/services/virtual/stimkiosk-$part.conf" "$path" 644
        else
            absent "$path"
        fi
    done
}

undo_services() {
    local unit part
    disabled "${units[@]}"
    if [[ -z $root && -d /run/systemd/system ]]; then
        for unit in stimkiosk-kiosk stimkiosk-engine stimkiosk-pigpiod; do
            systemctl stop "$unit.service" || say "$unit did not stop; restart the machine"
        done
    fi
    for unit in "${units[@]}"; do taken "$unit_folder/$unit"; done
    for part in pigpiod engine; do taken "$unit_folder/stimkiosk-$part.service.d"; done
    taken /etc/stimkiosk/engine.env /etc/stimkiosk/kiosk.env
    taken /etc/systemd/system.conf.d/50-stimkiosk.conf /etc/systemd/journald.conf.d/50-stimkiosk.conf
}
