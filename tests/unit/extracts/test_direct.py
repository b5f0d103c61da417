"""Records that stand as the table has them are taken directly, and nobody can tell which were."""

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.extracts import load
from tests.unit.extracts.load_files import Loaded, assert_balanced

HEADER = (
    "sample_id,gene,variant,hgvs_c,status,is_tracked,maf_ppm,alt_molecules,total_molecules,copy_number,note\n"
)
# Each is plain, or nearly: what a cast takes for a value though it is none stands among them.
NUMBERS = """,0,1,-1,+5,007,12.5,12.50,12.500,12.5000,12.5001,1_000,1e3, 1,1 ,1.,.5,0x1F,-0,nan,infinity,
9999999,10000000,999999999,1000000000,１２""".replace("\n", "").split(",")
TEXTS = ["", "TP53", "HER2", "her2", "p.R175H", " TP53", "TP53 ", "\u00a0TP53", "a b", "Đ", '"', '""', "null"]
STATUSES = ["detected", "not_detected", "Detected", " detected", "maybe", ""]
BOOLEANS = ["", "true", "TRUE", "yes", "1", "0", "t", " true", "wahr"]
DATES = """,2025-03-05,2025-3-5,2025-02-30,2025-03,2025,1900-01-01,1899-12-31,2100-12-31,2101-01-01,
19000-01-01,2025-03-05 23:59,2025-03-05 00:00,infinity,epoch,05/2025, 2025-03-05""".replace("\n", "").split(
    ","
)
PLAIN = "S{0},KRAS,p.G12D,c.35G>A,detected,true,12.5,1,2,3.5,\n"

variants = st.tuples(
    st.sampled_from(["S1", "S2", "S3", ""]),
    st.sampled_from(TEXTS),
    st.sampled_from(["p.R175H", "p.G12D"]),
    st.sampled_from(TEXTS),
    st.sampled_from(STATUSES),
    st.sampled_from(BOOLEANS),
    *[st.sampled_from(NUMBERS)] * 4,
    st.sampled_from(["", "call 0901 234 567"]),
).map(",".join)


@contextmanager
def only_with_care() -> Iterator[None]:
    """No record is taken directly."""
    with patch.object(load, "insert_direct", return_value=False):
        yield


def everything(files: dict[str, str], table: str) -> list[list[tuple[Any, ...]]]:
    """What a load makes of the files: the table and the tables of the load."""
    with tempfile.TemporaryDirectory() as folder:
        loaded = Loaded(Path(folder), files)
    assert_balanced(loaded)
    names = (table, "rejected_row", "set_aside_row", "ledger", "gene_alias_note")
    return [loaded.rows(f"select * from {name} order by all") for name in names]


@settings(max_examples=8, deadline=None)
@given(st.lists(variants, min_size=20, max_size=40))
def test_a_variant_taken_directly_is_the_one_read_with_care(rows: list[str]) -> None:
    plain = "".join(PLAIN.format(100 + number) for number in range(len(rows) + 1))
    files = {"variant.csv": HEADER + plain + "".join(f"{row}\n" for row in rows)}
    direct = everything(files, "variant")
    with only_with_care():
        assert everything(files, "variant") == direct


@settings(max_examples=5, deadline=None)
@given(st.lists(st.sampled_from(DATES), min_size=10, max_size=25))
def test_a_date_taken_directly_is_the_one_read_with_care(days: list[str]) -> None:
    plain = "".join(f"P1,2025-01-{number + 1:02d},v\n" for number in range(len(days) + 1))
    files = {"visit.csv": "patient_id,visit_on,visit\n" + plain + "".join(f"P2,{day},v\n" for day in days)}
    direct = everything(files, "visit")
    with only_with_care():
        assert everything(files, "visit") == direct


@pytest.mark.parametrize("number", ["1_000", "1e3", "0x1F", " 1", "12.5001", "12.50000", "007"])
def test_a_number_written_in_any_other_way_is_read_with_care(number: str, tmp_path: Path) -> None:
    text = HEADER + PLAIN.format(1) + PLAIN.format(2).replace("12.5", number)
    seen: list[Any] = []
    careful = load.insert_direct

    def watched(connection: Any, table: Any, **more: Any) -> bool:
        taken = careful(connection, table, **more)
        if table.name == "variant":
            seen.extend(connection.execute("select source_row from variant").fetchall())
        return taken

    with patch.object(load, "insert_direct", watched):
        Loaded(tmp_path, {"variant.csv": text})
    assert seen == [(2,)]


@pytest.mark.parametrize("cell", ["c.\\d+", "null", "[1; 2]", "{'a': 1}", 'c.1 "x"', "c.1\nc.2", "Đ"])
def test_the_other_cells_of_a_record_read_with_care_stay_as_written(cell: str, tmp_path: Path) -> None:
    quoted = '"' + cell.replace('"', '""') + '"' if set(cell) & set('"\n') else cell
    good = f"S8,KRAS,p.G12D,{quoted},Detected,true,12.5,1,2,3.5,\n"
    bad = f"S9,KRAS,p.G12D,{quoted},detected,true,1_000,1,2,3.5,\n"
    plain = "".join(PLAIN.format(number) for number in range(1, 4))
    loaded = Loaded(tmp_path, {"variant.csv": HEADER + plain + good + bad})
    assert loaded.rows("select hgvs_c, n_copies from variant where sample_id = 'S8'") == [(cell, 1)]
    [row_text] = loaded.column("select row_text from rejected_row")
    assert json.loads(row_text)["hgvs_c"] == cell


def test_a_file_that_is_mostly_written_otherwise_is_read_with_care_from_the_start(tmp_path: Path) -> None:
    text = "patient_id,visit_on,visit\nP1,2025-3-5,v\nP1,2025-3-6,v\nP1,2025-03-07,v\n"
    loaded = Loaded(tmp_path, {"visit.csv": text})
    assert loaded.rows("select row_key from visit order by 1") == [
        ("P1 | 2025-03-05 | v",),
        ("P1 | 2025-03-06 | v",),
        ("P1 | 2025-03-07 | v",),
    ]


def test_a_gene_by_its_alias_and_another_row_of_the_same_gene_contradict_each_other(tmp_path: Path) -> None:
    text = HEADER + "S1,HER2,p.G12D,,detected,,,,,,\nS1,ERBB2,p.G12D,,not_detected,,,,,,\n" + PLAIN.format(2)
    loaded = Loaded(tmp_path, {"variant.csv": text})
    assert loaded.column("select sample_id from variant") == ["S2"]
    assert loaded.column("select source_row from rejected_row order by 1") == [2, 3]
