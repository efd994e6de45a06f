"""Whether certain bytes stand in a file, or at the beginning of a part of a zip. Pure."""

import zipfile
from typing import Any, BinaryIO

LOOKED_AT = 1024 * 1024


def examine(file: BinaryIO, arguments: dict[str, Any]) -> bool:
    """Whether `arguments["wanted"]` (ASCII) is found."""
    wanted = arguments["wanted"].encode()
    if wanted in file.read():
        return True
    file.seek(0)
    if not zipfile.is_zipfile(file):
        return False
    file.seek(0)
    with zipfile.ZipFile(file) as archive:
        for member in archive.infolist():
            with archive.open(member) as part:
                if wanted in part.read(LOOKED_AT):
                    return True
    return False
