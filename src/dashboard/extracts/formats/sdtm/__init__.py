"""CDISC SDTM: one SELECT file per canonical table, which sees every domain with every column it may need."""

import re
import tomllib
from collections.abc import Collection, Mapping
from pathlib import Path

from dashboard.extracts.mapping import ColumnRule, Source
from dashboard.extracts.values import named
from dashboard.model.tables import canonical_tables

# Numbers of --STRESN are converted by the sponsor, so they may have more decimals than ours.
ROUNDED = {
    "measurement": ("value", "lower_normal", "upper_normal"),
    "lesion": ("diameter_mm",),
    "response": ("sum_of_diameters_mm",),
    "variant": ("maf_ppm",),
    "treatment": ("dose", "total_dose_gy"),
}
FOLDER = Path(__file__).parent


def domain_columns() -> Mapping[str, list[str]]:
    """The variables of each domain that the SELECT files read."""
    with (FOLDER / "domains.toml").open("rb") as file:
        return tomllib.load(file)["domains"]


def domain_of(stem: str) -> str | None:
    """The domain a file holds: dm, rs, rs_onco_recist (a split domain) ... None for any other file."""
    name = stem.lower().split("_")[0]
    return name if name in domain_columns() and re.fullmatch(r"\w+", stem) else None


def empty_domain(name: str) -> str:
    """SELECT of a domain the extract does not have."""
    return f"select {_absent(domain_columns()[name])}, cast(null as bigint) as source_row where false"


def domain_select(name: str, raw_table: str, columns: Collection[str]) -> str:
    """SELECT over a raw domain in which variables the file lacks are NULL."""
    present = {column.upper() for column in columns}
    missing = [column for column in domain_columns()[name] if column not in present]
    added = f", {_absent(missing)}" if missing else ""
    return f"select *{added} from {raw_table}"


def _absent(columns: Collection[str]) -> str:
    return ", ".join(f"cast(null as varchar) as {named(column)}" for column in columns)


def sdtm_sources(present: Collection[str], declared: Mapping[str, Mapping[str, ColumnRule]]) -> list[Source]:
    """The sources of an SDTM extract: each canonical table some domain of which is there.

    The first lines of a SELECT file name the domains it accounts for (`-- from: rs`) and the rule for their
    records that it leaves out (`-- otherwise: other_evaluation`).
    """
    sources = []
    for path in sorted(FOLDER.glob("*.sql")):
        text = path.read_text(encoding="utf-8")
        notes = dict(
            line.removeprefix("-- ").split(": ", 1)
            for line in text.splitlines()
            if line.startswith(("-- from: ", "-- otherwise: "))
        )
        files = tuple(name for name in notes["from"].split(", ") if name in present)
        table = path.stem.split(".")[0]
        if files:
            rules = {name: ColumnRule(column=name, rounded=True) for name in ROUNDED.get(table, ())}
            rules |= {name: ColumnRule(column=name, date_format="datetime") for name in _dates(table)}
            sources.append(
                Source(
                    table=table,
                    files=files,
                    columns=declared.get(table, {}),
                    defaults=rules,
                    select=text,
                    otherwise=notes["otherwise"],
                    place=f"sdtm/{path.name}",
                )
            )
    return sources


def _dates(table: str) -> list[str]:
    return [field.name for field in canonical_tables()[table].fields if field.type == "date"]
