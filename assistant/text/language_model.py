"""The model that tells languages, unpacked once and then mapped instead of read; only import of py3langid.

    python -m assistant.text.language_model FOLDER

unpacks it, unless that was done. As it comes, every process that starts unpacks 68 MB anew: half a second of
the processor, 75 MB of memory. Mapped, a question touches some hundred pages of it.
"""

from __future__ import annotations

import logging
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from py3langid.langid import MODEL_DIR, MODEL_FILE, LanguageIdentifier

from assistant import paths

log = logging.getLogger(__name__)

_ARRAYS = ("nb_ptc", "nb_pc", "nb_classes", "tk_nextmove", "tk_row", "tk_output")
"""What an identifier consists of, by its own names."""


def identifier(folder: Path | None = None) -> LanguageIdentifier:
    """Tells languages, with confidences from 0 to 1; from the unpacked model where there is one."""
    folder = folder or paths.resources() / "language_model"
    try:
        arrays = {name: _mapped(folder / _name(name)) for name in _ARRAYS}
    except FileNotFoundError:
        arrays = {}
    except (OSError, ValueError, EOFError) as error:
        log.warning("The unpacked language model cannot be used: %s", error)
        arrays = {}
    if not arrays:
        return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    return LanguageIdentifier(
        arrays["nb_ptc"],
        arrays["nb_pc"],
        arrays["nb_classes"].tolist(),
        # It looks into these for each letter, which a plain view of the memory answers sooner than an array.
        arrays["tk_nextmove"].data,
        arrays["tk_output"].data,
        norm_probs=True,
        tk_row=arrays["tk_row"].tolist(),
    )


def unpack(folder: Path) -> None:
    """Make the unpacked model in `folder`, unless it is there."""
    if all((folder / _name(name)).is_file() for name in _ARRAYS):
        return
    packed = LanguageIdentifier.from_model_file(MODEL_FILE)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".incoming-") as scratch:
        made = Path(scratch) / "model"
        made.mkdir()
        for name in _ARRAYS:
            np.save(made / _name(name), _plain(getattr(packed, name)))
        shutil.rmtree(folder, ignore_errors=True)
        made.rename(folder)


def _plain(values: Any) -> np.ndarray[Any, Any]:
    """An array that can be mapped; the states' outputs are a list of small numbers."""
    array = np.asarray(values)
    return array.astype(np.int32) if array.dtype == np.int64 else array


def _mapped(file: Path) -> np.ndarray[Any, Any]:
    # The plain array on the same memory: what is made of it must not be a map of its own.
    return np.asarray(np.load(file, mmap_mode="r"))


def _name(array: str) -> str:
    """The name of a file, with the size of the model that it was made from: another model makes others."""
    return f"{array}-{(MODEL_DIR / MODEL_FILE).stat().st_size}.npy"


if __name__ == "__main__":
    unpack(Path(sys.argv[1]))
