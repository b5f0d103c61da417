"""Names of exported files: a file of a part of the study says so before it is opened."""

import datetime as dt
from types import SimpleNamespace

import pandas as pd
import pytest

from dashboard.figures.figure import Figure
from dashboard.ui import export
from dashboard.ui.export import part_of_cohort


@pytest.mark.parametrize(
    ("cohort", "part"),
    [
        ("cohort: Sex: Female (30 of 320 patients)", "Sex: Female 30 of 320 patients"),
        ("cohort: All enrolled (320 of 320 patients)", ""),
        # Everybody by chance: the file is the same.
        ("cohort: Sex: Female (320 of 320 patients)", ""),
        # Of a name with brackets the last pair counts.
        (
            "cohort: Group: A (1 of 2 patients) · Sex: Female (3 of 9 patients)",
            "Group: A (1 of 2 patients) · Sex: Female 3 of 9 patients",
        ),
        # Notes behind the cohort are no part of it; of many choices the last words are cut.
        ("cohort: Lung (3 of 9 patients) · named by drugs", "Lung 3 of 9 patients"),
        (
            "cohort: Site: North, South · Stage: III, IV · Line: 1 · Liver metastases (3 of 9 patients)",
            "Site: North, South · Stage: III, IV · Line: 1 · Liver c0f9 3 of 9 patients",
        ),
        ("", ""),
    ],
)
def test_a_file_of_a_part_of_the_cohort_has_its_words_and_its_size_in_the_name(cohort, part):
    assert part_of_cohort(f"Study · data cut 28 Feb 2026 · {cohort}") == part


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Age: ≥ 65", "Age: < 65"),
        ("Site: Hồ", "Site: Hà"),
        (
            "Site: North, South · Stage: III, IV · Line: 1 · Liver metastases",
            "Site: North, South · Stage: III, IV · Line: 1 · Liver surgery",
        ),
    ],
)
def test_cohorts_of_one_size_whose_names_would_be_cut_to_the_same_stay_two_files(one, other):
    footers = [f"cohort: {words} (3 of 9 patients)" for words in (one, other)]
    names = {export._in_a_name(part_of_cohort(footer)) for footer in footers}
    assert len(names) == 2


def test_two_parts_of_one_size_are_two_files(monkeypatch):
    names = []
    monkeypatch.setattr(export, "_save", lambda _label, _content, name: names.append(name))
    context = SimpleNamespace(
        study=SimpleNamespace(study_id="small"), snapshot=SimpleNamespace(cut_off=dt.date(2026, 2, 28))
    )
    table = pd.DataFrame({"n": [1]})
    for words in ("Site: Site 02", "Liver metastases"):
        footer = f"Small study · cohort: {words} (70 of 320 patients)"
        figure = Figure(rows=table, spec={}, table=table, caption="", method="", footer=footer)
        export.save_buttons(context, {"flow": figure}, what="overview")
    assert names == [
        "small-overview-flow-site-site-02-70-of-320-patients-2026-02-28.csv",
        "small-overview-flow-liver-metastases-70-of-320-patients-2026-02-28.csv",
    ]
