"""The errors that reach a person: what happened, and what to do about it.

AssistantError
├── UserInputError            the request itself cannot be carried out
├── DocumentError             one file; the others go on
│   ├── UnsupportedFormat
│   ├── PasswordRequired      encrypted; `details["wrong"]` is true when a given password failed
│   ├── UnreadableDocument    damaged, or not what its name says
│   ├── DocumentGone          moved or deleted while it was wanted
│   └── AccessDenied
├── StorageError              the data folder
│   ├── DiskFull
│   ├── DataFolderBusy        another process owns it
│   └── DamagedStore
├── WorkerError               an engine's process
│   ├── WorkerStartFailed
│   ├── WorkerCrashed
│   ├── WorkerOutOfMemory
│   └── WorkerUnresponsive    did not answer within its time limit and was restarted
├── ModelError                a language model's file, or what is asked of it
│   ├── NoModel               none is chosen, or its file is gone
│   ├── ModelUnusable         damaged, of an unknown kind, or not a model at all
│   ├── ModelTooLarge         does not fit into memory
│   ├── PromptTooLong         does not fit into the context
│   └── TemplateRefused       the model's own template rejects the conversation
├── DownloadError             a model's files could not be fetched
│   ├── DownloadsOff          they are forbidden, or the courier is gone
│   ├── Offline               there is no network
│   └── WrongFile             what came is not what was wanted
└── NetworkRefused            something tried to reach a network

`Cancelled` stands apart: stopping is not an error.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

from assistant.error_messages import Detail, words


@dataclass(frozen=True, slots=True)
class Problem:
    """An error as a value: kept with a document or a model, or one of several."""

    code: str
    """Of the class of error; programs rely on it."""
    reason: str
    """Which sentences say it: a key of `error_messages.MESSAGES`."""
    details: dict[str, Detail] = field(default_factory=dict, hash=False)
    """What the sentences name."""

    @classmethod
    def as_told(cls, code: str, message: str, hint: str = "") -> Problem:
        """One whose words came from elsewhere: another program, or a data folder of an earlier version."""
        return cls(code, "as-told", {"message": message, "hint": hint})

    @property
    def message(self) -> str:
        """What happened, in English."""
        return words(self.reason, self.details)[0]

    @property
    def hint(self) -> str:
        """What to do about it, in English; "" where there is nothing."""
        return words(self.reason, self.details)[1]

    def as_json(self) -> dict[str, str]:
        """The error as the command line prints it under `--json`."""
        return {"code": self.code, "message": self.message, "hint": self.hint}


class AssistantError(Exception):
    """What happened and what to do, as a reason and what it names; the words stand in `error_messages`."""

    code: ClassVar[str] = "internal"
    """One for each class; programs rely on it."""

    def __init__(self, reason: str, /, **details: Any) -> None:
        self.reason = reason
        self.details: dict[str, Any] = details
        super().__init__(self.message)

    @property
    def message(self) -> str:
        """What happened, in English: for logs, programs and the command line."""
        return words(self.reason, self.details)[0]

    @property
    def hint(self) -> str:
        """What to do about it, in English."""
        return words(self.reason, self.details)[1]

    @property
    def problem(self) -> Problem:
        return Problem(self.code, self.reason, self.details)

    def __reduce__(self) -> tuple[Any, ...]:
        return (_again, (type(self), self.reason, self.details))


def _again(kind: type[AssistantError], reason: str, details: dict[str, Any]) -> AssistantError:
    """An error that crossed a pipe."""
    return kind(reason, **details)


class UserInputError(AssistantError):
    code = "bad-request"


class DocumentError(AssistantError):
    code = "document"


class UnsupportedFormat(DocumentError):
    code = "unsupported-format"


class PasswordRequired(DocumentError):
    code = "password-required"


class UnreadableDocument(DocumentError):
    code = "unreadable"


class DocumentGone(DocumentError):
    code = "file-gone"


class AccessDenied(DocumentError):
    code = "access-denied"


class StorageError(AssistantError):
    code = "storage"


class DiskFull(StorageError):
    code = "disk-full"


class DataFolderBusy(StorageError):
    code = "data-folder-busy"


class DamagedStore(StorageError):
    code = "damaged-store"


class WorkerError(AssistantError):
    code = "worker"


class WorkerStartFailed(WorkerError):
    code = "worker-start-failed"


class WorkerCrashed(WorkerError):
    code = "worker-crashed"


class WorkerOutOfMemory(WorkerError):
    code = "worker-out-of-memory"


class WorkerUnresponsive(WorkerError):
    code = "worker-unresponsive"


class ModelError(AssistantError):
    code = "model"


class NoModel(ModelError):
    code = "no-model"


class ModelUnusable(ModelError):
    code = "model-unusable"


class ModelTooLarge(ModelError):
    code = "model-too-large"


class PromptTooLong(ModelError):
    code = "prompt-too-long"


class TemplateRefused(ModelError):
    code = "template-refused"


class DownloadError(AssistantError):
    code = "download"


class DownloadsOff(DownloadError):
    code = "downloads-off"


class Offline(DownloadError):
    code = "offline"


class WrongFile(DownloadError):
    code = "wrong-file"


class NetworkRefused(AssistantError):
    code = "network-refused"


class Cancelled(Exception):
    """The person stopped the run."""
