"""A page over a data cut of an earlier version says so in the place of an error."""

import duckdb
import pytest

from dashboard.ui.context import OLD_DATA_CUT


@pytest.mark.parametrize(("mart", "is_said"), [(None, False), ("patient_statement_basis", True)])
def test_the_page_says_that_its_data_cut_has_to_be_built_again(installation, open_app, mart, is_said):
    if mart:
        file = installation.store / "alpha" / "2026-05-29-0123abcd" / "store.duckdb"
        with duckdb.connect(str(file)) as connection:
            connection.execute(f"drop table {mart}")
    app = open_app("oncologist").switch_page("pages/review/patient.py").run()
    assert not app.exception
    assert (OLD_DATA_CUT in [one.value for one in app.info]) == is_said
