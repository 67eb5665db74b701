"""llama.cpp's libraries are loaded by ctypes from the folder `lib` of the package.

So are, by name and at run time, the back ends for each kind of processor (`libggml-cpu-*`), to which nothing
is linked.
"""

from PyInstaller.utils.hooks import collect_dynamic_libs

binaries = collect_dynamic_libs("llama_cpp", search_patterns=["*.so", "*.so.[0-9]", "*.dll", "*.dylib"])
# The server needs libraries that nobody installs for this program.
excludedimports = ["fastapi", "huggingface_hub", "transformers", "uvicorn"]
