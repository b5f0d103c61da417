"""Ways from line 1 to line 3: what each patient received, and where it ended."""

from collections.abc import Mapping

import pandas as pd

from dashboard.studies.vocabulary import DEPARTURES
from dashboard.tables.shares import count_words

LEVELS = (1, 2, 3)
MOST_NAMES = 6
OTHER = "Other regimens"
ENDS = {
    "died": "Died, no line {next}",
    "ongoing": "Line {line} goes on",
    "not_followed": "Not followed after line {line}",
    "not_recorded": "No line {next} recorded",
}
LATER = "A later line"
COLUMNS = ["line_1", "line_2", "line_3"]


def pathway_counts(lines: pd.DataFrame) -> pd.DataFrame:
    """One row per way with its patients, the most frequent first: line_1, line_2, line_3, after_line_3, n.

    `lines` has one row per patient and line with `regimen` and `after` (see `treatment.with_after`). The six
    most frequent regimens of a line keep their names. After the last line the next column says how it ended
    (died, treatment goes on, no further line recorded); the columns behind that are empty.
    """
    within = lines[lines["line"].isin(LEVELS)]
    patients: dict[str, dict[int, tuple[str, str]]] = {}
    columns = (within["patient_id"], within["line"], _capped(within), within["after"])
    for patient_id, line, name, after in zip(*columns, strict=True):
        patients.setdefault(str(patient_id), {})[int(line)] = (str(name), str(after))
    ways = [_way(own) for own in patients.values()]
    if not ways:
        return pd.DataFrame(columns=[*COLUMNS, "after_line_3", "n"])
    counted = pd.DataFrame(ways, columns=[*COLUMNS, "after_line_3"]).value_counts(dropna=False)
    return (
        counted.rename("n")
        .reset_index()
        .sort_values(
            ["n", *COLUMNS, "after_line_3"], ascending=[False, True, True, True, True], ignore_index=True
        )
    )


def _capped(lines: pd.DataFrame) -> pd.Series:
    """The regimen where it is one of the six most frequent of its line, else other regimens."""
    sizes = lines.groupby(["line", "regimen"]).size().reset_index(name="n")
    ordered = sizes.sort_values(["line", "n", "regimen"], ascending=[True, False, True])
    ordered["place"] = ordered.groupby("line").cumcount()
    large = set(
        ordered.loc[ordered["place"] < MOST_NAMES, ["line", "regimen"]].itertuples(index=False, name=None)
    )
    keys = zip(lines["line"], lines["regimen"], strict=True)
    return pd.Series([name if (line, name) in large else OTHER for line, name in keys], index=lines.index)


def other_table(lines: pd.DataFrame) -> pd.DataFrame:
    """One row per line and regimen counted among the others: Line, Regimen, Patients; most patients first.

    `lines` as in `pathway_counts`.
    """
    within = lines[lines["line"].isin(LEVELS)]
    counted = (
        within[_capped(within) == OTHER]
        .groupby(["line", "regimen"])
        .size()
        .reset_index(name="n")
        .sort_values(["line", "n", "regimen"], ascending=[True, False, True])
    )
    return pd.DataFrame(
        {
            "Line": counted["line"].astype(int).astype(str).tolist(),
            "Regimen": counted["regimen"].astype(str).tolist(),
            "Patients": counted["n"].astype(str).tolist(),
        }
    )


def _way(own: Mapping[int, tuple[str, str]]) -> tuple[str, ...]:
    """Columns of one patient from regimen and end of each line; a column behind the end is empty."""
    last = max(own)
    missing = "Line {} not recorded"
    names = [own[line][0] if line in own else missing.format(line) for line in LEVELS if line <= last]
    columns = [*names, end_words(own[last][1], line=last)]
    return (*columns, *[""] * (len(LEVELS) + 1 - len(columns)))


def end_words(after: str, *, line: int) -> str:
    """How it ended after a line; a later line where the next one is not among the three."""
    if after == "next_line":
        return LATER
    return ENDS[after].format(line=line, next=line + 1)


def pathway_table(counts: pd.DataFrame, *, counts_only_below: int) -> pd.DataFrame:
    """The ways as they stand on the page, with the per cent of all of them."""
    n = int(counts["n"].sum())
    shares = [count_words(int(k), n=n, counts_only_below=counts_only_below) for k in counts["n"]]
    named = counts.drop(columns="n").rename(
        columns={"line_1": "Line 1", "line_2": "Line 2", "line_3": "Line 3", "after_line_3": "After line 3"}
    )
    return named.assign(Patients=shares)


def end_sentence(lines: pd.DataFrame, *, line: int) -> str:
    """What came after a line: Of 126 who started line 2: line 3 in 64, died 20, line 2 goes on in 26, ..."""
    own = lines[lines["line"] == line]
    if own.empty:
        return ""
    after = own["after"].value_counts()
    k = {
        name: int(after.get(name, 0))
        for name in ("next_line", "died", "ongoing", "not_followed", "not_recorded")
    }
    moved = int((own["is_transferred"].astype(bool) & (own["after"] == "not_followed")).sum())
    transferred = f" ({moved} {DEPARTURES['TRANSFERRED']})" if moved else ""
    return (
        f"Of {len(own)} who started line {line}: a further line started in {k['next_line']}, died without "
        f"one {k['died']}, line {line} goes on in {k['ongoing']}, not followed any more "
        f"{k['not_followed']}{transferred}, stopped with no further line recorded {k['not_recorded']}."
    )
