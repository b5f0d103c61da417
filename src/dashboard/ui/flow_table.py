"""The flow of patients on screen: steps in bold, between them in grey what was left out and why."""

import pandas as pd
import streamlit as st

from dashboard.figures.figure import Figure
from dashboard.ui.cards import plain

INDENT = "\N{EM SPACE}"


def flow_table(figure: Figure) -> None:
    """The table of a flow; `rows` of the figure say by `kind` which lines are steps."""
    st.table(_emphasised(figure), border="horizontal", hide_index=True, alt=figure.alt)


def _emphasised(figure: Figure) -> pd.DataFrame:
    table = figure.table.copy()
    for name, indent in (("Patients", INDENT), ("n", "")):
        table[name] = [
            f"**{plain(str(text))}**" if kind == "step" else f"{indent}:gray[{plain(str(text))}]"
            for text, kind in zip(table[name], figure.rows["kind"], strict=True)
        ]
    return table
