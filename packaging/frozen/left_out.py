"""What the frozen program does not need of its libraries, and why: modules by name, files by pattern."""

from __future__ import annotations

from fnmatch import fnmatchcase

MODULES = {
    # Models come converted; only converting others needs these.
    "torch": "800 MB; without it this installation converts no models",
    "transformers": "as torch",
    "sentence_transformers": "as torch",
    "sklearn": "sentence_transformers'",
    "scipy": "nothing that is kept imports it",
    "sympy": "torch's",
    "networkx": "torch's",
    # What libraries would do with a network, which this program never has.
    "hf_xet": "downloads",
    "kubernetes": "Chroma's server",
    "grpc": "Chroma's telemetry, see vector_index.py",
    "opentelemetry": "the same",
    "google": "the same",
    "uvicorn": "Chroma's server",
    "uvloop": "Chroma's server",
    "fastapi": "servers of Chroma and llama.cpp",
    "starlette": "the same",
    # Under the GPL.
    "readline": "GPL; without it the terminal's `chat` has no arrow keys",
    "_dbm": "GNU dbm is under the GPL",
    "_gdbm": "the same",
    # Optional.
    "sherpa_onnx": "36 MB; it tells who speaks, with models that the person brings",
    # For developers.
    "IPython": "consoles",
    "matplotlib": "pictures of data",
    "pandas": "tables of data",
    "tkinter": "another library of windows",
    "_tkinter": "the same",
    "PyQt5": "another binding to Qt",
    "PyQt6": "the same",
    "hypothesis": "tests",
    "pytest": "tests",
    "mypy": "checks",
    "setuptools": "installing",
    "pkg_resources": "the same",
    "pip": "the same",
    "numpy.f2py": "compiles Fortran",
    "lib2to3": "reads Python 2",
}
"""Modules that import statements lead to, or might where they are installed."""

FILES = {
    "onnxruntime/capi/libonnxruntime.so*": "the library once more, for programs in C",
    "onnxruntime/capi/libonnxruntime_providers_shared.so": "for graphics cards",
    "cv2/data/*": "faces and eyes for detectors that are not used",
    "cv2/*.pyi": "types, for checks",
    "PySide6/Qt/translations/*": "Qt's own words; those of its dialogs that appear are ours",
    "PySide6/Qt/plugins/egldeviceintegrations/*": "screens without a desktop",
    "PySide6/Qt/plugins/generic/*": "the same: mice and keyboards",
    "PySide6/Qt/plugins/platforms/libqeglfs*": "the same",
    "PySide6/Qt/plugins/platforms/libqlinuxfb*": "the same",
    "PySide6/Qt/plugins/platforms/*qminimal*": "for tests of Qt",
    "PySide6/Qt/plugins/platforms/libqvkkhrdisplay*": "screens without a desktop",
    "PySide6/Qt/plugins/platforms/libqvnc*": "windows through a network",
    "PySide6/Qt/plugins/platformthemes/libqgtk3*": "GTK's file dialogs; those of the desktop's portal stay",
    "PySide6/Qt/plugins/platforminputcontexts/*qtvirtualkeyboard*": "GPL; it needs Qt Quick",
    "PySide6/Qt6VirtualKeyboard*": "the same, on Windows",
    "PySide6/Qt/lib/QtVirtualKeyboard*": "the same, on macOS",
    "PySide6/Qt/plugins/imageformats/*qpdf*": "PDFs are drawn by pdfium; it needs Qt's own browser parts",
    "PySide6/Qt/plugins/networkinformation/*": "whether there is a network",
    "PySide6/Qt/plugins/tls/*": "the window opens no connection",
    "PySide6/Qt/plugins/texttospeech/*qtexttospeech_mock*": "for tests of Qt",
    "PIL/_avif*": "pictures of a kind that the program does not read",
    "resources/screenshot.png": "the README's",
    # Linux: what belongs to the person's system and is there wherever a window can open. An older copy beside
    # newer drivers breaks them, and Debian's asks for a newer system than anything else here.
    "libmvec.so*": "a part of the C library",
    "libstdc++.so*": "graphics drivers need the system's",
    "libgcc_s.so*": "the same",
    "libexpat.so*": "fontconfig's",
    "libfontconfig.so*": "reads the system's settings of fonts",
    "libfreetype.so*": "fontconfig's",
    "libX11*.so*": "graphics drivers need the system's",
    "libxcb.so*": "the same",
    "libpulse*.so*": "speaks with the system's sound server",
    "libdbus-1.so*": "speaks with the system's services",
    "libglib-2.0.so*": "the same",
    "libspeechd.so*": "speaks with the system's voices",
}
"""Files by pattern of their path in the program."""


def left_out(path: str) -> bool:
    """Whether a file of this path in the program is one of those."""
    path = path.replace("\\", "/").replace("PySide6/plugins/", "PySide6/Qt/plugins/")  # as Windows has them
    return any(fnmatchcase(path, pattern) for pattern in FILES)
