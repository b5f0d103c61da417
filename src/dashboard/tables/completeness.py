"""Tables of the completeness page: by item, by site, over data cuts, the matrix, the patients of an item."""

import sys
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from dashboard.rules import sentence
from dashboard.tables.completeness_cells import STATES, Item
from dashboard.tables.formats import NOTHING, NameDay, format_date

OPEN_STATES = ("MISSING", "REASON", "NOT_DUE", "NOT_EXPECTED")
MOST_SENTENCES = 3
ALL_ITEMS = "All items"


def share_words(n_done: int, n_expected: int, *, counts_only_below: int) -> str:
    """Done of expected; with a per cent where there are patients enough.

    >>> share_words(30, 40, counts_only_below=25), share_words(3, 4, counts_only_below=25)
    ('30 of 40 (75 %)', '3 of 4')
    """
    if not n_expected:
        return NOTHING
    counted = f"{n_done} of {n_expected}"
    if n_expected < counts_only_below:
        return counted
    # Never 100 % while something is missing, never 0 % while something is there.
    percent = max(1, min(99, round(100 * n_done / n_expected))) if 0 < n_done < n_expected else None
    return f"{counted} ({percent if percent is not None else 100 * n_done // n_expected} %)"


def limit(counts_only_below: int, *, n_patients: int) -> int:
    """Fewest expected for a per cent; with few patients no number of cells is enough."""
    return counts_only_below if n_patients >= counts_only_below else sys.maxsize


def item_table(counts: pd.DataFrame, *, items: Sequence[Item], counts_only_below: int) -> pd.DataFrame:
    """One row per item in the order of `items`: patients by state, share done of those expected, and what
    was done of all that was due of them (several draws, scans or records of a patient)."""
    by_key = {row["item"]: row for row in counts.to_dict("records")}
    lines = [
        {
            "Item": one.label,
            "Group": one.group,
            **_states(by_key[one.key], counts_only_below),
            "Done of due": _records(by_key[one.key]),
        }
        for one in items
        if one.key in by_key
    ]
    return pd.DataFrame(lines)


def _records(row: Mapping[Any, Any]) -> str:
    n_due = int(row["n_records_expected"])
    return f"{int(row['n_records_done'])} of {n_due}" if n_due else NOTHING


def site_table(counts: pd.DataFrame, *, counts_only_below: int) -> pd.DataFrame:
    """One row per site: cells of patient and item by state, share done of those expected."""
    return pd.DataFrame(
        [
            {
                "Site": row["site"],
                "Patients": row["n_patients"],
                **_states(row, limit(counts_only_below, n_patients=int(row["n_patients"]))),
            }
            for row in counts.to_dict("records")
        ]
    )


def _states(row: Mapping[Any, Any], counts_only_below: int) -> dict[str, Any]:
    done, expected = int(row["n_cells_done"]), int(row["n_expected"])
    return {
        "Done of expected": share_words(done, expected, counts_only_below=counts_only_below),
        **{name: int(row[f"n_cells_{code.lower()}"]) for code, name in STATES.items()},
    }


def cut_table(rows: pd.DataFrame, *, items: Sequence[Item], counts_only_below: int) -> pd.DataFrame:
    """One row per item and one for all together, one column per data cut: done of expected."""
    cuts = sorted(set(rows["cut_off"]))
    patients = rows.groupby("cut_off")["n_patients"].max()
    below = {cut: limit(counts_only_below, n_patients=int(patients[cut])) for cut in cuts}
    sums = rows.groupby("cut_off", as_index=False)[["n_cells_done", "n_expected"]].sum()
    together = pd.concat([sums.assign(item=ALL_ITEMS), rows], ignore_index=True)
    said: dict[tuple[str, Any], str] = {}
    for row in together.to_dict("records"):
        done, expected, cut = int(row["n_cells_done"]), int(row["n_expected"]), row["cut_off"]
        said[row["item"], cut] = share_words(done, expected, counts_only_below=below[cut])
    asked = [(ALL_ITEMS, ALL_ITEMS), *[(one.key, one.label) for one in items if one.key in set(rows["item"])]]
    return pd.DataFrame(
        [
            {"Item": label, **{format_date(cut): said.get((key, cut), NOTHING) for cut in cuts}}
            for key, label in asked
        ]
    )


def matrix_table(cells: pd.DataFrame, *, patients: Sequence[str], items: Sequence[str]) -> pd.DataFrame:
    """One row per patient in the order drawn, one column per item: the state in words."""
    named = cells.assign(said=cells["state"].map(STATES))
    wide = named.pivot(index="patient_id", columns="label", values="said")
    sites = cells.drop_duplicates("patient_id").set_index("patient_id")["site_id"]
    wide = wide.reindex(index=list(patients), columns=list(items)).rename_axis(columns=None)
    wide.insert(0, "Site", sites.reindex(list(patients)))
    return wide.rename_axis("Patient").reset_index()


def drill_table(
    cells: pd.DataFrame, *, records: pd.DataFrame, order: Sequence[str], name_day: NameDay = format_date
) -> pd.DataFrame:
    """One row per patient of an item: state, done of due, and why, in words; `name_day` writes the dates."""
    places = {patient_id: place for place, patient_id in enumerate(order)}
    rows = sorted(cells.to_dict("records"), key=lambda row: places[row["patient_id"]])
    own: dict[str, list[dict[Any, Any]]] = {}
    for record in records[records["state"].isin(OPEN_STATES)].to_dict("records"):
        own.setdefault(str(record["patient_id"]), []).append(record)
    columns = ["Patient", "Site", "State", "Done of due", "Why"]
    lines = [
        {
            "Patient": row["patient_id"],
            "Site": row["site_id"],
            "State": STATES[row["state"]],
            "Done of due": f"{row['n_done']} of {row['n_done'] + row['n_missing'] + row['n_reason']}",
            "Why": why(row["state"], own.get(row["patient_id"], []), name_day=name_day),
        }
        for row in rows
    ]
    return pd.DataFrame(lines, columns=columns)


def why(state: str, records: Sequence[Mapping[Any, Any]], *, name_day: NameDay = format_date) -> str:
    """What explains a state: the records behind it, at most three; nothing for done."""
    wanted = {"PARTIAL": ("MISSING", "REASON"), "DONE": ()}.get(state, (state,))
    told = list(
        dict.fromkeys(_record_words(record, name_day) for record in records if record["state"] in wanted)
    )
    rest = len(told) - MOST_SENTENCES
    more = [f"and {rest} more"] if rest > 0 else []
    return " ".join([*told[:MOST_SENTENCES], *more])


def _record_words(record: Mapping[Any, Any], name_day: NameDay) -> str:
    """The sentence of the rule, the reason recorded, else that nothing is recorded."""
    if not pd.isna(record["reason"]):
        return f"{record['label']}: {record['reason']}."
    if pd.isna(record.get("rule")):
        return f"{record['label']}: not recorded."
    row = {str(name): None if pd.isna(value) else value for name, value in record.items()}
    return sentence(str(record["rule"]), row, name_day=name_day)
