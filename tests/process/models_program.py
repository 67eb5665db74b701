"""The command line with a catalogue of one small model, which a server of this computer has.

python models_program.py RESOURCES ARGUMENT…
"""

from __future__ import annotations

import sys
from pathlib import Path

from assistant import network_guard, paths
from assistant.models import before_guard
from tests.process import courier_program


def main() -> None:
    resources = Path(sys.argv.pop(1))
    if before_guard.forbidden() is None:
        before_guard.process = before_guard.launch(courier_program.COMMAND)
    network_guard.install()
    paths.resources = lambda: resources

    from assistant.cli import run

    run()


if __name__ == "__main__":
    main()
