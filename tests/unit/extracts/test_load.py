"""What becomes of each record: loaded, rejected with a reason, or set aside by a named rule."""

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest

from dashboard.extracts.load import compiled_sql
from dashboard.extracts.problems import ExtractError
from tests.unit.extracts.load_files import Loaded, assert_balanced, study

SAMPLE_HEADER = "sample_id,patient_id,collected_on,status,report_version\n"


def test_identical_rows_become_one_with_a_count_and_different_rows_are_both_rejected(tmp_path: Path) -> None:
    loaded = Loaded(
        tmp_path,
        {
            "characteristic.csv": "patient_id,name,value\n"
            "P1,group,a\nP1,group,a\nP1,visceral,yes\nP1,visceral,no\nP2,group,b\n"
        },
    )
    assert loaded.rows("select row_key, value, n_copies from characteristic order by row_key") == [
        ("P1 | group", "a", 2),
        ("P2 | group", "b", 1),
    ]
    assert loaded.rows("select source_row, column_name, value from rejected_row order by all") == [
        (4, "patient_id, name", "P1 | visceral"),
        (5, "patient_id, name", "P1 | visceral"),
    ]
    assert loaded.rows(
        "select n_records, n_loaded, n_rejected from ledger where canonical_table = 'characteristic'"
    ) == [(5, 3, 2)]
    assert_balanced(loaded)


def test_a_rejection_names_every_bad_column_value_and_what_is_allowed(tmp_path: Path) -> None:
    loaded = Loaded(
        tmp_path, {"adverse_event.csv": "patient_id,event_id,term,grade\nP1,1,,6\nP1,2,nausea,5\n"}
    )
    assert loaded.column("select event_id from adverse_event") == ["2"]
    assert loaded.rows(
        "select source_row, column_name, value, allowed from rejected_row order by column_name"
    ) == [
        (2, "grade", "6", "a number with at most 9 digits and 0 decimals, at least 1, at most 5"),
        (2, "term", None, "text (required)"),
    ]
    assert loaded.column("select distinct row_text from rejected_row") == [
        '{"patient_id":"P1","event_id":"1","term":null,"grade":"6"}'
    ]
    assert_balanced(loaded)


def test_an_allele_fraction_is_never_zero(tmp_path: Path) -> None:
    text = (
        "sample_id,gene,variant,status,maf_percent\n"
        "S1,TP53,p.R175H,detected,0\nS1,KRAS,p.G12D,detected,0.0000001\n"
    )
    loaded = Loaded(tmp_path, {"variant.csv": text})
    assert loaded.rows("select gene, maf_ppm, maf_text from variant") == [
        ("KRAS", Decimal("0.001"), "0.0000001")
    ]
    assert loaded.column("select allowed from rejected_row") == ["a number above 0; not detected is a status"]


def test_only_the_highest_report_version_is_loaded(tmp_path: Path) -> None:
    loaded = Loaded(
        tmp_path,
        {
            "ctdna_sample.csv": SAMPLE_HEADER
            + "S1,P1,2025-03-01,not_detected,1\nS1,P1,2025-03-01,detected,2\nS2,P2,2025-03-02,detected,1\n",
            "variant.csv": "sample_id,gene,variant,status,report_version\n"
            "S1,TP53,p.R175H,not_detected,1\nS1,TP53,p.R175H,detected,2\n",
        },
    )
    assert loaded.rows("select sample_id, status, report_version from ctdna_sample order by 1") == [
        ("S1", "detected", 2),
        ("S2", "detected", 1),
    ]
    assert loaded.column("select status from variant") == ["detected"]
    assert loaded.rows(
        "select source_file, source_row, rule from set_aside_row where canonical_table <> '' order by all"
    ) == [
        ("ctdna_sample.csv", 2, "amended"),
        ("variant.csv", 2, "amended"),
    ]
    assert_balanced(loaded)


def test_a_laboratory_result_reaches_a_patient_through_the_link_only(tmp_path: Path) -> None:
    loaded = Loaded(
        tmp_path,
        {
            "sample_link.csv": "laboratory_id,patient_id\nL1,P1\nL2,P1\nL3,P2\n",
            "ctdna_sample.csv": "sample_id,laboratory_id,collected_on,status,sex,birth_year\n"
            "S1,L1,2025-03-01,detected,F,1960\nS2,L2,2025-03-01,detected,M,1960\n"
            "S3,L3,2025-03-01,detected,Nam,1956\nS4,L4,2025-03-01,detected,F,1970\n",
            "variant.csv": "sample_id,gene,variant,status\n"
            "S1,TP53,p.R175H,detected\nS4,TP53,p.R175H,detected\n",
        },
    )
    assert loaded.rows("select sample_id, patient_id from ctdna_sample") == [("S1", "P1")]
    assert loaded.rows("select source_row, column_name, value from rejected_row order by all") == [
        (3, "sex", "M"),
        (4, "birth_year", "1956"),
    ]
    assert loaded.rows("select laboratory_id, collected_on, sex, birth_year from unlinked_result") == [
        ("L4", dt.date(2025, 3, 1), "F", "1970")
    ]
    assert loaded.column("select sample_id from variant") == ["S1"]
    assert_balanced(loaded)


def test_genes_drugs_and_units_get_their_canonical_form(tmp_path: Path) -> None:
    loaded = Loaded(
        tmp_path,
        {
            "variant.csv": "sample_id,gene,variant,status\n"
            "S1,PI3KCA,p.H1047R,detected\nS1,TP53,p.R175H,detected\n",
            "treatment.csv": "patient_id,treatment_id,kind,agents,started_on\n"
            "P1,1,systemic,palbociclib + Letrozole,2025-01-01\n",
            "measurement.csv": "patient_id,name,measured_on,value,unit\n"
            "P1,creatinine,2025-01-01,1.5,mg/dL\nP1,cea,2025-01-01,<0.5,µg/L\n"
            "P1,anc,2025-01-01,1.5,mg/dL\nP1,unlisted,2025-01-01,7,AU\n",
        },
    )
    assert loaded.rows("select gene, gene_as_written from variant order by 1") == [
        ("PIK3CA", "PI3KCA"),
        ("TP53", None),
    ]
    assert loaded.rows("from gene_alias_note") == [("variant.csv", "PI3KCA", "PIK3CA", 1)]
    assert loaded.column("select agents from treatment") == ["letrozole + palbociclib"]
    assert loaded.rows(
        "select name, comparator, value, unit, value_as_written from measurement order by name"
    ) == [
        ("cea", "<", Decimal("0.5"), "ng/mL", "<0.5 µg/L"),
        ("creatinine", None, Decimal("132.6"), "µmol/L", "1.5 mg/dL"),
        ("unlisted", None, Decimal(7), "AU", "7 AU"),
    ]
    assert loaded.rows("select column_name, value from rejected_row") == [("unit", "mg/dL")]


@pytest.mark.parametrize(
    ("days", "found"),
    [(["05/03/2025", "13/03/2025"], dt.date(2025, 3, 5)), (["05/03/2025", "12/03/2025"], None)],
)
def test_day_before_month_is_taken_where_a_day_shows_it_and_asked_for_otherwise(
    tmp_path: Path, days: list[str], found: dt.date | None
) -> None:
    files = {"visit.csv": "patient_id,visit_on,visit\n" + "".join(f"P1,{day},v\n" for day in days)}
    if found is None:
        with pytest.raises(ExtractError, match="cannot tell day from month") as error:
            Loaded(tmp_path, files)
        assert error.value.problems[0].value == "05/03/2025"
    else:
        assert found in Loaded(tmp_path, files).column("select visit_on from visit")


def test_day_before_month_that_is_declared_needs_no_proof(tmp_path: Path) -> None:
    mapping = '[columns.visit]\nvisit_on = { column = "visit_on", date_format = "dmy" }\n'
    loaded = Loaded(tmp_path, {"visit.csv": "patient_id,visit_on,visit\nP1,05/03/2025,v\n"}, mapping=mapping)
    assert loaded.column("select visit_on from visit") == [dt.date(2025, 3, 5)]


def test_what_stops_a_load_is_told_at_once(tmp_path: Path) -> None:
    mapping = """
    surprise = 1
    [[table]]
    name = "visit"
    from = "nothing"
    columns = { visit_on = { colum = "x" } }
    """
    with pytest.raises(ExtractError) as error:
        Loaded(tmp_path, {}, mapping=mapping)
    text = str(error.value)
    assert "unknown entry surprise" in text
    assert "unknown key colum" in text


def test_a_required_column_that_is_missing_stops_the_load(tmp_path: Path) -> None:
    with pytest.raises(ExtractError, match=r"visit\.visit_on is required") as error:
        Loaded(
            tmp_path,
            {"visit.csv": "patient_id\nP1\n", "contact.csv": "patient_id,contact_on\nP1,2025-01-01\n"},
        )
    assert "contact.vital_status is required" in str(error.value)


def test_a_missing_cut_off_stops_the_load(tmp_path: Path) -> None:
    (tmp_path / "extract.toml").write_text('calendar = "calendar"\n')
    with pytest.raises(ExtractError, match="cut_off is missing"):
        compiled_sql(tmp_path, tmp_path, study())


def test_partial_dates_end_with_their_month_and_never_after_the_last_day_read(tmp_path: Path) -> None:
    loaded = Loaded(
        tmp_path,
        {
            "contact.csv": "patient_id,contact_on,vital_status\n"
            "P1,2026-01,alive\nP1,2025-12,alive\nP2,2025-06,alive\n",
            "disposition.csv": "patient_id,kind,happened_on\nP2,withdrawal_of_consent,2025-06-10\n",
        },
        cut_off="2026-01-15",
    )
    assert loaded.rows("select patient_id, observed_until from patient order by 1") == [
        ("P1", dt.date(2026, 1, 15)),
        ("P2", dt.date(2025, 6, 10)),
    ]
    assert loaded.rows("select contact_on, contact_on_precision, row_key from contact order by 1") == [
        (dt.date(2025, 6, 10), "month", "P2 | 2025-06-30 | alive"),
        (dt.date(2025, 12, 31), "month", "P1 | 2025-12-31 | alive"),
        (dt.date(2026, 1, 15), "month", "P1 | 2026-01-31 | alive"),
    ]


def test_a_partial_date_of_a_later_month_is_left_for_the_checks(tmp_path: Path) -> None:
    files = {"contact.csv": "patient_id,contact_on,vital_status\nP1,2026-02,alive\n"}
    loaded = Loaded(tmp_path, files, cut_off="2026-01-15")
    assert loaded.column("select contact_on from contact") == [dt.date(2026, 2, 28)]


def test_a_mapping_renames_maps_sets_aside_and_turns_columns_into_rows(tmp_path: Path) -> None:
    mapping = """
    [files.forms]
    file = "forms.csv"
    missing = ["-99", "KXĐ"]

    [[table]]
    name = "characteristic"
    from = "forms"
    columns = { patient_id = "id", name = "unpivot_name", value = "unpivot_value" }
    unpivot = { columns = { hbv = "hepatitis_b", smoker = "smoking" } }

    [[table]]
    name = "response"
    from = "forms"
    set_aside = [{ rule = "no_scan", where = "recist is null" }]
    [table.columns]
    patient_id = "id"
    assessed_on = { column = "ngay", date_format = "dmy" }
    assessor = { constant = "treating_physician" }
    overall = { column = "recist", map = "response" }
    """
    text = (
        "id,hbv,smoker,ngay,recist,note\n"
        "P1,yes,-99,05/03/2025,疾病稳定,x\nP2,KXĐ,-99,03/2025,better,x\nP2,no,yes,,,x\n"
    )
    loaded = Loaded(tmp_path, {"forms.csv": text}, mapping=mapping)
    assert loaded.rows("select row_key, value from characteristic order by 1") == [
        ("P1 | hepatitis_b", "yes"),
        ("P2 | hepatitis_b", "no"),
        ("P2 | smoking", "yes"),
    ]
    assert loaded.rows("select overall, as_written from response") == [("sd", "疾病稳定")]
    assert loaded.rows("select column_name, value from rejected_row") == [("overall", "better")]
    assert loaded.rows("select canonical_table, source_row, rule from set_aside_row order by all") == [
        ("characteristic", 3, "no_value"),
        ("response", 4, "no_scan"),
    ]
    assert loaded.report.unmapped_columns == (("forms.csv", "note"),)
    assert_balanced(loaded)


def test_a_select_file_accounts_for_the_records_it_merges_and_those_it_leaves(tmp_path: Path) -> None:
    select = (
        "select patient_id, 'all' as visit, min(day) as visit_on, min(source_file) as source_file, "
        "min(source_row) as source_row, list(source_row) as source_rows from source.days "
        "where day is not null group by patient_id"
    )
    mapping = """
    [files.days]
    file = "days.csv"
    [[table]]
    name = "visit"
    from = "days"
    select = "v.sql"
    otherwise = "no_day"
    """
    text = "patient_id,day\nP1,2025-01-01\nP1,2025-01-02\nP2,\n"
    loaded = Loaded(tmp_path, {"days.csv": text, "v.sql": select}, mapping=mapping)
    assert loaded.rows(
        "select n_records, n_loaded, n_set_aside, n_rows from ledger where canonical_table = 'visit'"
    ) == [(3, 2, 1, 1)]
    assert loaded.rows("select source_row, rule from set_aside_row") == [(4, "no_day")]


def test_a_flat_redcap_export_is_split_by_instrument_and_ticked_boxes_become_rows(tmp_path: Path) -> None:
    mapping = """
    [files.export]
    file = "patient.csv"
    format = "redcap"
    missing = ["-99"]

    [[table]]
    name = "patient"
    from = "export"
    instrument = ""
    [table.columns]
    patient_id = "record_id"
    site_id = "redcap_data_access_group"
    sex = { column = "gioi_tinh", map = { 1 = "male", 2 = "female", Nam = "male", "Nữ" = "female" } }

    [[table]]
    name = "characteristic"
    from = "export"
    instrument = ""
    columns = { patient_id = "record_id", name = "unpivot_name", value = { constant = "yes" } }
    unpivot = { columns = { history___1 = "hbv", history___2 = "hcv" } }

    [[table]]
    name = "adverse_event"
    from = "export"
    instrument = "adverse_events"
    columns = { patient_id = "record_id", event_id = "redcap_repeat_instance", term = "ae_term" }
    """
    text = (
        "record_id,redcap_repeat_instrument,redcap_repeat_instance,redcap_data_access_group,gioi_tinh,history___1,"
        "history___2,ae_term\n"
        "P1,,,site_a,2,1,0,\nP1,adverse_events,1,site_a,,,,nausea\nP2,,,site_b,Nam,Unchecked,Checked,\n"
    )
    loaded = Loaded(tmp_path, {"patient.csv": text}, mapping=mapping)
    assert loaded.rows("select patient_id, site_id, sex from patient order by 1") == [
        ("P1", "site_a", "female"),
        ("P2", "site_b", "male"),
    ]
    assert loaded.rows("select patient_id, name from characteristic order by 1") == [
        ("P1", "hbv"),
        ("P2", "hcv"),
    ]
    assert loaded.rows("select row_key, term from adverse_event") == [("P1 | 1", "nausea")]
    assert loaded.rows("select n_loaded, n_set_aside from ledger where canonical_table = 'patient'") == [
        (2, 1)
    ]
    assert_balanced(loaded)


def test_columns_that_identify_people_and_numbers_in_kept_text_are_not_stored(tmp_path: Path) -> None:
    text = "patient_id,Họ và tên,visit_on,visit\nP1,Nguyen Thi An,2025-02-30,call 0901 234 567\n"
    loaded = Loaded(tmp_path, {"visit.csv": text})
    assert loaded.report.dropped_columns == (("visit.csv", "Họ và tên"),)
    kept = loaded.column("select row_text from rejected_row")[0]
    assert "Nguyen" not in kept
    assert "0901" not in kept
    assert "P1" in kept


def test_a_relative_study_is_read_in_study_time(tmp_path: Path) -> None:
    files = {
        "patient.csv": "patient_id,site_id,enrolled_on\nP1,01,0\nP2,01,0\n",
        "visit.csv": "patient_id,visit_on,visit\nP1,10,v\nP1,-3,v\nP1,2025-01-01,v\n",
    }
    loaded = Loaded(tmp_path, files, calendar="relative")
    assert loaded.rows("select patient_id, observed_until from patient order by 1") == [
        ("P1", dt.date(2000, 1, 11)),
        ("P2", dt.date(2000, 1, 1)),
    ]
    assert loaded.column("select value from rejected_row") == ["2025-01-01"]


def test_files_nothing_asks_for_are_listed(tmp_path: Path) -> None:
    loaded = Loaded(tmp_path, {"notes_of_the_site.csv": "a\n1\n"})
    assert loaded.report.unmapped_files == ("notes_of_the_site.csv",)


def test_structural_rejects_are_in_the_balance(tmp_path: Path) -> None:
    loaded = Loaded(
        tmp_path, {"visit.csv": "patient_id,visit_on,visit\nP1,2025-01-01,v\nP1,2025-01-02,v,too,many\n"}
    )
    assert loaded.rows(
        "select n_records, n_loaded, n_rejected from ledger where canonical_table = 'visit'"
    ) == [(2, 1, 1)]
    assert loaded.column("select source_row from rejected_row") == [3]
    assert_balanced(loaded)
