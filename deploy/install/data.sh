# shellcheck shell=bash
# Where the records are kept: /var/lib/stimkiosk, on a partition of its own if --data-device names one.
# An empty partition is formatted; one with another file system is refused, whatever is on it.

readonly data_mount=/etc/systemd/system/var-lib-stimkiosk.mount

step_data() {
    put_folder /var/lib/stimkiosk 700
    if [[ -z $data_device ]]; then
        absent "$data_mount"
        return
    fi
    if [[ $mode == install && $data_device == /dev/* ]]; then prepare_device; fi
    put "$data_mount" 644 <<UNIT
# Records survive a full or broken system partition. Nothing on it is a program or a device.
[Unit]
Description=stimkiosk: records

[Mount]
What=$data_device
Where=/var/lib/stimkiosk
Type=ext4
Options=noatime,commit=5,errors=remount-ro,nodev,nosuid,noexec

[Install]
WantedBy=local-fs.target
UNIT
    enabled var-lib-stimkiosk.mount
}

prepare_device() {
    local kind
    [[ -b $data_device ]] || die "$data_device is no partition; name one, such as /dev/mmcblk0p3"
    kind=$(blkid -p -s TYPE -o value "$data_device" || true)
    case $kind in
        ext4) ;;
        '')
            [[ -z $(blkid -p -o value "$data_device" || true) ]] ||
                die "$data_device holds something that is no file system; choose an empty partition"
            say "formatting $data_device, which is empty"
            logged mkfs.ext4 -q -L stimkiosk "$data_device"
            ;;
        *) die "$data_device has a file system of type $kind; choose an empty partition or one with ext4" ;;
    esac
}

undo_data() {
    disabled var-lib-stimkiosk.mount
    taken "$data_mount"
    say 'records stay where they are: /var/lib/stimkiosk'
}
