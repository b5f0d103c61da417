"""A cohort counts exactly the patients its chips name."""

import duckdb
import pytest

from dashboard.studies.cohort import Chip, Cohort


@pytest.fixture
def connection():
    connection = duckdb.connect()
    connection.execute(
        """
        create table usable_patient as select * from (values
            ('P1', '01', 'lung', 'IVA'), ('P2', '01', 'breast', 'IVB'), ('P3', '02', 'lung', 'IVB')
        ) as t(patient_id, site_id, tumour_type, stage);
        create table usable_characteristic as select * from (values
            ('P1', 'visceral_disease', 'yes'), ('P2', 'visceral_disease', 'no'), ('P3', 'other', 'yes')
        ) as t(patient_id, name, value);
        create table milestone as select * from (values
            ('P1', 'index_treatment_start', 1, 'egfr_tki'),
            ('P2', 'index_treatment_start', 2, 'cdk46_inhibitor + endocrine'),
            ('P2', 'line_start', 1, 'chemotherapy'),
            ('P3', 'index_treatment_start', 2, 'egfr_tki_x')
        ) as t(patient_id, kind, line, detail);
        create table ctdna_level as select * from (values ('P1', true), ('P2', false))
            as t(patient_id, is_valid);
        """
    )
    return connection


def patients(connection, cohort):
    predicate = cohort.predicate()
    rows = connection.execute(
        f"select patient_id from usable_patient where {predicate.sql} order by 1", predicate.values
    ).fetchall()
    return [patient for (patient,) in rows]


@pytest.mark.parametrize(
    ("choices", "expected"),
    [
        ({}, ["P1", "P2", "P3"]),
        ({"site_ids": ("01",)}, ["P1", "P2"]),
        ({"site_ids": ("01", "02"), "tumour_types": ("lung",)}, ["P1", "P3"]),
        ({"stages": ("IVB",)}, ["P2", "P3"]),
        ({"lines": (1,)}, ["P1"]),
        ({"lines": (2,)}, ["P2", "P3"]),
        ({"drug_classes": ("endocrine",)}, ["P2"]),
        ({"drug_classes": ("egfr_tki",)}, ["P1"]),
        ({"lines": (1,), "drug_classes": ("endocrine",)}, []),
        ({"drug_classes": ("chemotherapy",)}, []),
        ({"characteristics": (("visceral_disease", ("yes",)),)}, ["P1"]),
        ({"characteristics": (("visceral_disease", ()),)}, ["P1", "P2", "P3"]),
        ({"is_ctdna_tested": True}, ["P1"]),
        ({"is_ctdna_tested": False}, ["P2", "P3"]),
        ({"site_ids": ("x' or true --",)}, []),
    ],
)
def test_the_predicate_keeps_exactly_the_patients_chosen(connection, choices, expected):
    assert patients(connection, Cohort(**choices)) == expected


def test_values_are_bound_and_never_part_of_the_sql():
    predicate = Cohort(site_ids=("zz",), characteristics=(("kras", ("g12d",)),)).predicate()
    assert predicate.values == ("zz", "kras", "g12d")
    assert not any(value in predicate.sql for value in predicate.values)


def test_chips_say_each_choice_in_words():
    cohort = Cohort(
        site_ids=("01", "02"),
        tumour_types=("lung",),
        lines=(1,),
        drug_classes=("egfr_tki",),
        characteristics=(("kras", ("mutated",)), ("msi", ())),
        is_ctdna_tested=True,
    )
    assert cohort.chips({"kras": "KRAS"}) == (
        Chip("site_ids", "Site 01, 02"),
        Chip("tumour_types", "Lung"),
        Chip("lines", "Line 1"),
        Chip("drug_classes", "EGFR inhibitor"),
        Chip("kras", "KRAS: mutated"),
        Chip("is_ctdna_tested", "ctDNA tested"),
    )


def test_the_hash_does_not_depend_on_the_order_of_choices_and_does_on_the_choices():
    one = Cohort(site_ids=("01", "02"), characteristics=(("a", ("x", "y")), ("b", ("z",))))
    other = Cohort(site_ids=("02", "01"), characteristics=(("b", ("z",)), ("a", ("y", "x"))))
    assert one.hash() == other.hash()
    assert (
        len({one.hash(), Cohort().hash(), Cohort(site_ids=("01",)).hash(), Cohort(stages=("01",)).hash()})
        == 4
    )
    assert Cohort(is_ctdna_tested=False).hash() != Cohort().hash()
