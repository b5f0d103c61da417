"""The rows of a definition are exactly the tables the model declares."""

import csv
from pathlib import Path

import duckdb
import pytest

from dashboard.model.tables import definition_tables
from dashboard.store.write import write_definition
from dashboard.studies.load import load_study
from dashboard.studies.milestones import MILESTONES, PROGRESSIONS
from dashboard.studies.rows import REFERENCE, definition_rows
from dashboard.studies.vocabulary import DRUG_CLASSES, TUMOUR_TYPES

STUDIES = Path(__file__).parents[3] / "data" / "studies"
FOLDERS = ("k4care", "cdk46", "pulmonary-oligomets")


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_table_has_the_declared_columns_and_a_unique_key(folder):
    rows = definition_rows(load_study(STUDIES / folder))
    assert set(rows) == set(definition_tables())
    for name, table in definition_tables().items():
        for row in rows[name]:
            assert set(row) == {field.name for field in table.fields}, name
        keys = [tuple(row[column] for column in table.key) for row in rows[name]]
        assert len(set(keys)) == len(keys), name


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_value_fits_its_declared_type(folder):
    connection = duckdb.connect()
    rows = definition_rows(load_study(STUDIES / folder))
    write_definition(connection, rows)
    for name in definition_tables():
        count = connection.execute(f'select count(*) from "{name}"').fetchone()
        assert count == (len(rows[name]),)


def test_the_sample_studies_have_the_numbers_of_the_clinical_decisions():
    k4care = definition_rows(load_study(STUDIES / "k4care"))
    (draw_2,) = (row for row in k4care["visit_plan"] if row["item"] == "draw_2")
    assert (draw_2["opens_months"], draw_2["closes_months"], draw_2["grace_days"]) == (3, 6, 30)
    assert [(p["tracks"], p["lod_ppm"]) for p in k4care["assay_panel"]] == [("tumour_informed", 500)]
    oligomets = definition_rows(load_study(STUDIES / "pulmonary-oligomets"))["study"][0]
    assert (oligomets["response_mode"], oligomets["index_origin"]) == ("post_local_therapy", "local_therapy")
    assert (oligomets["draw_baseline_from_day"], oligomets["draw_baseline_to_day"]) == (-28, 0)


def test_an_item_counts_as_far_outside_its_window_as_its_plan_says_else_as_long_as_its_grace():
    days = {
        row["item"]: (row["early_days"], row["late_days"])
        for folder in ("k4care", "cdk46")
        for row in definition_rows(load_study(STUDIES / folder))["visit_plan"]
        if row["kind"] == "ctdna"
    }
    # The progression draw: 14 + 16 days before and 30 + 0 after; any second draw of the first study.
    assert days == {
        "draw_1": (14, 14),
        "draw_2": (None, None),
        "ctdna_baseline": (30, 30),
        "ctdna_progression": (16, 0),
    }


def test_an_item_counted_from_a_progression_says_so():
    plan = definition_rows(load_study(STUDIES / "cdk46"))["visit_plan"]
    assert {row["item"] for row in plan if row["is_at_progression"]} == {"ctdna_progression"}
    assert {row["anchor"] for row in plan if row["is_at_progression"]} == {"radiological_progression"}


def test_every_milestone_that_is_a_progression_is_known():
    assert set(PROGRESSIONS) == {name for name in MILESTONES if name.endswith("progression")}


def test_follow_up_dose_window_and_followed_tumours_are_rows_that_marts_can_join():
    k4care = definition_rows(load_study(STUDIES / "k4care"))
    followed = {row["tumour_type"] for row in k4care["tracked_tumour_type"] if row["panel"] == "K-4CARE"}
    assert followed == {"lung", "colorectal", "breast", "liver", "gastric", "ovarian"}
    assert {"gene": "EGFR"} in k4care["watched_gene"]
    study = k4care["study"][0]
    assert (study["imaging_overdue_days"], study["laboratory_screening_days"]) == (98, 28)
    assert (study["bed_from_gy"], study["bed_to_gy"]) == (None, None)
    oligomets = definition_rows(load_study(STUDIES / "pulmonary-oligomets"))["study"][0]
    assert (oligomets["bed_from_gy"], oligomets["bed_to_gy"], oligomets["alpha_beta_gy"]) == (72, 100, 10)
    assert oligomets["imaging_overdue_days"] == 104
    assert definition_rows(load_study(STUDIES / "cdk46"))["tracked_tumour_type"] == []


def origin(folder, endpoint_id):
    rows = definition_rows(load_study(STUDIES / folder))["endpoint_rule"]
    return [
        (row["milestone"], row["line"])
        for row in rows
        if row["endpoint_id"] == endpoint_id and row["role"] == "origin"
    ]


@pytest.mark.parametrize(
    ("folder", "endpoint_id", "expected"),
    [
        ("k4care", "PFS", ("index_treatment_start", None)),
        ("k4care", "OS", ("enrolment", None)),
        ("cdk46", "PFS", ("class_start", 1)),
        ("cdk46", "PFS_LINE2", ("line_start", 2)),
        ("cdk46", "OS", ("line_start", 1)),
        ("pulmonary-oligomets", "TTST", ("local_course_start", None)),
        ("pulmonary-oligomets", "OS", ("local_course_start", None)),
        ("pulmonary-oligomets", "LOCAL_CONTROL", ("local_treatment_start", None)),
    ],
)
def test_each_clock_starts_where_the_clinical_decisions_say(folder, endpoint_id, expected):
    assert origin(folder, endpoint_id) == [expected]


def test_a_drug_of_the_study_takes_the_place_of_the_reference_drug(load):
    drug = '\n[[drug]]\nagent = "{}"\ndrug_class = "{}"\n'
    text = drug.format("denosumab", "other_targeted") + drug.format("newdrug", "x")
    drugs = {row["agent"]: row for row in definition_rows(load(text))["drug_class"]}
    assert drugs["denosumab"]["opens_line"] is True
    assert drugs["newdrug"]["drug_class"] == "x"
    assert drugs["zoledronic acid"]["opens_line"] is False
    assert drugs["dalpiciclib"]["drug_class"] == "cdk46_inhibitor"


def read(name):
    with (REFERENCE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_drug_class_has_a_label_and_every_synonym_names_a_known_drug():
    drugs = read("drug_classes.csv")
    assert {row["drug_class"] for row in drugs} == set(DRUG_CLASSES)
    assert {row["agent"] for row in read("drug_synonyms.csv")} <= {row["agent"] for row in drugs}
    assert all(row["agent"] == row["agent"].lower() for row in drugs)
    assert all(
        row["opens_line"] == ("false" if row["drug_class"] == "supportive" else "true") for row in drugs
    )


def test_every_tumour_type_that_says_where_it_begins_has_its_organs():
    rows = definition_rows(load_study(STUDIES / "k4care"))["primary_organ"]
    assert {row["tumour_type"] for row in rows} == set(TUMOUR_TYPES) - {"other", "unknown"}
    organs = {(row["tumour_type"], row["organ"]) for row in rows}
    assert {("lung", "lung"), ("liver", "liver"), ("breast", "breast"), ("brain", "cns")} <= organs
    assert {organ for _, organ in organs}.isdisjoint({"bone", "lymph_node", "pleura", "peritoneum"})


def test_no_written_form_means_two_things():
    for name, key in (
        ("drug_synonyms.csv", ("written",)),
        ("gene_aliases.csv", ("written",)),
        ("value_maps.csv", ("domain", "language", "written")),
        ("unit_conversions.csv", ("quantity", "written_unit")),
        ("identifying_columns.csv", ("language", "name")),
        ("chip_genes.csv", ("gene",)),
        ("primary_organs.csv", ("tumour_type", "organ")),
        ("metastasis_organs.csv", ("organ",)),
    ):
        keys = [tuple(row[column].lower() for column in key) for row in read(name)]
        assert len(set(keys)) == len(keys), name


def test_value_maps_lead_to_values_the_model_allows():
    from dashboard.model.tables import canonical_tables

    tables = canonical_tables()
    fields = {
        "response": tables["response"].field("overall"),
        "new_lesion": tables["response"].field("new_lesion"),
        "ctdna_status": tables["ctdna_sample"].field("status"),
        "vital_status": tables["contact"].field("vital_status"),
        "stop_reason": tables["treatment"].field("stop_reason"),
        "start_reason": tables["treatment"].field("start_reason"),
        "relatedness": tables["adverse_event"].field("relatedness"),
        "sex": tables["patient"].field("sex"),
        "death_cause": tables["contact"].field("death_cause"),
        "draw_reason": tables["ctdna_sample"].field("reason"),
    }
    for row in read("value_maps.csv"):
        if row["domain"] in fields and row["value"]:
            assert row["value"] in fields[row["domain"]].allowed, row


def test_possibly_unrelated_is_not_related_and_two_responses_in_one_cell_are_not_mapped():
    maps = {(row["domain"], row["language"], row["written"]): row["value"] for row in read("value_maps.csv")}
    assert maps["relatedness", "zh", "可能无关"] == "not_related"
    assert maps["relatedness", "zh", "可能有关"] == "related"
    assert maps["response", "zh", "PR→SD"] == ""
    assert maps["response", "zh", "新发"] == ""
    assert maps["response", "zh", "SD(缩小)"] == "sd"
