"""Says what of others travels in the built program: THIRD_PARTY.md, the words of all licences, and a bill of
materials (CycloneDX 1.6).

The same program gives the same files, byte for byte.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import uuid
from pathlib import Path, PurePosixPath
from typing import Any

from checkout import version
from licences import terms
from licences.contents import PROJECT, Part, contents, name_system_packages

TITLES = {
    "runtime": "What runs it",
    "python": "Python libraries",
    "library": "Other libraries",
    "model": "Models",
    "data": "Pictures and data",
}
MODEL_TYPES = {"model": "machine-learning-model", "data": "data"}
"""Kinds of parts as CycloneDX calls them; others are libraries."""


def write(folder: Path) -> None:
    """Lays THIRD_PARTY.md, bom.cdx.json and the folder `licences` into the folder of the built program."""
    parts = [part for part in contents(folder) if part.travels]
    name_system_packages(parts)
    shutil.rmtree(folder / "licences", ignore_errors=True)
    for part in parts:
        _copy_texts(part, folder / "licences" / _folder_name(part))
    (folder / "THIRD_PARTY.md").write_text(_page(parts, folder), encoding="utf-8")
    bill = json.dumps(bill_of_materials(parts, folder), indent=1, ensure_ascii=False, sort_keys=True)
    (folder / "bom.cdx.json").write_text(f"{bill}\n", encoding="utf-8")
    print(f"{len(parts)} parts of others are named in THIRD_PARTY.md and bom.cdx.json.")


# --- the words of licences ---------------------------------------------------------------------------------


def _folder_name(part: Part) -> str:
    return re.sub(r"[^\w.+-]+", "-", part.name).strip("-")


def _copy_texts(part: Part, target: Path) -> None:
    taken: set[str] = set()
    for text in part.texts:
        name = text.name
        # Two files of one name lie in two folders of the wheel.
        while name in taken:
            name = f"_{name}"
        taken.add(name)
        target.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(text, target / name)


# --- THIRD_PARTY.md ----------------------------------------------------------------------------------------


def _page(parts: list[Part], folder: Path) -> str:
    texts = [
        f"# What others made, in Offline Assistant {version()}",
        "Offline Assistant is under the MIT licence (`LICENSE`). It holds the parts that are listed here."
        " The words of their licences are in the folder `licences`, by the names of the parts."
        " `bom.cdx.json` lists the same for programs (CycloneDX), with what the parts are made of"
        " themselves and the checksums of libraries.",
        "Nothing is under the GPL or AGPL alone. The runtime of the GNU compilers and PyInstaller's start"
        " program are under the GPL with an exception that allows them in programs under any licence.",
        _exchangeable([part for part in parts if "LGPL" in part.licence]),
    ]
    for kind, title in TITLES.items():
        of_kind = [part for part in parts if part.kind == kind]
        if of_kind:
            texts += [f"## {title}", _rows(of_kind, folder)]
    return "\n\n".join(texts) + "\n"


def _exchangeable(parts: list[Part]) -> str:
    """What the LGPL (section 4 of version 3, section 6 of version 2.1) asks to be said."""
    rows = ["| library | version | where | its source |", "|---|---|---|---|"]
    for part in parts:
        folders = sorted({str(PurePosixPath(name).parent) for name in part.files if _is_library(name)})
        where = "<br>".join(f"`{name}`" for name in folders[:3])
        rows.append(f"| {part.name} | {part.version} | {where} | {part.home} |")
    words = (
        "These libraries are under the GNU Lesser General Public License, in the version that is listed"
        " below. They are files of their own that the program loads when it runs. You may change them and"
        " put others in their place: build the library from its source, with the same major version, and"
        " lay it in the folder named here, under the same file name. Nothing checks or prevents it."
        " Nothing in the terms of Offline Assistant forbids to take it apart in order to find faults in"
        " such changes. Qt's source is at https://download.qt.io/official_releases/qt, that of its Python"
        " binding (PySide6) at https://download.qt.io/official_releases/QtForPython."
    )
    return f"## Libraries that you may exchange\n\n{words}\n\n" + "\n".join(rows)


def _is_library(name: str) -> bool:
    return re.search(r"\.(so|dylib|dll|pyd)\b", name) is not None


def _rows(parts: list[Part], folder: Path) -> str:
    rows = ["| name | version | licence | home page | what it is for |", "|---|---|---|---|---|"]
    for part in parts:
        name = _folder_name(part)
        linked = (
            f"[{part.licence}](licences/{name})" if (folder / "licences" / name).is_dir() else part.licence
        )
        if part.inside and part.kind != "python" and not part.texts:
            linked += f", see {', '.join(part.inside)}"
        said = [part.purpose.partition("\n")[0].removesuffix("."), part.note]
        purpose = "; ".join(words for words in said if words).replace("|", "\\|")
        rows.append(f"| {part.name} | {part.version} | {linked} | {part.home} | {purpose} |")
    return "\n".join(rows)


# --- the bill of materials ---------------------------------------------------------------------------------


def bill_of_materials(parts: list[Part], folder: Path) -> dict[str, Any]:
    """CycloneDX 1.6, without a date, so that it is the same for the same program."""
    components = [_component(part, folder) for part in parts]
    about = {
        "type": "application",
        "bom-ref": PROJECT,
        "name": PROJECT,
        "version": version(),
        "purl": f"pkg:generic/{PROJECT}@{version()}",
        "licenses": [{"license": {"id": "MIT"}}],
    }
    content = json.dumps([about, components], sort_keys=True)
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, content)}",
        "version": 1,
        "metadata": {"component": about},
        "components": components,
        "dependencies": [{"ref": PROJECT, "dependsOn": sorted(part["bom-ref"] for part in components)}],
    }


def _component(part: Part, folder: Path) -> dict[str, Any]:
    name = _folder_name(part)
    generic = f"pkg:generic/{name}@{part.version}" if part.version else f"pkg:generic/{name}"
    component: dict[str, Any] = {
        "type": MODEL_TYPES.get(part.kind, "library"),
        "bom-ref": f"{part.kind}:{part.name}",
        "name": part.name,
        "purl": part.package_url or generic,
        "licenses": [_licence(part.licence)],
    }
    if part.version:
        component["version"] = part.version
    if part.purpose:
        component["description"] = part.purpose.partition("\n")[0]
    if re.match("https?://", part.home):
        component["externalReferences"] = [{"type": "website", "url": part.home}]
    # Of Python libraries those files count that hold machine code.
    counted = [file for file in part.files if part.kind != "python" or _is_library(file)]
    held = [_held(told) for told in part.holds] + [_file(folder, file) for file in counted]
    if held:
        component["components"] = held
    return component


def _licence(told: str) -> dict[str, Any]:
    words = re.split(r"\(|\)|\b(?:OR|AND|WITH)\b", told)
    if all(re.fullmatch(r"[\w.+-]*", word.strip()) for word in words):
        return {"expression": told}
    return {"license": {"name": told}}


def _held(told: dict[str, Any]) -> dict[str, Any]:
    """What a wheel's own bill says of a part; addresses of the machine that built it are left out."""
    held = {key: told[key] for key in ("type", "name", "version", "purl") if told.get(key)}
    if "purl" in held:
        held["purl"] = held["purl"].partition("?")[0].partition("#")[0]
    if licences := terms.told_in_bill(told):
        expressions = [f"({licence})" if len(licences) > 1 else licence for licence in licences]
        held["licenses"] = [_licence(" AND ".join(expressions))]
    return held


def _file(folder: Path, name: str) -> dict[str, Any]:
    digest = hashlib.sha256((folder / name).read_bytes()).hexdigest()
    return {"type": "file", "name": name, "hashes": [{"alg": "SHA-256", "content": digest}]}
