"""Text that was once read in the wrong encoding and saved again: UTF-8 read as GBK, or GBK read as UTF-8.

The file itself is then in order, so that no encoding can be chosen for it: it stops the build, and the cell
is named (clinical-decisions A19). Its text is not, since it may be a name.
"""

import re
from collections.abc import Sequence

from dashboard.extracts.problems import ExtractError, Problem

MISREAD = (
    "This text was read in the wrong encoding and saved again (UTF-8 as GBK, or GBK as UTF-8). Save the file "
    "again from its source, as 'CSV UTF-8'."
)
# Letters whose GBK bytes begin as Chinese (E4 to E9) or Vietnamese (E1 BA, E1 BB) letters do in UTF-8, and
# what is left where GBK was read as UTF-8. Without one of them a text is not looked at further.
_LEADS = range(0xE4, 0xEA)
_PAIRS = (bytes((lead, trail)) for lead in _LEADS for trail in range(0x40, 0xFF) if trail != 0x7F)
_SUSPECT = re.compile("[" + b"".join(_PAIRS).decode("gb18030", errors="ignore") + "岷峄]|\ufffd\ufffd")
_FOREIGN = re.compile(r"[^\x00-\x7f]+")
_CHINESE = re.compile("[\u4e00-\u9fff]")
_VIETNAMESE = re.compile("[\u1ea0-\u1ef9]")
# Bytes of a run that must come out as Chinese letters of three bytes each; one alone may be chance.
LEAST_SHARE, LEAST_LETTERS = 0.6, 2


def is_suspect(text: str) -> bool:
    """Whether a text holds a character that misread text has; true of some ordinary Chinese, too.

    >>> is_suspect("nausea"), is_suspect("恶心呕吐")
    (False, False)
    """
    return not text.isascii() and _SUSPECT.search(text) is not None


def is_misread(text: str) -> bool:
    """Whether the bytes of a text make another text when they are read in the other encoding.

    >>> is_misread("鎭跺績鍛曞悙"), is_misread("恶心呕吐")
    (True, False)
    """
    return is_suspect(text) and (
        "\ufffd\ufffd" in text or _is_vietnamese(text) or any(map(_is_chinese, _FOREIGN.findall(text)))
    )


def check_cells(file: str, row: int, cells: Sequence[str | None], *, columns: Sequence[str | None]) -> None:
    """Raise `ExtractError` naming file, row and column of the first of these cells that was misread."""
    for place, cell in enumerate(cells):
        if cell is not None and is_misread(cell):
            column = columns[place] if place < len(columns) else None
            raise ExtractError([Problem(file, MISREAD, row=row, column=column)])


def _is_vietnamese(text: str) -> bool:
    try:
        return _VIETNAMESE.search(text.encode("gb18030").decode("utf-8")) is not None
    except UnicodeDecodeError:
        return False


def _is_chinese(run: str) -> bool:
    raw = run.encode("gb18030")
    n_letters = len(_CHINESE.findall(raw.decode("utf-8", errors="ignore")))
    return n_letters >= LEAST_LETTERS and 3 * n_letters >= LEAST_SHARE * len(raw)
