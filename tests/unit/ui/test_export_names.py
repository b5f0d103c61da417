"""Names of exported files: a file of a part of the study says so before it is opened."""

import pytest

from dashboard.ui.export import part_of_cohort


@pytest.mark.parametrize(
    ("cohort", "part"),
    [
        ("cohort: Sex: Female (30 of 320 patients)", "30 of 320 patients"),
        ("cohort: All enrolled (320 of 320 patients)", ""),
        # Everybody by chance: the file is the same.
        ("cohort: Sex: Female (320 of 320 patients)", ""),
        # Of a name with brackets the last pair counts.
        ("cohort: Group: A (1 of 2 patients) · Sex: Female (3 of 9 patients)", "3 of 9 patients"),
        ("", ""),
    ],
)
def test_a_file_of_a_part_of_the_cohort_has_its_size_in_the_name(cohort, part):
    assert part_of_cohort(f"Study · data cut 28 Feb 2026 · {cohort}") == part
