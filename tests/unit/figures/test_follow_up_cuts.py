"""The chase list over two data cuts of three patients, counted by hand."""

import pandas as pd
import pytest

from dashboard.figures.follow_up.chase_list import chase_counts, chase_list, overdue_keys
from dashboard.figures.follow_up.request import ChaseRequest, has_follow_up, listed_rows
from dashboard.figures.follow_up.tables import (
    chase_by_site,
    chase_by_state,
    chase_changes,
    chase_weeks,
    departures,
)
from dashboard.store.build import BuildOptions, build_snapshot
from dashboard.store.reader import Reader
from tests.built_once import REFERENCE
from tests.small_study import TREATMENTS, write_small_study

# No reason is recorded for four draws, for three treatments and for the end of one of them.
FIRST, SECOND = "2024-06-30", "2024-10-31"
WITHDREW = "patient_id,kind,happened_on\nS-003,withdrawal_of_consent,2024-10-31\n"


def with_reason(patient):
    """The treatments with the reason of one patient's recorded."""
    lines = TREATMENTS.strip().splitlines()
    named = [f"{line},{'planned' if line.startswith(patient) else ''}" for line in lines[1:]]
    return "\n".join([f"{lines[0]},start_reason", *named]) + "\n"


@pytest.fixture(scope="module")
def cuts(tmp_path_factory):
    """Readers of the two data cuts. In the second, one reason has come and one patient has withdrawn."""
    folder = tmp_path_factory.mktemp("cuts")
    options = BuildOptions(store=folder / "store", reference=REFERENCE)
    first = build_snapshot(write_small_study(folder / "first", cut_off=FIRST), options=options).snapshot
    study = write_small_study(folder / "second", cut_off=SECOND, treatment=with_reason("S-001"))
    (study / "extracts" / SECOND / "disposition.csv").write_text(WITHDREW, encoding="utf-8")
    second = build_snapshot(study, options=options).snapshot
    return first, second


def listed(snapshot, sites=None):
    return [(row["patient_id"], row["item"], row["state"]) for row in listed_rows(Reader(snapshot, sites))]


def overdue(snapshot, sites=None):
    return sorted((patient, item) for patient, item, state in listed(snapshot, sites) if state == "OVERDUE")


def test_the_first_data_cut_owes_eight_reasons(cuts):
    assert overdue(cuts[0]) == [
        ("S-001", "draw_reason"),
        ("S-001", "draw_reason"),
        ("S-001", "start_reason"),
        ("S-002", "draw_reason"),
        ("S-002", "start_reason"),
        ("S-002", "stop_reason"),
        ("S-003", "draw_reason"),
        ("S-003", "start_reason"),
    ]


def test_a_patient_who_withdrew_that_day_is_on_no_list(cuts):
    assert "S-003" in {patient for patient, *_ in listed(cuts[0])}
    assert "S-003" not in {patient for patient, *_ in listed(cuts[1])}
    figure = chase_list(Reader(cuts[1]), ChaseRequest())
    assert "S-003" not in set(figure.rows["patient_id"]) | set(figure.table["Patient"])
    assert departures(Reader(cuts[1]))["WITHDREW"] == 1


def test_what_is_new_still_and_no_longer_overdue_adds_up(cuts):
    # No longer: one start reason came, two of S-003 are not asked for. New: S-001 was last seen on 20 June.
    table = chase_changes([Reader(cuts[1]), Reader(cuts[0])])
    assert table.to_dict("records") == [
        {"Data cut": "30 Jun 2024", "Overdue": 8, "New": "–", "Still overdue": "–", "No longer overdue": "–"},
        {"Data cut": "31 Oct 2024", "Overdue": 6, "New": "1", "Still overdue": "5", "No longer overdue": "3"},
    ]


def test_the_new_item_is_marked_in_the_list(cuts):
    figure = chase_list(Reader(cuts[1]), ChaseRequest(), earlier=Reader(cuts[0]))
    new = figure.rows[figure.rows["is_new"]]
    assert new[["patient_id", "item"]].to_numpy().tolist() == [["S-001", "vital_status"]]
    assert not chase_list(Reader(cuts[1]), ChaseRequest()).rows["is_new"].any()


def test_list_file_counts_and_table_have_the_same_number(cuts):
    reader = Reader(cuts[1])
    rows = listed_rows(reader)
    figure = chase_list(reader, ChaseRequest(view="OVERDUE"))
    by_site = chase_by_site(reader, ChaseRequest())
    by_state = chase_by_state(reader, ChaseRequest())
    written = [line for line in figure.csv().splitlines() if line.startswith(("01,", "02,"))]
    assert chase_counts(rows, ChaseRequest()).n_overdue == len(overdue_keys(rows)) == 6
    assert len(figure.rows) == len(figure.table) == len(written) == 6
    assert by_site.rows["n_overdue"].sum() == by_state.table["Overdue"].sum() == 6


def test_a_reader_of_one_site_sees_that_site_only(cuts):
    assert {patient for patient, _ in overdue(cuts[0], ("02",))} == {"S-003"}
    assert overdue(cuts[0], ()) == []
    figure = chase_by_site(Reader(cuts[0], ("02",)), ChaseRequest())
    assert set(figure.rows["site_id"]) == {"02"}
    assert chase_by_site(Reader(cuts[0], ()), ChaseRequest()).table.empty


def test_days_late_times_weight_decide_the_order(cuts):
    rows = chase_list(Reader(cuts[0]), ChaseRequest(view="OVERDUE")).rows
    weights = (rows["days_late"] * rows["severity"]).tolist()
    assert weights == sorted(weights, reverse=True)


def test_everything_is_judged_by_the_last_day_observed(cuts):
    # Draw of 10 Jan 2024, to be explained by 20 Jan: 162 days before 30 Jun, 285 before 31 Oct.
    for snapshot, days in zip(cuts, (162, 285), strict=True):
        rows = chase_list(Reader(snapshot), ChaseRequest(items=("Reason for the draw",))).rows
        assert rows["days_late"].max() == days


def test_every_figure_says_where_it_comes_from(cuts):
    reader = Reader(cuts[0], ("01",))
    for figure in (chase_list(reader, ChaseRequest()), chase_weeks(reader, ChaseRequest())):
        assert "data cut 30 Jun 2024" in figure.footer
        assert "sites 01" in figure.footer
        assert "follow_up" in figure.code
    assert isinstance(chase_weeks(reader, ChaseRequest()).rows, pd.DataFrame)
    assert has_follow_up(reader)
