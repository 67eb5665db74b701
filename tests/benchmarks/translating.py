"""Translation in the window, measured: the longest stall while a text and a document are translated, and why.

    translating.py [--sentences 400] [--document 2000] [--causes 3]

The trained model of the tests translates, as the real program has it from its library: first a pasted text,
while more is typed below it, then a document. What the threads did in the longest stalls is told, too.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.benchmarks.window import BUDGET, run, start, verdict  # noqa: E402

SETTLE_MS = 8000
TYPE_EVERY_MS = 900
TYPED = 12
"""Sentences that are typed below the text, one after the other."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sentences", type=int, default=400)
    parser.add_argument("--document", type=int, default=2000)
    parser.add_argument("--causes", type=int, default=3)
    parser.add_argument("--child", type=Path)
    options = parser.parse_args()
    if options.child:
        start(lambda window: Person(window, options))
        return
    print(f"load of the computer before: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    with tempfile.TemporaryDirectory() as home:
        causes = Path(home) / "causes"
        told = run(
            home, "--child", str(causes), "--sentences", str(options.sentences),
            "--document", str(options.document), "--causes", str(options.causes), script=Path(__file__),
        )  # fmt: skip
        print(f"longest stall before: {told['before stall']} ms in {told['before seconds']} s")
        for what in ("text", "document"):
            verdict(f"{what}: longest stall", float(told[f"{what} stall"]), BUDGET["stall"], "ms")
            print(f"  most work of the window's own thread at a stretch: {told[f'{what} work']} ms")
            print(f"  stalls over 25 ms: {told[f'{what} over']} in {told[f'{what} seconds']} s")
        print(causes.read_text() if causes.exists() else "")


# --- in the program ---------------------------------------------------------------------------------


def Person(window: Any, options: argparse.Namespace) -> Any:
    """Pastes a text, types below it, then drops a document."""
    from PySide6.QtCore import QObject, QTimer

    from assistant.translation.jobs.records import DocumentState
    from tests.benchmarks.stalls import Stalls
    from tests.made_models.translation.library import MODELS
    from tests.made_models.translation.sentences import sample

    total = options.sentences + options.document + TYPED
    sentences = [example.source for example in sample(("en", "de"), 14, total)]

    class _Person(QObject):
        def begin(self) -> None:
            services = window.context.services
            services.models.library.add([str(MODELS["en-de"].folder)], link=True).result()
            services.settings.translation.target = "de"
            self.page = window.translate
            window.go_to("translate")
            self.stalls = Stalls(self, options.child, options.causes)
            self.typed = 0
            QTimer.singleShot(SETTLE_MS, self.wait)

        # --- nothing, by which the computer's own load is told

        def wait(self) -> None:
            self.stalls.measure()
            QTimer.singleShot(SETTLE_MS, self.waited)

        def waited(self) -> None:
            self.stalls.tell("before")
            self.paste()

        # --- a text

        def paste(self) -> None:
            text = self.page.text
            text.source.field.insertPlainText(self.paragraphs(sentences[: options.sentences]))
            self.stalls.measure()
            text.translator.translate()
            QTimer.singleShot(TYPE_EVERY_MS, self.type)

        def paragraphs(self, sentences: list[str]) -> str:
            return "\n".join(" ".join(sentences[at : at + 4]) for at in range(0, len(sentences), 4))

        def type(self) -> None:
            text = self.page.text
            if self.typed < TYPED:
                text.source.field.moveCursor(text.source.field.textCursor().MoveOperation.End)
                text.source.field.insertPlainText("\n" + sentences[-1 - self.typed])
                text.translator.translate()
                self.typed += 1
            elif text.translator.result is not None:
                self.stalls.tell("text")
                self.drop()
                return
            QTimer.singleShot(TYPE_EVERY_MS, self.type)

        # --- a document

        def drop(self) -> None:
            document = Path(os.environ["OFFLINE_ASSISTANT_HOME"]) / "report.txt"
            whole = sentences[options.sentences : options.sentences + options.document]
            document.write_text(self.paragraphs(whole), encoding="utf-8")
            self.stalls.measure()
            self.page.take_documents([str(document)])
            self.page.documents.jobs.changed.connect(self.changed)

        def changed(self) -> None:
            document = next(iter(self.page.documents.jobs.all.values()))
            if document.state in (DocumentState.DONE, DocumentState.FAILED) and self.stalls.measuring:
                self.stalls.tell("document")
                if document.state is DocumentState.FAILED:
                    print(f"document failed: {document.problem}", flush=True)
                window.close()

    return _Person(window)


if __name__ == "__main__":
    main()
