# shellcheck shell=bash
# Closed by default: a firewall that drops, and SSH that is off, for keys of the maintenance group, for
# the commands of a list, and opened by a helper with two verbs.

readonly helpers=/usr/local/lib/stimkiosk
readonly network_units=(stimkiosk-firewall.service stimkiosk-maintenance.socket
    stimkiosk-maintenance@.service stimkiosk-maintenance-close.timer stimkiosk-maintenance-close.service)
readonly always_on=(stimkiosk-firewall.service stimkiosk-maintenance.socket)
# A file on the boot partition would switch SSH on, and so would a connection.
readonly ways_in=(sshswitch.service ssh.socket)

step_network() {
    local unit
    for unit in "${network_units[@]}"; do
        place "$deploy/network/$unit" "/etc/systemd/system/$unit" 644
    done
    place "$deploy/network/firewall.nft" /etc/stimkiosk/firewall.nft 644
    put_folder /etc/stimkiosk/maintenance 755
    place "$deploy/network/maintenance-shell" "$helpers/maintenance-shell" 755
    place "$deploy/network/maintenance-access" "$helpers/maintenance-access" 755
    place "$deploy/network/sshd.conf" /etc/ssh/sshd_config.d/10-stimkiosk.conf 644
    keys
    enabled "${always_on[@]}"
    disabled ssh.service
    masked "${ways_in[@]}"
}

# Without --maintenance-key the keys that are there stay.
keys() {
    if [[ -n $maintenance_key ]]; then
        ssh-keygen -l -f "$maintenance_key" >/dev/null 2>&1 ||
            die "$maintenance_key holds no public SSH key; give the file that ends with .pub"
        place "$maintenance_key" /etc/stimkiosk/maintenance_keys 644
    elif [[ ! -f $root/etc/stimkiosk/maintenance_keys ]]; then
        put /etc/stimkiosk/maintenance_keys 644 </dev/null
    fi
}

undo_network() {
    local unit
    if [[ -z $root && -d /run/systemd/system ]]; then
        "$helpers/maintenance-access" close || say 'maintenance did not close; restart the machine'
        systemctl stop stimkiosk-firewall.service || true
        nft delete table inet stimkiosk 2>/dev/null || true
    fi
    disabled "${always_on[@]}" stimkiosk-maintenance-close.timer
    for unit in "${network_units[@]}"; do taken "/etc/systemd/system/$unit"; done
    taken /etc/systemd/system/stimkiosk-maintenance-close.timer.d
    for unit in "${ways_in[@]}"; do taken "/etc/systemd/system/$unit"; done
    taken "$helpers" /etc/stimkiosk/firewall.nft /etc/stimkiosk/maintenance \
        /etc/stimkiosk/maintenance_keys /etc/ssh/sshd_config.d/10-stimkiosk.conf
    say 'SSH stays off: systemctl enable --now ssh'
}
