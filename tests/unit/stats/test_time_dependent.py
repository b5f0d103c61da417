"""Patients who change their group: each is at risk in the state of the moment."""

import pandas as pd
import pytest

from dashboard.stats import (
    Guards,
    SurvivalInputError,
    compare_states,
    count_moves_at,
    derive_at_risk,
    mantel_byar,
    simon_makuch_table,
    split_at_changes,
)

Row = tuple[str, float, float, bool, str]


def patients(*rows: tuple[str, float, int], entry: list[float] | None = None) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["patient_id", "time", "event_observed"])
    return frame if entry is None else frame.assign(entry=entry)


def split(found: pd.DataFrame, *changes: tuple[str, float, str]) -> list[Row]:
    rows = rows_of(found, *changes)
    return list(
        rows[["patient_id", "start", "stop", "event_observed", "state"]].itertuples(index=False, name=None)
    )


def rows_of(found: pd.DataFrame, *changes: tuple[str, float, str]) -> pd.DataFrame:
    known = pd.DataFrame(changes, columns=["patient_id", "since", "state"])
    return split_at_changes(found, changes=known, initial="detected")


def test_a_patient_is_followed_in_one_row_per_state() -> None:
    assert split(patients(("A", 10, 1)), ("A", 4, "cleared"), ("A", 7, "detected")) == [
        ("A", 0, 4, False, "detected"),
        ("A", 4, 7, False, "cleared"),
        ("A", 7, 10, True, "detected"),
    ]


def test_without_a_change_there_is_one_row() -> None:
    assert split(patients(("A", 10, 0))) == [("A", 0, 10, False, "detected")]


@pytest.mark.parametrize(("since", "state_at_end"), [(9, "cleared"), (10, "detected"), (11, "detected")])
def test_an_event_on_the_day_of_the_change_counts_under_the_state_before(
    since: float, state_at_end: str
) -> None:
    rows = split(patients(("A", 10, 1)), ("A", since, "cleared"))
    assert rows[-1][1:] == (since if since < 10 else 0, 10, True, state_at_end)
    assert sum(row[3] for row in rows) == 1


@pytest.mark.parametrize(("since", "n_rows"), [(-5, 1), (0, 1), (1, 2)])
def test_a_state_known_by_the_start_holds_from_the_start(since: float, n_rows: int) -> None:
    rows = split(patients(("A", 10, 1)), ("A", since, "cleared"))
    assert len(rows) == n_rows
    assert rows[-1][4] == "cleared"


def test_a_change_that_changes_nothing_makes_no_row() -> None:
    assert len(split(patients(("A", 10, 1)), ("A", 4, "detected"), ("A", 6, "detected"))) == 1


def test_of_two_changes_on_one_day_the_later_row_speaks() -> None:
    rows = split(patients(("A", 10, 1)), ("A", 4, "cleared"), ("A", 4, "lost"))
    assert [row[4] for row in rows] == ["detected", "lost"]
    assert len(split(patients(("A", 10, 1)), ("A", 4, "cleared"), ("A", 4, "detected"))) == 1


def test_a_delayed_entry_starts_in_the_state_of_that_day() -> None:
    found = patients(("A", 10, 1), ("B", 10, 0), ("C", 3, 1), entry=[5, 2, 3])
    changes = [(name, 4.0, "cleared") for name in "ABC"]
    assert split(found, *changes) == [
        ("A", 5, 10, True, "cleared"),
        ("B", 2, 4, False, "detected"),
        ("B", 4, 10, False, "cleared"),
    ]


def test_an_event_on_day_0_is_not_lost() -> None:
    assert split(patients(("A", 0, 1)), ("A", 0, "cleared"), ("A", 3, "lost")) == [
        ("A", 0, 0, True, "cleared")
    ]


def test_other_columns_of_the_patient_go_along_and_the_order_stays() -> None:
    found = patients(("B", 10, 1), ("A", 8, 0)).assign(age=[60, None], site=["x", "y"])
    rows = rows_of(found, ("B", 4, "cleared"))
    assert rows["patient_id"].tolist() == ["B", "B", "A"]
    assert rows["site"].tolist() == ["x", "x", "y"]
    assert rows["age"].isna().tolist() == [False, False, True]


def test_nobody_gives_no_rows() -> None:
    assert split(patients()) == []


def test_a_patient_in_two_rows_is_refused() -> None:
    with pytest.raises(SurvivalInputError, match="patient_id repeats in 1 rows"):
        split(patients(("A", 10, 1), ("A", 11, 1)))


def test_a_change_without_a_time_is_refused() -> None:
    with pytest.raises(SurvivalInputError, match="changes has 1 rows with a gap"):
        split(patients(("A", 10, 1)), ("A", float("nan"), "cleared"))


class TestThreePatients:
    """A dies at 6 and clears at 2, B dies at 4 uncleared, C is censored at 8, clears at 3, not at 5."""

    @pytest.fixture
    def rows(self) -> pd.DataFrame:
        return rows_of(
            patients(("A", 6, 1), ("B", 4, 1), ("C", 8, 0)),
            ("A", 2, "cleared"),
            ("C", 3, "cleared"),
            ("C", 5, "detected"),
        )

    def test_patients_move_between_the_rows_under_the_figure(self, rows: pd.DataFrame) -> None:
        moves = count_moves_at(rows, times=[0, 2.5, 4, 5.5, 9]).set_index(["group", "time"])
        assert moves.loc["detected"].to_numpy().tolist() == [
            [3, 0, 0, 0, 0, 0],
            [2, 0, 0, 0, 1, 0],
            [1, 0, 0, 0, 2, 0],
            [1, 1, 0, 1, 2, 0],
            [0, 1, 1, 1, 2, 0],
        ]
        assert moves.loc["cleared"].to_numpy().tolist() == [
            [0, 0, 0, 0, 0, 0],
            [1, 0, 0, 1, 0, 0],
            [2, 0, 0, 2, 0, 0],
            [1, 0, 0, 2, 1, 0],
            [0, 1, 0, 2, 1, 0],
        ]

    def test_the_curves_count_the_same_patients_at_risk(self, rows: pd.DataFrame) -> None:
        at_risk = derive_at_risk(simon_makuch_table(rows)).set_index(["group", "time"])["at_risk"]
        assert (at_risk["detected", 4.0], at_risk["cleared", 6.0]) == (1, 1)

    def test_curves_may_start_later_with_those_still_followed(self, rows: pd.DataFrame) -> None:
        table = simon_makuch_table(rows, from_time=4)
        assert derive_at_risk(table).query("time > 0")[["group", "time", "at_risk"]].to_numpy().tolist() == [
            ["cleared", 1.0, 2],
            ["cleared", 2.0, 1],
            ["detected", 1.0, 0],
            ["detected", 4.0, 1],
        ]

    def test_the_mantel_byar_test_by_hand(self, rows: pd.DataFrame) -> None:
        """At 4 one of three at risk is detected and dies; at 6 C is detected again and A dies cleared."""
        found = mantel_byar(rows)
        assert found.observed == {"cleared": 1, "detected": 1}
        assert found.expected["detected"] == pytest.approx(1 / 3 + 1 / 2, abs=1e-12)
        assert found.chi_squared == pytest.approx((1 - 5 / 6) ** 2 / (2 / 9 + 1 / 4), abs=1e-12)

    def test_the_extended_cox_model_by_hand(self, rows: pd.DataFrame) -> None:
        """Likelihood 1 / (1 + 2 r) times r / (1 + r): greatest where 2 r² = 1."""
        guards = Guards(hazard_ratio_min_events=2, hazard_ratio_min_events_per_group=1)
        ratio = compare_states(rows, reference="detected", guards=guards)["cleared"]
        assert ratio.estimate == pytest.approx(0.5**0.5, abs=1e-9)
        assert compare_states(rows, reference="detected")["cleared"].withheld == "HAZARD_RATIO_WITHHELD"


def test_a_patient_enrolled_late_is_not_yet_entered_and_never_moved_in() -> None:
    rows = rows_of(patients(("A", 10, 1), ("B", 9, 0), entry=[0, 3]), ("B", 5, "cleared"))
    moves = count_moves_at(rows, times=[3, 4, 6]).set_index(["group", "time"])
    assert moves.loc["detected", "n_not_entered"].tolist() == [1, 0, 0]
    assert moves.loc["detected", "at_risk"].tolist() == [1, 2, 1]
    assert moves.loc["detected", "n_moved_in"].tolist() == [0, 0, 0]
    assert moves.loc["cleared", "n_moved_in"].tolist() == [0, 0, 1]
