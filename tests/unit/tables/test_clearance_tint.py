"""The tint of the table of ctDNA change and response is the share of the row, and nothing in small rows."""

import pandas as pd
import pytest

from dashboard.tables.clearance import Scheme, change_table, response_label
from dashboard.tables.clearance_tint import row_shares

CLEAR = Scheme(code="CLEAR", label="Clearance", kind="clearance")


def table(n_cleared):
    """Still detected: 2 PR, 5 SD, 2 PD, 1 without imaging; `n_cleared` cleared, all PR; 3 no sample."""
    rows = [("PAIRED", "CLEARED", "PR")] * n_cleared
    rows += [("PAIRED", "NOT_CLEARED", one) for one in ["PR"] * 2 + ["SD"] * 5 + ["PD"] * 2]
    rows += [("NO_IMAGING", "NOT_CLEARED", None)] + [("NO_SAMPLE", None, None)] * 3
    frame = pd.DataFrame(rows, columns=["place", "category", "near_response"])
    frame["imaging_rule"] = ["NO_IMAGING" if one is None else "PAIRED" for *_, one in rows]
    return change_table(frame, scheme=CLEAR, is_post_local=False, counts_only_below=25)


def shares(found):
    return row_shares(found, categories=CLEAR.categories.values(), least=10)


def test_a_cell_has_its_share_of_the_row():
    found = shares(table(10))
    assert list(found.iloc[1]) == pytest.approx([0, 0, 0.2, 0.5, 0.2, 0.1, 0], abs=1e-12)
    assert list(found.iloc[0]) == pytest.approx([0, 0, 1, 0, 0, 0, 0], abs=1e-12)


@pytest.mark.parametrize(("n_cleared", "share"), [(9, 0), (10, 1), (11, 1)])
def test_a_row_below_the_small_number_guard_has_no_tint(n_cleared, share):
    found = shares(table(n_cleared))
    assert found.at[0, "PR"] == share


def test_sums_and_reasons_have_no_tint():
    found = shares(table(10))
    names = table(10).iloc[:, 0]
    rest = found[~names.isin(["Cleared", "Still detected"])]
    assert len(rest) == 3
    assert (rest == 0).all(axis=None)
    assert (found["Total"] == 0).all()


@pytest.mark.parametrize(
    ("code", "heading"),
    [("PR", "PR"), ("NON-CR/NON-PD", "Non-CR/non-PD"), ("NED", "No evidence of disease")],
)
def test_a_response_heads_its_column_in_letters_or_in_the_words_of_the_glossary(code, heading):
    assert response_label(code) == heading
