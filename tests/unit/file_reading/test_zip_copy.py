"""A zip file written again: what is not changed stays as it was, in its order."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

from assistant.file_reading.safe_xml import parse_to_edit, serialise
from assistant.file_reading.zip_copy import copy_archive
from assistant.file_reading.zip_reader import Archive


def test_members_keep_their_order_content_and_packing(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("mimetype", "first", zipfile.ZIP_STORED)
        file.writestr(zipfile.ZipInfo("z.xml", (2001, 2, 3, 4, 5, 6)), "old" * 100)
        file.writestr("a.bin", bytes(range(256)) * 10_000)
    written = io.BytesIO()
    archive = Archive(path)
    asked: list[str] = []

    def change(name: str) -> bytes | None:
        asked.append(name)
        return b"new" if name == "z.xml" else None

    copy_archive(archive, written, change)
    archive.close()
    with zipfile.ZipFile(path) as before, zipfile.ZipFile(written) as after:
        assert asked == after.namelist() == before.namelist()
        assert after.read("z.xml") == b"new"
        assert after.read("a.bin") == before.read("a.bin")
        for one, other in zip(before.infolist(), after.infolist(), strict=True):
            assert (one.compress_type, one.date_time) == (other.compress_type, other.date_time)


def test_xml_that_is_only_read_and_written_keeps_all_it_holds() -> None:
    content = (
        b"<?xml version='1.0' encoding='UTF-8' standalone='yes'?>\n"
        b'<?mso-application progid="x"?><!-- kept --><a:r xmlns:a="urn:a" xmlns:unused="urn:u">'
        b'<a:t xml:space="preserve"> two  words </a:t>\n<![CDATA[<raw>]]><!-- too --></a:r>'
    )
    assert serialise(parse_to_edit(content)).split() == content.split()
