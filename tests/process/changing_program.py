"""A whole program that changes the embedder: run by the test that kills it. Arguments: home, a model's id."""

from __future__ import annotations

import sys
from pathlib import Path

from assistant.documents.service import DocumentsService


def main() -> None:
    home, id = Path(sys.argv[1]), sys.argv[2]
    service = DocumentsService(
        home / "documents", library=home / "models/library", embedders=home / "embedders"
    )
    service.use_embedder(id).result()
    print(service.pid, flush=True)
    service.wait_for_embedder().result()
    service.close()


if __name__ == "__main__":
    main()
