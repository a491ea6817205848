# shellcheck shell=bash
# Which machine and which system: refuses in one line what cannot work. Runs before every other step.

readonly supported_models='3 Model B Plus, 4 Model B, Compute Module 4, Zero 2 W'

device_tree() {
    local file=$root/proc/device-tree/$1
    if [[ -r $file ]]; then tr -d '\0' <"$file"; fi
}

# Bits 12 to 15 of the revision code are the processor; 4 is BCM2712, the chip of the Pi 5 family.
processor() {
    local code
    code=$(od -An -tx1 "$root/proc/device-tree/system/linux,revision" 2>/dev/null | tr -d ' \n')
    [[ -z $code ]] || echo $((0x$code >> 12 & 0xF))
}

check_model() {
    local model
    model=$(device_tree model)
    case $model in
        'Raspberry Pi 5'* | 'Raspberry Pi Compute Module 5'* | 'Raspberry Pi 500'*) refuse_rp1 "$model" ;;
        'Raspberry Pi '*) ;;
        *) die "this is no Raspberry Pi${model:+ but a $model}; use one of $supported_models, or --virtual-board" ;;
    esac
    [[ $(processor) != 4 ]] || refuse_rp1 "$model"
    case ${model#Raspberry Pi } in
        '3 Model B Plus'* | '4 Model B'* | 'Compute Module 4'* | 'Zero 2 W'*) ;;
        *) die "$model is not supported; use one of $supported_models" ;;
    esac
}

refuse_rp1() {
    die "$1: pigpio cannot drive the pins of a Pi 5, they sit behind another chip; use one of $supported_models"
}

# A 64-bit kernel with 32-bit programs is the stock state of some images, so the programs count.
check_width() {
    local kind
    kind=$(od -An -j4 -N1 -tu1 -- "$root/bin/true" 2>/dev/null | tr -d ' ')
    [[ $kind == 2 ]] ||
        die 'this system is 32-bit, for which the screen has no library; install the 64-bit Raspberry Pi OS Lite'
}

check_release() {
    local name
    name=$(sed -n 's/^VERSION_CODENAME=//p' "$root/etc/os-release" 2>/dev/null)
    case $name in
        bookworm | trixie) ;;
        *) die "this system is ${name:-of an unknown release}; install Raspberry Pi OS Lite (64-bit) of Trixie or Bookworm" ;;
    esac
}

check_machine() {
    if [[ $virtual_board == no ]]; then check_model; fi
    check_width
    check_release
}
