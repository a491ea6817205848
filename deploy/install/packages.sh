# shellcheck shell=bash
# Debian's packages. Nothing is updated that is there already: releases of a unit are validated.

packages=(
    python3 python3-venv python3-dev gcc libc6-dev make # spidev is published as source only
    cage xwayland dbus libpam-systemd                   # the compositor, which ends without xwayland
    libgl1 libegl1 libgl1-mesa-dri fonts-noto-core fonts-noto-ui-core
    nftables openssh-server
    util-linux-extra # hwclock, for the real-time clock
    systemd-timesyncd
)

is_installed() {
    [[ $(in_root dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null) == installed ]]
}

missing_packages() {
    local package
    for package in "${packages[@]}"; do
        is_installed "$package" || printf '%s\n' "$package"
    done
}

step_packages() {
    local missing
    mapfile -t missing < <(missing_packages)
    ((${#missing[@]})) || return 0
    differs "packages: ${missing[*]}"
    [[ $mode == install ]] || return 0
    say "installing packages: ${missing[*]}"
    logged in_root apt-get update
    logged in_root env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y --no-install-recommends "${missing[@]}"
}

# Packages may be in use by something else.
undo_packages() { say "packages stay installed: ${packages[*]}"; }
