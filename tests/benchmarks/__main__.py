"""Lists the benchmarks, or runs one: `python -m tests.benchmarks [NAME [ARGUMENT…]]`."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).parent


def benchmarks() -> dict[str, str]:
    """First line of the docstring by name, for every file that can be run by itself."""
    found = {}
    for path in sorted(FOLDER.glob("*.py")):
        source = path.read_text(encoding="utf-8")
        if path.stem != "__main__" and 'if __name__ == "__main__"' in source:
            found[path.stem] = (ast.get_docstring(ast.parse(source)) or "").partition("\n")[0]
    return found


def main() -> int:
    known = benchmarks()
    if len(sys.argv) < 2:
        for name, purpose in known.items():
            print(f"{name:24} {purpose}")
        return 0
    name = sys.argv[1]
    if name not in known:
        print(f"There is no benchmark {name!r}; there are: {', '.join(known)}", file=sys.stderr)
        return 2
    # By itself, so that what it measures of its process is its own.
    return subprocess.run([sys.executable, "-m", f"tests.benchmarks.{name}", *sys.argv[2:]]).returncode


if __name__ == "__main__":
    sys.exit(main())
