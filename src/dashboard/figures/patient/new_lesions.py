"""How large the new lesions are that are there at the last scan, in words."""

from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Any

from dashboard.tables.formats import format_tenth_mm
from dashboard.tables.patient_timeline import Clock

# Of one lesion; a line of an MDT sheet holds no more.
MOST_DIAMETERS = 4
Rows = list[Mapping[str, Any]]


def new_lesion_words(rows: Iterable[Mapping[str, Any]], *, clock: Clock) -> tuple[str, ...]:
    """For instance "New lesion since 1 Sep 2025: N1 liver 12 → 14 → 16 mm", one text a day of first finding.

    `rows` are those of report_new_lesion.sql, the lesions apart and each in order of time.
    """
    lesions = [list(of_one) for _, of_one in groupby(rows, key=lambda row: row["lesion_id"])]
    first_days = sorted({lesion[0]["seen_on"] for lesion in lesions})
    return tuple(
        _of_day([one for one in lesions if one[0]["seen_on"] == day], clock.name(day)) for day in first_days
    )


def _of_day(lesions: list[Rows], day: str) -> str:
    title = "New lesions" if len(lesions) > 1 else "New lesion"
    return f"{title} since {day}: {'; '.join(map(_sizes, lesions))}"


def _sizes(rows: Rows) -> str:
    sizes = [format_tenth_mm(row["diameter_tenth_mm"]) for row in rows[-MOST_DIAMETERS:]]
    before = "… → " if len(rows) > MOST_DIAMETERS else ""
    return f"{rows[-1]['lesion_id']} {_site(rows[-1])} {before}{' → '.join(sizes)} mm"


def _site(row: Mapping[str, Any]) -> str:
    organ = str(row["organ"] or "site not recorded").replace("_", " ")
    return organ if row["location"] in (None, row["organ"]) else f"{organ}, {row['location']}"
