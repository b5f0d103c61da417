"""Tables as one text file that says where it comes from."""

from collections.abc import Mapping

import pandas as pd


def export_text(tables: Mapping[str, pd.DataFrame], *, footer: str) -> str:
    """CSV of several tables, each under its title; first line is the footer: study, data cut, snapshot."""
    parts = [f"{title}\n{table.to_csv(index=False)}" for title, table in tables.items()]
    return "\n".join([footer, *parts])
