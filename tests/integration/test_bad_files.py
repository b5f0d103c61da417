"""Every planted fault is found where it is, and nothing else is called a fault (oracle: frictionless)."""

from pathlib import Path

import duckdb
import frictionless
import pytest

from dashboard.extracts.load import load_extract
from dashboard.extracts.problems import ExtractError
from dashboard.model.tables import canonical_tables
from dashboard.studies.load import load_study
from tests.integration.bad_files import BAD_FILES, COLUMNS, HEADER, KEY, BadFile

STUDY = Path(__file__).parents[2] / "data" / "studies" / "k4care"
JUDGED = [case for case in BAD_FILES if case.encoding]


def load(folder: Path, case: BadFile, database: str = ":memory:") -> duckdb.DuckDBPyConnection:
    """Load one file beside two patients."""
    folder.mkdir(exist_ok=True)
    (folder / "extract.toml").write_text(
        'cut_off = 2025-06-30\nextracted_at = "2025-07-01"\ncalendar = "calendar"\n'
    )
    if case.mapping:
        text = f'[files.adverse_event]\nfile = "{case.file}"\nformat = "native"\n{case.mapping}\n'
        (folder / "mapping.toml").write_text(text)
    (folder / "patient.csv").write_text("patient_id,site_id\nP1,A\nP2,A\n")
    (folder / case.file).write_bytes(case.content)
    connection = duckdb.connect(database)
    load_extract(folder, folder, load_study(STUDY), connection)
    return connection


def found_by_us(connection: duckdb.DuckDBPyConnection) -> set[tuple[int, str | None]]:
    rows = connection.execute("select source_row, column_name from rejected_row").fetchall()
    return {(row, KEY if column and "," in column else column) for row, column in rows}


@pytest.mark.parametrize("case", [case for case in BAD_FILES if not case.stops], ids=lambda case: case.name)
def test_each_fault_is_found_at_its_cell(tmp_path, case):
    connection = load(tmp_path, case)
    assert found_by_us(connection) == case.rejected
    table = case.file.split(".")[0]
    loaded, rejected, set_aside, records = connection.execute(
        "select n_loaded, n_rejected, n_set_aside, n_records from ledger "
        "where canonical_table = '' and source_file like ? || '.%'",
        [table],
    ).fetchone()
    assert loaded + rejected + set_aside == records
    if case.n_rows is not None:
        assert connection.execute(f"select count(*) from {table}").fetchone() == (case.n_rows,)


@pytest.mark.parametrize("case", [case for case in BAD_FILES if case.stops], ids=lambda case: case.name)
def test_what_cannot_be_loaded_stops_with_its_reason(tmp_path, case):
    with pytest.raises(ExtractError) as raised:
        load(tmp_path, case)
    assert case.stops in str(raised.value)
    assert case.file.split(".")[0] in str(raised.value)


def schema(path: Path, header: list[str]) -> frictionless.Schema:
    """The columns that a file has of its table, as a Table Schema."""
    table = canonical_tables()[path.stem]
    fields = []
    for field in (table.field(name) for name in header):
        limits = {"required": field.is_required, "minimum": field.minimum, "maximum": field.maximum}
        constraints = {name: limit for name, limit in limits.items() if limit is not None}
        if field.allowed:
            constraints["enum"] = list(field.allowed)
        fields.append({"name": field.name, "type": field.type, "constraints": constraints})
    key = [name for name in table.key if name in header]
    return frictionless.Schema.from_descriptor({"fields": fields, "primaryKey": key})


def found_by_frictionless(path: Path, encoding: str) -> set[tuple[int, str | None]]:
    if path.suffix == ".csv":
        first_line = path.read_bytes().decode(encoding).lstrip("\ufeff").splitlines()[0]
        delimiter = next(d for d in ",;\t|" if d in first_line)
        header, options = first_line.split(delimiter), {"csv": {"delimiter": delimiter}}
    else:
        header, options = COLUMNS, {"excel": {"stringified": False}}
    resource = frictionless.Resource(
        path=path.name,
        basepath=str(path.parent),
        schema=schema(path, header),
        encoding=encoding,
        dialect=frictionless.Dialect.from_descriptor(options),
    )
    found = set()
    for row, column, kind in resource.validate().flatten(["rowNumber", "fieldName", "type"]):
        if kind == "primary-key":
            found.add((row, KEY))
        elif kind in {"missing-cell", "extra-cell"}:
            found.add((row, None))
        else:
            assert kind in {"type-error", "constraint-error"}, kind
            found.add((row, column))
    return found


@pytest.mark.parametrize("case", JUDGED, ids=lambda case: case.name)
def test_frictionless_comes_to_the_same_verdict(tmp_path, case):
    """Of rows under one key frictionless names the later ones, we name all; else the cells are the same."""
    (tmp_path / case.file).write_bytes(case.content)
    theirs = found_by_frictionless(tmp_path / case.file, case.encoding)
    assert {cell for cell in theirs if cell[1] != KEY} == {cell for cell in case.rejected if cell[1] != KEY}
    assert {cell for cell in theirs if cell[1] == KEY} <= case.rejected
    assert bool(theirs) == bool(case.rejected)


def test_the_corpus_is_large_and_names_each_file_once():
    at_fault = [case for case in BAD_FILES if case.rejected or case.stops]
    assert len(at_fault) >= 60
    assert len({case.name for case in BAD_FILES}) == len(BAD_FILES)
    assert len([case for case in JUDGED if case.rejected]) >= 90


@pytest.mark.parametrize("encoding", ["utf-8", "gbk"])
def test_no_name_and_no_number_of_a_person_reaches_the_store(tmp_path, encoding):
    text = (
        f"{HEADER},姓名,手机号\n"
        "P1,E1,nausea,2,true,2025-03-01,related,张三丰,13800138000\n"
        "P1,E2,nausea,9,true,2025-03-01,related,李四光,13800138001\n"
        "P1,E3,nausea,王五常,13800138002\n"
        'P1,E4,"phone 13800138003 ID 110105199003078515,1,,,,赵六合,13800138004\n'
        "P1,E5,call 13800138005,9,,,,钱七宝,13800138006\n"
    )
    case = BadFile("names", text.encode(encoding))
    connection = load(tmp_path / "in", case, str(tmp_path / "store.duckdb"))
    assert found_by_us(connection) == {(3, "grade"), (4, None), (5, None), (6, "grade")}
    connection.execute("checkpoint")
    connection.close()
    dropped = ("张三丰", "李四光", "王五常", "赵六合", "钱七宝", "13800138000", "13800138004", "13800138006")
    stored = (tmp_path / "store.duckdb").read_bytes()
    assert [person for person in dropped if person.encode() in stored] == []
    with duckdb.connect(str(tmp_path / "store.duckdb")) as store:
        tables = store.execute("select table_name from duckdb_tables() where schema_name = 'main'").fetchall()
        texts = [str(store.execute(f'select * from "{table}"').fetchall()) for (table,) in tables]
    typed_into_text = ("13800138003", "110105199003078515", "13800138005")
    assert [part for part in dropped + typed_into_text if any(part in text for text in texts)] == []
