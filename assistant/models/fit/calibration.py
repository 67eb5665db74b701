"""What models really took and did on this computer, beside what was expected: later predictions learn."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterable
from contextlib import suppress
from functools import cache
from pathlib import Path
from statistics import median

from pydantic import TypeAdapter, ValidationError

from assistant import atomic_write
from assistant.models.fit.records import Corrections, Measured

_KEPT = 200
"""Models with their settings, at most; the oldest go."""
_FEWEST = 3
"""So many models or settings have to agree before anything is learned: one alone may be odd."""
_MEMORY = 0.98, 1.2
"""Bounds of the correction of memory, hardly ever lowered: a model may not have needed all of it yet."""
_SPEED = 0.4, 2.5
"""Bounds of the correction of speed."""

log = logging.getLogger(__name__)


class Calibration:
    """Kept in a small file. Its methods may be called from any thread; none of them raises."""

    def __init__(self, file: Path) -> None:
        """Reads nothing yet; the file may not exist."""
        self._file = file
        self._lock = threading.Lock()
        self._known: dict[tuple[object, ...], Measured] | None = None

    def add(self, measured: Measured) -> None:
        """Keep it, in place of what was measured before of the same model and setting."""
        with self._lock:
            known = self._read()
            key = _key(measured)
            known.pop(key, None)
            known[key] = measured
            for oldest in list(known)[: max(0, len(known) - _KEPT)]:
                del known[oldest]
            self._write(known.values())

    def all(self) -> tuple[Measured, ...]:
        """The last at the end."""
        with self._lock:
            return tuple(self._read().values())

    @property
    def corrections(self) -> Corrections:
        """What was measured as a share of what is predicted without them; 1 until enough is known."""
        memory, reading, writing = [], [], []
        for each in self.all():
            before, told, found = each.corrections, each.predicted_speed, each.measured_speed
            memory.append((each.measured, each.predicted / before.memory))
            reading.append((found.reading, told.reading / before.reading))
            writing.append((found.writing, told.writing / before.writing))
        return Corrections(_share(memory, *_MEMORY), _share(reading, *_SPEED), _share(writing, *_SPEED))

    def _read(self) -> dict[tuple[object, ...], Measured]:
        if self._known is None:
            self._known = {_key(each): each for each in self._on_disk()}
        return self._known

    def _on_disk(self) -> tuple[Measured, ...]:
        try:
            return _adapter().validate_json(self._file.read_bytes())
        except FileNotFoundError:
            return ()
        except OSError as error:
            log.info("what models took before cannot be read: %s", error)
            return ()
        except ValidationError:
            log.info("%s is damaged; it is put aside and begun anew", self._file)
            with suppress(OSError):
                self._file.replace(self._file.with_suffix(".damaged"))
            return ()

    def _write(self, known: Iterable[Measured]) -> None:
        try:
            atomic_write.write(self._file, _adapter().dump_json(tuple(known)).decode())
        except OSError as error:
            log.info("what a model took is not kept: %s", error)


@cache
def _adapter() -> TypeAdapter[tuple[Measured, ...]]:
    """Made when there is something to read or write: it takes a while."""
    return TypeAdapter(tuple[Measured, ...])


def _key(measured: Measured) -> tuple[object, ...]:
    return measured.path, measured.setting


def _share(pairs: Iterable[tuple[float, float]], least: float, most: float) -> float:
    """The median of what was measured as a share of what was predicted."""
    shares = [measured / predicted for measured, predicted in pairs if measured > 0 and predicted > 0]
    return min(most, max(least, median(shares))) if len(shares) >= _FEWEST else 1.0
