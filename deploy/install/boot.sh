# shellcheck shell=bash
# Boot configuration: a block of our own at the end of config.txt, words in the line of cmdline.txt.

readonly quiet_words=(quiet loglevel=3 logo.nologo vt.global_cursor_default=0 consoleblank=0)
# What contradicts the block: firmware audio, an overlay with HDMI audio, the serial console.
readonly set_aside='dtparam=audio=on|dtoverlay=vc4-f?kms-v3d(,.*)?|enable_uart=1|dtoverlay=i2c-rtc,.*'
readonly aside='#stimkiosk: '
readonly cmdline_kept=/etc/stimkiosk/cmdline.before

boot_folder() {
    local folder
    for folder in /boot/firmware /boot; do
        if [[ -f $root$folder/config.txt ]]; then echo "$folder" && return; fi
    done
}

step_boot() {
    local folder
    folder=$(boot_folder)
    if [[ -z $folder ]]; then
        [[ $virtual_board == no ]] || return 0
        die 'there is no config.txt in /boot/firmware or /boot: is the boot partition mounted?'
    fi
    put_on_boot "$folder/config.txt" < <(config_wanted <"$root$folder/config.txt")
    if [[ $mode == install && ! -f $root$cmdline_kept ]]; then
        mkdir -p "$root${cmdline_kept%/*}"
        cp "$root$folder/cmdline.txt" "$root$cmdline_kept"
    fi
    put_on_boot "$folder/cmdline.txt" < <(cmdline_wanted <"$root$folder/cmdline.txt")
    put /etc/modprobe.d/stimkiosk.conf 644 <<'WORDS'
# Firmware audio shares its clock with the waves.
blacklist snd_bcm2835
install snd_bcm2835 /bin/false
WORDS
    masked serial-getty@ttyAMA0.service serial-getty@ttyS0.service
}

# The boot partition knows no modes and no owners: only content counts.
put_on_boot() {
    local path=$root$1 new
    new=$(mktemp)
    cat >"$new"
    if cmp -s "$new" "$path"; then
        rm -f "$new"
        return
    fi
    differs "$1"
    if [[ $mode != check ]]; then
        cp "$new" "$path.new"
        sync -f "$path.new"
        mv -fT "$path.new" "$path"
    fi
    rm -f "$new"
}

without_block() { sed '/^# stimkiosk begin/,/^# stimkiosk end/d'; }

config_wanted() {
    without_block | sed -E "s/^($set_aside)\s*$/$aside&/"
    cat "$deploy/boot/config.txt"
}

config_before() { without_block | sed "s/^$aside//"; }

cmdline_wanted() {
    local words=() kept=() word
    read -ra words || true
    for word in "${words[@]}"; do
        [[ $word =~ ^console=(serial0|ttyAMA0|ttyS0)(,|$) ]] || kept+=("$word")
    done
    for word in "${quiet_words[@]}"; do
        [[ " ${kept[*]} " == *" $word "* ]] || kept+=("$word")
    done
    printf '%s\n' "${kept[*]}"
}

# Given back only where nobody has changed the line since: it may name another root by now.
give_cmdline_back() {
    local current=$root$1/cmdline.txt
    [[ -f $root$cmdline_kept ]] || return 0
    if cmp -s "$current" <(cmdline_wanted <"$root$cmdline_kept"); then
        put_on_boot "$1/cmdline.txt" <"$root$cmdline_kept"
    else
        say "$1/cmdline.txt was changed since, so it stays; without: ${quiet_words[*]} it is as before"
    fi
    taken "$cmdline_kept"
}

undo_boot() {
    local folder
    folder=$(boot_folder)
    if [[ -n $folder ]]; then
        put_on_boot "$folder/config.txt" < <(config_before <"$root$folder/config.txt")
        give_cmdline_back "$folder"
    fi
    taken /etc/modprobe.d/stimkiosk.conf
    taken /etc/systemd/system/serial-getty@tty{AMA0,S0}.service
}
