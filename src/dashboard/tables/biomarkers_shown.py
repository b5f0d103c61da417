"""Tables of counts by gene as the page shows them: narrow enough to be read whole; the file has every column.

A count stands with its denominator, what follows from the others is left out, and so are the rare kinds
where no gene has any.
"""

import pandas as pd

# The denominator of the count before it, and how the heading of that count names it.
FOUND = {
    "Of assessed with ctDNA": "of assessed with ctDNA",
    "With ctDNA in the sample": "of assessable with ctDNA",
    "Followed in": "of all followed",
    "Of assessable pairs": "of assessable pairs",
}
FOLLOWS = ("Not detected, ctDNA found", "Neither, ctDNA found")
RARE = (
    "Several variants",
    "Possible clonal haematopoiesis only",
    "Other stated origin only",
    "Detected earlier, not at baseline",
    "Possible other origin only",
)
# The same for every gene of a line: said once, in the sentence below the table.
OF_THE_LINE = ("No ctDNA: cannot exclude", "Not assessable")
NEW = "New since baseline"
VARIANTS = "New variants (patients)"


def shown_by_gene(table: pd.DataFrame) -> pd.DataFrame:
    """Columns of `prevalence_table`, `copy_number_table` or `emergence_table` for the page, all as text."""
    counted = str(table.columns[1])
    of = next((name for name in FOUND if name in table), None)
    shown = table.astype(str)
    if of is not None and pd.api.types.is_integer_dtype(table[counted]):
        shown[counted] = [f"{k} of {n}" for k, n in zip(table[counted], table[of], strict=True)]
    nothing = [name for name in RARE if name in table and (table[name] == 0).all()]
    gone = {*FOUND, *FOLLOWS, *OF_THE_LINE, *nothing}
    kept = [str(name) for name in table.columns if name not in gone]
    if VARIANTS in kept:
        # Which variants are new stands with how many.
        kept.insert(kept.index(NEW) + 1, kept.pop(kept.index(VARIANTS)))
    named = {} if of is None else {counted: f"{counted}, {FOUND[of]}"}
    return shown[kept].rename(columns=named)
