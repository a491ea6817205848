# shellcheck shell=bash
# Users and groups: stim (engine), stim-kiosk, stim-maint; stim-link may connect to the engine.

step_users() {
    place "$deploy/users/stimkiosk.conf" /etc/sysusers.d/stimkiosk.conf 644
    users_exist && return
    differs 'users and groups'
    [[ $mode == install ]] || return 0
    logged systemd-sysusers --root="${root:-/}" stimkiosk.conf
}

users_exist() {
    local user
    for user in stim stim-kiosk stim-maint; do
        grep -q "^$user:" "$root/etc/passwd" 2>/dev/null || return 1
    done
    grep -q '^stim-link:' "$root/etc/group"
}

# Users stay: the records belong to stim, and a number must never come to mean somebody else.
undo_users() { taken /etc/sysusers.d/stimkiosk.conf; }
