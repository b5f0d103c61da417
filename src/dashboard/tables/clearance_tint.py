"""How strongly a cell of the table of ctDNA change and response is tinted: by its share of the row."""

from collections.abc import Collection

import pandas as pd

from dashboard.tables.clearance import TOTAL_COLUMN


def row_shares(table: pd.DataFrame, *, categories: Collection[str], least: int) -> pd.DataFrame:
    """Shares of the row from 0 to 1 in the shape of `table` (of `change_table`); 0 where nothing is tinted.

    Tinted are the counts of responses and of no imaging in the rows of `categories`, from `least` patients
    in the row on: in fewer, one patient would colour a cell.
    """
    columns = [str(name) for name in table.columns]
    counted = columns[1 : columns.index(TOTAL_COLUMN)]
    rows = []
    for row in table.to_dict("records"):
        is_category = row[columns[0]] in categories
        n = int(row[TOTAL_COLUMN]) if is_category else 0
        tinted = counted if is_category and n >= least else []
        rows.append({name: int(row[name]) / n if name in tinted else 0.0 for name in columns})
    return pd.DataFrame(rows, columns=columns, index=table.index)
