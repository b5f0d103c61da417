"""Survival by later draws: who is in, from when, in which group; days worked out by hand."""

import json
from dataclasses import replace

import pandas as pd
import pytest

from dashboard.figures.clearance.groups import groups_of, naive_names
from dashboard.figures.clearance.material import clearance_material
from dashboard.figures.clearance.numbers import after_draw_file, after_draw_ratios, reference_of
from dashboard.figures.clearance.request import (
    NAIVE_WARNING,
    AfterDrawRequest,
    clearance_request,
    outcomes_of,
    view_label,
)
from dashboard.figures.clearance.survival import (
    clearance_survival,
    clearance_survival_numbers,
    counts_by_group,
)
from dashboard.store.reader import Reader
from dashboard.studies.load import load_study
from dashboard.tables.clearance_survival import excluded_words, flow_table, suspicion_sentence
from tests.clearance_study import clearance_snapshot, clearance_study_folder

MONTH = 30.4375
VIEWS = ("second_draw", "landmark", "moving", "naive")


@pytest.fixture(scope="module")
def study():
    clearance_snapshot()
    return load_study(clearance_study_folder())


@pytest.fixture(scope="module")
def reader():
    return Reader(clearance_snapshot())


def asked(study, view="second_draw", **more):
    return AfterDrawRequest(
        clearance=clearance_request(study), endpoint=outcomes_of(study)[0], view=view, **more
    )


def found(reader, request):
    return groups_of(clearance_material(reader, request), request)


def test_the_clock_starts_at_the_second_draw(study, reader):
    kept = found(reader, asked(study)).kept.set_index("patient_id")
    assert kept["group"].astype(str).to_dict() == {
        "C01": "Cleared",
        "C02": "Cleared",
        "C03": "Still detected",
        "C04": "Still detected",
        "C05": "Still detected",
    }
    # C01: 1 Mar to 1 Dec 2024; C03: 1 to 5 April, progression; C05: 1 April to 1 June.
    days = (kept["months"] * MONTH).round(6)
    assert days[["C01", "C03", "C05"]].tolist() == [275.0, 4.0, 61.0]
    assert kept["is_event"].to_dict() == {"C01": False, "C02": False, "C03": True, "C04": False, "C05": False}


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize(("flagged", "n"), [([], 0), (["C01", "C03"], 2), (["C06", "C12"], 0)])
def test_whose_ctdna_at_baseline_may_not_be_tumour_is_counted_and_named(study, reader, view, flagged, n):
    """C01 and C03 are followed; C06 had none detected before treatment, C12 no valid sample."""
    request = asked(study, view)
    material = clearance_material(reader, request)
    patients = material.patients
    own = patients.assign(is_baseline_of_other_origin=patients["patient_id"].isin(flagged))
    followed = groups_of(replace(material, patients=own), request)
    # At the landmark C03 has had its event.
    kept = n if view != "landmark" else int(followed.kept["patient_id"].isin(flagged).sum())
    assert followed.n_other_origin == kept
    caption = clearance_survival(reader, request, followed=followed).caption
    said = f"In {kept} of the {followed.n} followed, ctDNA at baseline was possible clonal haematopoiesis"
    assert (said in caption) == bool(kept)


def test_the_second_draw_is_the_one_the_study_names(study, reader):
    draws = clearance_material(reader, asked(study)).draws
    flagged = draws[draws["is_second_draw"]].set_index("patient_id")["collected_on"]
    kept = found(reader, asked(study)).kept.set_index("patient_id")["collected_on"]
    assert kept.to_dict() == {one: flagged[one] for one in kept.index}


def test_times_are_those_of_the_endpoint_that_starts_at_the_second_draw(study, reader):
    rows = reader.rows(
        "select patient_id, duration_days, status from time_to_event "
        "where endpoint_id = 'PFS_AFTER_SECOND_DRAW' and status <> 'NOT_AT_RISK'"
    ).set_index("patient_id")
    kept = found(reader, asked(study)).kept.set_index("patient_id")
    same = rows.loc[kept.index]
    assert (kept["months"] * MONTH).tolist() == pytest.approx(same["duration_days"].tolist(), abs=1e-9)
    assert (same["status"] == "EVENT").tolist() == kept["is_event"].tolist()


def test_everybody_left_out_has_a_reason(study, reader):
    assert found(reader, asked(study)).excluded == {
        "EVENT_BEFORE_ORIGIN": 1,  # C08
        "NO_VALID_DRAW": 3,  # C07, C09, C10
        "NOT_DETECTED_AT_BASELINE": 1,  # C06
        "NO_PRE_TREATMENT": 1,  # C11
        "NO_BASELINE": 1,  # C12
        "NO_SAMPLE": 1,  # C13
        "NOT_COMPARABLE": 1,  # C14
    }


def test_a_draw_without_a_ratio_is_told_from_one_of_another_assay(study, reader):
    material = clearance_material(reader, asked(study))
    of_c01 = material.draws["patient_id"] == "C01"
    draws = material.draws.assign(group=material.draws["group"].mask(of_c01, "NOT_EVALUABLE"))
    without = replace(material, draws=draws.assign(is_without_ratio=of_c01))
    left_out = groups_of(without, asked(study)).excluded
    assert (left_out["NO_RATIO"], left_out["NOT_COMPARABLE"]) == (1, 1)


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("leaves_out", [False, True])
def test_the_analysis_and_those_left_out_are_the_cohort(study, reader, view, leaves_out):
    one = found(reader, asked(study, view, leaves_out_suspicion=leaves_out))
    assert one.n + sum(one.excluded.values()) == one.n_cohort == 14


def test_draws_for_suspicion_are_counted_and_can_be_left_out(study, reader):
    whole = found(reader, asked(study))
    assert whole.suspicion == {"Cleared": (0, 2), "Still detected": (1, 3)}
    without = found(reader, asked(study, leaves_out_suspicion=True))
    assert without.suspicion == whole.suspicion
    assert whole.n - without.n == without.excluded["SUSPICION"] == 1
    assert without.by_group == {"SUSPICION": {"Still detected": 1}}
    assert "C03" not in set(without.kept["patient_id"])


def test_where_patients_move_a_draw_near_progression_is_left_out_and_nobody_leaves(study, reader):
    whole = found(reader, asked(study, "moving"))
    without = found(reader, asked(study, "moving", leaves_out_suspicion=True))
    assert sum(k for k, _n in whole.suspicion.values()) == 1
    assert without.suspicion == whole.suspicion
    assert without.n == whole.n


NEAR = "taken within 14 days before or after a progression, or for suspicion of it"


@pytest.mark.parametrize(
    ("groups", "view", "is_left_out", "said"),
    [
        (
            {"Cleared": (0, 29), "Still detected": (4, 25)},
            "second_draw",
            False,
            f"4 of 54 second draws were {NEAR}: 0 of 29 cleared, 4 of 25 still detected.",
        ),
        (
            {"Cleared": (0, 29), "Still detected": (4, 25)},
            "second_draw",
            True,
            f"4 of 54 second draws were {NEAR}: 0 of 29 cleared, 4 of 25 still detected. "
            "Left out here; 50 are in this analysis.",
        ),
        (
            {"Detected at the time": (2, 9)},
            "moving",
            True,
            f"2 of 9 later draws were {NEAR}: 2 of 9 detected at the time. Left out here. "
            "Without them patients stay in the group of the draw before.",
        ),
        (
            {"Cleared": (1, 1)},
            "landmark",
            False,
            f"1 of 1 draw by the landmark was {NEAR}: 1 of 1 cleared.",
        ),
        (
            {"Cleared": (0, 3)},
            "landmark",
            True,
            f"0 of 3 draws by the landmark were {NEAR}: leaving them out changes nothing.",
        ),
        (
            {"Still detected": (0, 1)},
            "second_draw",
            False,
            f"0 of 1 second draw was {NEAR}: leaving them out changes nothing.",
        ),
        ({}, "second_draw", True, ""),
    ],
)
def test_it_is_said_which_group_the_draws_near_progression_are_of(groups, view, is_left_out, said):
    found_words = suspicion_sentence(groups, view=view, within_days=14, is_left_out=is_left_out)
    assert found_words == said


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize(
    # C12's only sample is pending; C13 has none. C07, with a baseline and no later draw, is neither.
    ("left_away", "n_without", "n_failed"),
    [(None, 1, 1), ("C12", 1, 0), ("C13", 0, 1), ("C07", 1, 1)],
)
def test_who_has_no_sample_and_whose_samples_failed_are_told_apart(
    study, reader, view, left_away, n_without, n_failed
):
    material = clearance_material(reader, asked(study, view))
    patients = material.patients[material.patients["patient_id"] != left_away]
    left_out = groups_of(replace(material, patients=patients), asked(study, view)).excluded
    assert (left_out.get("NO_SAMPLE", 0), left_out.get("NO_BASELINE", 0)) == (n_without, n_failed)


@pytest.mark.parametrize(
    ("ended_on", "near"), [("2024-03-31", (0, 3)), ("2024-04-01", (0, 3)), ("2024-04-02", (1, 4))]
)
def test_a_draw_on_the_day_of_the_event_moves_nobody_and_is_not_counted(study, reader, ended_on, near):
    # C03 was drawn on 1 April, four days before progression; C01 (1 July), C04 and C05 are detected, too.
    material = clearance_material(reader, asked(study, "moving"))
    patients = material.patients
    ends = patients["ended_on"].mask(patients["patient_id"] == "C03", pd.Timestamp(ended_on))
    one = groups_of(replace(material, patients=patients.assign(ended_on=ends)), asked(study, "moving"))
    assert one.suspicion["Detected at the time"] == near


def test_groups_are_named_in_the_order_of_the_curves(study, reader):
    assert list(found(reader, asked(study, "moving")).suspicion) == [
        "Not detected at the time",
        "Detected at the time",
    ]


def test_at_the_landmark_only_what_was_drawn_by_then_counts(study, reader):
    one = found(reader, asked(study, "landmark"))
    groups = one.kept.set_index("patient_id")["group"].astype(str)
    # 1 July: the third draw of C01 is of that day, C10's of day 59 counts here.
    assert groups.to_dict() == {
        "C01": "Still detected",
        "C02": "Cleared",
        "C04": "Still detected",
        "C10": "Cleared",
    }
    # C03 progressed and C08 died before; C05 was last seen on 1 June.
    assert one.excluded["EVENT_BEFORE_ORIGIN"] == 2
    assert one.excluded["CENSORED_BEFORE_ORIGIN"] == 1


def test_patients_move_between_groups_at_their_draws(study, reader):
    kept = found(reader, asked(study, "moving")).kept
    own = kept[kept["patient_id"] == "C01"]
    # C01 cleared and has ctDNA again: not "still" detected.
    there = "Detected at the time"
    assert own["state"].astype(str).tolist() == [there, "Not detected at the time", there]
    assert (own["stop"] * MONTH).round(6).tolist() == [60.0, 182.0, 335.0]
    assert not own["event_observed"].any()
    assert kept["event_observed"].sum() == 2


def draws_of(*draws):
    """Later draws of C14, baseline 1 January 2024: day from the baseline, what it showed, without a ratio."""
    return pd.DataFrame(
        [
            {
                "patient_id": "C14",
                "collected_on": pd.Timestamp("2024-01-01") + pd.Timedelta(days=day),
                "group": group,
                "is_valid": True,
                "is_suspicion": is_suspicion,
                "is_without_ratio": is_without_ratio,
            }
            for day, group, is_without_ratio, is_suspicion in draws
        ]
    )


THERE, GONE = "Detected at the time", "Not detected at the time"
UNKNOWN = "NOT_EVALUABLE"


@pytest.mark.parametrize(
    ("draws", "stretches", "left"),
    [
        # Another panel: nobody stands under a result that is no longer known to hold.
        ([(91, UNKNOWN, False, False)], [(0, 91, THERE)], (1, 0)),
        (
            [(60, "CLEARED", False, False), (91, UNKNOWN, False, False)],
            [(0, 60, THERE), (60, 91, GONE)],
            (1, 0),
        ),
        # A value without a ratio between two with one: away for that while.
        (
            [(60, "CLEARED", False, False), (91, UNKNOWN, True, False), (120, "CLEARED", False, False)],
            [(0, 60, THERE), (60, 91, GONE), (120, 335, GONE)],
            (0, 0),
        ),
        # Drawn with the old and the new panel on one day: the one that can be compared speaks.
        (
            [(91, "CLEARED", False, False), (91, UNKNOWN, False, False)],
            [(0, 91, THERE), (91, 335, GONE)],
            (0, 0),
        ),
        # On the last day it moves nobody.
        ([(335, UNKNOWN, False, False)], [(0, 335, THERE)], (0, 0)),
        ([(334, UNKNOWN, False, False)], [(0, 334, THERE)], (1, 0)),
    ],
)
def test_at_a_draw_that_cannot_be_compared_a_patient_leaves(study, reader, draws, stretches, left):
    """C14 is followed for 335 days from the baseline draw."""
    request = asked(study, "moving")
    material = clearance_material(reader, request)
    one = groups_of(replace(material, draws=draws_of(*draws)), request)
    own = one.kept[one.kept["patient_id"] == "C14"]
    shown = zip(own["start"] * MONTH, own["stop"] * MONTH, own["state"].astype(str), strict=True)
    assert [(round(start), round(stop), state) for start, stop, state in shown] == stretches
    assert one.left == left


def test_an_event_after_such_a_draw_is_in_no_group_and_said(study, reader):
    request = asked(study, "moving")
    material = clearance_material(reader, request)
    is_c14 = material.patients["patient_id"] == "C14"
    patients = material.patients.assign(
        event_observed=material.patients["event_observed"] | is_c14,
        status=material.patients["status"].mask(is_c14, "EVENT"),
    )
    with_event = replace(material, patients=patients)
    one = groups_of(with_event, request)
    assert (one.left, one.kept["event_observed"].sum()) == ((1, 1), 2)
    caption = clearance_survival(reader, request, followed=one).caption
    assert "1 left at a draw that cannot be compared with the baseline" in caption
    assert "1 had the event after it, which is not counted." in caption
    # Left out as drawn for suspicion, the draw moves nobody.
    suspected = material.draws.assign(is_suspicion=material.draws["patient_id"] == "C14")
    without = replace(with_event, draws=suspected)
    other = groups_of(without, replace(request, leaves_out_suspicion=True))
    assert (other.left, other.kept["event_observed"].sum()) == ((0, 0), 3)


@pytest.mark.parametrize(("is_without_ratio", "reason"), [(False, "NOT_COMPARABLE"), (True, "NO_RATIO")])
def test_who_joins_after_such_a_draw_is_not_in_the_analysis(study, reader, is_without_ratio, reason):
    request = asked(study, "moving")
    material = clearance_material(reader, request)
    is_c14 = material.patients["patient_id"] == "C14"
    late = material.patients["enrolled_on"].mask(is_c14, pd.Timestamp("2024-06-01"))
    patients = material.patients.assign(enrolled_on=late)
    draws = draws_of((91, UNKNOWN, is_without_ratio, False))
    one = groups_of(replace(material, patients=patients, draws=draws), request)
    before = groups_of(material, request).excluded.get(reason, 0)
    assert one.excluded[reason] == before + 1
    assert (one.n + sum(one.excluded.values()), one.left) == (14, (0, 0))


def test_the_flow_adds_up_to_the_cohort(study, reader):
    one = found(reader, asked(study))
    table = flow_table(14, one.excluded, groups=counts_by_group(one), view="second_draw").set_index(
        "Patients"
    )
    left_out = sum(int(n.replace("−", "-")) for n in table["n"] if n.startswith("−"))
    assert 14 + left_out == int(table.loc["In this analysis", "n"]) == 5
    assert table.loc[["Cleared", "Still detected"], "n"].tolist() == ["2", "3"]


def test_the_reasons_are_said_with_their_numbers():
    words = excluded_words({"NO_VALID_DRAW": 22, "EVENT_BEFORE_ORIGIN": 41}, view="second_draw")
    assert words == "Not in this analysis: 41 had the event before a second draw, 22 no valid second draw."
    assert "no valid draw by the landmark" in excluded_words({"NO_VALID_DRAW": 1}, view="landmark")
    with pytest.raises(KeyError, match="BAD_LUCK"):
        excluded_words({"BAD_LUCK": 1}, view="moving")


@pytest.mark.parametrize(
    ("view", "words"),
    [
        (
            "second_draw",
            "8 not followed for this outcome since the second draw (3 cleared, 5 still detected)",
        ),
        ("landmark", "8 last seen for this outcome before the landmark"),
    ],
)
def test_who_is_not_followed_since_the_second_draw_is_counted_by_what_it_showed(view, words):
    given = {"CENSORED_BEFORE_ORIGIN": {"Cleared": 3, "Still detected": 5}} if view == "second_draw" else {}
    said = excluded_words({"CENSORED_BEFORE_ORIGIN": 8}, view=view, by_group=given)
    assert said == f"Not in this analysis: {words}."


@pytest.mark.parametrize(
    ("last_seen", "unfollowed"),
    [("2024-03-31", {"Still detected": 1}), ("2024-04-01", {}), ("2024-04-02", {})],
)
def test_last_seen_before_the_second_draw_is_not_followed_since(study, reader, last_seen, unfollowed):
    # C05 was drawn a second time on 1 April, with ctDNA still detected.
    material = clearance_material(reader, asked(study))
    patients = material.patients
    ended_on = patients["ended_on"].mask(patients["patient_id"] == "C05", pd.Timestamp(last_seen))
    one = groups_of(replace(material, patients=patients.assign(ended_on=ended_on)), asked(study))
    assert one.by_group.get("CENSORED_BEFORE_ORIGIN", {}) == unfollowed
    assert one.excluded.get("CENSORED_BEFORE_ORIGIN", 0) == sum(unfollowed.values())


def test_a_small_analysis_has_counts_and_no_curve(study, reader):
    figure = clearance_survival(reader, asked(study))
    assert figure.spec == {}
    assert figure.table.empty
    assert figure.caption.startswith("Cleared: 2 patients, 0 events. Still detected: 3 patients, 1 event.")


@pytest.mark.parametrize(
    ("least", "drawn"), [(2, {"Cleared", "Still detected"}), (3, {"Still detected"}), (4, set())]
)
def test_a_group_below_the_limit_has_counts_and_no_curve_and_the_others_keep_theirs(
    study, reader, least, drawn
):
    request = asked(study)
    request = with_limit(request, least)
    figure = clearance_survival(reader, request)
    assert set(figure.table["group"] if len(figure.table) else ()) == drawn
    assert "Cleared: 2 patients, 0 events." in figure.caption
    words = "No curve, fewer than 3 patients: Cleared (2)."
    assert (words in figure.caption) == (least == 3)
    assert (words in json.dumps(figure.spec.get("title", ""))) == (least == 3)


def test_who_moves_to_a_group_without_a_curve_moved_out_and_is_not_censored(study, reader):
    request = with_limit(asked(study, "moving"), 1)
    sizes = {name: n for name, n, _ in counts_by_group(found(reader, request))}
    most = max(sizes, key=sizes.get)
    assert min(sizes.values()) < sizes[most]
    under = ["at_risk", "moved_in", "moved_out", "censored", "events"]
    last = {}
    for least in (1, sizes[most]):
        table = clearance_survival(reader, with_limit(request, least)).table
        rows = table[(table["row"] == "under the axis: before this time") & (table["group"] == most)]
        last[least] = rows[under].iloc[-1].tolist()
    assert last[sizes[most]] == last[1]
    assert last[1][2] > 0


def with_limit(request, least):
    """The same with a curve from so many patients on."""
    guards = replace(request.clearance.guards, dim_at_risk_min=least)
    return replace(request, clearance=replace(request.clearance, guards=guards))


def limited(study, view, **more):
    """The same request with a curve from one patient on."""
    request = asked(study, view, **more)
    return with_limit(request, 1)


@pytest.mark.parametrize("view", VIEWS)
def test_a_curve_has_the_points_of_its_table(study, reader, view):
    figure = clearance_survival(reader, limited(study, view))
    assert figure.spec
    points = figure.table[figure.table["row"] == "curve: at this time"]
    assert points["free_of_event_percent"].between(0, 100).all()
    assert figure.rows.equals(figure.table)


def test_the_counts_under_moving_curves_have_the_moves(study, reader):
    table = clearance_survival(reader, limited(study, "moving")).table
    under = table[table["row"].str.startswith("under") & (table["months"] == 6)].set_index("group")
    # By month 6 C01, C02 and C10 had cleared and C01 had ctDNA again.
    clear, there = under.loc["Not detected at the time"], under.loc["Detected at the time"]
    assert clear[["at_risk", "moved_in", "moved_out", "events"]].tolist() == [2, 3, 1, 0]
    assert there[["moved_in", "moved_out", "events"]].tolist() == [1, 3, 2]


def test_the_biased_curve_carries_its_warning_into_figure_title_and_file(study, reader):
    request = limited(study, "naive")
    figure = clearance_survival(reader, request)
    assert "biased" in view_label(request)
    assert "BIASED" in json.dumps(figure.spec["title"])
    assert figure.caption.startswith(NAIVE_WARNING)
    assert figure.footer.startswith(NAIVE_WARNING)
    assert figure.method.startswith(NAIVE_WARNING)
    assert set(figure.rows["warning"]) == {NAIVE_WARNING}


@pytest.mark.parametrize("view", VIEWS[:3])
def test_the_other_views_carry_no_such_warning(study, reader, view):
    figure = clearance_survival(reader, limited(study, view))
    assert "BIASED" not in json.dumps(figure.spec) + figure.caption + figure.footer + figure.method
    assert "warning" not in figure.rows


def test_the_biased_view_never_has_a_hazard_ratio(study, reader):
    request = limited(study, "naive")
    assert after_draw_ratios(found(reader, request), request) == []


@pytest.mark.parametrize("view", VIEWS[:3])
def test_few_patients_give_no_hazard_ratio(study, reader, view):
    request = asked(study, view)
    ratios = after_draw_ratios(found(reader, request), request)
    assert ratios
    assert all(one.is_small and one.estimate is None for _model, one in ratios)


def many_patients(study, reader, view):
    """The material twelve times over: enough patients and events for a ratio."""
    request = asked(study, view)
    once = clearance_material(reader, request)

    def repeated(frame):
        parts = [frame.assign(patient_id=frame["patient_id"] + f"-{copy}") for copy in range(12)]
        return pd.concat(parts, ignore_index=True)

    patients = repeated(once.patients)
    # C01, C02 and C04 have the event in every third copy, weeks apart.
    copy = patients.index // len(once.patients)
    happened = patients["patient_id"].str.startswith(("C01", "C02", "C04")) & (copy % 3 == 0)
    patients.loc[happened, "ended_on"] = pd.Timestamp(2024, 5, 1) + pd.to_timedelta(
        7 * copy[happened], unit="D"
    )
    patients.loc[happened, "status"] = "EVENT"
    patients["event_observed"] = patients["status"] == "EVENT"
    return request, replace(once, patients=patients, draws=repeated(once.draws))


def test_with_enough_events_the_ratio_has_an_interval_and_no_p_value(study, reader):
    request, material = many_patients(study, reader, "second_draw")
    ratios = dict(after_draw_ratios(groups_of(material, request), request))
    plain, adjusted = ratios["Not adjusted"], ratios["Adjusted for months from baseline to draw"]
    for one in (plain, adjusted):
        assert one.withheld is None
        assert one.reference == "Still detected"
        assert one.lower < one.estimate < one.upper
        assert one.p_value is None
    assert plain.estimate != adjusted.estimate


@pytest.mark.parametrize(
    ("view", "reference"), [("second_draw", "Still detected"), ("moving", "Detected at the time")]
)
def test_the_reference_is_the_group_without_a_change(study, reader, view, reference):
    request = asked(study, view)
    assert reference_of(found(reader, request), request) == reference


def test_the_file_has_the_three_unbiased_views_and_never_the_naive_one(study, reader):
    rows = after_draw_file(reader, asked(study))
    assert set(rows["analysis"]) == {
        "PFS, after the second draw",
        "PFS, from month 6 (landmark)",
        "PFS, with patients moving between groups",
    }
    is_clear = rows["group"] == "Not detected at the time"
    months = rows[(rows["measure"] == "person_months") & is_clear]["value"]
    # C01 cleared for 122 days, C02 for 244, C10 for 276.
    assert months.tolist() == pytest.approx([(122 + 244 + 276) / MONTH], abs=1e-9)
    footer = clearance_survival_numbers(reader, asked(study, "naive")).footer
    assert footer.count("BIASED") == 0
    assert all(analysis in footer for analysis in set(rows["analysis"]))


def test_the_groups_of_the_biased_view_are_named_in_plain_words(study, reader):
    assert naive_names(asked(study, "naive").clearance.scheme) == (
        "Cleared at any time",
        "Cleared at no time",
    )
