"""What Windows shows of a program under “Properties”, in the form that PyInstaller reads."""

from __future__ import annotations

import re

from checkout import version

TEMPLATE = """\
VSVersionInfo(
  ffi=FixedFileInfo(filevers={numbers}, prodvers={numbers}, mask=0x3f, OS=0x40004, fileType=0x1),
  kids=[
    StringFileInfo([StringTable("040904B0", [
      StringStruct("CompanyName", "The Offline Assistant authors"),
      StringStruct("FileDescription", "Offline Assistant"),
      StringStruct("FileVersion", "{version}"),
      StringStruct("LegalCopyright", "MIT licence"),
      StringStruct("ProductName", "Offline Assistant"),
      StringStruct("ProductVersion", "{version}"),
    ])]),
    VarFileInfo([VarStruct("Translation", [0x409, 1200])]),
  ],
)
"""


def text() -> str:
    """Its numbers are four: “0.1.0” is 0, 1, 0, 0."""
    numbers = [int(number) for number in re.findall(r"\d+", version())[:4]]
    return TEMPLATE.format(version=version(), numbers=tuple(numbers + [0] * (4 - len(numbers))))
