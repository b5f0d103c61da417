"""Files as sites send them, good and bad: how each is made, and what must be said about it.

All are in the native layout, so that the corpus is about files and values and not about mapping; those of
shapes and encodings are `adverse_event` files. Row 1 is the header.
"""

import datetime as dt
import gzip
import io
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field

import openpyxl

HEADER = "patient_id,event_id,term,grade,is_serious,started_on,relatedness"
COLUMNS = HEADER.split(",")
GOOD = "P1,E1,nausea,2,true,2025-03-01,related"
MEASUREMENT = "patient_id,name,measured_on,value,unit"
ROWS = {
    "ctdna_sample": (
        "sample_id,patient_id,collected_on,status,lod_ppm,cfdna_ng_per_ml",
        "S1,P1,2025-03-01,detected,500,12.5",
    ),
    "lesion": (
        "patient_id,lesion_id,assessed_on,role,is_node,diameter_mm",
        "P1,T1,2025-03-01,target,false,12.5",
    ),
    "treatment": (
        "patient_id,treatment_id,kind,line,started_on,is_ongoing,total_dose_gy,fractions",
        "P1,C1,radiotherapy,1,2025-03-01,false,50.5,5",
    ),
    "response": (
        "patient_id,assessed_on,assessor,new_lesion,overall,sum_of_diameters_mm",
        "P1,2025-03-01,radiologist,no,pr,31.5",
    ),
    "imaging": ("patient_id,imaged_on,modality,is_cns_imaged", "P1,2025-03-01,ct,true"),
    "measurement": (MEASUREMENT, "P1,cea,2025-03-01,3.5,ng/mL"),
    "patient": (
        "patient_id,site_id,sex,born_on,age_years,enrolled_on,tumour_type,ned_basis",
        "P1,A,female,1961-05-02,63,2025-01-15,lung,surgery",
    ),
    "contact": (
        "patient_id,contact_on,vital_status,died_on,death_cause,is_treatment_reviewed",
        "P1,2025-03-02,dead,2025-03-01,cancer,true",
    ),
    "variant": (
        "sample_id,gene,variant,status,is_tracked,maf_ppm,alt_molecules,origin",
        "S1,TP53,p.R175H,detected,true,800.5,16,tumour",
    ),
    "visit": (
        "patient_id,visit_on,visit,has_occurred,is_treatment_reviewed",
        "P1,2025-03-01,C1,true,false",
    ),
    "disposition": ("patient_id,kind,happened_on", "P1,withdrawal_of_consent,2025-03-01"),
    "attestation": ("patient_id,criterion,attested_on,answer", "P1,E01,2025-03-01,yes"),
    "panel_gene": ("panel,gene,alteration", "P50,TP53,sequence"),
    "pathology": ("patient_id,specimen,taken_on,test,value_percent", "P1,biopsy,2025-03-01,er,80"),
}
CHOICES = "does not look right as UTF-8"
KEY = "key"


@dataclass(frozen=True)
class BadFile:
    """One file. `rejected`: (row, column) of each cell at fault; column None is the whole line, KEY its key.

    `stops` is a part of the message that stops the build. `encoding` is given where frictionless can judge
    the file too (it reads a workbook whatever it says); None where Table Schema cannot say what is right.
    """

    name: str
    content: bytes
    rejected: frozenset[tuple[int, str | None]] = field(default=frozenset())
    stops: str | None = None
    encoding: str | None = None
    file: str = "adverse_event.csv"
    mapping: str = ""
    n_rows: int | None = None


def ae(*rows: str, header: str = HEADER, end: str = "\n") -> str:
    return end.join([header, *rows, ""])


def one(
    grade: str = "2", serious: str = "true", started: str = "2025-03-01", related: str = "related"
) -> str:
    return ae(f"P1,E1,nausea,{grade},{serious},{started},{related}")


def judged(
    name: str,
    text: str,
    *rejected: tuple[int, str | None],
    encoding: str = "utf-8",
    table: str = "adverse_event",
) -> BadFile:
    """A file frictionless judges as well."""
    file = f"{table}.csv"
    return BadFile(name, text.encode(encoding), frozenset(rejected), encoding=encoding, file=file)


def in_table(table: str, column: str, value: str, *, bad: bool = True) -> BadFile:
    """The good row of a table with one cell changed, which is at fault or just not."""
    header, row = ROWS[table]
    cells = dict(zip(header.split(","), row.split(","), strict=True)) | {column: value}
    text = f"{header}\n{','.join(cells.values())}\n"
    return judged(f"{table}: {column} {value!r}", text, *([(2, column)] if bad else []), table=table)


def judged_sheet(name: str, *rows: list[object], at_fault: tuple[tuple[int, str], ...] = ()) -> BadFile:
    """A workbook of adverse events, typed cell by cell, that frictionless judges as well."""
    raw = sheet(COLUMNS, *rows)
    return BadFile(name, raw, frozenset(at_fault), encoding="utf-8", file="adverse_event.xlsx")


def ours(name: str, content: str | bytes, *rejected: tuple[int, str | None], **more: object) -> BadFile:
    """A file whose fault, or whose being right, Table Schema cannot express."""
    raw = content.encode() if isinstance(content, str) else content
    return BadFile(name, raw, frozenset(rejected), **more)  # type: ignore[arg-type]


def stops(name: str, content: str | bytes, message: str, **more: object) -> BadFile:
    return ours(name, content, stops=message, **more)


def measured(name: str, value: str, *rejected: tuple[int, str | None]) -> BadFile:
    return ours(name, f"{MEASUREMENT}\nP1,cea,2025-03-01,{value},ng/mL\n", *rejected, file="measurement.csv")


def workbook(fill: Callable[[openpyxl.Workbook], None]) -> bytes:
    book = openpyxl.Workbook()
    fill(book)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def sheet(*rows: list[object], merge: tuple[str, ...] = ()) -> bytes:
    def fill(book: openpyxl.Workbook) -> None:
        for row in rows:
            book.active.append(row)
        for cells in merge:
            book.active.merge_cells(cells)

    return workbook(fill)


def windows_1258(text: str) -> bytes:
    """Vietnamese as Windows-1258 keeps it: the tone as a mark of its own after the vowel."""
    tones = "\u0300\u0301\u0303\u0309\u0323"
    letters = []
    for letter in text:
        parts = unicodedata.normalize("NFD", letter)
        base = unicodedata.normalize("NFC", "".join(part for part in parts if part not in tones))
        letters.append(base + "".join(part for part in parts if part in tones))
    return "".join(letters).encode("cp1258")


def read_as(text: str, written: str, read: str) -> str:
    """What a program shows that reads a text in another encoding than it was written in."""
    return text.encode(written).decode(read, errors="replace")


TWIN = "adverse_event.csv, row "
VIETNAMESE = ae("P1,E1,buồn nôn và mệt mỏi,2,true,2025-03-01,related", "P2,E1,tiêu chảy,1,,,")
CHINESE = ae("P1,E1,中性粒细胞减少,3,true,2025-03-01,related", "P2,E1,恶心呕吐,1,,,")
XLSX = {"file": "adverse_event.xlsx"}

ENCODINGS = [
    judged("UTF-8", VIETNAMESE),
    judged("UTF-8 with byte order mark", VIETNAMESE, encoding="utf-8-sig"),
    judged("GBK from Chinese Excel", CHINESE, encoding="gbk"),
    judged("GB18030 with a rare character of a name", CHINESE.replace("恶心", "㛃恶心"), encoding="gb18030"),
    judged("UTF-16 from Excel's Unicode text", VIETNAMESE, encoding="utf-16"),
    judged("UTF-16 without byte order mark", VIETNAMESE, encoding="utf-16-le"),
    ours("UTF-16 Unicode text with tabs", VIETNAMESE.replace(",", "\t").encode("utf-16")),
    ours("Windows-1258", windows_1258(VIETNAMESE), n_rows=2),
    judged("decomposed Vietnamese", unicodedata.normalize("NFD", VIETNAMESE)),
    judged("GBK with a grade out of range", CHINESE.replace(",3,", ",7,"), (2, "grade"), encoding="gbk"),
    stops("TCVN3", ae("P1,E1,Hä tªn Ngµy N¨m,1,,,").encode("latin-1"), "TCVN3"),
    stops("TCVN3 in a header saved as UTF-8", ae(GOOD, header=HEADER + ",Hä tªn,Ngµy"), "TCVN3"),
    stops("VNI", ae("P1,E1,Hoï vaø teân beänh,1,,,").encode("latin-1"), "VNI"),
    stops("Latin-1 German", ae("P1,E1,Übelkeit größer,1,,,").encode("latin-1"), CHOICES),
    stops("GBK read as Latin-1 and saved as UTF-8", ae(GOOD, header=HEADER + ",²¿·Ö»º½â"), CHOICES),
    stops(
        "UTF-8 read as Latin-1 and saved again",
        ae(GOOD, header=HEADER + "," + "Ngày sinh".encode().decode("latin-1")),
        CHOICES,
    ),
    stops(
        "UTF-8 read as GBK and saved as UTF-8", read_as(CHINESE, "utf-8", "gb18030"), TWIN + "2, column term"
    ),
    stops("Vietnamese read as GBK", read_as(VIETNAMESE, "utf-8", "gb18030"), TWIN + "2, column term"),
    stops("GBK read as UTF-8 and saved as UTF-8", read_as(CHINESE, "gbk", "utf-8"), TWIN + "2, column term"),
    stops(
        "one cell read as GBK, below good rows",
        ae(
            GOOD,
            GOOD.replace("E1", "E2"),
            "P1,E3,nausea,2,true,2025-03-01," + read_as("有关", "utf-8", "gbk"),
        ),
        TWIN + "4, column relatedness",
    ),
    stops(
        "a header read as GBK",
        ae(GOOD + ",x", header=HEADER + "," + read_as("姓名", "utf-8", "gbk")),
        CHOICES,
    ),
    stops(
        "UTF-8 in a file said to be GBK", CHINESE, TWIN + "2: These bytes are not", mapping='encoding = "gbk"'
    ),
    stops(
        "GBK in a file said to be UTF-8",
        CHINESE.encode("gbk"),
        TWIN + "2: These bytes are not",
        mapping='encoding = "utf-8"',
    ),
    # Rarer letters, whose bytes are near those of UTF-8.
    judged("Chinese of rare letters", CHINESE.replace("恶心呕吐", "缬沙坦，溴隐亭，张玮婷")),
    judged("Chinese of rare letters in GBK", CHINESE.replace("恶心呕吐", "恶心呕吐，缬沙坦"), encoding="gbk"),
    ours("one sign of a lost letter", ae("P1,E1,nause\ufffd,2,true,2025-03-01,related"), n_rows=1),
    stops(
        "UTF-8 read as GBK in a workbook",
        sheet(
            COLUMNS, GOOD.split(","), ["P1", "E2", read_as("恶心呕吐", "utf-8", "gbk"), 2, None, None, None]
        ),
        "adverse_event.xlsx#Sheet, row 3, column term",
        **XLSX,
    ),
    stops(
        "UTF-8 cut in the middle of a character",
        VIETNAMESE.encode().replace("ồ".encode(), b"\xe1\xbb"),
        CHOICES,
    ),
]

SHAPES = [
    judged("semicolons", ae(GOOD).replace(",", ";")),
    judged("tabs", ae(GOOD).replace(",", "\t")),
    judged("bars", ae(GOOD).replace(",", "|")),
    judged("Windows line ends", ae(GOOD, "P1,E2,x,9,,,", end="\r\n"), (3, "grade")),
    ours("mixed line ends", ae(GOOD) + "P1,E2,x,9,,,\r\n", (3, "grade")),
    judged("no line end at the end", ae(GOOD).rstrip("\n")),
    judged("every cell quoted", ae('"P1","E1","nausea","2","true","2025-03-01","related"')),
    judged("delimiter and quotes inside a quoted cell", ae('P1,E1,"nausea, ""mild""",2,,,')),
    ours("line break inside a cell", ae('P1,E1,"nausea\nmild",2,,,', "P1,E2,x,9,,,"), (4, "grade"), n_rows=1),
    ours("blank line between records", ae(GOOD, "", "P1,E2,x,9,,,"), (4, "grade"), n_rows=1),
    ours("blank lines and empty rows at the end", ae(GOOD, ",,,,,,", "", ""), n_rows=1),
    ours(
        "Excel's separator line",
        "sep=;\n" + ae(GOOD, "P1,E2,x,9,,,").replace(",", ";"),
        (4, "grade"),
        n_rows=1,
    ),
    ours(
        "gzipped", gzip.compress(ae(GOOD, "P1,E2,x,9,,,").encode()), (3, "grade"), file="adverse_event.csv.gz"
    ),
    judged("a header alone", ae()),
    ours("blank and double header cells", ae(GOOD + ",1,2,3", header=HEADER + ",,note,note"), n_rows=1),
    ours(
        "no-break space around a header cell",
        ae(GOOD, header=HEADER.replace("term", "\u00a0term ")),
        n_rows=1,
    ),
    judged("short row", ae("P1,E1,nausea,2", GOOD.replace("E1", "E2")), (2, None)),
    judged("long row", ae(GOOD + ",more", GOOD.replace("E1", "E2")), (2, None)),
    ours("short and long rows in turn", ae("P1,E0", GOOD, GOOD + ",x"), (2, None), (4, None), n_rows=1),
    ours("unclosed quote", ae('P1,E1,"nausea,2,true,2025-03-01,related', GOOD), (2, None), n_rows=1),
    ours("unclosed quote in the last row", ae(GOOD, 'P1,E2,"x,1,,,'), (3, None), n_rows=1),
    ours("unclosed quote above a quoted cell", ae('P1,E1,"x,1,,,', 'P1,E2,"a, b",1,,,'), (2, None), n_rows=1),
    ours("quote inside a cell", ae('P1,E1,5" lesion,2,,,', GOOD), (2, None), n_rows=1),
    ours("text after a closing quote", ae('P1,E1,"a"b,2,,,', GOOD), (2, None), n_rows=1),
    ours("NUL byte", ae("P1,E1,nau\0sea,2,,,", GOOD), (2, None), n_rows=1),
    ours("lone carriage return", ae("P1,E1,nau\rsea,2,,,", GOOD), (2, None), n_rows=1),
    stops("an empty file", "", "empty"),
    stops("nothing but blank lines", "\n\n\n", "empty"),
    stops("a required column missing", ae("P1,nausea", header="patient_id,term"), "event_id"),
    stops("no header", ae(GOOD, header="P2,E9,x,1,true,2025-03-01,related"), "patient_id"),
    stops("a web page named .csv", "<html><table><tr><td>1</td></tr></table></html>", "web page"),
]

VALUES = [
    judged("text for a number", one(grade="severe"), (2, "grade")),
    judged("below the minimum", one(grade="0"), (2, "grade")),
    judged("on the minimum", one(grade="1")),
    judged("on the maximum", one(grade="5")),
    judged("above the maximum", one(grade="6"), (2, "grade")),
    judged("a negative grade", one(grade="-1"), (2, "grade")),
    judged("a fraction for a whole number", one(grade="2.5"), (2, "grade")),
    judged("two numbers in a cell", one(grade="1 2"), (2, "grade")),
    judged("a word for true or false", one(serious="maybe"), (2, "is_serious")),
    judged("a day that does not exist", one(started="2025-02-30"), (2, "started_on")),
    judged("29 February of a leap year", one(started="2024-02-29")),
    judged("29 February of another year", one(started="2025-02-29"), (2, "started_on")),
    judged("a month that does not exist", one(started="2025-13-01"), (2, "started_on")),
    judged("a word for a date", one(started="soon"), (2, "started_on")),
    judged("a year of five digits", one(started="99999-01-01"), (2, "started_on")),
    judged("a time of day in a date", one(started="2025-03-01 23:59"), (2, "started_on")),
    judged("a serial day number where none is declared", one(started="45721"), (2, "started_on")),
    judged("a value that is not allowed", one(related="surely"), (2, "relatedness")),
    judged("a required cell that is empty", ae("P1,E1,,2,,,"), (2, "term")),
    judged("two required cells that are empty", ae(",E1,,2,,,", GOOD), (2, "patient_id"), (2, "term")),
    judged("a required cell of empty quotes", ae('P1,E1,"",2,,,'), (2, "term")),
    judged(
        "three faults in a row, one in another",
        ae("P1,E1,x,9,maybe,2025-02-30,", GOOD.replace("E1", "E2"), "P1,E3,x,1,,,surely"),
        (2, "grade"),
        (2, "is_serious"),
        (2, "started_on"),
        (4, "relatedness"),
    ),
    judged("one key, different rows", ae(GOOD, GOOD.replace("nausea", "rash")), (2, KEY), (3, KEY)),
    ours("one row twice", ae(GOOD, GOOD), n_rows=1),
    ours("an underscore in a number", one(grade="1_0"), (2, "grade")),
    ours("full-width digits", one(grade="２", started="２０２５-０３-０１"), n_rows=1),
    ours("full-width digits out of range", one(grade="７"), (2, "grade")),
    ours("a Buddhist year", one(started="2568-03-01"), (2, "started_on")),
    ours("a partial date", one(started="2025-03"), n_rows=1),
    ours("a Chinese date", one(started="2025年3月5日"), n_rows=1),
    ours("an exponent", one(grade="1e0"), (2, "grade")),
    ours("a grade with its zero", one(grade="2.0"), n_rows=1),
    measured("a decimal point", "3.25"),
    measured("a decimal comma where none is declared", '"3,25"', (2, "value")),
    measured("an underscore in a decimal", "1_000", (2, "value")),
    measured("a fifth decimal, which would be rounded", "0.12345", (2, "value")),
    measured("zeros behind the last decimal", "0.123400"),
    measured("not a number", "nan", (2, "value")),
    measured("infinity", "inf", (2, "value")),
    measured("a thousands dot and comma", '"1.250,5"', (2, "value")),
]

BAD_CELLS = (
    ("ctdna_sample", "patient_id", ""),
    ("ctdna_sample", "collected_on", ""),
    ("ctdna_sample", "collected_on", "2025-02-29"),
    ("ctdna_sample", "status", "perhaps"),
    ("ctdna_sample", "lod_ppm", "five hundred"),
    ("ctdna_sample", "cfdna_ng_per_ml", "12.5.1"),
    ("lesion", "diameter_mm", "-0.1"),
    ("lesion", "role", "other"),
    ("lesion", "is_node", "perhaps"),
    ("lesion", "assessed_on", "2025-13-01"),
    ("treatment", "line", "0"),
    ("treatment", "line", "21"),
    ("treatment", "line", "1.5"),
    ("treatment", "kind", "tablets"),
    ("treatment", "started_on", ""),
    ("treatment", "total_dose_gy", "many"),
    ("treatment", "fractions", "five"),
    ("response", "overall", "cured"),
    ("response", "assessor", ""),
    ("response", "assessed_on", "2025-04-31"),
    ("response", "new_lesion", "perhaps"),
    ("response", "sum_of_diameters_mm", "31.5 or so"),
    ("imaging", "modality", "scan"),
    ("imaging", "imaged_on", "yesterday"),
    ("imaging", "is_cns_imaged", "often"),
    ("measurement", "measured_on", ""),
    ("measurement", "value", "high"),
    ("measurement", "value", '"3,25"'),
    ("measurement", "value", '"1.250,5"'),
    ("patient", "site_id", ""),
    ("patient", "sex", "woman"),
    ("patient", "born_on", "1961-02-29"),
    ("patient", "age_years", "-1"),
    ("patient", "age_years", "121"),
    ("patient", "age_years", "63 years"),
    ("patient", "tumour_type", "eye"),
    ("patient", "ned_basis", "prayer"),
    ("contact", "contact_on", ""),
    ("contact", "vital_status", "well"),
    ("contact", "died_on", "2025-06-31"),
    ("contact", "death_cause", "old age"),
    ("contact", "is_treatment_reviewed", "partly"),
    ("variant", "gene", ""),
    ("variant", "status", "positive"),
    ("variant", "is_tracked", "perhaps"),
    ("variant", "maf_ppm", "-0.1"),
    ("variant", "maf_ppm", "8 %"),
    ("variant", "alt_molecules", "15.5"),
    ("variant", "origin", "blood"),
    ("visit", "visit_on", ""),
    ("visit", "visit_on", "2023-02-29"),
    ("visit", "has_occurred", "planned"),
    ("disposition", "kind", "moved"),
    ("disposition", "happened_on", "last week"),
    ("attestation", "criterion", ""),
    ("attestation", "answer", "probably"),
    ("panel_gene", "alteration", "fusion"),
    ("pathology", "test", ""),
    ("pathology", "value_percent", "most"),
)
GOOD_CELLS = (
    ("ctdna_sample", "collected_on", "2024-02-29"),
    ("lesion", "diameter_mm", "0"),
    ("treatment", "line", "1"),
    ("treatment", "line", "20"),
    ("response", "overall", ""),
    ("patient", "age_years", "0"),
    ("patient", "age_years", "120"),
    ("contact", "died_on", ""),
)

SICK = ["P1", "E1", "nausea", 2, True, dt.date(2025, 3, 1), "related"]
WORKBOOKS = [
    judged_sheet("a workbook of numbers, dates and true or false", SICK),
    judged_sheet(
        "a workbook of text",
        ["P1", "E1", "nausea", "2", "true", "2025-03-01", "related"],
    ),
    judged_sheet("a workbook: above the maximum", [*SICK[:3], 6, *SICK[4:]], at_fault=((2, "grade"),)),
    judged_sheet(
        "a workbook: a fraction for a whole number", [*SICK[:3], 2.5, *SICK[4:]], at_fault=((2, "grade"),)
    ),
    judged_sheet("a workbook: a word for a number", [*SICK[:3], "two", *SICK[4:]], at_fault=((2, "grade"),)),
    judged_sheet(
        "a workbook: a required cell that is empty", [*SICK[:2], None, *SICK[3:]], at_fault=((2, "term"),)
    ),
    judged_sheet(
        "a workbook: faults in the second record and the third",
        SICK,
        ["P1", "E2", "rash", 1, "perhaps", dt.date(2025, 3, 1), "related"],
        ["P1", "E3", "rash", 1, True, "2025-02-30", "surely"],
        at_fault=((3, "is_serious"), (4, "started_on"), (4, "relatedness")),
    ),
    judged_sheet(
        "a workbook: a number for a date", [*SICK[:5], 45721, SICK[6]], at_fault=((2, "started_on"),)
    ),
    ours(
        "a workbook", sheet(COLUMNS, ["P1", "E1", "恶心", 2, True, "2025-03-01", "related"]), n_rows=1, **XLSX
    ),
    ours(
        "a workbook with faults",
        sheet(COLUMNS, ["P1", "E1", "x", 7.5, "maybe", 45721]),
        (2, "grade"),
        (2, "is_serious"),
        (2, "started_on"),
        **XLSX,
    ),
    ours(
        "merged cells in the body",
        sheet(COLUMNS, ["P1", "E1", "x", 1], [None, "E2", "y", 9], merge=("A2:A3",)),
        (3, "grade"),
        n_rows=1,
        **XLSX,
    ),
    stops(
        "a title above the header", sheet(["AE list"], COLUMNS, ["P1", "E1", "x", 1]), "header_rows", **XLSX
    ),
    stops("an error value", sheet(COLUMNS, ["P1", "E1", "x", "#N/A"]), "holds an error", **XLSX),
    stops("a formula without its value", sheet(COLUMNS, ["P1", "E1", "x", "=1+1"]), "formula", **XLSX),
    stops("an old .xls file", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old .xls", **XLSX),
    stops("a damaged workbook", b"PK\x03\x04" + bytes(100), "not a readable XLSX", **XLSX),
    stops("an empty workbook", sheet(), "No visible sheet", **XLSX),
    ours(
        "title, header of two rows, footer",
        sheet(
            ["AE list"],
            [*COLUMNS[:3], "grade", None, "started_on"],
            [None, None, None, None, "is_serious", None],
            ["P1", "E1", "x", 2, True, "2025-03-01"],
            ["P1", "E2", "x", 8, True, None],
            ["Note: all grades"],
            merge=("A1:F1", "A2:A3", "B2:B3", "C2:C3", "D2:D3", "F2:F3", "A6:F6"),
        ),
        (5, "grade"),
        n_rows=1,
        mapping='header_rows = [2, 3]\nfooter_pattern = "^Note"',
        **XLSX,
    ),
]

CELLS = [
    *(in_table(table, column, value) for table, column, value in BAD_CELLS),
    *(in_table(table, column, value, bad=False) for table, column, value in GOOD_CELLS),
    judged(
        "imaging: one key, different rows",
        "\n".join((*ROWS["imaging"], "P1,2025-03-01,ct,false", "")),
        (2, KEY),
        (3, KEY),
        table="imaging",
    ),
]

BAD_FILES = [*ENCODINGS, *SHAPES, *VALUES, *CELLS, *WORKBOOKS]
