"""How large the built program is, which parts of it are largest, and on which systems it runs."""

from __future__ import annotations

from collections import Counter
from pathlib import Path, PurePosixPath

from frozen import elf

INNER = "_internal/"
LARGEST = 10

SYSTEMS = {
    "Debian": {"10": (2, 28), "11": (2, 31), "12": (2, 36), "13": (2, 41)},
    "Ubuntu": {"18.04": (2, 27), "20.04": (2, 31), "22.04": (2, 35), "24.04": (2, 39)},
    "Fedora": {str(number): (2, number - 1) for number in range(29, 43)},
    "RHEL": {"8": (2, 28), "9": (2, 34), "10": (2, 39)},
}
"""Which glibc systems bring, oldest first."""

RUNTIME = {"GLIBCXX": "libstdc++.so.6", "CXXABI": "libstdc++.so.6", "GCC": "libgcc_s.so.1"}
"""Families of symbols of the compiler's runtime, and the library that has them."""


def report(folder: Path) -> None:
    """Prints it."""
    print(text(folder))


def text(folder: Path) -> str:
    sizes = file_sizes(folder)
    total = sum(sizes.values())
    lines = [f"{folder.name}: {total / 1e6:,.0f} MB in {len(sizes):,} files", ""]
    lines.append(f"The {LARGEST} largest parts:")
    lines += _rows(part_sizes(sizes), total)
    lines += ["", f"The {LARGEST} largest files:", *_rows(sizes, total), "", *system_lines(folder)]
    return "\n".join(lines)


def file_sizes(folder: Path) -> Counter[str]:
    """Bytes by path."""
    files = (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    return Counter({path.relative_to(folder).as_posix(): path.stat().st_size for path in files})


def part_sizes(sizes: Counter[str]) -> Counter[str]:
    """Bytes by part: a library with what its wheel brings beside it, a folder of resources."""
    parts: Counter[str] = Counter()
    for name, size in sizes.items():
        parts[_part(name)] += size
    return parts


def _part(name: str) -> str:
    top, _, rest = name.removeprefix(INNER).partition("/")
    if not rest:
        if not name.startswith(INNER):
            return "the programs, with all Python code" if "." not in top else "words about it"
        return "libraries of Python and of the system" if ".so" in top else "other files"
    if top == "resources":
        return f"resources/{PurePosixPath(rest).parts[0]}" if "/" in rest else "resources"
    if top.endswith((".dist-info", ".egg-info")):
        return "metadata of libraries"
    return top.removesuffix(".libs").removeprefix("_")


def _rows(sizes: Counter[str], total: int) -> list[str]:
    return [
        f"{size / 1e6:8.1f} MB {size / total:5.1%}  {name}"
        for name, size in sorted(sizes.items(), key=lambda item: (-item[1], item[0]))[:LARGEST]
    ]


# --- what it asks of the system ----------------------------------------------------------------------------


def newest_needs(folder: Path) -> dict[str, tuple[tuple[int, ...], list[str]]]:
    """For each family of symbols the newest version that any file needs, and the files that need it."""
    needs: dict[str, tuple[tuple[int, ...], list[str]]] = {}
    for name in sorted(file_sizes(folder)):
        for family, version in elf.needed_versions(folder / name).items():
            newest, files = needs.get(family, ((), []))
            if version > newest:
                needs[family] = (version, [name])
            elif version == newest:
                files.append(name)
    return needs


def system_lines(folder: Path) -> list[str]:
    needs = newest_needs(folder)
    there = {path.name for path in folder.rglob("*.so.*")}
    lines = []
    for family in ("GLIBC", *RUNTIME):
        if family not in needs:
            continue
        version, files = needs[family]
        number = ".".join(map(str, version))
        others = f" and {len(files) - 3} more" if len(files) > 3 else ""
        where = f"needed by {', '.join(files[:3])}{others}"
        brought = f"; {RUNTIME[family]} travels along" if RUNTIME.get(family) in there else ""
        lines.append(f"{family}_{number}, {where}{brought}")
    if "GLIBC" in needs:
        lines.append(f"Oldest systems that it runs on: {oldest_systems(needs['GLIBC'][0])}")
    return lines


def oldest_systems(glibc: tuple[int, ...]) -> str:
    """The oldest of each family that brings this version or a newer one."""
    found = []
    for family, releases in SYSTEMS.items():
        fitting = [release for release, brought in releases.items() if brought >= glibc]
        found += [f"{family} {release}" for release in fitting[:1]]
    return ", ".join(found) or "newer than those known here"
