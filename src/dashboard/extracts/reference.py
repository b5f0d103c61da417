"""Reference lists used at import (data/reference): value maps, gene aliases, names of drugs, units."""

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import duckdb

FOLDER = Path(__file__).parents[3] / "data" / "reference"
TABLES = """
create temporary table gene_alias (alias_written varchar, alias_gene varchar);
create temporary table unit_conversion (
    quantity varchar, written_unit varchar, unit varchar, factor decimal(12, 6)
);
"""


@cache
def value_maps() -> Mapping[str, Mapping[str, str]]:
    """The maps that mapping.toml may name: domain to text as written to canonical value (empty: no value)."""
    maps: dict[str, dict[str, str]] = {}
    for row in _rows("value_maps.csv"):
        maps.setdefault(row["domain"], {})[row["written"]] = row["value"]
    return maps


def load_reference(connection: duckdb.DuckDBPyConnection) -> None:
    """Fill the temporary tables gene_alias and unit_conversion and the variable drug_names."""
    connection.execute(TABLES)
    aliases = [(row["written"].upper(), row["gene"]) for row in _rows("gene_aliases.csv")]
    # A unit without factor is another quantity (ng/µL of eluate without plasma volume): refused.
    units = [
        (row["quantity"], _unit(row["written_unit"]), row["unit"], row["factor"])
        for row in _rows("unit_conversions.csv")
        if row["factor"]
    ]
    connection.executemany("insert into gene_alias values (?, ?)", aliases)
    connection.executemany("insert into unit_conversion values (?, ?, ?, ?)", units)
    drugs = {row["written"].lower(): row["agent"] for row in _rows("drug_synonyms.csv")}
    connection.execute("set variable drug_names = map(?, ?)", [list(drugs), list(drugs.values())])


def _unit(text: str) -> str:
    return text.lower().replace("μ", "µ")


def _rows(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
