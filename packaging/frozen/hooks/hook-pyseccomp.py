"""The filter in the kernel is made by a library that not every system has, looked for by name at run time."""

import sys

from PyInstaller.depend.bindepend import resolve_library_path

library = resolve_library_path("libseccomp.so.2") if sys.platform == "linux" else None
binaries = [(library, ".")] if library else []
