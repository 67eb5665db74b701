"""A whole program that indexes: run by the tests that kill it. Arguments: the store's folder, then files."""

from __future__ import annotations

import sys
from pathlib import Path

from assistant.documents.service import DocumentsService


def main() -> None:
    service = DocumentsService(Path(sys.argv[1]))
    service.add(sys.argv[2:]).result()
    print(service.pid, flush=True)
    service.wait().result()
    service.close()


if __name__ == "__main__":
    main()
