#!/bin/sh
# Install the system packages named that are missing, or say how to.
# Debian and Ubuntu; elsewhere, install the same programs by their own names.
set -eu

has_chromium() {
    [ -n "${CHROMIUM:-}" ] && return 0
    for name in chromium-headless-shell chromium chromium-browser google-chrome google-chrome-stable; do
        command -v "$name" >/dev/null && return 0
    done
    return 1
}

missing=""
for package in "$@"; do
    case $package in
        bubblewrap) command -v bwrap >/dev/null && continue ;;
        chromium-headless-shell) has_chromium && continue ;;
        libseccomp2) /sbin/ldconfig -p | grep -q 'libseccomp\.so\.2' && continue ;;
        firefox-esr) command -v firefox-esr >/dev/null || command -v firefox >/dev/null && continue ;;
        webkit2gtk-driver) command -v WebKitWebDriver >/dev/null && continue ;;
        xvfb) command -v Xvfb >/dev/null && continue ;;
        debootstrap) [ -x /usr/sbin/debootstrap ] && continue ;;
        qemu-user-static) command -v qemu-aarch64-static >/dev/null && continue ;;
        python3-venv) "${PYTHON:-python3}" -c 'import ensurepip, venv' 2>/dev/null && continue ;;
    esac
    missing="$missing $package"
done
[ -z "$missing" ] && exit 0

as_root=""
[ "$(id -u)" -eq 0 ] || as_root="sudo"
if ! command -v apt-get >/dev/null || { [ -n "$as_root" ] && ! sudo -n true 2>/dev/null; }; then
    echo "Missing, and only root can install it:$missing" >&2
    echo "    On Debian or Ubuntu run: sudo apt-get install$missing" >&2
    case $missing in *chromium*) echo "    or set CHROMIUM to the path of another Chromium." >&2 ;; esac
    exit 1
fi

echo "Installing as root:$missing"
$as_root apt-get update -qq
case $missing in
    *chromium*)
        # Ubuntu has no such package: take Playwright's own build there.
        if ! apt-cache show chromium-headless-shell >/dev/null 2>&1; then
            .venv/bin/python -m playwright install --with-deps chromium
            missing=$(echo "$missing" | sed 's/ chromium-headless-shell//')
        fi ;;
esac
# Ubuntu has Firefox as a snap only: the tests that want it say that it is missing.
if [ "${missing% firefox-esr*}" != "$missing" ] && ! apt-cache show firefox-esr >/dev/null 2>&1; then
    echo "There is no package firefox-esr here: its tests are left out." >&2
    missing=$(echo "$missing" | sed 's/ firefox-esr//')
fi
# shellcheck disable=SC2086  # a list of words
[ -z "$missing" ] || DEBIAN_FRONTEND=noninteractive $as_root apt-get install -qq --no-install-recommends $missing >/dev/null
