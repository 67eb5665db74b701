"""From a part to chunks: the language of what is too short to tell its own."""

from __future__ import annotations

from tokenizers import Tokenizer

from assistant.documents.indexing.chunk_preparation import ChunkPreparer
from assistant.documents.records import Outcome, Part, Section
from assistant.documents.text.chunking import Chunker

GERMAN = "Der neue Brunnen auf dem nördlichen Feld erreichte im April Wasser in großer Tiefe."


def language(preparer: ChunkPreparer, text: str) -> str:
    part = Part(1, "page 1", Outcome.TEXT, (Section(text, 1, "page 1"),))
    return preparer.prepare(part).chunks[0].language


def test_what_tells_no_language_has_that_of_its_document(tokenizer: Tokenizer) -> None:
    chunker = Chunker(tokenizer)
    alone = language(ChunkPreparer(chunker, "a"), "1 2 3 4")
    learning = ChunkPreparer(chunker, "a")
    assert language(learning, GERMAN) == "de"
    assert language(learning, "1 2 3 4") == "de" != alone
    goes_on = ChunkPreparer(chunker, "a", {"de": 400, "en": 20, alone: 900})
    assert language(goes_on, "1 2 3 4") == "de"
