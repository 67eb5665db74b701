"""What guessing by looking up the prompt gains: the trained test model's copied answers, with and without.

    python -m tests.benchmarks.prompt_lookup [--cases 100] [--threads 2]

The model is tiny, so that a step costs hardly more than the program around it; with a large one a step that
checks eight guesses costs little more than one that checks none, and more is gained for each one accepted.
"""

from __future__ import annotations

import argparse
import tempfile
from dataclasses import replace
from pathlib import Path

from assistant.chat.records import Completion, LoadOptions, Sampling
from assistant.chat.service import ChatService
from tests.made_models.grounded.facts import PRODUCT, Kind, Maker


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--cases", type=int, default=100)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        chat = ChatService(Path(folder))
        try:
            chat.load(PRODUCT, LoadOptions(threads=options.threads)).result(60)
            for kind in (Kind.SOURCE, Kind.SUMMARY):
                _measure(chat, kind, options.cases)
        finally:
            chat.close()


def _measure(chat: ChatService, kind: Kind, cases: int) -> None:
    maker = Maker(77, trained=False)
    with_, without = _Sum(), _Sum()
    same = 0
    for number in range(cases):
        request = replace(maker.case(kind).request, sampling=Sampling(temperature=0.0))
        order = (True, False) if number % 2 else (False, True)
        texts = []
        for draft in order:
            done = chat.complete(replace(request, prompt_lookup=draft)).result(60)
            (with_ if draft else without).add(done)
            texts.append(done.text)
        same += texts[0] == texts[1]
    gain = (without.seconds / without.tokens) / (with_.seconds / with_.tokens)
    print(
        f"{kind.value}: {gain:.2f} times as fast with guesses ({with_.accepted} of {with_.drafted} accepted, "
        f"{with_.tokens} tokens written); the same answer {same} of {cases} times"
    )


class _Sum:
    def __init__(self) -> None:
        self.tokens = self.drafted = self.accepted = 0
        self.seconds = 0.0

    def add(self, done: Completion) -> None:
        self.tokens += done.tokens
        self.seconds += done.writing_seconds
        self.drafted += done.drafted
        self.accepted += done.accepted


if __name__ == "__main__":
    main()
