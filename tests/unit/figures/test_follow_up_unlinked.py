"""Which missing draws a laboratory result linked to nobody fits: sex, year of birth, day."""

import duckdb
import pytest

from dashboard.figures.follow_up.request import fitting_draws

TABLES = """
create table patient (patient_id varchar, sex varchar, born_on date);
create table follow_up (
    patient_id varchar, window_key varchar, kind varchar, opens_on date, closes_on date, grace_until date,
    done_on date
);
create table unlinked_result (collected_on date, sex varchar, birth_year varchar);
insert into patient values ('P1', 'male', '1963-12-31');
"""
WINDOW = ("P1", "draw 1", "ctdna", "2025-05-14", "2025-06-25", "2025-07-09", None)


class SmallStore:
    """A reader of three small tables; without `has_results` of a data cut that has no such table."""

    def __init__(self, *, window=WINDOW, result=("2025-06-11", "Nam", "1963"), has_results=True):
        self.connection = duckdb.connect()
        self.connection.execute(TABLES)
        self.connection.execute("insert into follow_up values (?, ?, ?, ?, ?, ?, ?)", window)
        self.connection.execute("insert into unlinked_result values (?, ?, ?)", result)
        self.has_results = has_results

    def has_table(self, name):
        return self.has_results and name == "unlinked_result"

    def records(self, sql):
        return self.connection.execute(sql).df().to_dict("records")


def fits(**given):
    return fitting_draws(SmallStore(**given)) == {("P1", "draw 1")}


@pytest.mark.parametrize(
    ("collected_on", "is_fit"),
    [
        ("2025-05-13", False),
        ("2025-05-14", True),
        ("2025-06-25", True),
        ("2025-07-09", True),
        ("2025-07-10", False),
        (None, False),
    ],
)
def test_the_day_lies_in_the_window_or_its_grace(collected_on, is_fit):
    assert fits(result=(collected_on, "Nam", "1963")) is is_fit


@pytest.mark.parametrize("until", ["2025-06-25", "2025-06-26"])
def test_a_window_without_grace_ends_on_its_last_day(until):
    assert fits(window=(*WINDOW[:5], None, None), result=(until, "Nam", "1963")) is (until == "2025-06-25")


@pytest.mark.parametrize(
    ("sex", "birth_year", "is_fit"),
    [
        ("Nam", "1963", True),
        ("male", "1963", True),
        ("M", "31/12/1963", True),
        ("Nữ", "1963", False),
        ("女", "1963", False),
        ("男", "1964", False),
        ("Nam", "[masked]", False),
        ("Nam", None, False),
        ("?", "1963", False),
        (None, "1963", False),
    ],
)
def test_sex_and_year_of_birth_are_written_and_the_same(sex, birth_year, is_fit):
    assert fits(result=("2025-06-11", sex, birth_year)) is is_fit


def test_a_draw_that_was_done_or_an_item_that_is_no_draw_is_not_asked_about():
    assert not fits(window=(*WINDOW[:6], "2025-06-11"))
    assert not fits(window=(*WINDOW[:2], "imaging", *WINDOW[3:]))


def test_a_data_cut_without_the_table_of_unlinked_results_names_no_draw():
    assert not fits(has_results=False)
