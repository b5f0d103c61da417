"""Saved cohorts behind their tokens, and the pairing window each user chose."""

import pytest

from dashboard.errors import EntryIncomplete, NoSuchEntry
from dashboard.workflow.choices import choose_pairing_window, pairing_window_days
from dashboard.workflow.saved_cohorts import (
    find_cohort,
    list_cohorts,
    save_cohort,
    withdraw_cohort,
)

LIVER = {"tumour_types": ["hcc"], "lines": [1, 2], "characteristics": [["KRAS", ["mutated"]]], "late": None}


def save(database, author, name="Liver", **more):
    return save_cohort(database, more.pop("study_id", "k4care"), name, definition=LIVER, author=author)


def test_a_saved_cohort_comes_back_by_its_token_exactly_as_it_was(staffed, author):
    token = save(staffed, author("ada"))
    found = find_cohort(staffed, token, study_id="k4care")
    assert (found.name, found.owner, found.definition) == ("Liver", "Dr Ada", LIVER)


def test_a_token_says_nothing_and_opens_nothing_of_another_study(staffed, author):
    token = save(staffed, author("ada"))
    assert len(token) == 22
    assert "Liver" not in token
    for study_id, asked in (("cdk46", token), ("k4care", "invented")):
        with pytest.raises(NoSuchEntry):
            find_cohort(staffed, asked, study_id=study_id)


def test_cohorts_stand_by_name_of_everybody_or_of_one_owner(staffed, author):
    for name, username in (("lung", "ada"), ("Bone", "bo"), ("Liver", "ada")):
        save(staffed, author(username), name)
    assert [cohort.name for cohort in list_cohorts(staffed, "k4care")] == ["Bone", "Liver", "lung"]
    own = list_cohorts(staffed, "k4care", owner_id=author("ada").user_id)
    assert [cohort.name for cohort in own] == ["Liver", "lung"]


def test_a_name_is_taken_for_its_owner_in_its_study_only(staffed, author):
    save(staffed, author("ada"))
    save(staffed, author("bo"))
    save(staffed, author("ada"), study_id="cdk46")
    with pytest.raises(EntryIncomplete, match="already have a cohort named Liver"):
        save(staffed, author("ada"))


def test_a_name_is_free_again_once_its_cohort_is_withdrawn(staffed, author):
    old = save(staffed, author("ada"))
    withdraw_cohort(staffed, find_cohort(staffed, old, study_id="k4care"), author=author("ada"))
    with pytest.raises(NoSuchEntry):
        find_cohort(staffed, old, study_id="k4care")
    assert save(staffed, author("ada")) != old


def test_only_its_owner_withdraws_a_cohort(staffed, author):
    cohort = find_cohort(staffed, save(staffed, author("ada")), study_id="k4care")
    with pytest.raises(NoSuchEntry, match="belongs to Dr Ada"):
        withdraw_cohort(staffed, cohort, author=author("bo"))


def test_two_saves_of_one_name_at_the_same_moment_make_one_cohort(staffed, author, together):
    errors = together(*[lambda: save(staffed, author("ada"))] * 2)
    assert errors.count(None) == 1
    assert len(list_cohorts(staffed, "k4care")) == 1


@pytest.mark.parametrize("days", [0, 42, 84])
def test_the_pairing_window_is_kept_by_user_and_study(staffed, author, days):
    choose_pairing_window(staffed, "k4care", 28, author=author("ada"))
    choose_pairing_window(staffed, "k4care", days, author=author("ada"))
    ada, bo = author("ada").user_id, author("bo").user_id
    assert pairing_window_days(staffed, "k4care", user_id=ada) == days
    assert pairing_window_days(staffed, "cdk46", user_id=ada) is None
    assert pairing_window_days(staffed, "k4care", user_id=bo) is None


@pytest.mark.parametrize("days", [-1, 85])
def test_a_pairing_window_outside_0_to_84_days_is_refused(staffed, author, days):
    with pytest.raises(EntryIncomplete, match=f"{days} days; 0 to 84"):
        choose_pairing_window(staffed, "k4care", days, author=author("ada"))
    assert pairing_window_days(staffed, "k4care", user_id=author("ada").user_id) is None
