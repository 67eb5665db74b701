"""The command line with another catalogue, whose files a server of this computer has.

python models_program.py RESOURCES SERVER ARGUMENT…
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

from assistant import network_guard, paths
from assistant.models.catalog.records import CatalogEntry
from assistant.models.download import bootstrap
from tests.process import courier_program


def main() -> None:
    resources, server = Path(sys.argv.pop(1)), sys.argv.pop(1)
    if bootstrap.forbidden() is None:
        bootstrap.process = bootstrap.launch(courier_program.COMMAND)
    network_guard.install()
    paths.resources = lambda: resources

    from assistant.cli.main import run
    from assistant.models.catalog import catalog

    load = catalog.load
    catalog.load = lambda path: tuple(_from(server, entry) for entry in load(path))
    run()


def _from(server: str, entry: CatalogEntry) -> CatalogEntry:
    files = (replace(file, address=server + urlsplit(file.address).path) for file in entry.files)
    return replace(entry, files=tuple(files))


if __name__ == "__main__":
    main()
