#!/bin/sh
# Opens Offline Assistant from this folder; with arguments it is the command line.
here=$(dirname "$(readlink -f "$0")")
if [ $# -eq 0 ]; then
    exec "$here/program/offline-assistant-window"
fi
exec "$here/program/offline-assistant" "$@"
