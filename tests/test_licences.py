"""What may travel in an installer: told by names, by words inside, and by what is said of a part."""

from __future__ import annotations

from importlib import metadata
from pathlib import Path

import pytest
from PIL import features

import build
import long_work
import pin
from frozen import left_out
from licences import check, contents, terms

PACKAGING = Path(__file__).resolve().parent.parent / "packaging"
ELF = b"\x7fELF\x02\x01\x01\0"
X264 = b"x264 - core %d%s - H.264/MPEG-4 AVC codec - Copy%s 2003-2025 - http://www.videolan.org/x264.html"


def put(folder: Path, name: str, content: bytes = ELF) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def put_distribution(folder: Path, name: str, *lines: str) -> Path:
    """A library as pip installs it, with this metadata."""
    words = "\n".join(["Metadata-Version: 2.4", f"Name: {name}", "Version: 1.0", *lines, "", "GPL"])
    put(folder, f"_internal/{name}-1.0.dist-info/METADATA", words.encode())
    put(folder, f"_internal/{name}/__init__.py", b"")
    record = f"{name}/__init__.py,,\n{name}-1.0.dist-info/METADATA,,\n{name}-1.0.dist-info/sboms/a.json,,\n"
    put(folder, f"_internal/{name}-1.0.dist-info/RECORD", record.encode())
    return folder / f"_internal/{name}-1.0.dist-info"


def violations(folder: Path) -> list[str]:
    found: list[str] = check.violations(folder)
    return found


def test_a_folder_with_free_parts_passes(tmp_path: Path) -> None:
    put(tmp_path, "_internal/pillow.libs/libtiff-20b7e810.so.6.3.0", ELF + b"LIBTIFF, Version 4.7.2")
    put(tmp_path, "_internal/libgcc_s.so.1")
    put(tmp_path, "_internal/resources/icons/LICENSE", b"MIT License")
    put_distribution(tmp_path, "fine", "License-Expression: MIT OR GPL-2.0-only")
    assert violations(tmp_path) == []


@pytest.mark.parametrize(
    "name",
    [
        "_internal/av.libs/libx264-ab12.so.164",
        "_internal/libreadline.so.8",
        "_internal/lib-dynload/readline.cpython-311-x86_64-linux-gnu.so",
        "_internal/PySide6/Qt/plugins/platforminputcontexts/libqtvirtualkeyboardplugin.so",
        "_internal/PySide6/Qt/lib/libQt6Charts.so.6",
        "_internal/PySide6/Qt/lib/QtVirtualKeyboard.framework/Versions/A/QtVirtualKeyboard",
        "_internal/PySide6/Qt6VirtualKeyboard.dll",
        "_internal/PySide6/plugins/platforminputcontexts/qtvirtualkeyboardplugin.dll",
        "_internal/libfftw3f_threads.so.3",
    ],
)
def test_a_library_under_the_gpl_is_refused_by_its_name(name: str, tmp_path: Path) -> None:
    put(tmp_path, name)
    assert f"{name}: by its name" in violations(tmp_path)


@pytest.mark.parametrize(
    ("words", "work"),
    [
        (X264, "x264"),
        (b"JBIG-KIT 2.1 -- (c) 1995-2014 Markus Kuhn -- Licence: GPL", "JBIG-KIT"),
        (b"--prefix=/usr --enable-shared --enable-gpl --enable-pthreads", "parts under the GPL"),
        (b"libavcodec license: GPL version 2 or later", "parts under the GPL"),
        (b"--enable-libx265", "parts under the GPL"),
        (b"libavutil license: nonfree and unredistributable", "may not be passed on"),
    ],
)
def test_a_library_under_the_gpl_is_refused_by_the_words_in_it(
    words: bytes, work: str, tmp_path: Path
) -> None:
    """Under the name of another, and even under one that is excepted."""
    for name in ("_internal/pillow.libs/libtiff-20b7e810.so.6", "_internal/tesserocr.libs/libjbig-1.so.2"):
        put(tmp_path, name, ELF + bytes(100) + words + b"\0")
        assert [line for line in violations(tmp_path) if line.startswith(name) and work in line]


def test_words_that_only_speak_of_such_a_library_are_no_reason(tmp_path: Path) -> None:
    """FFmpeg's decoder knows how x264 signs its videos; a text may tell of anything."""
    put(
        tmp_path,
        "_internal/PySide6/Qt/lib/libavcodec.so.61",
        ELF + b"x264 - core %d\0license: LGPL version 2.1",
    )
    put(tmp_path, "_internal/resources/handbook/Videos.md", X264)
    assert violations(tmp_path) == []


@pytest.mark.parametrize(
    "line",
    [
        "License-Expression: AGPL-3.0-or-later",
        "License-Expression: MIT AND (Apache-2.0 AND GPL-3.0-only)",
        "License: GPLv3",
        "Classifier: License :: OSI Approved :: GNU General Public License v3 (GPLv3)",
    ],
)
def test_a_library_whose_metadata_says_gpl_is_refused(line: str, tmp_path: Path) -> None:
    put_distribution(tmp_path, "wolf", line)
    (told,) = violations(tmp_path)
    assert told.startswith("wolf: ")


def test_what_a_wheel_says_that_it_holds_is_looked_at(tmp_path: Path) -> None:
    folder = put_distribution(tmp_path, "sheep", "License-Expression: MIT")
    licences = b'"licenses": [{"license": {"id": "GPL-3.0-or-later"}}]'
    put(folder, "sboms/a.json", b'{"components": [{"name": "wolf", %s}]}' % licences)
    assert violations(tmp_path) == ["sheep: holds wolf: GPL-3.0-or-later, by its bill of materials"]


def test_the_text_of_the_gpl_beside_a_part_is_refused(tmp_path: Path) -> None:
    title = b"                    GNU GENERAL PUBLIC LICENSE\n                       Version 3, 29 June 2007"
    lesser = b"                  GNU LESSER GENERAL PUBLIC LICENSE\n ... the GNU General Public License"
    put(tmp_path, "_internal/part/COPYING", title)
    put(tmp_path, "_internal/other/COPYING", lesser)
    put(tmp_path, "licences/Qt/GPL-3.0.txt", title)
    assert violations(tmp_path) == ["_internal/part/COPYING: the text of the licence beside a part"]


def test_a_library_of_which_nobody_said_what_it_is_is_refused(tmp_path: Path) -> None:
    put(tmp_path, "_internal/libstranger.so.1")
    (told,) = violations(tmp_path)
    assert told.startswith("libstranger.so.1: nobody said what it is")


@pytest.mark.parametrize(
    "name",
    ["_ctypes.pyd", "select.pyd", "sqlite3.dll", "VCRUNTIME140.dll", "Python.framework/Versions/3.12/Python"],
)
def test_what_python_brings_on_other_systems_is_known(name: str, tmp_path: Path) -> None:
    put(tmp_path, f"_internal/{name}", b"MZ")
    assert violations(tmp_path) == []


def test_a_module_in_machine_code_that_is_not_pythons_is_a_stranger(tmp_path: Path) -> None:
    put(tmp_path, "_internal/stranger.pyd", b"MZ")
    (told,) = violations(tmp_path)
    assert told.startswith("stranger.pyd: nobody said what it is")


@pytest.mark.parametrize(
    "name",
    [
        "PySide6/plugins/platforminputcontexts/qtvirtualkeyboardplugin.dll",
        "PySide6/Qt6VirtualKeyboard.dll",
        "PySide6\\plugins\\tls\\qschannelbackend.dll",
        "PySide6/Qt/lib/QtVirtualKeyboard.framework/Versions/A/QtVirtualKeyboard",
    ],
)
def test_on_other_systems_the_same_is_left_out_of_qt(name: str) -> None:
    assert left_out.left_out(name)
    assert not left_out.left_out("PySide6/plugins/platforms/qwindows.dll")


def test_the_installer_is_not_made_of_what_may_not_travel(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path, "_internal/libx265.so.199")
    monkeypatch.setattr(build, "FOLDER", tmp_path)
    with pytest.raises(long_work.Stop, match=r"libx265\.so\.199: by its name"):
        build.STEPS["licences"]()


@pytest.mark.parametrize(
    ("licence", "may"),
    [
        ("LGPL-3.0-only OR GPL-2.0-only OR GPL-3.0-only", True),
        ("GNU Lesser General Public License v3 (LGPLv3)", True),
        ("GPL-3.0-or-later WITH GCC-exception-3.1", True),
        ("GPL-2.0-or-later", False),
        ("MIT AND GPL-2.0-only", False),
        ("(MIT OR GPL-2.0-only) AND Apache-2.0", True),
        ("(MIT AND GPL-2.0-only) OR AGPL-3.0-only", False),
        ("GNU Affero General Public License v3", False),
    ],
)
def test_of_licences_that_are_offered_one_is_enough(licence: str, may: bool) -> None:
    assert terms.may_travel(licence) is may


# --- the table of parts that no distribution speaks for ----------------------------------------------------


def test_every_library_packed_into_a_wheel_is_known() -> None:
    table = contents._Table()
    unknown = [
        str(file)
        for name in set(pin.installed()) - set(check.NOT_SHIPPED)
        for file in metadata.distribution(name).files or ()
        if file.parts[0].endswith(".libs") and table.entry(file.as_posix()) is None
    ]
    assert unknown == []


def test_the_table_names_nothing_that_may_not_travel_and_has_the_words_of_its_licences() -> None:
    told = contents._told()
    assert [part["name"] for part in told["part"] if not terms.may_travel(part["licence"])] == []
    texts = [text for part in told["part"] for text in part.get("texts", ())]
    texts += [text for more in told["texts"].values() for text in more]
    assert [text for text in texts if not (contents.TEXTS / text).is_file()] == []
    wordless = [part["name"] for part in told["part"] if "LGPL" in part["licence"] and not part.get("texts")]
    assert wordless == []


def test_what_pillows_bill_names_as_optional_is_not_there() -> None:
    assert not features.check("libimagequant")
