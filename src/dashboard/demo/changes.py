"""Edits between two data cuts, on purpose and listed: what "what changed" must find."""

from collections.abc import Callable
from datetime import date
from itertools import pairwise
from typing import Any

from numpy.random import Generator

from dashboard.demo.chance import days_between
from dashboard.demo.plasma import percent_text
from dashboard.demo.truth import CANONICAL, DATE_COLUMNS, PlantedEdit, Record, StudyTruth
from dashboard.demo.workdays import as_date, weekday

WHOLE_ROW = "*"
HIGH_PPM = 300_000
# Planted items that an edit of the same patient does not disturb.
UNTOUCHED_BY_EDITS = (
    "several_lesions_in_one_cell",
    "severe_toxicity",
    "chemotherapy_then_maintenance",
    "her2_2_without_ish",
    "metastatic_date_of_the_lung",
)


class Gap:
    """The days between two data cuts of one study, and the records that may be edited in it."""

    def __init__(self, truth: StudyTruth, rng: Generator, before: date, cut_off: date) -> None:
        self.truth, self.rng = truth, rng
        self.before, self.cut_off = before.toordinal(), cut_off.toordinal()
        self.taken = {
            item for name, items in truth.planted.items() if name not in UNTOUCHED_BY_EDITS for item in items
        }
        self.by_table: dict[str, list[Record]] = {}
        for record in truth.records:
            self.by_table.setdefault(record.table, []).append(record)

    def day(self) -> int:
        """A weekday on which a correction reaches the files."""
        return weekday(self.before + days_between(self.rng, 8, self.cut_off - self.before - 12))

    def visible(
        self, table: str, wanted: Callable[[dict[str, Any]], bool], *, any_patient: bool = False
    ) -> list[Record]:
        """Records of untouched patients that the earlier extract shows and that are as wanted."""
        found = []
        for record in self.by_table.get(table, []):
            shown = record.as_of(self.before)
            if shown is None or shown != record.as_of(None) or not wanted(shown):
                continue
            if any_patient or self._is_free(shown):
                found.append(record)
        return found

    def _is_free(self, shown: dict[str, Any]) -> bool:
        return shown.get("patient_id", shown.get("sample_id")) not in self.taken

    def shown(self, record: Record) -> dict[str, Any]:
        """A row as the earlier extract shows it."""
        return record.as_of(self.before) or record.values

    def choose(self, records: list[Record]) -> Record | None:
        """One of them; its patient is not edited again."""
        if not records:
            return None
        record = records[int(self.rng.integers(len(records)))]
        self.taken.add(str(record.values.get("patient_id", record.values.get("sample_id"))))
        return record

    def note(self, record: Record, kind: str, column: str, old: Any, new: Any) -> None:
        """List an edit under the key the row has in the earlier extract."""
        shown = record.as_of(self.before) or record.as_of(self.cut_off) or record.values
        key = tuple(str(_plain(record.table, name, shown.get(name))) for name in CANONICAL[record.table].key)
        values = (_plain(record.table, column, value) for value in (old, new))
        self.truth.edits.append(PlantedEdit(as_date(self.cut_off), kind, record.table, key, column, *values))

    def change(self, record: Record, kind: str, **changes: Any) -> None:
        """Revise a row inside the gap and list every column."""
        shown = record.as_of(self.before) or {}
        record.revise(self.day(), **changes)
        for column, new in changes.items():
            self.note(record, kind, column, shown.get(column), new)


def _plain(table: str, column: str, value: Any) -> Any:
    return as_date(value) if column in DATE_COLUMNS[table] and isinstance(value, int) else value


def plant_edits(truth: StudyTruth, rng: Generator, cut_offs: tuple[date, ...]) -> None:
    """Plant and list edits between each two consecutive data cuts."""
    for before, cut_off in pairwise(cut_offs):
        gap = Gap(truth, rng, before, cut_off)
        for edit in (
            _allele_fraction,
            _response,
            _deleted_scan,
            _moved_scan,
            _draw_date,
            _amended,
            _marker,
            _event,
            _stage,
        ):
            edit(gap)
        _note_news(gap)


def _allele_fraction(gap: Gap) -> None:
    record = gap.choose(gap.visible("variant", lambda row: 0 < row.get("maf_ppm", 0) < HIGH_PPM))
    if record is not None:
        new = gap.shown(record)["maf_ppm"] * 2
        gap.change(record, "changed_allele_fraction", maf_ppm=new, maf_text=percent_text(new))


def _response(gap: Gap) -> None:
    """A response corrected to progression; after local therapy "no evidence" becomes equivocal."""
    changes: dict[str, Any] = {"overall": "pd", "target": "pd"}
    records = gap.visible("response", lambda row: row["overall"] == "pr" and row.get("target") == "pr")
    if not records:
        changes = {"overall": "equivocal"}
        records = gap.visible("response", lambda row: row["overall"] == "ned")
    record = gap.choose(records)
    if record is not None:
        gap.change(record, "corrected_response", **changes)


def _deleted_scan(gap: Gap) -> None:
    """A scan entered for the wrong patient: examination, lesions and response vanish."""
    record = gap.choose(gap.visible("response", lambda row: row["overall"] in ("sd", "ned", "non_cr_non_pd")))
    if record is None:
        return
    patient_id, scanned = record.values["patient_id"], record.values["assessed_on"]
    day = gap.day()
    for table, column in (("imaging", "imaged_on"), ("lesion", "assessed_on"), ("response", "assessed_on")):
        for row in gap.by_table[table]:
            if row.values["patient_id"] == patient_id and row.values[column] == scanned:
                row.deleted_on = day
                gap.note(row, "deleted_scan", WHOLE_ROW, "present", None)


def _moved_scan(gap: Gap) -> None:
    """The date of a baseline examination was wrong by one working day."""
    responses = {(r.values["patient_id"], r.values["assessed_on"]) for r in gap.by_table.get("response", [])}
    record = gap.choose(
        gap.visible("imaging", lambda row: (row["patient_id"], row["imaged_on"]) not in responses)
    )
    if record is not None:
        gap.change(record, "shifted_date", imaged_on=weekday(gap.shown(record)["imaged_on"] + 1))


def _draw_date(gap: Gap) -> None:
    records = gap.visible(
        "ctdna_sample",
        lambda row: row["status"] != "pending" and row["received_on"] > row["collected_on"] + 1,
    )
    record = gap.choose(records)
    # Of a report in two versions a new date in one of them would be seen or not.
    amended = gap.truth.planted.get("amended_report", [])
    if record is not None and record.values["sample_id"] in amended:
        record = gap.choose([one for one in records if one.values["sample_id"] not in amended])
    if record is not None:
        gap.change(record, "shifted_date", collected_on=weekday(gap.shown(record)["collected_on"] + 1))


def _amended(gap: Gap) -> None:
    """A second version of a report corrects an allele fraction; both versions stay in the file."""
    detected = {r.values["sample_id"] for r in gap.visible("variant", lambda row: "maf_ppm" in row)}

    def is_wanted(row: dict[str, Any]) -> bool:
        return row["status"] == "detected" and row["sample_id"] in detected

    samples = gap.visible("ctdna_sample", is_wanted)
    # In a small study every patient with a detected sample is planted; a new level does not undo that.
    samples = samples or gap.visible("ctdna_sample", is_wanted, any_patient=True)
    sample = gap.choose(samples)
    if sample is None:
        return
    shown, day = sample.as_of(gap.before) or {}, gap.day()
    second = gap.truth.add("ctdna_sample", day, **(shown | {"reported_on": day, "report_version": 2}))
    gap.note(second, "amended_report", "report_version", 1, 2)
    gap.truth.plant("amended_report", shown["sample_id"])
    row = next(
        r
        for r in gap.by_table["variant"]
        if r.values["sample_id"] == shown["sample_id"] and "maf_ppm" in r.values
    )
    old, new = gap.shown(row)["maf_ppm"], gap.shown(row)["maf_ppm"] * 5 / 4
    row.revise(day, maf_ppm=new, maf_text=percent_text(new))
    gap.note(row, "amended_report", "maf_ppm", old, new)


def _marker(gap: Gap) -> None:
    markers = ("cea", "ca_15_3", "ca_19_9", "ca_125", "afp")
    record = gap.choose(gap.visible("measurement", lambda row: row["name"] in markers))
    if record is not None:
        gap.change(record, "corrected_value", value=gap.shown(record)["value"] + 3)


def _event(gap: Gap) -> None:
    record = gap.choose(gap.visible("adverse_event", lambda row: row.get("grade") in (1, 2)))
    if record is not None:
        gap.change(record, "corrected_value", grade=gap.shown(record)["grade"] + 1)


def _stage(gap: Gap) -> None:
    record = gap.choose(gap.visible("patient", lambda row: row.get("stage") is not None))
    if record is not None:
        gap.change(record, "corrected_value", stage="IVB" if gap.shown(record)["stage"] != "IVB" else "IVA")


def _note_news(gap: Gap) -> None:
    """Deaths and new lines that happened to become known in the gap: listed, up to three each."""
    lines = {"k4care": 2, "cdk46": 2}.get(gap.truth.study_id, 1)
    wanted = (
        ("death", "contact", "vital_status", lambda row: row["vital_status"] == "dead"),
        (
            "new_line",
            "treatment",
            "line",
            lambda row: row["kind"] == "systemic" and (row.get("line") or 0) >= lines,
        ),
    )
    for kind, table, column, is_wanted in wanted:
        new = [
            r for r in gap.by_table[table] if gap.before < r.known_on <= gap.cut_off and is_wanted(r.values)
        ]
        for record in new[:3]:
            gap.note(record, kind, column, None, record.values[column])
