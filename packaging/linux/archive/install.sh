#!/bin/sh
# Puts Offline Assistant into the menu of the person who runs this; nobody has to be root.
#
#   ./install.sh                copies the program to ~/.local/share/offline-assistant-program
#   ./install.sh --uninstall    takes it away again; what you keep in it stays

set -eu
here=$(dirname "$(readlink -f "$0")")
share=${XDG_DATA_HOME:-}
case $share in /*) ;; *) share=$HOME/.local/share ;; esac
target=$share/offline-assistant-program
programs=$HOME/.local/bin

refresh() {
    for command in "update-desktop-database $share/applications" "update-mime-database $share/mime" \
        "gtk-update-icon-cache -qtf $share/icons/hicolor"; do
        if command -v "${command%% *}" >/dev/null; then $command 2>/dev/null || true; fi
    done
}

remove() {
    rm -rf "$target"
    rm -f "$programs/offline-assistant" "$programs/offline-assistant-window"
    (cd "$here/share" && find . -type f) | while read -r file; do rm -f "$share/$file"; done
}

if [ "${1:-}" = --uninstall ]; then
    remove
    refresh
    echo "Offline Assistant is removed. What you keep in it stays in $share/offline-assistant."
    exit 0
fi

incoming=$target.incoming
rm -rf "$incoming"
mkdir -p "$share" "$programs"
cp -a "$here/program" "$incoming"
remove
mv "$incoming" "$target"
for name in offline-assistant offline-assistant-window; do
    ln -s "$target/$name" "$programs/$name"
done
(cd "$here/share" && find . -type f) | while read -r file; do
    mkdir -p "$share/$(dirname "$file")"
    cp "$here/share/$file" "$share/$file"
done
# A menu knows no search path of the shell.
entry=$share/applications/offline-assistant.desktop
escaped=$(printf '%s' "$target/offline-assistant-window" | sed 's/[\\"`$]/\\&/g; s/%/%%/g; s/\\/\\\\/g')
{ grep -v '^Exec=' "$entry"; printf 'Exec="%s" %%F\n' "$escaped"; } >"$entry.new"
mv "$entry.new" "$entry"
refresh
echo "Offline Assistant is in your menu. In a terminal: $programs/offline-assistant"
