"""What this computer has, which engines are installed, and the proof that no network is reached."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import metadata

from assistant import __version__, hardware, network_guard, paths
from assistant.chat.service import ChatService
from assistant.documents.embedders.embedder_folder import BUILTIN_NAME
from assistant.documents.store.embedders import look_up
from assistant.errors import Problem
from assistant.models.download.client import Courier
from assistant.models.files.tesseract_files import builtin_languages
from assistant.models.fit.computer import ThisComputer
from assistant.models.fit.records import Computer, Device
from assistant.models.library.model_store import listed
from assistant.models.library.records import Installed
from assistant.models.service import COMPUTER_FILE, HASHES_FILE, LIBRARY, ModelsService

ENGINES = {
    "documents": ("ctranslate2", "chromadb", "pypdfium2"),
    "chat": ("llama-cpp-python",),
    "speech": ("faster-whisper", "soundfile", "onnxruntime"),
    "translation": ("ctranslate2", "sentencepiece"),
    "pictures": ("tesserocr", "rapidocr", "opencv-python-headless", "pillow", "pi-heif"),
}
"""The libraries of each ability, which `doctor` looks for."""


@dataclass(frozen=True, slots=True)
class EngineReport:
    """An ability's libraries with the versions that are installed; None where one is missing."""

    name: str
    libraries: dict[str, str | None]


@dataclass(frozen=True, slots=True)
class DoctorReport:
    version: str
    home: str
    hardware: hardware.Hardware
    used_instructions: tuple[str, ...]
    """Instruction sets of the processor that the chat engine makes use of; empty: it does not start."""
    devices: tuple[Device, ...]
    """Graphics devices."""
    engines: tuple[EngineReport, ...]
    models: tuple[Installed, ...]
    embedder: str
    """The model that searches the documents."""
    recognised_languages: tuple[str, ...]
    """ISO 639-1 codes of those that came along, in which text in pictures is recognised."""
    guard: network_guard.Level
    proofs: tuple[network_guard.Proof, ...]
    downloads: Problem
    """How the courier stands, the one process that may reach a network."""
    attempts: int
    """Tries to reach a network since the start, here and in the engines; the proof's own do not count."""


def doctor(models: ModelsService | None = None) -> DoctorReport:
    """What this computer has, which engines are installed, and the proof that no network is reached.

    Needs no data folder, so it also works while another process owns that. Takes up to some seconds: it
    really tries to connect.
    """
    computer = models.computer() if models is not None else _computer()
    courier = models.courier if models is not None else Courier(paths.models_folder() / HASHES_FILE)
    return DoctorReport(
        version=__version__,
        home=str(paths.home()),
        hardware=computer.hardware,
        used_instructions=computer.used_instructions,
        devices=computer.devices,
        engines=tuple(
            EngineReport(name, {library: _version(library) for library in libraries})
            for name, libraries in ENGINES.items()
        ),
        models=listed(paths.models_folder() / LIBRARY),
        embedder=_embedder(),
        recognised_languages=builtin_languages(),
        guard=network_guard.install(),
        proofs=network_guard.prove(),
        downloads=courier.standing,
        attempts=network_guard.attempts(),
    )


def _computer() -> Computer:
    """This computer, looked at without a data folder of one's own."""
    home = paths.home()
    this = ThisComputer(
        home, paths.models_folder() / COMPUTER_FILE, ChatService(paths.chat_folder()).probe, lambda: ()
    )
    return this.now() if this.pace is not None else this.look()


def _embedder() -> str:
    active, _ = look_up(paths.documents_folder() / paths.DOCUMENTS_FILE)
    return active.title if active is not None else BUILTIN_NAME


def _version(library: str) -> str | None:
    try:
        return metadata.version(library)
    except metadata.PackageNotFoundError:
        return None
