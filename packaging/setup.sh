#!/bin/sh
# Makes .venv ready to run or to test the program from this checkout.
#
#   sh packaging/setup.sh [run|dev|installer]
#
# Finds a Python, and leaves the rest to setup.py beside this file. When nothing has changed since the last
# time it ends at once.

set -eu
cd "$(dirname "$0")/.."
purpose=${1:-run}

# What the environment was made from, and where: a virtual environment does not survive being moved.
fingerprint="$(cat pyproject.toml assistant/__init__.py packaging/constraints.txt packaging/setup.sh packaging/setup.py packaging/checkout.py packaging/llama_wheel.py packaging/llama/* packaging/tessdata.py | cksum) $PWD"
stamp=.venv/ready-$purpose
if [ -x .venv/bin/python ] && [ "$(cat "$stamp" 2>/dev/null)" = "$fingerprint" ]; then
    exit 0
fi

find_python() {
    for candidate in ${PYTHON:-} python3 python3.13 python3.12 python3.11 python3.14; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            printf '%s\n' "$candidate"
            return 0
        fi
    done
    return 1
}

can_make_environments() {
    "$1" -c 'import ensurepip, venv, ssl, sqlite3' 2>/dev/null
}

install_python() {
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        echo "Installing Python from the system's packages"
        apt-get update -q
        DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends \
            python3 python3-venv ca-certificates
    else
        echo "Python 3.11 or newer with its venv module is needed. On Debian and its kin:" >&2
        echo "    sudo apt-get install python3 python3-venv" >&2
        echo "Another Python can be named: PYTHON=/path/to/python3.12 make $purpose" >&2
        exit 1
    fi
}

python=$(find_python) && can_make_environments "$python" || {
    install_python
    python=$(find_python) && can_make_environments "$python" || {
        echo "The system's packages hold no Python 3.11 or newer. Install one and name it:" >&2
        echo "    PYTHON=/path/to/python3.12 make $purpose" >&2
        exit 1
    }
}

exec "$python" packaging/setup.py "$purpose" --fingerprint "$fingerprint"
