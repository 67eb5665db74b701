#!/bin/sh
# Puts Offline Assistant into the menu of the person who runs this; nobody has to be root.
#
#   ./install.sh                copies the program to ~/.local/share/offline-assistant-program
#   ./install.sh --uninstall    takes it away again; what you keep in it stays

set -eu
here=$(dirname "$(readlink -f "$0")")
home=${HOME:?"is not set, and the program is put there"}
share=${XDG_DATA_HOME:-}
case $share in /*) ;; *) share=$home/.local/share ;; esac
target=$share/offline-assistant-program
incoming=$target.incoming
former=$target.former
programs=$home/.local/bin

refresh() {
    try update-desktop-database "$share/applications"
    try update-mime-database "$share/mime"
    try gtk-update-icon-cache -qtf "$share/icons/hicolor"
}

try() {
    if command -v "$1" >/dev/null; then "$@" 2>/dev/null || true; fi
}

files() {
    (cd "$here/share" && find . -type f)
}

case ${1:-} in
    "") ;;
    --uninstall)
        rm -rf "$target" "$incoming" "$former"
        rm -f "$programs/offline-assistant" "$programs/offline-assistant-window"
        files | while read -r file; do rm -f "$share/$file"; done
        refresh
        echo "Offline Assistant is removed. What you keep in it stays in $share/offline-assistant."
        exit 0
        ;;
    *)
        echo "There is no $1. Alone this installs, with --uninstall it takes the program away again." >&2
        exit 2
        ;;
esac

# Whatever happens on the way, the program that was there before stays until this one can take its place.
trap 'rm -rf "$incoming"' EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM
mkdir -p "$share" "$programs"
if [ ! -e "$target" ] && [ -e "$former" ]; then mv "$former" "$target"; fi
rm -rf "$incoming" "$former"
cp -a "$here/program" "$incoming"
if [ -e "$target" ]; then mv "$target" "$former"; fi
mv "$incoming" "$target"
rm -rf "$former"
for name in offline-assistant offline-assistant-window; do
    ln -sfn "$target/$name" "$programs/$name"
done
files | while read -r file; do
    mkdir -p "$share/$(dirname "$file")"
    cp "$here/share/$file" "$share/$file"
done
refresh
echo "Offline Assistant is in your menu. In a terminal: $programs/offline-assistant"
