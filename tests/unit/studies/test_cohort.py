"""A cohort counts exactly the patients its chips name."""

import json

import duckdb
import pytest

from dashboard.studies.cohort import Chip, Cohort, CohortError, CohortLabels, cohort_of


@pytest.fixture
def connection():
    connection = duckdb.connect()
    connection.execute(
        """
        create table usable_patient as select * from (values
            ('P1', '01', 'lung', 'IVA', 'male', date '2024-01-01'),
            ('P2', '01', 'breast', 'IVB', 'female', date '2024-01-01'),
            ('P3', '02', 'lung', 'IVB', 'female', date '2024-01-01'),
            ('P4', '02', 'lung', 'IVB', 'female', null)
        ) as t(patient_id, site_id, tumour_type, stage, sex, enrolled_on);
        create table header_fact as select * from (values
            ('P1', 'CHARACTERISTIC', 'visceral_disease', 'yes'),
            ('P2', 'CHARACTERISTIC', 'visceral_disease', 'no'),
            ('P3', 'CHARACTERISTIC', 'other', 'yes'),
            ('P3', 'MISSING', 'visceral_disease', null)
        ) as t(patient_id, kind, name, code);
        create table local_course as select * from (values
            ('P1', 1, 'SURGERY'), ('P1', 2, 'ABLATION'), ('P2', 1, 'ABLATION')
        ) as t(patient_id, course, group_code);
        create table patient_summary as select * from (values
            ('P1', 1, 1, 'egfr_tki'), ('P2', 2, 2, 'cdk46_inhibitor + endocrine'), ('P3', 2, 2, 'egfr_tki_x'),
            ('P4', 1, null, null)
        ) as t(patient_id, index_line, enrolment_line, enrolment_drug_class);
        create table ctdna_level as select * from (values ('P1', true), ('P2', false))
            as t(patient_id, is_valid);
        create table line_of_therapy as select * from (values
            ('P1', 1, true), ('P2', 1, false), ('P2', 2, false)
        ) as t(patient_id, line, is_after_induction);
        """
    )
    return connection


ENROLLED = "select patient_id from usable_patient where enrolled_on is not null /* and cohort */ order by 1"


def patients(connection, cohort):
    narrowed = cohort.narrow(ENROLLED)
    named = [patient for (patient,) in connection.execute(narrowed.sql, narrowed.values).fetchall()]
    predicate = cohort.predicate()
    rows = connection.execute(
        f"select patient_id from usable_patient where enrolled_on is not null and {predicate.sql} order by 1",
        predicate.values,
    ).fetchall()
    assert [patient for (patient,) in rows] == named
    return named


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
        ({"characteristics": (("visceral_disease", ("no",)),)}, ["P2"]),
        ({"characteristics": (("visceral_disease", ()),)}, ["P1", "P2", "P3"]),
        ({"patient_values": (("sex", ("female",)),)}, ["P2", "P3"]),
        ({"local_groups": ("ABLATION",)}, ["P2"]),
        ({"local_groups": ("ABLATION", "SURGERY"), "stages": ("IVA",)}, ["P1"]),
        ({"is_ctdna_tested": True}, ["P1"]),
        ({"is_ctdna_tested": False}, ["P2", "P3"]),
        # Only line 1 counts; P3 has no line.
        ({"is_after_induction": True}, ["P1"]),
        ({"is_after_induction": False}, ["P2", "P3"]),
        ({"site_ids": ("x' or true --",)}, []),
    ],
)
def test_the_predicate_keeps_exactly_the_patients_chosen(connection, choices, expected):
    assert patients(connection, Cohort(**choices)) == expected


def test_values_are_bound_and_never_part_of_the_sql():
    predicate = Cohort(site_ids=("zz",), characteristics=(("kras", ("g12d",)),)).predicate()
    assert predicate.values == ("zz", "kras", "g12d")
    assert not any(value in predicate.sql for value in predicate.values)


CHOSEN = Cohort(
    site_ids=("01", "02"),
    tumour_types=("lung",),
    lines=(1,),
    drug_classes=("egfr_tki",),
    local_groups=("ABLATION",),
    patient_values=(("sex", ("female",)),),
    characteristics=(("kras", ("mutated",)), ("msi", ())),
    is_ctdna_tested=True,
)
LABELS = CohortLabels(
    groups={"kras": "KRAS", "sex": "Sex"},
    values={"sex": {"female": "Female"}, "site_id": {"01": "01, Hanoi"}},
)


def test_chips_say_each_choice_in_words():
    assert CHOSEN.chips(LABELS) == (
        Chip("site_ids", "Site 01, Hanoi, 02"),
        Chip("tumour_types", "Lung"),
        Chip("lines", "Line 1"),
        Chip("drug_classes", "EGFR inhibitor"),
        Chip("local_groups", "Ablation"),
        Chip("sex", "Sex: Female"),
        Chip("kras", "KRAS: mutated"),
        Chip("is_ctdna_tested", "ctDNA tested"),
    )
    assert Cohort(tumour_types=("lung",), lines=(2,)).words() == "Lung · Line 2"
    liver = CohortLabels(groups={"liver": "Liver metastases"}, values={"liver": {"yes": "Liver metastases"}})
    assert Cohort(characteristics=(("liver", ("yes",)),)).words(liver) == "Liver metastases"
    assert Cohort(characteristics=(("liver", ("no",)),)).words(liver) == "Liver metastases: no"
    assert Cohort(characteristics=(("liver", ("yes", "no")),)).words(liver) == "Liver metastases, no"
    assert Cohort(is_after_induction=True).words() == "maintenance after chemotherapy on line 1"
    without = Cohort(is_after_induction=False)
    assert without.words() == "no maintenance after chemotherapy on line 1"
    assert without.without("is_after_induction") == Cohort()
    assert Cohort().words() == "All enrolled"


def test_taking_every_chip_away_leaves_everybody():
    cohort = CHOSEN
    for number, chip in enumerate(CHOSEN.chips(LABELS), start=1):
        cohort = cohort.without(chip.key)
        assert len(cohort.chips(LABELS)) == len(CHOSEN.chips(LABELS)) - number
    assert cohort.is_everybody
    assert not CHOSEN.is_everybody


def test_a_saved_cohort_comes_back_from_json_as_it_was():
    assert cohort_of(json.loads(json.dumps(CHOSEN.definition()))) == CHOSEN


@pytest.mark.parametrize(
    "definition",
    [{"site": ["01"]}, {"patient_values": [["site_id in ('01') or true --", ["x"]]]}],
)
def test_a_saved_cohort_with_anything_unknown_in_it_is_refused(definition):
    with pytest.raises(CohortError):
        cohort_of(definition)


def test_a_query_without_a_place_for_the_cohort_is_refused_rather_than_counted_whole():
    with pytest.raises(CohortError, match="no cohort can be applied"):
        CHOSEN.narrow("select patient_id from usable_patient")


def test_the_hash_does_not_depend_on_the_order_of_choices_and_does_on_the_choices():
    one = Cohort(site_ids=("01", "02"), characteristics=(("a", ("x", "y")), ("b", ("z",))))
    other = Cohort(site_ids=("02", "01"), characteristics=(("b", ("z",)), ("a", ("y", "x"))))
    assert one.hash() == other.hash()
    assert (
        len({one.hash(), Cohort().hash(), Cohort(site_ids=("01",)).hash(), Cohort(stages=("01",)).hash()})
        == 4
    )
    assert Cohort(is_ctdna_tested=False).hash() != Cohort().hash()
