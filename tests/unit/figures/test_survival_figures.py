"""The survival figure on twelve patients whose curve can be worked out by hand."""

import json
import re
from dataclasses import replace

import pandas as pd
import pytest

from dashboard.figures.overview.baseline import baseline_request, baseline_variables
from dashboard.figures.study_guards import study_guards
from dashboard.figures.survival import curves, incidence
from dashboard.figures.survival.curves import curve_data, note_on_drawing, small_groups, survival_figure
from dashboard.figures.survival.file import survival_numbers_figure
from dashboard.figures.survival.incidence import (
    headline_sentence,
    survival_incidence,
    why_no_incidence,
)
from dashboard.figures.survival.listed import left_out_rows, left_out_table, stale_rows, stale_table
from dashboard.figures.survival.next_line import next_line_sentence
from dashboard.figures.survival.numbers import (
    hazard_ratios,
    largest_group,
    measure_survival,
    numbers_file,
    survival_numbers,
)
from dashboard.figures.survival.request import (
    SurvivalRequest,
    composite_of,
    followed,
    groups_in_order,
    join_small_groups,
    joined_words,
    survival_endpoints,
    survival_rows,
    variants_of,
)
from dashboard.figures.survival.variants import VariantsRequest, survival_variants, variant_numbers
from dashboard.figures.survival.who import SurvivalGroupsRequest, survival_groups
from dashboard.figures.survival.words import (
    endpoint_card,
    excluded_words,
    flow_words,
    rule_words,
    x_title,
)
from dashboard.stats import Guards
from dashboard.store.reader import Reader
from dashboard.studies.cohort import Cohort
from dashboard.studies.load import load_study
from dashboard.studies.rows import definition_rows
from dashboard.tables.survival import follow_up_words
from tests.builders import day
from tests.survival_study import survival_snapshot, survival_study_folder
from tests.unit.figures.readers import memory_reader
from tests.unit.marts.outcome.clearing import ENDPOINT, PATIENTS, STUDIES, tables
from tests.unit.marts.outcome.clearing import sample as draw_of
from tests.unit.marts.treatment.courses import course
from tests.unit.marts.treatment.courses import tables as course_tables

DAYS = 30.4375
MISLEADING = re.compile(r"\b(nan|NaN|NaT|inf|None|<NA>)\b|\bPFS[12]\b")


@pytest.fixture(scope="module")
def study():
    survival_snapshot()
    return load_study(survival_study_folder())


@pytest.fixture(scope="module")
def reader():
    return Reader(survival_snapshot())


def request(study, endpoint="OS_LINE1", group=None, **more):
    found = next((one for one in baseline_variables(study) if one.name == group), None)
    return SurvivalRequest(
        endpoint=study.endpoint(endpoint),
        guards=study_guards(study),
        grace_days=28,
        stale_days=20,
        group=found,
        **more,
    )


def drawn_from(asked, *, events):
    """The request in a study that draws an incidence from so many events on."""
    return replace(asked, guards=replace(asked.guards, median_min_events=events))


def curve_of(figure):
    rows = figure.table[figure.table["row"].str.startswith("curve") & (figure.table["events"] > 0)]
    return {
        round(row["months"] * DAYS): round(row["free_of_event_percent"], 6) for row in rows.to_dict("records")
    }


def test_two_who_join_late_count_at_risk_only_from_then(study, reader):
    figure = survival_figure(reader, request(study))
    nine_tenths, eight_tenths = 90.0, 80.0
    third = 80 * 8 / 9
    fourth = third * 7 / 8
    assert curve_of(figure) == {
        31: nine_tenths,
        60: eight_tenths,
        91: round(third, 6),
        121: round(fourth, 6),
        152: round(fourth * 7 / 8, 6),
        182: round(fourth * 7 / 8 * 6 / 7, 6),
    }


def test_the_counts_under_the_axis_add_up_to_the_cohort_at_every_tick(study, reader):
    figure = survival_figure(reader, request(study, group="sex"))
    under = figure.table[figure.table["row"].str.startswith("under")]
    parts = under[["at_risk", "events", "censored", "not_yet_entered"]].sum(axis=1)
    assert parts.groupby([under["group"]]).unique().map(list).to_dict() == {"Female": [6], "Male": [6]}
    # The axis ends after all have ended.
    last = under.groupby("group").last()
    assert last["at_risk"].tolist() == [0, 0]
    assert last["events"].tolist() == [5, 1]


def test_the_caption_says_who_is_in_and_who_joined_late(study, reader):
    figure = survival_figure(reader, request(study))
    assert figure.caption == "12 of 12 patients are followed. 6 events. 2 joined after day 0."


JOIN = " (patients join the curve at enrolment)"


def axis_title(figure):
    return figure.spec["encoding"]["x"]["title"]


def test_the_axis_says_that_patients_join_where_one_does(study, reader):
    assert (
        axis_title(survival_figure(reader, request(study)))
        == f"months since start of the line (line 1){JOIN}"
    )
    # PFS has no delayed entry.
    assert (
        axis_title(survival_figure(reader, request(study, "PFS")))
        == "months since start of the line (line 1)"
    )


@pytest.mark.parametrize(("joined", "is_said"), [((), False), (("V11",), True), (("V11", "V12"), True)])
def test_the_axis_speaks_of_joining_only_where_somebody_who_is_drawn_joins_late(
    study, reader, monkeypatch, joined, is_said
):
    """V11 and V12 join on day 60 and 121: of the others alone nobody does, whatever the endpoint provides."""
    late = [one for one in ("V11", "V12") if one not in joined]
    rows = survival_rows(reader, request(study))
    monkeypatch.setattr(curves, "survival_rows", lambda *_: rows[~rows["patient_id"].isin(late)].copy())
    title = axis_title(survival_figure(reader, request(study)))
    assert title == "months since start of the line (line 1)" + (JOIN if is_said else "")


def test_the_axis_words_of_a_study_are_followed_by_who_joins_late(study):
    own = study.endpoint("OS_LINE1").model_copy(update={"axis": "months since line 1"})
    assert x_title(own, has_joined_late=True) == f"months since line 1{JOIN}"
    assert x_title(own, has_joined_late=False) == "months since line 1"
    never = own.model_copy(update={"entry": ()})
    assert x_title(never, has_joined_late=True) == "months since line 1"


@pytest.mark.parametrize(("day", "is_said"), [(0, False), (1, True)])
def test_the_axis_of_incidences_speaks_of_joining_where_somebody_does(
    study, reader, monkeypatch, day, is_said
):
    asked = request(study, "TTP")
    entry = {"entry": study.endpoint("OS_LINE1").entry}
    asked = drawn_from(replace(asked, endpoint=asked.endpoint.model_copy(update=entry)), events=3)
    rows = survival_rows(reader, asked)
    rows.loc[rows["patient_id"] == "V12", "entry_days"] = day
    monkeypatch.setattr(incidence, "survival_rows", lambda *_: rows)
    assert axis_title(survival_incidence(reader, asked)).endswith(JOIN) == is_said


def curves_of(*sizes):
    """Drawn curves: of each group its patients and events."""
    rows = [
        {"group": f"G{number}", "n_entered": n, "n_event": k} for number, (n, k) in enumerate(sizes, start=1)
    ]
    return pd.DataFrame(rows)


@pytest.mark.parametrize(("n_drawn", "is_said"), [(1, False), (2, False), (3, True)])
def test_it_is_said_on_the_drawing_that_many_curves_have_no_band(study, n_drawn, is_said):
    words = f"{n_drawn} curves: the 95 % bands are left out, the intervals are in the table."
    asked = request(study)
    drawn = curves_of(*[(20, 6)] * n_drawn)
    assert (words in note_on_drawing(asked, drawn=drawn)["text"]) == is_said
    for more in ({"has_every_band": True}, {"has_band": False}):
        assert words not in note_on_drawing(replace(asked, **more), drawn=drawn)["text"]


@pytest.mark.parametrize(
    ("n", "events", "said"),
    [
        (9, 3, ["Fewer than 10 patients: G1 (9, 3 events)."]),
        (
            9,
            0,
            [
                "Fewer than 10 patients: G1 (9, no event).",
                "Without an event a curve stays at 100 %, without a band: too few patients to say more.",
            ],
        ),
        (10, 0, []),
        (11, 3, []),
    ],
)
def test_a_curve_of_few_patients_is_named_on_the_drawing(study, n, events, said):
    asked = SurvivalRequest(
        endpoint=study.endpoints[0], guards=study_guards(study), grace_days=28, stale_days=90
    )
    text = note_on_drawing(asked, drawn=curves_of((n, events), (40, 12)))["text"]
    assert [line for line in text if line.startswith(("Fewer than 10 p", "Without an"))] == said


@pytest.mark.parametrize(("n_curves", "is_said"), [(4, False), (5, True)])
def test_of_more_than_four_curves_it_is_said_where_their_numbers_are(study, n_curves, is_said):
    asked = SurvivalRequest(
        endpoint=study.endpoints[0], guards=study_guards(study), grace_days=28, stale_days=90
    )
    words = f"{n_curves} curves: the letter on each is that of its rows below; the table has every number."
    assert (words in note_on_drawing(asked, drawn=curves_of(*[(20, 6)] * n_curves))["text"]) == is_said


def test_the_rule_of_dimming_and_the_horizon_stand_in_the_drawing(study, reader):
    drawn = json.dumps(survival_figure(reader, request(study)).spec)
    assert "Dimmed where fewer than 10 % of a group are at risk (at least 5, at most 10)." in drawn
    assert "protocol horizon 6 months" in drawn


def test_who_the_groups_are_counts_the_patients_of_the_curve_alone(study, reader):
    """V08 alone began line 2; of all twelve half are women, half men, in the order of the curve."""
    for endpoint, columns in (
        ("PFS_LINE2", ["All, n = 1", "Male, n = 1"]),
        ("OS_LINE1", ["All, n = 12", "Female, n = 6", "Male, n = 6"]),
    ):
        own = request(study, endpoint, group="sex")
        figure = survival_groups(
            reader, SurvivalGroupsRequest(survival=own, baseline=baseline_request(study))
        )
        assert list(figure.table.columns)[2:] == columns
        assert own.endpoint.label in figure.caption
        line = own.endpoint.begins_on_line
        assert f"ECOG: the last up to the start of line {line}, else" in figure.method
        assert f"ECOG at the start of line {line}" in " ".join(figure.table["Characteristic"])


def test_who_the_groups_are_is_nothing_without_groups(study, reader):
    asked = SurvivalGroupsRequest(survival=request(study), baseline=baseline_request(study))
    assert survival_groups(reader, asked) is None


@pytest.mark.parametrize("has_ratios", [True, False])
def test_hazard_ratios_are_in_the_file_of_numbers_only_where_they_are_shown(study, reader, has_ratios):
    figure = survival_numbers_figure(reader, request(study, group="sex", has_ratios=has_ratios))
    assert figure.rows["measure"].str.contains("hazard_ratio").any() == has_ratios
    assert ("hazard ratio" in figure.method) == has_ratios


def test_the_footer_carries_the_cohort(study, reader):
    asked = request(study, cohort_line="cohort: Lung (12 of 12 patients)")
    footer = survival_figure(reader, asked).footer
    assert footer.startswith("Small study · data cut 31 Dec 2024")
    assert footer.endswith("Overall survival from line 1 · cohort: Lung (12 of 12 patients)")


def test_a_cohort_narrows_the_patients(study, reader):
    asked = request(study, cohort=Cohort(patient_values=(("sex", ("male",)),)))
    assert survival_figure(reader, asked).caption.startswith("6 of 6 patients are followed. 1 event.")


def test_an_analysis_of_few_has_no_median_without_an_upper_limit_and_no_hazard_ratio(study, reader):
    asked = request(study, group="sex")
    kept = followed(survival_rows(reader, asked), group=asked.group)
    female, male, together = survival_numbers(kept, request=asked)
    assert together.median_words[0] == "not estimable (no upper limit, 6 events)"
    assert male.median_words[0] == "not estimable (1 event)"
    assert (female.n, male.n, together.n) == (6, 6, 12)
    assert [one.withheld for one in hazard_ratios(kept, request=asked)] == ["small analysis"]
    measures = set(numbers_file(kept, request=asked)["measure"])
    assert not any("log_rank" in name for name in measures)


def frame(times, events, groups):
    months = pd.Series(times, dtype=float)
    return pd.DataFrame(
        {
            "months": months,
            "entry_months": 0.0,
            "is_event": [event == 1 for event in events],
            "status": ["EVENT" if event else "CENSORED" for event in events],
            "group": pd.Categorical(groups),
        }
    )


@pytest.mark.parametrize(("n_events", "withheld"), [(4, True), (5, False), (6, False)])
def test_a_median_needs_five_events(study, n_events, withheld):
    kept = frame(range(1, 41), [1] * n_events + [0] * (40 - n_events), ["A"] * 40)
    words = survival_numbers(kept, request=request(study))[0].median_words[0]
    assert words == ("not estimable (4 events)" if withheld else "not reached")


@pytest.mark.parametrize(("n_second", "shown"), [(4, False), (5, True)])
def test_a_hazard_ratio_needs_five_events_in_each_group(study, n_second, shown):
    # Events of both groups in turn, so that the ratio can be estimated.
    events = [1] * 12 + [0] * 8 + [1] * n_second + [0] * (20 - n_second)
    kept = frame([*range(1, 21), *[time + 0.5 for time in range(1, 21)]], events, ["A"] * 20 + ["B"] * 20)
    (found,) = hazard_ratios(kept, request=request(study, group="sex"))
    assert (found.withheld is None) == shown
    assert (found.estimate is not None) == shown


@pytest.mark.parametrize(("is_confirmatory", "shown"), [(False, False), (True, True)])
def test_p_is_shown_only_where_the_study_is_confirmatory(study, is_confirmatory, shown):
    kept = frame([*range(1, 21), *[time + 0.5 for time in range(1, 21)]], [1] * 40, ["A"] * 20 + ["B"] * 20)
    asked = replace(request(study, group="sex"), guards=Guards(is_confirmatory=is_confirmatory))
    (found,) = hazard_ratios(kept, request=asked)
    assert ("p " in found.words) == shown
    file = numbers_file(kept, request=asked).set_index("measure")["value"]
    assert 0 < file["log_rank_p_value"] <= 1


def test_a_group_known_only_after_joining_is_not_used(study, reader):
    asked = request(study, group="late_finding")
    rows = survival_rows(reader, asked)
    assert rows["group_value"].isna().all()
    assert rows["is_known_later"].all()
    caption = survival_figure(reader, asked).caption
    assert "Late group of 12 was recorded only after they joined and is not used here." in caption


@pytest.mark.parametrize(("grace_days", "n_known"), [(44, 0), (45, 1), (46, 1)])
def test_the_grace_of_a_group_counts_from_the_day_of_joining(study, reader, grace_days, n_known):
    # V12 joins on 1 May, the group is of 15 Jun, 45 days later; V11 joined on 1 Mar.
    asked = replace(request(study, group="late_finding"), grace_days=grace_days)
    assert int(survival_rows(reader, asked)["group_value"].notna().sum()) == n_known


def test_the_smaller_groups_are_counted_together():
    sizes = {"A": 9, "B": 8, "C": 7, "D": 2, "E": 1}
    groups = pd.Series([name for name, n in sizes.items() for _ in range(n)])
    joined = join_small_groups(groups, missing="Not recorded")
    assert joined.value_counts().to_dict() == {"A": 9, "B": 8, "C": 7, "Together: D, E": 3}
    assert joined_words(groups, joined.unique()) == "Together: D 2, E 1."
    for most, n in ((5, 5), (6, 5), (4, 4)):
        assert join_small_groups(groups, missing="Not recorded", most=most).nunique() == n
    four = groups[groups != "E"]
    assert join_small_groups(four, missing="Not recorded").nunique() == 4
    assert joined_words(four, four.unique()) == ""


@pytest.mark.parametrize(
    ("letters", "name"), [(41, "Together: Other, {}"), (42, "Together: 2 smaller groups")]
)
def test_a_recorded_other_is_told_from_what_is_counted_together(letters, name):
    """The names stand where they have room, up to 48 letters; the words below always name them."""
    second = "p" * letters
    sizes = {"A": 9, "B": 8, "C": 7, "Other": 2, second: 1}
    groups = pd.Series([one for one, n in sizes.items() for _ in range(n)])
    joined = join_small_groups(groups, missing="Not recorded")
    assert joined.iloc[-1] == name.format(second)
    assert "Other" not in set(joined)
    assert joined_words(groups, joined.unique()) == f"Together: Other 2, {second} 1."
    assert groups_in_order(joined, group=None)[-1] == joined.iloc[-1]


def test_every_definition_has_its_own_numbers(study, reader):
    asked = request(study)
    found = variant_numbers(reader, asked, variants=variants_of(study, asked.endpoint))
    assert [(label, one.n, one.n_event) for label, one in found] == [
        ("Overall survival from line 1", 12, 6),
        ("Overall survival from enrolment", 12, 6),
    ]


def test_the_definitions_are_a_file_without_the_medians_the_page_withholds(study, reader):
    own = request(study)
    figure = survival_variants(
        reader, VariantsRequest(survival=own, variants=variants_of(study, own.endpoint))
    )
    assert figure.numbers[["endpoint", "n", "events"]].to_numpy().tolist() == [
        ["os_line1", 12, 6],
        ["os_from_enrolment", 12, 6],
    ]
    # Twelve patients and no upper limit.
    assert figure.numbers[["median_months", "lower_months", "upper_months"]].isna().all(axis=None)
    enough = replace(own, guards=replace(own.guards, small_analysis_below=12))
    shown = survival_variants(reader, VariantsRequest(survival=enough, variants=(own.endpoint,)))
    (median,) = variant_numbers(reader, enough, variants=(own.endpoint,))
    assert shown.numbers["median_months"].tolist() == [median[1].median]
    assert median[1].median is not None


def test_variants_are_not_offered_as_endpoints_and_headlines_come_first(study):
    assert [one.endpoint_id for one in survival_endpoints(study)] == ["OS_LINE1", "TTP", "PFS", "PFS_LINE2"]
    assert composite_of(study, study.endpoint("TTP")).endpoint_id == "PFS"
    assert composite_of(study, study.endpoint("PFS")) is None


def test_where_death_competes_the_incidences_and_the_free_add_up(study, reader):
    # Nobody is censored before the last of them, so that each event is 1 of 12.
    asked = request(study, "TTP")
    table = survival_incidence(reader, asked).table
    last = table.groupby("what_happened")["incidence_percent"].last()
    assert last["radiological progression"] == pytest.approx(100 * 3 / 12, abs=1e-9)
    assert last["death without it"] == pytest.approx(100 * 5 / 12, abs=1e-9)


def test_the_sentence_counts_event_competing_and_neither(study, reader):
    said = headline_sentence(reader, request(study, "TTP"), study=study)
    assert said.startswith("Radiological progression in 3 of 12; death without it in 5; neither in 4 of 12 (")
    assert said.endswith("(these 4 were followed a median of 11.0 months, range 11.0–11.0).")


@pytest.mark.parametrize(
    ("patients", "said"),
    [
        (list(PATIENTS), "3 of 6 have no second valid sample: their clearance could not be seen."),
        (
            ["second sample failed, last seen on day 200"],
            "1 of 1 has no second valid sample: their clearance could not be seen.",
        ),
        (["cleared on day 60"], "0 of 1 have no second valid sample: their clearance could not be seen."),
    ],
)
def test_beside_time_to_clearance_stands_who_was_never_sampled_again(patients, said):
    # docs/decisions 0024: a failed sample, and no sample at all, show no clearance.
    found = memory_reader(tables("k4care", {name: PATIENTS[name] for name in patients}))
    sample = load_study(STUDIES / "k4care")
    figure = survival_incidence(found, request(sample, ENDPOINT))
    assert figure.caption.endswith(said)
    assert "with progression or death without it first. " in figure.caption


@pytest.mark.parametrize(("least", "is_drawn"), [(2, True), (3, True), (4, False)])
def test_an_incidence_is_drawn_from_as_many_events_as_a_median_needs(study, reader, least, is_drawn):
    # 3 of 12 progressed.
    asked = request(study, "TTP")
    own = drawn_from(asked, events=least)
    figure = survival_incidence(reader, own)
    why_not = why_no_incidence(followed(survival_rows(reader, own)), own)
    assert bool(figure.spec) is is_drawn
    assert why_not == ("" if is_drawn else "No curve: 3 events (radiological progression), fewer than 4.")
    assert "3 events. 5 with death without it first." in figure.caption


def test_beside_another_time_nothing_is_said_of_samples(study, reader):
    assert "sample" not in survival_incidence(reader, request(study, "TTP")).caption


def test_where_another_event_competes_no_median_is_given(study, reader):
    asked = request(study, "TTP")
    (numbers,) = survival_numbers(followed(survival_rows(reader, asked)), request=asked)
    assert numbers.median_words[0] == "not given: another event competes"
    assert numbers.at == ()


@pytest.mark.parametrize(("days", "n"), [(29, 6), (30, 0), (31, 0)])
def test_stale_is_more_than_so_many_days_before_the_data_cut(study, reader, days, n):
    # The six alive were last seen on 1 Dec, 30 days before the cut.
    rows = survival_rows(reader, request(study))
    assert len(stale_rows(rows, cut_off=reader.snapshot.cut_off, days=days)) == n


def test_who_was_censored_long_ago_is_listed_longest_first(study, reader):
    rows = survival_rows(reader, request(study))
    rows.loc[rows["patient_id"] == "V12", "ended_on"] = pd.Timestamp("2024-11-30")
    listed = stale_table(stale_rows(rows, cut_off=reader.snapshot.cut_off, days=29))
    assert listed["Patient"].tolist() == ["V12", "V06", "V08", "V09", "V10", "V11"]
    assert listed.iloc[0].tolist() == ["V12", "30 Nov 2024", 31]


def test_who_ended_on_the_day_of_joining_or_before_is_listed_with_the_days(study, reader):
    rows = survival_rows(reader, request(study))
    assert left_out_table(left_out_rows(rows), has_dates=True).empty
    joined = {"V11": "2024-11-30", "V12": "2024-12-01", "V10": "2024-12-02"}
    for patient_id, on in joined.items():
        own = rows["patient_id"] == patient_id
        rows.loc[own, "joined_on"] = pd.Timestamp(on)
        if on >= "2024-12-01":
            rows.loc[own, ["status", "rule"]] = ["NOT_AT_RISK", "ENDED_BEFORE_ENTRY"]
    why = "with the event, or the last day followed, by the day they joined"
    listed = left_out_table(left_out_rows(rows), has_dates=True)
    assert listed.to_numpy().tolist() == [
        ["V10", why, "1 Jan 2024", "2 Dec 2024", "1 Dec 2024"],
        ["V12", why, "1 Jan 2024", "1 Dec 2024", "1 Dec 2024"],
    ]
    assert list(left_out_table(left_out_rows(rows), has_dates=False)) == ["Patient", "Not in this analysis"]


def test_the_card_says_that_the_horizon_censors_nobody(study):
    card = dict(
        endpoint_card(
            study.endpoint("OS_LINE1"), n={"cohort": 12, "followed": 12, "delayed": 2}, cut_off="31 Dec 2024"
        )
    )
    assert card["Population"] == "12 of 12 in the cohort"
    assert card["Joins"] == "enrolment where later: 2 joined after day 0"
    assert card["Horizon"] == "6 months (a mark, censors nobody)"


@pytest.mark.parametrize("n", [0, 8])
def test_the_card_says_who_is_counted_that_the_primary_set_leaves_out(study, n):
    numbers = {"cohort": 12, "followed": 12, "delayed": 0, "after_induction": n}
    card = dict(endpoint_card(study.endpoint("OS_LINE1"), n=numbers, cut_off="31 Dec 2024"))
    assert card.get("Counted too") == ("8 with chemotherapy, then maintenance, on line 1" if n else None)
    assert "Left out" not in card


@pytest.mark.parametrize(
    ("unreported", "row", "words"),
    [
        ({}, "Censored", ""),
        ({"unreported_censored": 0}, "Censored", ""),
        ({"unreported_censored": 2}, "Censored", "; 2 of 5 at a scan {nobody}, calculated as no PD"),
        ({"unreported_events": 1}, "Censored", ""),
        ({"unreported_events": 1}, "Event", "; 1 of 7 at a scan {nobody}, calculated as PD"),
    ],
)
def test_the_card_says_how_many_ends_rest_on_a_scan_nobody_assessed(study, unreported, row, words):
    numbers = {"cohort": 12, "followed": 12, "delayed": 0, "events": 7, "censored": 5}
    endpoint, cut = study.endpoint("OS_LINE1"), "31 Dec 2024"
    bare = dict(endpoint_card(endpoint, n=numbers, cut_off=cut))
    assert dict(endpoint_card(endpoint, n=numbers | unreported, cut_off=cut))[row] == bare[
        row
    ] + words.format(nobody="nobody reported a response to")


@pytest.mark.parametrize(
    ("endpoint", "line", "is_counted"),
    [("OS", None, True), ("TTNT", 1, True), ("TTNT", 2, False), ("PFS_LINE2", None, False)],
)
def test_maintenance_on_line_1_is_counted_where_the_clock_starts_with_line_1(endpoint, line, is_counted):
    drugs = [("capecitabine", 0, 100), ("letrozole + palbociclib", 110, 200), ("paclitaxel", 210, 400)]
    breast = load_study(STUDIES / "cdk46")
    defined = {name: definition_rows(breast)[name] for name in ("endpoint", "endpoint_rule")}
    given = {
        **course_tables([course(*one) for one in drugs], progressions=[205]),
        **defined,
        "patient": [{"patient_id": "P", "enrolled_on": day(0)}],
        "contact": [{"patient_id": "P", "contact_on": day(400), "vital_status": "alive"}],
    }
    (row,) = survival_rows(memory_reader(given), request(breast, endpoint, line=line)).to_dict("records")
    assert row["status"] != "NOT_AT_RISK"
    assert row["is_after_induction"] == is_counted


def test_an_endpoint_that_starts_without_maintenance_says_whom_it_leaves_out():
    breast = load_study(STUDIES / "cdk46")
    numbers = {"cohort": 320, "followed": 308, "delayed": 0, "after_induction": 0}
    card = dict(endpoint_card(breast.endpoint("PFS_FDA_A"), n=numbers, cut_off="28 Feb 2026"))
    assert card["Left out"] == "with chemotherapy, then maintenance, on that line"


def test_why_nobody_has_a_baseline_to_clear_from_is_told_apart():
    # Line 1 begins on day 1: day 8 is the last of the window before treatment, day 9 is on treatment.
    first = {
        "detected": (0, "detected"),
        "no sample": None,
        "failed": (0, "failed"),
        "not detected": (0, "not_detected"),
        "last day of the window": (8, "detected"),
        "on treatment": (9, "detected"),
    }
    given = tables("k4care", {one: ([], None, (200, "alive")) for one in first})
    given["ctdna_sample"] = [draw_of(one, *draw) for one, draw in first.items() if draw]
    sample = load_study(STUDIES / "k4care")
    found = survival_rows(memory_reader(given), request(sample, ENDPOINT))
    assert dict(zip(found["patient_id"], found["rule"], strict=True)) == {
        "detected": "LAST_SEEN",
        "no sample": "NO_SAMPLE",
        "failed": "NO_BASELINE",
        "not detected": "NOT_DETECTED_AT_BASELINE",
        "last day of the window": "LAST_SEEN",
        "on treatment": "NO_PRE_TREATMENT",
    }
    words = [excluded_words(rule) for rule in ("NO_SAMPLE", "NO_BASELINE", "NO_PRE_TREATMENT")]
    assert words == [
        "no ctDNA sample",
        "all samples failed or pending",
        "first sampled on treatment or before another line",
    ]


def test_nobody_followed_gives_no_figure(study, reader):
    asked = request(study, cohort=Cohort(tumour_types=("breast",)))
    assert survival_figure(reader, asked) is None
    assert survival_numbers(followed(survival_rows(reader, asked)), request=asked) == []


def test_no_misleading_word_stands_in_any_figure(study, reader):
    for endpoint in ("OS_LINE1", "PFS", "TTP"):
        for group in (None, "sex"):
            asked = request(study, endpoint, group=group)
            for figure in (survival_figure(reader, asked), survival_incidence(reader, asked)):
                words = json.dumps([figure.caption, figure.method, figure.footer, figure.alt, figure.spec])
                assert MISLEADING.findall(words) == []


def test_beside_a_time_on_line_2_stands_who_never_reached_it(study, reader):
    # V07 died after progression, V08 started line 2, V09 did neither.
    said = next_line_sentence(reader, request(study, "PFS_LINE2"))
    assert said == (
        "Of 3 with progression on line 1: 1 started line 2, 1 died before it, 1 has no line 2 recorded."
    )
    assert next_line_sentence(reader, request(study)) == ""


def test_the_restricted_mean_ends_where_no_group_is_dimmed(study):
    # Of A 5 of 20 are followed at 12 months, of B 4: B is dimmed there, neither at 6.
    kept = frame([7.0] * 15 + [13.0] * 5 + [7.0] * 16 + [13.0] * 4, [0] * 40, ["A"] * 20 + ["B"] * 20)
    numbers = survival_numbers(kept, request=request(study, group="sex"))
    assert [one.until for one in numbers] == [6, 6, 6]
    assert [one.restricted[0] for one in numbers] == pytest.approx([6, 6, 6], abs=1e-9)
    enough = frame([7.0] * 15 + [13.0] * 5 + [7.0] * 15 + [13.0] * 5, [0] * 40, ["A"] * 20 + ["B"] * 20)
    assert survival_numbers(enough, request=request(study, group="sex"))[0].until == 12


def test_the_reference_is_the_largest_group_unless_another_is_asked_for(study):
    kept = frame(range(1, 42), [1] * 41, (["A", "B"] * 20) + ["B"])
    assert largest_group(kept) == "B"
    asked = request(study, group="sex")
    assert hazard_ratios(kept, request=asked)[0].reference == "B"
    (back,) = hazard_ratios(kept, request=replace(asked, reference="A"))
    (there,) = hazard_ratios(kept, request=asked)
    assert back.estimate * there.estimate == pytest.approx(1, abs=1e-9)


def test_what_the_page_withholds_is_empty_in_the_file(study, reader):
    asked = request(study, group="sex")
    file = numbers_file(followed(survival_rows(reader, asked), group=asked.group), request=asked)
    assert set(file["endpoint"]) == {"os_line1"}
    # Six women and six men: no median, no mean of few events, no share of fewer than ten.
    few = file[file["group"].isin(["Female", "Male"]) & ~file["measure"].str.contains("follow_up")]
    withheld = few[~((few["group"] == "Female") & (few["measure"] == "restricted_mean_months"))]
    assert set(withheld["measure"]) == {"median_months", "free_of_event", "restricted_mean_months"}
    assert file[file["measure"] == "hazard_ratio"][["value", "lower", "upper"]].isna().all(axis=None)
    assert withheld[["value", "lower", "upper"]].isna().all(axis=None)


@pytest.mark.parametrize(("n", "is_given"), [(24, False), (25, True), (26, True)])
def test_a_share_stands_in_the_file_from_25_patients_on(study, n, is_given):
    # A group of n beside one of 30, all followed for seven months without an event.
    kept = frame([7.0] * (n + 30), [0] * (n + 30), ["A"] * n + ["B"] * 30)
    file = numbers_file(kept, request=request(study, group="sex"))
    own = file[(file["group"] == "A") & (file["measure"] == "free_of_event") & (file["month"] == 6)]
    assert own["value"].notna().tolist() == [is_given]
    assert own["value"].dropna().tolist() == [1.0] * is_given


@pytest.mark.parametrize(("n", "upper"), [(29, False), (30, True)])
def test_a_follow_up_without_an_upper_limit_is_withheld_in_an_analysis_of_few(study, n, upper):
    # Half are censored at month 2, the rest have the event at month 3: the upper limit is never reached.
    kept = frame(
        [2.0] * (n // 2 + 1) + [3.0] * (n - n // 2 - 1),
        [0] * (n // 2 + 1) + [1] * (n - n // 2 - 1),
        ["A"] * n,
    )
    (one,) = survival_numbers(kept, request=request(study))
    assert one.follow_up[0] == 2.0
    assert one.follow_up[2] is None
    said = follow_up_words(one)
    file = numbers_file(kept, request=request(study)).set_index("measure")["value"]
    if upper:
        assert said == ("2.0 months", "95 % CI 2.0 – not reached, reverse Kaplan–Meier")
        assert file["median_follow_up_months"] == 2.0
    else:
        assert said == (
            "not estimable",
            "range 2.0–3.0 months, reverse Kaplan–Meier without an upper limit",
        )
        assert pd.isna(file["median_follow_up_months"])


@pytest.mark.parametrize(("n", "has_range"), [(24, True), (25, False), (26, False)])
def test_the_range_of_follow_up_stands_beside_the_interval_where_only_counts_are_shown(study, n, has_range):
    times = [2.0] + [3.0] * (n - 2) + [4.0]
    (one,) = survival_numbers(frame(times, [0] * n, ["A"] * n), request=request(study))
    said = follow_up_words(one, counts_only_below=25)
    span = "range 2.0–4.0 months, " if has_range else ""
    assert said == ("3.0 months", f"95 % CI 3.0 – 3.0, {span}reverse Kaplan–Meier")


def test_a_follow_up_of_few_that_is_not_reached_is_not_estimable(study):
    (one,) = survival_numbers(frame([1.0, 2.0], [1, 1], ["A"] * 2), request=request(study))
    assert follow_up_words(one) == (
        "not estimable",
        "range 1.0–2.0 months, reverse Kaplan–Meier without an upper limit",
    )


def test_the_limits_of_median_and_hazard_ratio_stand_in_the_drawing(study, reader):
    alone = survival_figure(reader, request(study)).spec["title"]["text"]
    assert alone[1:] == ["Median from 5 events; in a group of fewer than 30 only with an upper limit."]
    grouped = survival_figure(reader, request(study, group="sex")).spec["title"]["text"]
    assert grouped[1:3] == [
        "Median from 5 events, hazard ratio from 10 (5 in each group).",
        "Fewer than 30 in all: no hazard ratio; in a group: no median without an upper limit.",
    ]
    assert [line[:24] for line in grouped[3:]] == ["Fewer than 10 patients: "]
    few = drawn_from(request(study, "TTP"), events=3)
    band, *others = survival_incidence(reader, few).spec["title"]["text"]
    assert band.startswith("Band: 95 % interval of the event")
    assert len(others) == 1
    without = survival_incidence(reader, replace(few, has_band=False))
    assert without.spec["title"]["text"] == others


@pytest.mark.parametrize(("n", "small"), [(4, {"B": 4}), (5, {}), (6, {})])
def test_a_group_of_fewer_than_five_has_numbers_and_no_curve(study, n, small):
    kept = frame([*range(1, 9), *range(1, n + 1)], [1] * (8 + n), ["A"] * 8 + ["B"] * n)
    asked = request(study)
    measured = measure_survival(kept, request=asked)
    assert small_groups(measured, guards=asked.guards) == small
    data = curve_data(kept, measured, request=asked)
    drawn = ["A"] if small else ["A", "B"]
    assert list(data.curve["group"].unique()) == list(data.counts["group"].unique()) == drawn
    assert [one.n for one in measured.numbers] == [8, n, 8 + n]


@pytest.mark.parametrize(("least", "drawn"), [(6, {"Female", "Male"}), (7, set())])
def test_where_every_group_is_too_small_there_is_no_drawing_and_it_is_said(study, reader, least, drawn):
    asked = request(study, group="sex")
    figure = survival_figure(reader, replace(asked, guards=replace(asked.guards, dim_at_risk_min=least)))
    assert set(figure.table["group"]) == drawn
    assert bool(figure.spec) == bool(drawn)
    said = "No curve, fewer than 7 patients: Female (6), Male (6)."
    assert figure.caption.endswith(said) == (not drawn)


def test_another_origin_changes_title_axis_and_the_head_of_both_files(study, reader):
    found = {}
    for one in study.endpoints:
        asked = request(study, one.endpoint_id)
        asked = replace(asked, guards=replace(asked.guards, dim_at_risk_min=1))
        figure = survival_figure(reader, asked)
        axes = json.dumps(figure.spec)
        origin = " ".join(rule_words(rule) for rule in one.origin)
        title = axis_title(figure)
        joins = bool((survival_rows(reader, asked)["entry_days"] > 0).any())
        assert title == x_title(one, has_joined_late=joins)
        assert f"{one.label}, %" in axes
        assert one.axis or origin in title
        heads = [file.csv().partition("\n")[0] for file in (figure, survival_numbers_figure(reader, asked))]
        assert all(head.endswith(one.label) for head in heads)
        found.setdefault(origin, set()).add((title, one.label, *heads))
    assert len(found) > 1
    for origin, said in found.items():
        others = set().union(*(own for name, own in found.items() if name != origin))
        for part in zip(*said, strict=True):
            assert not set(part) & {one for other in others for one in other}


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        ((1, 1, 1), "1 of 1 patient is followed. 1 event."),
        ((2, 1, 1), "1 of 2 patients are followed. 1 event."),
        ((2, 2, 2), "2 of 2 patients are followed. 2 events."),
    ],
)
def test_one_is_no_plural(counts, words):
    assert flow_words(counts, {}, unit="patients") == words


def test_who_lacks_what_an_endpoint_requires_is_named_in_the_words_of_the_study(study, reader):
    own = study.endpoints[0].model_copy(update={"require_words": "chemotherapy first (not counted)"})
    assert excluded_words("REQUIREMENT_MISSING", study.endpoints[0]) == "without the baseline this needs"
    assert excluded_words("NO_ORIGIN", own).startswith("who did not reach day 0")
    words = flow_words((10, 8, 3), {"REQUIREMENT_MISSING": 2}, unit="patients", endpoint=own)
    assert "8 of 10 patients are followed; not in this analysis: 2 chemotherapy first (not counted)." in words
    rows = survival_rows(reader, request(study))
    rows.loc[rows["patient_id"] == "V10", ["status", "rule"]] = ["NOT_AT_RISK", "REQUIREMENT_MISSING"]
    listed = left_out_table(left_out_rows(rows, endpoint=own), has_dates=False)
    assert listed.to_numpy().tolist() == [["V10", "chemotherapy first (not counted)"]]
