#!/bin/sh
# Starts the program from this checkout; without a display it shows in the terminal that it works.

set -eu
cd "$(dirname "$0")/.."
program=.venv/bin/offline-assistant

if [ $# -gt 0 ] || [ "$(uname)" = Darwin ] || [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then
    exec "$program" "$@"
fi

question="What leaves my computer?"
echo "No display was found (DISPLAY and WAYLAND_DISPLAY are not set), so the window cannot open."
echo "Here is an answer from the built-in handbook instead. The same in your own words:"
echo "    $program ask \"your question\"        after: $program add FOLDER"
echo
echo "$ offline-assistant ask --collection Handbook \"$question\""
exec "$program" ask --collection Handbook "$question"
