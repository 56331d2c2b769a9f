# shellcheck shell=bash
# Finds commands, and installs the Debian packages that bring them where they are missing.

say() { printf '%s\n' "$*" >&2; }
stop() { say "$0: $*"; exit 1; }
has() { command -v "$1" >/dev/null 2>&1; }

# Runs a command as root: directly, or through sudo, which may ask only on a terminal.
as_root() {
    if [[ $(id -u) == 0 ]]; then
        "$@"
    elif [[ -t 0 ]]; then
        sudo "$@"
    else
        sudo -n "$@"
    fi
}

lists_are_fresh=

# install WHY PACKAGE...
install_packages() {
    local why=$1 by_hand
    shift
    by_hand="install it by hand: apt-get install $*"
    has apt-get || stop "$why is missing and this system has no apt-get; install the like of: $*"
    [[ $(id -u) == 0 ]] || has sudo || stop "$why is missing, and only root may install it (no sudo here); $by_hand"
    say "$why is missing: installing $*"
    if [[ -z $lists_are_fresh ]]; then
        as_root apt-get update -q >&2 || stop "apt-get update failed; $by_hand"
        lists_are_fresh=yes
    fi
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "$@" >&2 ||
        stop "$why could not be installed; $by_hand"
}

# need COMMAND PACKAGE...: the command is there afterwards, or the script has ended.
need() {
    local command=$1
    shift
    has "$command" && return
    install_packages "$command" "$@"
    hash -r
    has "$command" || stop "$* was installed, but there is still no $command in PATH"
}
