"""Best response, sums and nadirs of the CDISC oncology test data equal the published ADaM subject by subject.

Expected: pharmaverseadam adrs_onco and adtr_onco (Apache-2.0), made from the SDTM data that go in here.
"""

import calendar
import datetime as dt
from pathlib import Path
from typing import Any

import pandas as pd

from dashboard.marts.build import build_marts
from tests.builders import Row, mart_inputs, marts_behind

SETTING: Row = {
    "setting_id": "BOR",
    "mode": "recist",
    "source": "reported",
    "reference": "randomisation",
    "stable_days": 42,
    "ne_severity": "least",
    "response_if_none": "MISSING",
}
SETTINGS = [SETTING, {**SETTING, "setting_id": "CBOR", "confirm_days": 28, "max_ne": 1, "max_sd": 0}]
CANONICAL = {"NON-CR/NON-PD": "non_cr_non_pd"}


def frame(shared: Path, name: str) -> pd.DataFrame:
    return pd.read_csv(shared / "data" / name, dtype=str, keep_default_na=False)


def last_day(text: str) -> dt.date:
    """The date; for a month its last day."""
    if len(text) > 7:
        return dt.date.fromisoformat(text[:10])
    year, month = int(text[:4]), int(text[5:7])
    return dt.date(year, month, calendar.monthrange(year, month)[1])


def patients(shared: Path) -> list[Row]:
    disposition = frame(shared, "pharmaversesdtm_onco/ds.csv")
    randomised = disposition[disposition.DSDECOD == "RANDOMIZED"].set_index("USUBJID").DSSTDTC.to_dict()
    subjects = frame(shared, "pharmaversesdtm_onco/dm.csv").USUBJID
    return [
        {
            "patient_id": subject,
            "randomised_on": last_day(randomised[subject]) if subject in randomised else None,
        }
        for subject in subjects
    ]


def responses(shared: Path) -> list[Row]:
    records = frame(shared, "pharmaversesdtm_onco/rs_onco_recist.csv")
    records = records[(records.RSTESTCD == "OVRLRESP") & (records.RSEVAL == "INVESTIGATOR")]
    return [
        {
            "patient_id": record.USUBJID,
            "assessed_on": last_day(record.RSDTC),
            "assessor": "investigator",
            "visit": record.VISIT,
            "overall": CANONICAL.get(record.RSSTRESC, record.RSSTRESC.lower()),
        }
        for record in records.itertuples()
    ]


def target_lesions(shared: Path) -> list[Row]:
    """Longest diameters of the targets, the short axis where the place is a lymph node."""
    places = frame(shared, "pharmaversesdtm_onco/tu_onco_recist.csv")
    places = places[(places.TUEVAL == "INVESTIGATOR") & (places.TUSTRESC == "TARGET")]
    nodes = {(row.USUBJID, row.TULNKID) for row in places.itertuples() if row.TULOC == "LYMPH NODE"}
    records = frame(shared, "pharmaversesdtm_onco/tr_onco_recist.csv")
    records = records[(records.TREVAL == "INVESTIGATOR") & (records.TRGRPID == "TARGET")]
    rows: list[Row] = []
    for record in records.itertuples():
        is_node = (record.USUBJID, record.TRLNKID) in nodes
        if ("LPERP" if is_node else "LDIAM") == record.TRTESTCD:
            rows.append(
                {
                    "patient_id": record.USUBJID,
                    "lesion_id": record.TRLNKID,
                    "assessed_on": last_day(record.TRDTC),
                    "visit": record.VISIT,
                    "role": "target",
                    "is_node": is_node,
                    "diameter_mm": record.TRSTRESC,
                }
            )
    return rows


def built(tables: dict[str, Any], until: str) -> Any:
    connection = mart_inputs(tables)
    build_marts(connection, names=marts_behind(until))
    return connection


def test_best_and_confirmed_best_response_of_all_306_subjects(shared_data: Path) -> None:
    connection = built(
        {"patient": patients(shared_data), "response": responses(shared_data), "response_setting": SETTINGS},
        "best_response",
    )
    rows = connection.execute(
        "select setting_id, patient_id, response, responded_on from best_response"
    ).fetchall()
    derived = {(setting, subject): (value, on) for setting, subject, value, on in rows}

    published = frame(shared_data, "pharmaverseadam_onco/adrs_onco.csv")
    published = published[published.PARAMCD.isin(["BOR", "CBOR"])]
    expected = {
        (row.PARAMCD, row.USUBJID): (row.AVALC, dt.date.fromisoformat(row.ADT) if row.ADT else None)
        for row in published.itertuples()
    }

    assert len(expected) == 2 * 306
    assert sum(value != "MISSING" for value, _ in expected.values()) == 2 * 8
    # A screening failure has no start to count from, and so no row: the published file says MISSING.
    assert len(derived) == 2 * 254
    assert {key: derived.get(key, ("MISSING", None)) for key in expected} == expected


def test_first_response_and_first_confirmed_response_of_all_306_subjects(shared_data: Path) -> None:
    """Parameters RSP and CRSP; 01-701-1115 and 01-701-1133 had a PR three weeks before their CR."""
    connection = built(
        {"patient": patients(shared_data), "response": responses(shared_data), "response_setting": SETTINGS},
        "best_response",
    )
    rows = connection.execute(
        "select setting_id, patient_id, objective_response_on, responded_on from best_response "
        "where objective_response_on is not null"
    ).fetchall()

    published = frame(shared_data, "pharmaverseadam_onco/adrs_onco.csv")
    published = published[published.PARAMCD.isin(["RSP", "CRSP"]) & (published.AVALC == "Y")]
    expected = {
        ({"RSP": "BOR", "CRSP": "CBOR"}[row.PARAMCD], row.USUBJID, dt.date.fromisoformat(row.ADT))
        for row in published.itertuples()
    }

    assert len(expected) == 5
    assert {tuple(row[:3]) for row in rows} == expected
    with_earlier_pr = {subject for _, subject, first, best in rows if first < best}
    assert with_earlier_pr == {"01-701-1115", "01-701-1133"}


def test_sums_nadirs_and_progression_of_all_25_visits(shared_data: Path) -> None:
    connection = built(
        {"patient": patients(shared_data), "lesion": target_lesions(shared_data)}, "target_response"
    )
    derived = {
        (subject, visit): tuple(values)
        for subject, visit, *values in connection.execute(
            "select patient_id, visit, sum_tenth_mm, baseline_tenth_mm, nadir_tenth_mm, is_complete, "
            "case when response is not null then response = 'PD' end from target_response"
        ).fetchall()
    }

    published = frame(shared_data, "pharmaverseadam_onco/adtr_onco.csv")
    published = published[published.PARAMCD == "SDIAM"]
    expected = {
        (row.USUBJID, row.AVISIT.replace("BASELINE", "SCREENING")): (
            int(row.AVAL) * 10,
            int(row.BASE) * 10,
            int(row.NADIR) * 10 if row.NADIR else None,
            row.ANL01FL == "Y" if row.ABLFL != "Y" else True,
            row.PDFL == "Y" if row.ABLFL != "Y" else None,
        )
        for row in published.itertuples()
    }

    assert len(expected) == 25
    # WEEK 6 of 1028 lacks one of five lesions and is a progression all the same.
    assert derived[("01-701-1028", "WEEK 6")] == (1100, 940, 910, False, True)
    assert derived == expected


def component(value: str) -> str | None:
    return CANONICAL.get(value, value.lower()) or None


def time_points(shared: Path) -> pd.DataFrame:
    """One row per subject, evaluator and date with its findings side by side."""
    records = frame(shared, "pharmaversesdtm_onco/rs_onco.csv")
    records["reader"] = records.USUBJID + " " + records.RSEVAL + " " + records.RSEVALID
    wide = records.pivot(index=["reader", "VISIT", "RSDTC"], columns="RSTESTCD", values="RSSTRESC")
    return wide.fillna("").reset_index()


def test_overall_response_follows_the_table_in_1896_time_points(shared_data: Path) -> None:
    """rs_onco carries target, non-target and new-lesion findings; three overall responses say CHECK."""
    points = time_points(shared_data)
    points = points[points.OVRLRESP != "CHECK"]
    new_lesion = {"": "no", "EQUIVOCAL": "equivocal", "UNEQUIVOCAL": "yes"}
    connection = built(
        {
            "patient": [
                {"patient_id": reader, "randomised_on": dt.date.fromisoformat(first) - dt.timedelta(days=1)}
                for reader, first in points.groupby("reader").RSDTC.min().items()
            ],
            "response": [
                {
                    "patient_id": point.reader,
                    "assessed_on": dt.date.fromisoformat(point.RSDTC),
                    "assessor": "investigator",
                    "visit": point.VISIT,
                    "target": component(point.TRGRESP),
                    "non_target": component(point.NTRGRESP),
                    "new_lesion": new_lesion[point.NEWLPROG],
                }
                for point in points.itertuples()
            ],
        },
        "overall_response",
    )
    derived = connection.execute("select patient_id, assessed_on, response from overall_response").fetchall()
    expected = [
        (point.reader, dt.date.fromisoformat(point.RSDTC), point.OVRLRESP) for point in points.itertuples()
    ]
    assert len(expected) == 1896
    assert sorted(derived) == sorted(expected)
