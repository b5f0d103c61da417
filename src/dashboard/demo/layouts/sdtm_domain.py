"""One SDTM domain on its way to a file: numbered rows, and supplemental qualifiers beside them."""

import csv
import gzip
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from dashboard.demo.layouts.texts import plain

# SDTMIG 3.4: DM has one row per subject, SV is keyed by visit.
WITHOUT_SEQUENCE = ("DM", "SV")
# What grows with visits, samples or tests is large as text.
COMPRESSED = frozenset(
    {"AE", "BE", "BS", "CM", "DS", "GF", "LB", "MI", "PR", "QS", "RS", "SC", "SS", "SUPPGF", "SV", "TR", "TU"}
)
SUPPLEMENTAL = ("STUDYID", "RDOMAIN", "USUBJID", "IDVAR", "IDVARVAL", "QNAM", "QVAL")


class Domain:
    """The rows of one domain of one study, in the order they are added; `columns` as one text."""

    def __init__(self, code: str, study: str, columns: str) -> None:
        self.code, self.study = code, study
        sequence = () if code in WITHOUT_SEQUENCE else (f"{code}SEQ",)
        self.columns = ("STUDYID", "DOMAIN", "USUBJID", *sequence, *columns.split())
        self.rows: list[dict[str, str]] = []
        self.supplements: list[dict[str, str]] = []
        self._numbers: dict[str, int] = {}

    def add(self, subject: str, values: Mapping[str, Any], **qualifiers: Any) -> None:
        """One row. Qualifiers have no variable in the domain: each with a value becomes a row of SUPP--."""
        number = self._numbers[subject] = self._numbers.get(subject, 0) + 1
        row = {"STUDYID": self.study, "DOMAIN": self.code, "USUBJID": subject}
        if self.code not in WITHOUT_SEQUENCE:
            row[f"{self.code}SEQ"] = str(number)
        self.rows.append(row | {name: plain(value) for name, value in values.items()})
        kept = {name: plain(value) for name, value in qualifiers.items() if plain(value)}
        for name, value in kept.items():
            cells = (self.study, self.code, subject, f"{self.code}SEQ", str(number), name, value)
            self.supplements.append(dict(zip(SUPPLEMENTAL, cells, strict=True)))

    def write(self, folder: Path) -> None:
        """Write <domain>.csv, and supp<domain>.csv where there is a qualifier; large ones as .csv.gz."""
        _write(folder, self.code, self.columns, self.rows)
        if self.supplements:
            _write(folder, f"SUPP{self.code}", SUPPLEMENTAL, self.supplements)


def _write(folder: Path, code: str, columns: Sequence[str], rows: Sequence[Mapping[str, str]]) -> None:
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    data = text.getvalue().encode()
    if code not in COMPRESSED:
        (folder / f"{code.lower()}.csv").write_bytes(data)
        return
    # Without name and time of writing: the same rows give the same bytes.
    with (
        (folder / f"{code.lower()}.csv.gz").open("wb") as target,
        gzip.GzipFile(filename="", mode="wb", fileobj=target, mtime=0) as packed,
    ):
        packed.write(data)
