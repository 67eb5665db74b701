"""Who answers in a conversation."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Assistant:
    """A character for the model: what it is told before every conversation, and what it works with."""

    id: str
    name: str
    instructions: str
    """The system message."""
    about: str = ""
    """One line that says what it is for."""
    not_for: str = ""
    """One honest line that says what it is not for; shown where the assistant is used."""
    model: str = ""
    """Path of a GGUF file; "" for the one in the settings."""
    adapter: str = ""
    """Path of a LoRA adapter (GGUF) that goes on top of the model; "" for none."""
    collection: str = ""
    """Documents that it answers from; "" for none."""
    all_documents: bool = False
    """It answers from all documents of the person."""
    language: str = ""
    """ISO 639-1 of the language that it answers in; "" for that of the question."""
    own: bool = False
    """Made or changed by the person."""
    builtin: bool = False
    """It came with the program: deleting it takes back the person's changes."""
