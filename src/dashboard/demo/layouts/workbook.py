"""Workbooks whose bytes depend on their cells alone."""

import io
import re
import zipfile
from pathlib import Path

from openpyxl import Workbook

# The first day a ZIP archive can name; what Excel would write here is the moment of saving.
STAMP = (1980, 1, 1, 0, 0, 0)
SAVED = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms:)")


def save_stable(book: Workbook, path: Path) -> None:
    """Save a workbook without the moment of saving: the same cells give the same bytes."""
    written = io.BytesIO()
    book.save(written)
    with zipfile.ZipFile(written) as parts, zipfile.ZipFile(path, "w") as target:
        for name in parts.namelist():
            entry = zipfile.ZipInfo(name, date_time=STAMP)
            entry.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(entry, SAVED.sub(rb"\g<1>1980-01-01T00:00:00Z\g<3>", parts.read(name)))
