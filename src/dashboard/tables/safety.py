"""The safety tables in words: n (%) of patients treated, worst grade per patient, missing values as rows."""

from collections.abc import Container, Mapping, Sequence
from typing import Any

import pandas as pd

from dashboard.tables.formats import NOTHING, half_up
from dashboard.tables.safety_counts import ANY, GRADES
from dashboard.tables.shares import count_words

TERM_COLUMNS = {
    "Any grade": "n_any",
    "Grade ≥ 3": "n_from_3",
    "Grade 5": "n_grade_5",
    "Grade missing": "n_grade_missing",
    "Related, any": "n_related",
    "Related, ≥ 3": "n_related_from_3",
    "Related or unclear": "n_related_or_unclear",
    "Serious": "n_serious",
}
RATE = "Patients with a first event per 100 patient-years (95 % CI)"
Record = Mapping[Any, Any]


def first_capital(text: str) -> str:
    """The text with a capital first letter; the others stay.

    >>> first_capital("alanine aminotransferase increased"), first_capital("")
    ('Alanine aminotransferase increased', '')
    """
    return text[:1].upper() + text[1:]


def unit_words(scope: str, unit: str) -> str:
    """What is counted, for instance Line 1, Palbociclib, All treatment."""
    named = {"ALL": "All treatment", "LOCAL": "Local treatment"}
    if scope in named:
        return named[scope]
    return f"Line {unit}" if scope == "LINE" else first_capital(unit)


def rate_words(estimate: float | None, lower: float | None, upper: float | None) -> str:
    """A rate with its interval, for instance 12.4 (9.8–15.5); a dash where nobody was at risk."""
    if estimate is None or lower is None or upper is None:
        return NOTHING
    rate, low, high = (half_up(value, places=1) for value in (estimate, lower, upper))
    return f"{rate} ({low}–{high})"


def related_words(drug: str) -> str:
    """What a relation is to: to the drug events are counted under, else to any study drug.

    >>> related_words(""), related_words("letrozole")
    ('Related (ADR)', 'Related to letrozole')
    """
    return f"Related to {drug}" if drug else "Related (ADR)"


def _term_columns(drug: str) -> dict[str, str]:
    """Headings of the counts; under one drug the relation to it, and to any study drug beside it."""
    if not drug:
        return TERM_COLUMNS
    columns: dict[str, str] = {}
    for title, name in TERM_COLUMNS.items():
        columns[title.replace("Related", related_words(drug)) if name.startswith("n_related") else title] = (
            name
        )
        if name == "n_related_from_3":
            columns["Related to any study drug (ADR)"] = "n_adr"
    return columns


def term_table(
    counts: pd.DataFrame, *, by_class: bool, counts_only_below: int, drug: str = ""
) -> pd.DataFrame:
    """One row per term, or per organ class and term below it; the first row counts any adverse event.

    `counts` are those of `safety_counts.term_counts` with rate, rate_lower and rate_upper. Rates are left out
    where per cents are, below `counts_only_below` patients. `drug` is the one drug they are counted under;
    its columns leave the organ class no room.
    """
    columns = _term_columns(drug)
    lines = [
        {
            "Adverse event": _label(row),
            **{
                title: count_words(
                    int(row[name]), n=int(row["n_treated"]), counts_only_below=counts_only_below
                )
                for title, name in columns.items()
            },
            "Events": int(row["n_events"]),
            RATE: rate_words(row["rate"], row["rate_lower"], row["rate_upper"]),
            "Organ class": row["organ_class"] if row["level"] == "TERM" else "",
        }
        for row in _in_order(counts, by_class=by_class)
    ]
    table = pd.DataFrame(lines, columns=["Adverse event", *columns, "Events", RATE, "Organ class"])
    left_out = ["Organ class"] if by_class or drug else []
    if len(counts) and int(counts["n_treated"].iloc[0]) < counts_only_below:
        left_out.append(RATE)
    return table.drop(columns=left_out)


def _label(row: Record) -> str:
    label = first_capital(str(row["label"]))
    return label.upper() if row["level"] == "CLASS" else label


def _in_order(counts: pd.DataFrame, *, by_class: bool) -> Sequence[Record]:
    """Any event first; then the terms, or each organ class with its terms, the most frequent first."""
    rows = counts.to_dict("records")
    first = [row for row in rows if row["level"] == "ANY"]
    terms = [row for row in rows if row["level"] == "TERM"]
    if not by_class:
        return [*first, *terms]
    for top in (row for row in rows if row["level"] == "CLASS"):
        first += [top, *(row for row in terms if row["organ_class"] == top["organ_class"])]
    return first


def worst_table(
    counts: pd.DataFrame, *, n_treated: int, counts_only_below: int, drug: str = ""
) -> pd.DataFrame:
    """One row per worst grade of a patient, with missing grade and no event: all causes and related."""
    found = counts[counts["level"] == "ANY"].to_dict("records")
    row: Record = found[0] if found else {}

    def number(name: str) -> int:
        return int(row.get(name, 0))

    lines = [
        (f"Grade {grade}", number(f"n_grade_{grade}"), number(f"n_related_grade_{grade}")) for grade in GRADES
    ]
    lines += [
        ("Grade missing", number("n_grade_missing"), number("n_related_ungraded")),
        ("Only events CTCAE does not grade", number("n_not_gradable"), 0),
        ("No such event recorded", n_treated - number("n_any"), n_treated - number("n_related")),
    ]
    return pd.DataFrame(
        [
            {
                "Worst grade of a patient": title,
                "All causes": count_words(count, n=n_treated, counts_only_below=counts_only_below),
                related_words(drug) if drug else "Related": count_words(
                    related, n=n_treated, counts_only_below=counts_only_below
                ),
            }
            for title, count, related in lines
        ]
    )


def relation_table(
    counts: pd.DataFrame, *, n_treated: int, counts_only_below: int, drug: str = ""
) -> pd.DataFrame:
    """Patients by what is said of the relation to study drugs; a patient may stand in several rows."""
    found = counts[counts["level"] == "ANY"].to_dict("records")
    heading = "n" if n_treated < counts_only_below else "n (%)"
    related = related_words(drug) if drug else "Related"
    any_drug = "Related to any study drug (ADR)" if drug else "Related to study treatment (ADR)"
    titles = {
        **({related: "n_related"} if drug else {}),
        any_drug: "n_adr",
        f"{related}, not assessable or not recorded (conservative)": "n_related_or_unclear",
        "Relation not recorded": "n_relation_missing",
        "Serious": "n_serious",
    }
    return pd.DataFrame(
        [
            {
                "Patients with at least one event": title,
                heading: count_words(
                    int(found[0][name]) if found else 0, n=n_treated, counts_only_below=counts_only_below
                ),
            }
            for title, name in titles.items()
        ]
    )


def unit_table(
    counts: Mapping[str, pd.DataFrame],
    *,
    terms: Sequence[str],
    counts_only_below: int,
    not_recorded: Container[str] = (),
) -> pd.DataFrame:
    """One row per term, one column per line or drug: any grade · grade 3 or more. Headings say n.

    A dash stands in the columns of `not_recorded`: no event of anybody is recorded there.
    """
    lines: list[dict[str, str]] = [{"Adverse event": first_capital(term)} for term in terms]
    for heading, own in counts.items():
        rows = own[own["level"].isin(["ANY", "TERM"])].set_index("label").to_dict("index")
        n = int(own["n_treated"].iloc[0]) if len(own) else 0
        for line, term in zip(lines, terms, strict=True):
            if heading in not_recorded:
                line[heading] = NOTHING
                continue
            found = [int(rows[term][name]) if term in rows else 0 for name in ("n_any", "n_from_3")]
            line[heading] = " · ".join(
                count_words(count, n=n, counts_only_below=counts_only_below) for count in found
            )
    return pd.DataFrame(lines)


def laboratory_table(rows: pd.DataFrame, *, counts_only_below: int) -> pd.DataFrame:
    """Grades from laboratory values beside the same term as reported, among patients with values.

    Without numbers as reported, none of the study being recorded, a dash stands for them.
    """
    titles = {
        "Laboratory, any": "n_any",
        "Laboratory, ≥ 3": "n_3",
        "Laboratory, 4": "n_4",
        "Reported, any": "n_reported",
        "Reported, ≥ 3": "n_reported_3",
        "Reported, 4": "n_reported_4",
    }
    return pd.DataFrame(
        [
            {
                "Laboratory value": first_capital(str(row["preferred_term"])),
                "Assessed": int(row["n_assessed"]),
                **{
                    title: NOTHING
                    if row[name] is None
                    else count_words(
                        int(row[name]), n=int(row["n_assessed"]), counts_only_below=counts_only_below
                    )
                    for title, name in titles.items()
                },
            }
            for row in rows.to_dict("records")
        ],
        columns=["Laboratory value", "Assessed", *titles],
    )


def version_words(versions: pd.DataFrame) -> str:
    """The banner for reports graded by several versions of CTCAE; empty where there is one."""
    named = {str(row["version"]): int(row["n"]) for row in versions.to_dict("records")}
    stated = {version: n for version, n in named.items() if version}
    if len(stated) < 2:
        return ""
    parts = ", ".join(f"{version} in {n} reports" for version, n in stated.items())
    missing = f"; not stated in {named['']}" if "" in named else ""
    return (
        f"Grades come from several versions of CTCAE: {parts}{missing}. "
        "Versions grade some events differently; nothing is graded anew here."
    )


def top_terms(counts: pd.DataFrame, *, n: int) -> list[str]:
    """Any event, then the n most frequent terms."""
    terms = counts[counts["level"] == "TERM"]["label"]
    return [ANY, *[str(term) for term in terms[:n]]]
