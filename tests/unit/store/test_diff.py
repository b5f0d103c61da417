"""One entry per edit: new, corrected, moved, vanished; and what is no change."""

import datetime as dt
from decimal import Decimal

import pytest

from dashboard.store.diff import Kind, count_by_table, patient_changes, study_changes
from tests.unit.store.data_cuts import P1, P2, data_cut

DRAWN = dt.date(2025, 3, 10)
SAMPLE = {
    "sample_id": "A1",
    "patient_id": "P1",
    "collected_on": DRAWN,
    "status": "detected",
    "report_version": 1,
}
KRAS = {
    "sample_id": "A1",
    "gene": "KRAS",
    "variant": "p.G12D",
    "status": "detected",
    "maf_ppm": Decimal(4100),
    "maf_text": "0.41",
}
TP53 = {**KRAS, "gene": "TP53", "variant": "p.R175H", "maf_ppm": Decimal(800), "maf_text": "0.08"}
CT = {"patient_id": "P1", "imaged_on": dt.date(2025, 4, 1), "modality": "ct", "regions": "chest"}
LESION = {
    "patient_id": "P1",
    "lesion_id": "T1",
    "assessed_on": dt.date(2025, 4, 1),
    "role": "target",
    "diameter_mm": Decimal(24),
}
RESPONSE = {
    "patient_id": "P1",
    "assessed_on": dt.date(2025, 4, 1),
    "assessor": "treating_physician",
    "visit": "scan 1",
    "overall": "pr",
    "as_written": "PR",
}
OSIMERTINIB = {
    "patient_id": "P1",
    "treatment_id": "T1",
    "kind": "systemic",
    "started_on": DRAWN,
    "is_ongoing": True,
}
BASE = {
    "ctdna_sample": [SAMPLE],
    "variant": [KRAS, TP53],
    "imaging": [CT],
    "lesion": [LESION],
    "response": [RESPONSE],
    "treatment": [OSIMERTINIB],
}
APRIL_2 = dt.date(2025, 4, 2)


@pytest.fixture
def changes(tmp_path):
    """Kinds with keys and values of P1's changes when the tables named replace those of BASE."""

    def compared(base=None, **tables):
        before = data_cut(tmp_path, "2025-08-31", {**BASE, **(base or {})})
        after = data_cut(tmp_path, "2025-11-30", {**BASE, **(base or {}), **tables})
        found = patient_changes(before, after, "P1")
        assert [one for one in study_changes(before, after) if one.patient_id == "P1"] == list(found)
        return [
            (
                change.kind,
                [row.row_key for row in change.rows],
                [(value.column, value.old, value.new) for row in change.rows for value in row.values],
            )
            for change in found
        ]

    return compared


class TestNoChange:
    def test_the_same_data_cut_twice_has_none(self, tmp_path):
        cut = data_cut(tmp_path, "2025-08-31", BASE)
        assert patient_changes(cut, cut, "P1") == ()
        assert study_changes(cut, cut) == ()

    def test_the_same_rows_at_a_later_data_cut_have_none(self, changes):
        assert changes() == []

    def test_an_allele_fraction_written_otherwise_has_none(self, changes):
        assert changes(variant=[{**KRAS, "maf_text": "0,41"}, TP53]) == []

    def test_a_decimal_with_more_noughts_has_none(self, changes):
        assert changes(variant=[{**KRAS, "maf_ppm": Decimal("4100.000")}, TP53]) == []

    @pytest.mark.parametrize("moved", [{"source_row": 99}, {"source_file": "other.csv"}, {"n_copies": 2}])
    def test_another_row_file_or_number_of_identical_copies_has_none(self, changes, moved):
        assert changes(imaging=[{**CT, **moved}]) == []

    def test_the_data_cut_up_to_which_a_patient_is_read_is_no_change(self, changes):
        before = {**P1, "observed_until": dt.date(2025, 8, 31)}
        after = {**P1, "observed_until": dt.date(2025, 11, 30)}
        assert changes(base={"patient": [before, P2]}, patient=[after, P2]) == []

    def test_rows_in_another_order_have_none(self, changes):
        assert changes(variant=[TP53, KRAS]) == []


class TestNew:
    def test_a_sample_comes_with_its_variants_and_its_link_as_one(self, changes):
        sample = {**SAMPLE, "sample_id": "A2", "laboratory_id": "L2", "collected_on": dt.date(2025, 9, 1)}
        found = changes(
            ctdna_sample=[SAMPLE, sample],
            variant=[KRAS, TP53, {**KRAS, "sample_id": "A2"}, {**TP53, "sample_id": "A2"}],
            sample_link=[{"laboratory_id": "L2", "patient_id": "P1"}],
        )
        keys = ["A2", "L2", "A2 | KRAS | p.G12D", "A2 | TP53 | p.R175H"]
        assert found == [(Kind.NEW, keys, [])]

    def test_a_scan_comes_with_its_lesions_and_its_response_as_one(self, changes):
        day = dt.date(2025, 9, 1)
        found = changes(
            imaging=[CT, {**CT, "imaged_on": day}],
            lesion=[LESION, {**LESION, "assessed_on": day}],
            response=[RESPONSE, {**RESPONSE, "assessed_on": day, "visit": "scan 2"}],
        )
        assert [(kind, len(keys)) for kind, keys, _ in found] == [(Kind.NEW, 3)]

    def test_scans_of_two_days_are_two(self, changes):
        days = [dt.date(2025, 9, 1), dt.date(2025, 9, 2)]
        found = changes(imaging=[CT, *({**CT, "imaged_on": day} for day in days)])
        assert [kind for kind, _, _ in found] == [Kind.NEW, Kind.NEW]

    def test_a_visit_comes_with_its_values_and_a_death_stays_apart(self, changes):
        day = dt.date(2025, 9, 1)
        found = changes(
            visit=[{"patient_id": "P1", "visit_on": day, "visit": "month 6"}],
            measurement=[{"patient_id": "P1", "name": "cea", "measured_on": day, "visit": "month 6"}],
            contact=[
                {"patient_id": "P1", "contact_on": day, "vital_status": "alive"},
                {"patient_id": "P1", "contact_on": day, "vital_status": "dead", "died_on": day},
            ],
        )
        assert [(kind, len(keys)) for kind, keys, _ in found] == [(Kind.NEW, 3), (Kind.NEW, 1)]

    def test_a_result_that_was_pending_is_new_and_not_corrected(self, changes):
        pending = {**SAMPLE, "status": "pending", "report_version": None}
        found = changes(
            base={"ctdna_sample": [pending], "variant": []}, ctdna_sample=[SAMPLE], variant=[KRAS]
        )
        values = [("report_version", None, 1), ("status", "pending", "detected")]
        assert found == [(Kind.NEW, ["A1", "A1 | KRAS | p.G12D"], values)]

    def test_the_end_of_a_treatment_that_went_on_is_new(self, changes):
        ended = {**OSIMERTINIB, "ended_on": APRIL_2, "is_ongoing": False, "stop_reason": "progression"}
        (found,) = changes(treatment=[ended])
        assert found[0] is Kind.NEW
        assert [column for column, _, _ in found[2]] == ["ended_on", "is_ongoing", "stop_reason"]

    def test_a_reason_that_was_unknown_is_new(self, changes):
        stopped = {**OSIMERTINIB, "stop_reason": "unknown"}
        (found,) = changes(base={"treatment": [stopped]}, treatment=[{**stopped, "stop_reason": "toxicity"}])
        assert found[0] is Kind.NEW

    def test_a_new_patient_is_one_whatever_comes_with_the_patient(self, changes):
        nothing = {name: [] for name in BASE}
        found = changes(
            base={"patient": [P2], **nothing}, patient=[P1, P2], imaging=[CT], response=[RESPONSE]
        )
        assert [(kind, len(keys)) for kind, keys, _ in found] == [(Kind.NEW, 3)]


class TestCorrected:
    def test_an_allele_fraction(self, changes):
        found = changes(variant=[{**KRAS, "maf_ppm": Decimal(1400), "maf_text": "0.14"}, TP53])
        values = [("maf_ppm", Decimal(4100), Decimal(1400))]
        assert found == [(Kind.CORRECTED, ["A1 | KRAS | p.G12D"], values)]

    def test_a_row_that_was_there_in_identical_copies(self, changes):
        (found,) = changes(
            base={"imaging": [{**CT, "n_copies": 2}]}, imaging=[{**CT, "n_copies": 1, "regions": "abdomen"}]
        )
        assert found == (Kind.CORRECTED, ["P1 | 2025-04-01 | ct"], [("regions", "chest", "abdomen")])

    def test_two_columns_of_one_row_are_one(self, changes):
        (found,) = changes(response=[{**RESPONSE, "overall": "pd", "target": "pd"}])
        assert found[0] is Kind.CORRECTED
        assert [column for column, _, _ in found[2]] == ["target", "overall"]

    def test_two_rows_are_two(self, changes):
        found = changes(
            variant=[{**KRAS, "maf_ppm": Decimal(1)}, {**TP53, "maf_ppm": Decimal(2)}],
        )
        assert [kind for kind, _, _ in found] == [Kind.CORRECTED, Kind.CORRECTED]

    def test_an_amended_report_is_one_with_all_it_changed(self, changes):
        found = changes(
            ctdna_sample=[{**SAMPLE, "report_version": 2}],
            variant=[{**KRAS, "maf_ppm": Decimal(1400)}, {**TP53, "gene": "EGFR"}],
        )
        assert [(kind, len(keys)) for kind, keys, _ in found] == [(Kind.CORRECTED, 3)]

    def test_a_value_that_was_taken_away(self, changes):
        (found,) = changes(lesion=[{**LESION, "diameter_mm": None}])
        assert found[0] is Kind.CORRECTED

    def test_a_date_of_which_only_the_month_had_been_known(self, changes):
        rough = {**CT, "imaged_on_precision": "month"}
        (found,) = changes(base={"imaging": [rough]}, imaging=[{**CT, "imaged_on_precision": "day"}])
        assert found[0] is Kind.CORRECTED

    def test_a_text_counts_where_nobody_could_read_a_value_from_it(self, changes):
        unread = {**RESPONSE, "overall": None, "as_written": "PR→SD"}
        (found,) = changes(base={"response": [unread]}, response=[{**unread, "as_written": "SD/PD"}])
        assert found[2] == [("as_written", "PR→SD", "SD/PD")]


class TestMovedAndVanished:
    def test_a_scan_on_another_day_is_one_with_its_lesions_and_response(self, changes):
        found = changes(
            imaging=[{**CT, "imaged_on": APRIL_2}],
            lesion=[{**LESION, "assessed_on": APRIL_2}],
            response=[{**RESPONSE, "assessed_on": APRIL_2}],
        )
        assert [(kind, len(keys)) for kind, keys, _ in found] == [(Kind.MOVED, 3)]
        assert {(old, new) for _, old, new in found[0][2]} == {(dt.date(2025, 4, 1), APRIL_2)}

    def test_a_scan_that_vanished_is_one(self, changes):
        found = changes(imaging=[], lesion=[], response=[])
        assert [(kind, len(keys)) for kind, keys, _ in found] == [(Kind.VANISHED, 3)]

    @pytest.mark.parametrize(
        ("day", "kinds"),
        [
            (dt.date(2025, 8, 30), [Kind.MOVED]),
            (dt.date(2025, 8, 31), [Kind.MOVED]),
            (dt.date(2025, 9, 1), [Kind.NEW, Kind.VANISHED]),
        ],
    )
    def test_nothing_moves_beyond_the_day_of_the_earlier_data_cut(self, changes, day, kinds):
        assert [kind for kind, _, _ in changes(imaging=[{**CT, "imaged_on": day}])] == kinds

    def test_a_row_that_differs_in_two_parts_of_its_key_has_vanished(self, changes):
        found = changes(imaging=[{**CT, "imaged_on": APRIL_2, "modality": "mri"}])
        assert [kind for kind, _, _ in found] == [Kind.NEW, Kind.VANISHED]

    def test_a_row_that_says_something_else_has_vanished(self, changes):
        found = changes(imaging=[{**CT, "imaged_on": APRIL_2, "regions": "abdomen"}])
        assert [kind for kind, _, _ in found] == [Kind.NEW, Kind.VANISHED]

    def test_another_modality_on_the_same_day_is_one(self, changes):
        (found,) = changes(imaging=[{**CT, "modality": "pet_ct"}])
        assert (found[0], found[2]) == (Kind.MOVED, [("modality", "ct", "pet_ct")])

    def test_a_contact_that_turns_out_to_be_a_death_is_one(self, changes):
        alive = {"patient_id": "P1", "contact_on": APRIL_2, "vital_status": "alive"}
        dead = {**alive, "vital_status": "dead", "died_on": APRIL_2, "death_cause": "cancer"}
        (found,) = changes(base={"contact": [alive]}, contact=[dead])
        assert (found[0], found[2]) == (Kind.MOVED, [("vital_status", "alive", "dead")])

    def test_of_two_candidates_the_nearer_day_is_the_moved_one(self, changes):
        days = [dt.date(2025, 4, 3), dt.date(2025, 5, 1)]
        found = changes(imaging=[{**CT, "imaged_on": day} for day in days])
        assert [(kind, keys) for kind, keys, _ in found] == [
            (Kind.NEW, ["P1 | 2025-05-01 | ct"]),
            (Kind.MOVED, ["P1 | 2025-04-03 | ct"]),
        ]

    def test_a_scan_of_which_one_lesion_does_not_fit_is_not_moved(self, changes):
        found = changes(
            imaging=[{**CT, "imaged_on": APRIL_2}],
            lesion=[{**LESION, "assessed_on": APRIL_2, "diameter_mm": Decimal(99)}],
            response=[{**RESPONSE, "assessed_on": APRIL_2}],
        )
        assert [(kind, len(keys)) for kind, keys, _ in found] == [(Kind.NEW, 3), (Kind.VANISHED, 3)]

    def test_rows_of_two_patients_never_make_one_moved_row(self, tmp_path):
        before = data_cut(tmp_path, "2025-08-31", {"imaging": [CT]})
        after = data_cut(tmp_path, "2025-11-30", {"imaging": [{**CT, "patient_id": "P2"}]})
        kinds = [(change.kind, change.patient_id) for change in study_changes(before, after)]
        assert kinds == [(Kind.VANISHED, "P1"), (Kind.NEW, "P2")]

    def test_a_study_without_calendar_dates_has_no_latest_day(self, tmp_path):
        late = {**CT, "imaged_on": dt.date(2025, 9, 1)}
        before = data_cut(tmp_path, "2025-08-31", {"imaging": [CT]}, calendar="relative")
        after = data_cut(tmp_path, "2025-11-30", {"imaging": [late]}, calendar="relative")
        assert [change.kind for change in patient_changes(before, after, "P1")] == [Kind.MOVED]


class TestWhoSeesWhat:
    def test_a_user_of_one_site_sees_the_changes_of_that_site(self, tmp_path):
        other = {**CT, "patient_id": "P2"}
        before = data_cut(tmp_path, "2025-08-31", {}, sites=("02",))
        after = data_cut(tmp_path, "2025-11-30", {"imaging": [CT, other]}, sites=("02",))
        assert [change.patient_id for change in study_changes(before, after)] == ["P2"]
        assert patient_changes(before, after, "P1") == ()

    def test_the_variants_of_another_patient_are_not_among_the_changes(self, tmp_path):
        before = data_cut(tmp_path, "2025-08-31", BASE)
        after = data_cut(tmp_path, "2025-11-30", {**BASE, "variant": [TP53]})
        assert patient_changes(before, after, "P2") == ()
        assert [change.kind for change in patient_changes(before, after, "P1")] == [Kind.VANISHED]


def test_rows_are_counted_by_table_and_kind_in_the_order_of_the_model(tmp_path):
    before = data_cut(tmp_path, "2025-08-31", BASE)
    tables = {
        **BASE,
        "variant": [{**KRAS, "maf_ppm": Decimal(1)}, TP53],
        "imaging": [{**CT, "imaged_on": APRIL_2}, {**CT, "patient_id": "P2"}],
        "treatment": [],
        "panel_gene": [{"panel": "K", "gene": "KRAS", "alteration": "sequence"}],
    }
    after = data_cut(tmp_path, "2025-11-30", tables)
    counts = count_by_table(study_changes(before, after))
    assert [(one.table, one.kind, one.n_rows, one.n_patients) for one in counts] == [
        ("treatment", Kind.VANISHED, 1, 1),
        ("variant", Kind.CORRECTED, 1, 1),
        ("panel_gene", Kind.NEW, 1, 0),
        ("imaging", Kind.NEW, 1, 1),
        ("imaging", Kind.MOVED, 1, 1),
    ]


def test_a_column_that_one_data_cut_lacks_is_not_compared(tmp_path):
    before = data_cut(tmp_path, "2025-08-31", BASE)
    after = data_cut(tmp_path, "2025-11-30", {**BASE, "imaging": [{**CT, "regions": "abdomen"}]})
    assert len(patient_changes(before, after, "P1")) == 1
    older = data_cut(tmp_path, "2025-05-31", BASE, without={"imaging": ("regions",)})
    assert patient_changes(older, after, "P1") == ()
