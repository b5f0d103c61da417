"""The flat export of the K4Care database: one row per patient, then one per instance of a repeated form."""

import csv
import io
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from dashboard.demo.layouts.redcap_fields import MEASURES, PATIENT, REPEATED, SITES, Form, Item
from dashboard.demo.layouts.texts import (
    chosen,
    day_first,
    invented_name,
    invented_phone,
    is_missing,
    number_of,
    plain,
    with_comma,
)
from dashboard.demo.truth import rows_of

FILE = "k4care_redcap.csv"
STRUCTURE = (
    "record_id",
    "redcap_event_name",
    "redcap_repeat_instrument",
    "redcap_repeat_instance",
    "redcap_data_access_group",
)
IDENTIFYING = ("ho_ten", "sdt")
# Ticked or not; what the boxes say together gives four characteristics.
HISTORY = {1: "HBV", 2: "HCV", 3: "HIV", 4: "THA", 5: "ĐTĐ", 6: "ung thư khác", 7: "không có bệnh nào"}
ANSWERS = ("xn_viem_gan", "tien_su_gd", "hut_thuoc", "ngay_tien_su")
NAMES = (
    "viral_status",
    "hbv_status",
    "family_history",
    "previous_cancer",
    "smoking",
    "hypertension",
    "diabetes",
)
GAPS = ("-99", "NA", "KXĐ", "không rõ", "chưa có")
# Two people entered under one number by mistake: the loader must refuse both rows.
DOUBLE_RECORD = "K4C-0299"

Row = Mapping[str, Any]
Frames = Mapping[str, pd.DataFrame]


class NotCarried(ValueError):
    """The truth holds something this layout has no field for."""


def write_redcap(frames: Frames, path: Path) -> None:
    """Write the export of one data cut, UTF-8 with a byte order mark as Excel expects it."""
    text = io.StringIO()
    writer = csv.DictWriter(text, _header(), restval="", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(_records(frames))
    path.write_bytes(text.getvalue().encode("utf-8-sig"))


def _header() -> list[str]:
    boxes = [f"tien_su___{number}" for number in HISTORY]
    fields = [
        *STRUCTURE,
        *IDENTIFYING,
        *PATIENT.fields,
        f"{PATIENT.name}_complete",
        *boxes,
        *ANSWERS,
        "tien_su_complete",
    ]
    for form in REPEATED:
        fields += [*form.fields, f"{form.name}_complete"]
    return fields


def _records(frames: Frames) -> Iterator[dict[str, str]]:
    histories = _histories(frames["characteristic"])
    forms = {form.name: _instances(form, frames[form.table]) for form in REPEATED}
    for patient in rows_of(frames["patient"]):
        identifier = patient["patient_id"]
        yield _first_row(patient, histories.get(identifier))
        for form in REPEATED:
            for number, cells in enumerate(forms[form.name].get(identifier, ()), start=1):
                structure = _structure(patient, instrument=form.name, instance=str(number))
                yield structure | cells | {f"{form.name}_complete": "2"}
    yield from _double_record()


def _structure(patient: Row, *, instrument: str = "", instance: str = "") -> dict[str, str]:
    event = "theo_doi_arm_1" if instrument else "tuyen_chon_arm_1"
    cells = (patient["patient_id"], event, instrument, instance, SITES[patient["site_id"]])
    return dict(zip(STRUCTURE, cells, strict=True))


def _first_row(patient: Row, history: Mapping[str, Row] | None) -> dict[str, str]:
    identifier, sex = patient["patient_id"], patient["sex"]
    person = {"ho_ten": invented_name(identifier, sex), "sdt": invented_phone(identifier)}
    cells = {item.field: _cell(item, patient) for item in PATIENT.items}
    if sex in ("male", "female") and number_of(f"{identifier} label", 12) == 0:
        cells["gioi_tinh"] = {"male": "Nam", "female": "Nữ"}[sex]
    return (
        _structure(patient)
        | person
        | cells
        | {f"{PATIENT.name}_complete": "2"}
        | (_history_cells(history) if history else {"tien_su_complete": "0"})
    )


def _double_record() -> Iterator[dict[str, str]]:
    for number, (year, sex) in enumerate((("1958", "male"), ("1971", "female")), start=1):
        patient = {"patient_id": DOUBLE_RECORD, "site_id": "02"}
        person = f"{DOUBLE_RECORD} {number}"
        yield _structure(patient) | {
            "ho_ten": invented_name(person, sex),
            "sdt": invented_phone(person),
            "ngay_sang_loc": "16/06/2025",
            "nam_sinh": year,
            "gioi_tinh": {"male": "1", "female": "2"}[sex],
            "loai_ut": "1",
            "tien_su_complete": "0",
        }


def _cell(item: Item, row: Row) -> str:
    value: Any = row.get(item.column)
    key = f"{row['patient_id']} {item.field} {value}"
    if is_missing(value):
        return _gap(item, row)
    if item.kind == "code":
        return (item.codes or {}).get(plain(value), plain(value))
    if item.kind == "number":
        return with_comma(value)
    if item.kind == "year":
        return str(value.year)
    if item.kind == "month" and number_of(key, 6) == 0:
        return f"T{value.month}/{value.year}" if number_of(key, 4) == 0 else f"{value:%m/%Y}"
    return day_first(value) if item.kind in ("date", "month") else plain(value)


def _gap(item: Item, row: Row) -> str:
    """Mostly blank; here and there one of the words for "missing", by what else the form says."""
    key = f"{item.field} {' '.join(plain(value) for value in row.values())}"
    return chosen(key, GAPS) if number_of(f"{key} gap", 25) == 0 else ""


def _instances(form: Form, frame: pd.DataFrame) -> dict[str, list[dict[str, str]]]:
    by_patient: dict[str, list[dict[str, str]]] = {}
    carried = {"patient_id", *(item.column for item in form.items)}
    if form.field_of is None:
        for row in rows_of(frame):
            cells = {item.field: _cell(item, row) for item in form.items}
            by_patient.setdefault(row["patient_id"], []).append(cells)
        _refuse_rest(form, set(frame.columns) - carried - DERIVED.get(form.table, set()))
        return by_patient
    return _measures(form, frame)


# Columns the loader fills from another field of the form.
DERIVED = {
    "adverse_event": {"term_as_written"},
    "response": {"as_written"},
}


def _refuse_rest(form: Form, rest: set[str]) -> None:
    if rest:
        raise NotCarried(f"form {form.name} has no field for {form.table}: {', '.join(sorted(rest))}")


def _measures(form: Form, frame: pd.DataFrame) -> dict[str, list[dict[str, str]]]:
    """One instance per patient, day and visit with every value taken then."""
    found: dict[tuple[Any, ...], dict[str, str]] = {}
    for row in rows_of(frame):
        if row["name"] not in MEASURES:
            raise NotCarried(f"form {form.name} has no field for the measurement {row['name']}")
        key = (row["patient_id"], row["measured_on"], row.get("visit"))
        cells = found.setdefault(key, {item.field: _cell(item, row) for item in form.items})
        comparator = "" if is_missing(row.get("comparator")) else row["comparator"]
        cells[MEASURES[row["name"]]] = comparator + with_comma(row["value"])
    by_patient: dict[str, list[dict[str, str]]] = {}
    for (identifier, *_), cells in found.items():
        by_patient.setdefault(identifier, []).append(cells)
    return by_patient


def _histories(frame: pd.DataFrame) -> dict[str, dict[str, Row]]:
    by_patient: dict[str, dict[str, Row]] = {}
    for row in rows_of(frame):
        if row["name"] not in NAMES:
            raise NotCarried(f"form tien_su has no field for the characteristic {row['name']}")
        by_patient.setdefault(row["patient_id"], {})[row["name"]] = row
    return by_patient


def _history_cells(history: Mapping[str, Row]) -> dict[str, str]:
    value = {name: row["value"] for name, row in history.items()}
    hepatitis = value["viral_status"]
    ticked = {
        1: hepatitis in ("hbv", "hbv_hcv"),
        2: hepatitis in ("hcv", "hbv_hcv"),
        4: value["hypertension"] == "yes",
        5: value["diabetes"] == "yes",
        6: value["previous_cancer"] == "yes",
    }
    ticked[7] = not any(ticked.values())
    boxes = {f"tien_su___{number}": "1" if ticked.get(number) else "0" for number in HISTORY}
    return boxes | {
        "xn_viem_gan": "KXĐ" if hepatitis == "unknown" else "1",
        "tien_su_gd": {"yes": "1", "no": "0", "unknown": "không rõ"}[value["family_history"]],
        "hut_thuoc": {"never": "0", "former": "1", "current": "2"}[value["smoking"]],
        "ngay_tien_su": day_first(next(iter(history.values()))["recorded_on"]),
        "tien_su_complete": "2",
    }
