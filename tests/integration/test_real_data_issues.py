"""Data issues of three public data sets by check; docs/data-issues-checked.md reads thirty-five of them."""

import re
import shutil
from pathlib import Path

import pytest

from dashboard.store.build import BuildOptions, build_snapshot
from dashboard.store.reader import Reader

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[2]
DATA_OF = {
    "pharmaverse": "pharmaversesdtm_onco",
    "genie": "genieBPC_simulated_nsclc",
    "random_cdisc": "random_cdisc_data",
}
# Check, data issues, patients; True where it is one row.
EXPECTED = {
    "pharmaverse": {
        ("DQ10", 1, 1, False),
        ("DQ14", 6, 6, False),
        ("DQ16", 1, 1, False),
        ("DQ21", 1, 1, False),
        ("DQ23", 3, 3, False),
        ("DQ24", 267, 254, True),
        ("DQ28", 246, 246, True),
        ("DQ50", 5, 5, True),
        ("DQ54", 33, 20, False),
        ("DQ72", 502, 246, False),
    },
    "genie": {
        ("DQ21", 62, 43, True),
        ("DQ23", 82, 58, True),
        ("DQ24", 292, 137, True),
        ("DQ27", 9, 9, False),
        ("DQ49", 192, 55, True),
        ("DQ50", 42, 30, True),
        ("DQ72", 856, 159, False),
    },
    "random_cdisc": {
        ("DQ12", 7, 7, False),
        ("DQ14", 73, 73, False),
        ("DQ23", 215, 215, True),
        ("DQ24", 400, 400, True),
        ("DQ46", 185, 172, True),
        ("DQ49", 268, 157, True),
        ("DQ50", 13, 13, False),
        ("DQ53", 300, 183, True),
        ("DQ54", 1148, 330, True),
        ("DQ72", 727, 400, False),
    },
}


def read_by_hand(name):
    """Check and patient of each row of the page, of one data set."""
    page = (ROOT / "docs" / "data-issues-checked.md").read_text(encoding="utf-8")
    (part,) = re.findall(rf"^## {DATA_OF[name]} .*?(?=^## )", page, flags=re.DOTALL | re.MULTILINE)
    return re.findall(r"^\| \d+ \| (DQ\w+) \| ([\w-]+)[:,]", part, flags=re.MULTILINE)


def test_the_page_has_thirty_five_rows_read_by_hand():
    assert [len(read_by_hand(name)) for name in DATA_OF] == [14, 11, 10]


@pytest.mark.parametrize("name", DATA_OF)
def test_data_issues_of_public_data_by_check(name, shared_data, tmp_path):
    study = tmp_path / name
    shutil.copytree(ROOT / "tests" / "studies" / name, study)
    extract = next((study / "extracts").iterdir())
    for path in (shared_data / "data" / DATA_OF[name]).iterdir():
        (extract / path.name).symlink_to(path)
    options = BuildOptions(store=tmp_path / "store", reference=ROOT / "data" / "reference")
    reader = Reader(build_snapshot(study, options=options).snapshot)
    found = reader.records(
        "select check_id, count(*) as n, count(distinct patient_id) as n_patients, is_systematic "
        "from data_issue group by all"
    )
    assert {tuple(row.values()) for row in found} == EXPECTED[name]
    issues = reader.records("select distinct check_id, patient_id from data_issue")
    for check_id, patient_id in read_by_hand(name):
        # The page leaves out what all identifiers of a data set begin with.
        assert any(
            one["check_id"] == check_id and str(one["patient_id"]).endswith(patient_id) for one in issues
        ), (check_id, patient_id)
