"""Prints packaging/constraints.txt: the versions that are installed, of all that the project needs.

The optional parts `dev`, `installer` and `speakers` have to be installed.

.venv/bin/python packaging/pin.py > new.txt && mv new.txt packaging/constraints.txt
"""

from __future__ import annotations

import tomllib
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

HEAD = """\
# Versions that were tested together. packaging/setup.py installs these; packaging/pin.py writes this file.
# A version without its build tag (torch) lets pip take the CPU build or the one for graphics cards.
# llama-cpp-python is published as source only; packaging/setup.py builds it once and keeps the wheel.
# The environment variable CMAKE_ARGS reaches that build, e.g. CMAKE_ARGS=-DGGML_VULKAN=on
"""


def main() -> None:
    found = installed("dev", "installer", "speakers")
    print(HEAD + "\n".join(f"{name}=={version}" for name, version in sorted(found.items())))


def installed(*extras: str) -> dict[str, str]:
    """Versions by name of what the project needs here, directly or not, without build tags."""
    project = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text())["project"]
    wanted = [*project["dependencies"]]
    for extra in extras:
        wanted += project["optional-dependencies"][extra]
    found: dict[str, str] = {}
    seen: set[tuple[str, str]] = set()
    waiting = [(Requirement(text), "") for text in wanted]
    while waiting:
        requirement, extra = waiting.pop()
        if requirement.marker is not None and not requirement.marker.evaluate({"extra": extra}):
            continue
        name = canonicalize_name(requirement.name)
        distribution = metadata.distribution(name)
        found[name] = distribution.version.partition("+")[0]
        for wanted_extra in ("", *requirement.extras):
            if (name, wanted_extra) not in seen:
                seen.add((name, wanted_extra))
                waiting += [(Requirement(text), wanted_extra) for text in distribution.requires or ()]
    return found


if __name__ == "__main__":
    main()
