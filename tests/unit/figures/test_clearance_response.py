"""ctDNA change beside response, on fourteen patients who each stand in another place."""

import re
from dataclasses import replace

import pandas as pd
import pytest

from dashboard.figures.clearance import more
from dashboard.figures.clearance.more import (
    agreement_of,
    clearance_agreement,
    clearance_first_draws,
    clearance_tumour_types,
)
from dashboard.figures.clearance.request import clearance_request, offered_schemes
from dashboard.figures.clearance.response import (
    clearance_response,
    clearance_rows,
    judged_sentence,
    place_of,
    response_sentences,
)
from dashboard.figures.overview.patients import overview_patients
from dashboard.store.reader import Reader
from dashboard.studies.cohort import Cohort
from dashboard.studies.load import load_study
from dashboard.tables.clearance import PLACES, WITH_CHANGE, change_table, imaged_words, reconciliation
from tests.builders import day
from tests.clearance_study import clearance_snapshot, clearance_study_folder
from tests.unit.figures.readers import memory_reader

NUMBER = re.compile(r"\d+")


@pytest.fixture(scope="module")
def study():
    clearance_snapshot()
    return load_study(clearance_study_folder())


@pytest.fixture(scope="module")
def reader():
    return Reader(clearance_snapshot())


def asked(study, scheme="CLEAR", **more):
    return clearance_request(study, scheme=scheme, **more)


def cells(table):
    return table.set_index(table.columns[0])


@pytest.mark.parametrize(
    ("patient", "place"),
    [
        ("C01", "PAIRED"),
        ("C02", "PAIRED"),
        ("C03", "PAIRED"),
        ("C04", "PAIRED"),
        ("C05", "NO_IMAGING"),
        ("C06", "NOT_DETECTED_AT_BASELINE"),
        ("C07", "NO_DRAW"),
        ("C08", "DIED"),
        ("C09", "SECOND_NO_RESULT"),
        ("C10", "ONLY_EARLY"),
        ("C11", "NO_PRE_TREATMENT"),
        ("C12", "NO_RESULT"),
        ("C13", "NO_SAMPLE"),
        ("C14", "NOT_COMPARABLE"),
    ],
)
def test_every_patient_stands_in_one_place(study, reader, patient, place):
    rows = clearance_rows(reader, asked(study)).set_index("patient_id")
    assert rows.loc[patient, "place"] == place


def test_why_a_patient_has_no_baseline_to_judge_a_change_from_is_said_once_for_all_pages(reader):
    rows = reader.rows(
        "select patient_id, without_baseline from pair_flow where without_baseline is not null"
    )
    assert rows.set_index("patient_id")["without_baseline"].to_dict() == {
        "C06": "NOT_DETECTED_AT_BASELINE",
        "C11": "NO_PRE_TREATMENT",
        "C12": "NO_BASELINE",
        "C13": "NO_SAMPLE",
    }


def test_a_change_is_known_in_those_whose_clearance_overview_says_can_be_judged(study, reader):
    rows = clearance_rows(reader, asked(study))
    flow = overview_patients(reader)
    judged = flow[flow["left_at"].isna() | (flow["left_at"] == "EVALUABLE")]
    assert set(rows.loc[rows["place"].isin(WITH_CHANGE), "patient_id"]) == set(judged["patient_id"])


@pytest.mark.parametrize("reason", ["WINDOW_OPEN", "NO_DRAW", "ONLY_EARLY", "DIED", "WITHDREW", "LOST"])
def test_who_has_no_second_draw_stands_with_the_reason_of_overview(reason):
    assert place_of({"left_at": "SECOND", "reason": reason}) == reason
    assert reason in PLACES


@pytest.mark.parametrize(
    ("step", "reason", "place"),
    [
        ("SAMPLE", "DIED", "NO_SAMPLE"),
        ("SAMPLE", "TYPE_NOT_FOLLOWED", "NO_SAMPLE"),
        ("BASELINE", "PENDING", "NO_RESULT"),
        ("SECOND", "TYPE_NOT_FOLLOWED", "TYPE_NOT_FOLLOWED"),
        ("VALID_PAIR", "PENDING", "SECOND_NO_RESULT"),
        ("VALID_PAIR", "FAILED", "SECOND_NO_RESULT"),
        ("VALID_PAIR", "ASSAY_CHANGED", "NOT_COMPARABLE"),
        ("PAIR", "NO_PRE_TREATMENT", "NO_PRE_TREATMENT"),
        ("PAIR", "NOT_DETECTED_AT_BASELINE", "NOT_DETECTED_AT_BASELINE"),
    ],
)
def test_the_place_is_the_first_step_of_overview_that_is_not_reached(step, reason, place):
    assert place_of({"left_at": step, "reason": reason}) == place


@pytest.mark.parametrize(
    ("category", "imaging_rule", "place"),
    [
        ("NOT_EVALUABLE", "PAIRED", "NO_RATIO"),
        ("CLEARED", "NO_IMAGING", "NO_IMAGING"),
        ("CLEARED", "CHANGE_BETWEEN", "CHANGE_BETWEEN"),
        ("CLEARED", "PAIRED", "PAIRED"),
    ],
)
def test_who_reaches_the_change_is_paired_where_the_quantity_is_the_same_and_there_is_imaging(
    category, imaging_rule, place
):
    assert place_of({"left_at": None, "category": category, "imaging_rule": imaging_rule}) == place


def test_a_draw_before_another_line_than_the_index_line_is_no_baseline_of_clearance(study):
    # Line 1 starts on day -100, line 2 on day 100; a draw 28 days before to 7 days after is before the line.
    first = {"index line": -93, "a day late": -92, "line 2": 72, "a day early": 71}
    drugs = {"kind": "systemic", "intent": "metastatic", "regimen": "osimertinib", "agents": "osimertinib"}
    lines = [
        {
            **drugs,
            "patient_id": one,
            "treatment_id": f"T{line}",
            "line": line,
            "started_on": day(start),
            "ended_on": day(end),
        }
        for one in first
        for line, start, end in ((1, -100, 90), (2, 100, 300))
    ]
    samples = [
        {
            "patient_id": one,
            "sample_id": f"{one} {on}",
            "collected_on": day(on),
            "status": status,
            "panel": "P",
        }
        for one, start in first.items()
        for on, status in ((start, "detected"), (start + 60, "not_detected"))
    ]
    tables = {
        "patient": [{"patient_id": one, "enrolled_on": day(0)} for one in first],
        "treatment": lines,
        "ctdna_sample": samples,
        "molecular_rule": [{"scheme": "CLEAR", "kind": "clearance"}],
    }
    rows = clearance_rows(memory_reader(tables), asked(study)).set_index("patient_id")
    assert rows[["place", "baseline_timing"]].to_dict("index") == {
        "index line": {"place": "NO_IMAGING", "baseline_timing": "PRE_TREATMENT"},
        "a day late": {"place": "NO_PRE_TREATMENT", "baseline_timing": "ON_TREATMENT"},
        "line 2": {"place": "NO_PRE_TREATMENT", "baseline_timing": "OTHER_LINE"},
        "a day early": {"place": "NO_PRE_TREATMENT", "baseline_timing": "ON_TREATMENT"},
    }
    cleared, _still, everybody = response_sentences(rows, asked(study))
    assert "(1 cleared in all)" in cleared
    assert "3 no sample before the index treatment" in everybody
    said = clearance_first_draws(memory_reader(tables), asked(study)).caption
    assert said.startswith("3 of 4 patients; first sample median day ")
    assert said.endswith(
        "First sampled before another line than the index line "
        "(the line in force at enrolment, else the next one): 1."
    )
    assert (
        "the line in force at enrolment, else the next one"
        in clearance_response(memory_reader(tables), asked(study)).method
    )


def test_the_sentences_say_who_cleared_and_how_they_responded(study, reader):
    request = asked(study)
    cleared, detected, everybody = response_sentences(clearance_rows(reader, request), request)
    assert cleared == (
        "Of 2 patients who cleared ctDNA and had imaging to pair within ± 42 days (2 cleared in all), "
        "1 had CR/PR, 1 SD, 0 PD."
    )
    assert detected == (
        "Of 2 patients with ctDNA still detected and with imaging to pair within ± 42 days "
        "(3 still detected in all), 0 had CR/PR, 1 SD, 1 PD."
    )
    assert everybody.startswith(
        "All patients: 14 = 4 paired + 1 no second draw recorded + "
        "1 drawn again, too early for a second draw + 1 died before a second draw + "
    )


def test_the_sum_of_all_patients_adds_up(study, reader):
    request = asked(study)
    everybody = response_sentences(clearance_rows(reader, request), request)[-1]
    total, *parts = [int(number) for number in NUMBER.findall(everybody)]
    assert total == sum(parts) == 14


def test_a_per_cent_stands_only_from_the_limit_of_the_study_on(study, reader):
    few = replace(asked(study), counts_only_below=10)
    many = pd.concat([clearance_rows(reader, few)] * 5, ignore_index=True)
    nine = many[many["place"] == "PAIRED"].groupby("category").head(9)
    ten = many[many["place"] == "PAIRED"].groupby("category").head(10)
    assert "%" not in response_sentences(nine, few)[0]
    # 5 of 10: exact limits 18.7 and 81.3 per cent.
    assert response_sentences(ten, few)[0] == (
        "Of 10 patients who cleared ctDNA and had imaging to pair within ± 42 days (10 cleared in all), "
        "5 had CR/PR (50 %, 19–81), 5 SD, 0 PD."
    )
    assert "5 PD (50 %, 19–81)" in response_sentences(ten, few)[1]


def test_the_table_has_every_patient_in_a_row(study, reader):
    table = cells(clearance_response(reader, asked(study)).table)
    assert table.loc[
        "Cleared", ["CR", "PR", "SD", "PD", "No assessed imaging to pair", "Total"]
    ].tolist() == [
        "0",
        "1",
        "1",
        "0",
        "0",
        "2",
    ]
    assert table.loc["Still detected", "No assessed imaging to pair"] == "1"
    assert table.loc["Change from baseline known", "Total"] == "5"
    without = [words[:1].upper() + words[1:] for words in PLACES.values()]
    reasons = table.loc[[name for name in without if name in table.index], "Total"].astype(int)
    assert 5 + reasons.sum() == int(table.loc["All patients", "Total"]) == 14


def test_rows_and_columns_of_the_table_add_up_also_where_no_change_is_known(study, reader):
    table = cells(clearance_response(reader, asked(study)).table).astype(int)
    assert (table.drop(columns="Total").sum(axis="columns") == table["Total"]).all()
    assert (
        table.drop(["Cleared", "Still detected", "All patients"]).sum() == table.loc["All patients"]
    ).all()
    # C11, first drawn on treatment: PR on the day of its second draw. C07 has no second draw, none was due.
    assert table.loc["No sample before the index treatment", "PR"] == 1
    assert table.loc["No second draw recorded", "No date to pair"] == 1


def test_who_has_imaging_only_beyond_a_stop_is_not_without_imaging(study, reader):
    rows = clearance_rows(reader, asked(study))
    beyond = rows["patient_id"] == "C05"
    parted = rows.assign(
        place=rows["place"].mask(beyond, "CHANGE_BETWEEN"),
        imaging_rule=rows["imaging_rule"].mask(beyond, "CHANGE_BETWEEN"),
    )
    table = cells(
        change_table(parted, scheme=asked(study).scheme, is_post_local=False, counts_only_below=25)
    ).astype(int)
    assert table.loc[
        "Still detected", ["No assessed imaging to pair", "Progression or change between", "Total"]
    ].tolist() == [
        0,
        1,
        3,
    ]
    everybody = response_sentences(parted, asked(study))[-1]
    assert "+ 1 with imaging only on the other side of a progression or change of treatment" in everybody
    assert judged_sentence(parted, asked(study)).startswith(
        "A change of ctDNA can be judged in 5 of 14 patients"
    )


def test_the_per_cent_stands_from_the_limit_of_the_study_or_25_patients_whichever_is_higher(study, reader):
    assert asked(study).counts_only_below == 25
    higher = study.model_copy(update={"display": study.display.model_copy(update={"counts_only_below": 40})})
    assert asked(higher).counts_only_below == 40
    rows = pd.concat([clearance_rows(reader, asked(study))] * 3, ignore_index=True)
    for n, limit, has_column in ((24, 25, False), (25, 25, True), (39, 40, False), (40, 40, True)):
        table = change_table(
            rows.head(n), scheme=asked(study).scheme, is_post_local=False, counts_only_below=limit
        )
        assert (f"% of {n}" in table) == has_column


def test_every_scheme_says_who_had_imaging(study):
    words = [
        imaged_words(whom, pairing_days=42, in_all="6 in all")
        for whom in asked(study, "MR50").scheme.of_whom.values()
    ]
    assert words == [
        "whose ctDNA fell by at least 50 % and who had imaging to pair within ± 42 days (6 in all)",
        "without a ctDNA fall of 50 % or more and with imaging to pair within ± 42 days (6 in all)",
    ]


def test_few_patients_have_no_column_of_per_cent(study, reader):
    assert not [name for name in clearance_response(reader, asked(study)).table if "%" in name]


def test_the_footer_says_how_many_pairs_a_narrower_window_leaves(study, reader):
    caption = clearance_response(reader, asked(study)).caption
    # Gaps of 0, 29, 4 and 28 days: one is outside 28.
    assert "at ± 28 days: 3 pairs instead of 4." in caption
    breast = clearance_response(reader, asked(study, cohort=Cohort(tumour_types=("breast",))))
    assert re.search(r"at ± 28 days: the same \d+ pairs?\.", breast.caption)
    assert "median +16 days (range 0 to +29; minus: imaging first)" in caption
    assert "LB-RECIST (Gouda 2024) has no agreed thresholds; we do not report it." in caption


def test_a_fall_to_exactly_one_half_is_a_fall_of_50_per_cent(study, reader):
    rows = clearance_rows(reader, asked(study, "MR50")).set_index("patient_id")
    assert rows.loc["C04", "category"] == "FALL"
    assert rows.loc["C05", "category"] == "NO_FALL"
    four = clearance_rows(reader, asked(study, "FOUR")).set_index("patient_id")
    assert four.loc[["C01", "C03", "C04", "C05"], "category"].tolist() == [
        "NOT_DETECTED",
        "RISE",
        "FALL",
        "WITHIN",
    ]


@pytest.mark.parametrize(("gene", "n"), [("TP53", 1), ("ESR1", 0)])
def test_a_baseline_of_possible_clonal_haematopoiesis_alone_is_counted_and_named(study, gene, n):
    drug = {"kind": "systemic", "intent": "metastatic", "regimen": "osimertinib", "agents": "osimertinib"}
    samples = [
        {"sample_id": f"S{on}", "collected_on": day(on), "status": status, "panel": "P", "assay": "panel"}
        for on, status in ((-5, "detected"), (80, "not_detected"))
    ]
    of = {"patient_id": "P"}
    variant = {"sample_id": "S-5", "gene": gene, "variant": "p.X1Y", "status": "detected", "maf_ppm": 5000}
    reader = memory_reader(
        {
            "patient": [{"patient_id": "P", "enrolled_on": day(0)}],
            "treatment": [{**drug, **of, "treatment_id": "T1", "line": 1, "started_on": day(0)}],
            "ctdna_sample": [{**of, **one} for one in samples],
            "variant": [variant],
            "chip_gene": [{"gene": "TP53"}],
            "molecular_rule": [{"scheme": "CLEAR", "kind": "clearance"}],
        }
    )
    assert clearance_rows(reader, asked(study))["place"].isin(WITH_CHANGE).all()
    said = "In 1 of the 1 with a change, ctDNA at baseline was possible clonal haematopoiesis"
    assert clearance_response(reader, asked(study)).caption.count(said) == n


def test_four_categories_are_offered_only_where_the_study_enables_them(study):
    assert [rule.scheme for rule in offered_schemes(study)] == ["CLEAR", "MR50"]


def test_a_scheme_the_study_does_not_define_is_refused(study):
    with pytest.raises(ValueError, match="allowed are CLEAR, MR50, FOUR"):
        asked(study, "LB_RECIST")


def test_a_first_draw_on_treatment_is_counted_apart(study, reader):
    request = asked(study)
    figure = clearance_first_draws(reader, request)
    # The courses of two draws stand with nobody in them too; C11 cleared after a first draw on treatment.
    assert figure.table.iloc[:, 0].tolist() == [
        "Detected, then still detected",
        "Detected, then not detected",
        "Not detected, then still not",
        "Not detected, then detected",
    ]
    assert figure.table["PR"].tolist() == figure.table["Total"].tolist() == ["0", "1", "0", "0"]
    assert figure.numbers.to_dict("records") == [
        {"first_draw": "detected", "second_draw": "not_detected", "response": "PR", "patients": 1}
    ]
    sampled = "1 of 14 patients; first sample median day 40 of the line (range 40 to 40). "
    assert figure.caption.startswith(sampled)
    # C11 is a man.
    women = replace(request, cohort=Cohort(patient_values=(("sex", ("female",)),)))
    assert clearance_first_draws(reader, women) is None


def test_a_second_draw_on_another_panel_is_no_course_from_a_first_draw_on_treatment(study):
    panels = {"same": "P", "other": "P2"}
    tables = {
        "patient": [{"patient_id": one, "enrolled_on": day(0)} for one in panels],
        "treatment": [
            {"patient_id": one, "treatment_id": "T1", "kind": "systemic", "line": 1, "started_on": day(0)}
            for one in panels
        ],
        "ctdna_sample": [
            {
                "patient_id": one,
                "sample_id": f"{one} {on}",
                "collected_on": day(on),
                "status": status,
                "panel": of,
            }
            for one, panel in panels.items()
            for on, status, of in ((40, "not_detected", "P"), (100, "detected", panel))
        ],
        "molecular_rule": [{"scheme": "CLEAR", "kind": "clearance"}],
    }
    figure = clearance_first_draws(memory_reader(tables), asked(study))
    assert figure.table.set_index("ctDNA, first to second draw")["Total"].to_dict() == {
        "Detected, then still detected": "0",
        "Detected, then not detected": "0",
        "Not detected, then still not": "0",
        "Not detected, then detected": "1",
        "Not detected, second draw not comparable": "1",
    }
    assert figure.numbers["second_draw"].tolist() == ["detected", "not_comparable"]


def test_tumour_types_are_counts_in_small_groups(study, reader):
    request = asked(study)
    figure = clearance_tumour_types(reader, request)
    table = figure.table.set_index("Tumour type")
    assert table.loc["Lung"].to_dict() == {"Pairs": "2", "Cleared": "1 of 2", "Still detected": "–"}
    assert table.loc["Breast"].to_dict() == {"Pairs": "2", "Cleared": "–", "Still detected": "0 of 2"}
    counts = ["tumour_type", "category", "pairs", "good_response"]
    assert figure.numbers[counts].to_numpy().tolist() == [
        ["Breast", "NOT_CLEARED", 2, 0],
        ["Lung", "CLEARED", 2, 1],
    ]


@pytest.mark.parametrize(("least", "shown"), [(1, True), (2, True), (3, False)])
def test_a_share_by_tumour_type_is_in_the_file_from_the_limit_on(study, reader, least, shown):
    rows = clearance_tumour_types(reader, replace(asked(study), counts_only_below=least)).numbers
    lung = rows.set_index("tumour_type").loc["Lung"]
    assert lung["share"] == (
        pytest.approx(0.5, abs=1e-12) if shown else pytest.approx(float("nan"), nan_ok=True)
    )


def test_agreement_is_given_from_the_limit_on_and_leaves_unevaluable_responses_out(study, reader):
    request = replace(asked(study), counts_only_below=10)
    paired = clearance_rows(reader, request).query("place == 'PAIRED'")
    assert agreement_of(paired, request).measures == ()
    three = pd.concat([paired] * 3, ignore_index=True)
    with_ne = pd.concat([three, paired.head(1).assign(response="NE")], ignore_index=True)
    found = agreement_of(with_ne, request)
    assert found.n == 12
    assert found.measures[0].sentence == "Of 3 patients with CR/PR, 3 had ctDNA clearance."
    assert found.kappa is not None
    # Both yes 3, clearance alone 3, response alone 0, neither 6: (9/12 - 1/2) / (1 - 1/2).
    assert found.kappa.estimate == pytest.approx(0.5, abs=1e-12)


def test_the_file_of_the_agreement_has_every_measure_and_kappa(study, reader, monkeypatch):
    three = pd.concat([clearance_rows(reader, asked(study)).query("place == 'PAIRED'")] * 3)
    monkeypatch.setattr(more, "clearance_rows", lambda _reader, _request: three)
    request = replace(asked(study), counts_only_below=4)
    rows = clearance_agreement(reader, request).numbers.set_index("measure")
    # Both yes 3, clearance alone 3, response alone 0, neither 6. Three patients with a response are too few.
    assert rows.loc["Sensitivity", ["patients", "of_patients"]].tolist() == [3, 3]
    assert rows.loc["Sensitivity", ["value", "lower", "upper"]].isna().all()
    assert rows.loc["Specificity", "value"] == pytest.approx(6 / 9, abs=1e-12)
    assert rows.loc["Cohen's kappa", "value"] == pytest.approx(0.5, abs=1e-12)
    assert len(rows) == 6
    assert clearance_agreement(reader, replace(request, counts_only_below=13)) is None


def test_four_categories_are_no_yes_or_no(study, reader):
    request = asked(study, "FOUR")
    many = pd.concat([clearance_rows(reader, request)] * 5, ignore_index=True)
    assert agreement_of(many, request).measures == ()


def test_the_sentence_names_the_commonest_reason(study, reader):
    request = asked(study)
    assert judged_sentence(clearance_rows(reader, request), request) == (
        "A change of ctDNA can be judged in 5 of 14 patients; the commonest reason it cannot: "
        "no second draw recorded (1)."
    )


def test_the_cohort_narrows_every_number(study, reader):
    request = asked(study, cohort=Cohort(tumour_types=("breast",)))
    rows = clearance_rows(reader, request)
    assert rows["patient_id"].tolist() == ["C03", "C04"]
    assert sum(reconciliation(rows).values()) == 2


def test_a_reader_of_one_site_has_its_patients(study):
    rows = clearance_rows(Reader(clearance_snapshot(), ("01",)), asked(study))
    assert rows["patient_id"].tolist() == [f"C0{number}" for number in range(1, 8)]


def test_the_file_has_counts_that_add_up_and_no_share_of_a_small_group(study, reader):
    rows = clearance_response(reader, asked(study)).rows
    assert rows["patients"].sum() == 14
    assert rows["share"].isna().all()
    assert list(rows.columns)[:5] == ["place", "category", "imaging", "response", "patients"]


def test_a_place_nobody_named_is_an_error():
    with pytest.raises(ValueError, match="ELSEWHERE"):
        reconciliation(pd.DataFrame({"place": ["ELSEWHERE"]}))
