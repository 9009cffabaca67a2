"""Looking at a spreadsheet's archive before anything of it is unpacked (A35, A36).

The directory at an archive's end names every part with its size: a bomb is seen there in a millisecond. The unpacking
itself stops at the size named, so that a directory that lies gains nothing.
"""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import IO

from core.errors import InvalidInput

UNPACKED_AT_MOST = 50 * 2**20
RATIO_AT_MOST = 100
FILES_AT_MOST = 200
_ENCRYPTED = 0x1  # a flag of the zip format

_TOO_LARGE = "xlsx 檔解開後太大，可能含有異常內容。請只留下需要的資料，或分成幾個檔案、改用 csv 匯入。"
_MACROS = "檔案含有巨集。請另存為不含巨集的 xlsx 後再匯入。"
_LOCKED = "檔案設有密碼。請取消密碼後再匯入。"
_NO_ARCHIVE = "檔案不是可讀的 xlsx 檔，可能已損壞。請用試算表軟體開啟、另存為 xlsx 後再匯入。"


def check_archive(file: IO[bytes]) -> None:
    """Pass, or raise ``InvalidInput``: no archive, too large unpacked, macros, a password, names leading elsewhere."""
    try:
        with zipfile.ZipFile(file) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        raise InvalidInput(_NO_ARCHIVE) from None
    _check_sizes(parts)
    for part in parts:
        _check_part(part)


def _check_sizes(parts: Sequence[zipfile.ZipInfo]) -> None:
    unpacked = sum(part.file_size for part in parts)
    packed = sum(part.compress_size for part in parts)
    if len(parts) > FILES_AT_MOST or unpacked > UNPACKED_AT_MOST or unpacked > packed * RATIO_AT_MOST:
        raise InvalidInput(_TOO_LARGE)


def _check_part(part: zipfile.ZipInfo) -> None:
    path = PurePosixPath(part.filename.replace("\\", "/"))
    if part.flag_bits & _ENCRYPTED:
        raise InvalidInput(_LOCKED)
    if path.is_absolute() or ".." in path.parts:
        raise InvalidInput(_NO_ARCHIVE)
    if path.name.lower() == "vbaproject.bin":
        raise InvalidInput(_MACROS)
