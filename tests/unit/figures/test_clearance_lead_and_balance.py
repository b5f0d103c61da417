"""Lead time and balance of the clearance page on small frames."""

import json

import pandas as pd
import pytest

from dashboard.charts.lead_time import BEYOND, lead_time_chart
from dashboard.charts.standardised_difference import standardised_difference_chart
from dashboard.figures.clearance import lead
from dashboard.figures.clearance.balance import BalanceRequest, clearance_balance
from dashboard.figures.clearance.lead import clearance_lead, informative_counts, is_beyond, lead_rows
from dashboard.figures.clearance.request import clearance_request
from dashboard.figures.overview.baseline import baseline_variables
from dashboard.store.reader import Reader
from dashboard.studies.load import load_study
from dashboard.tables.clearance_balance import balance_sentence, balance_table, difference_words
from dashboard.tables.clearance_lead import (
    INFORMATIVE_COLUMN,
    OPEN_COLUMN,
    beyond_words,
    caution_sentence,
    lead_sentence,
    lead_table,
)
from dashboard.tables.clearance_more import signed
from tests.clearance_study import clearance_snapshot, clearance_study_folder


@pytest.fixture(scope="module")
def request_():
    clearance_snapshot()
    return clearance_request(load_study(clearance_study_folder()))


@pytest.fixture(scope="module")
def reader():
    return Reader(clearance_snapshot())


def test_every_patient_is_in_one_category(request_, reader):
    table = lead_table(lead_rows(reader, request_)).set_index("What came first")
    parts = table.drop(index="All").astype(int)
    assert parts["All patients"].sum() == int(table.loc["All", "All patients"]) == 14
    assert parts[INFORMATIVE_COLUMN].sum() == int(table.loc["All", INFORMATIVE_COLUMN])
    assert table.loc["ctDNA first", "All patients"] == "1"
    assert table.loc["Treated on ctDNA alone: lead time not observable", "All patients"] == "0"


def test_below_ten_assessable_patients_there_are_counts_only(request_, reader):
    figure = clearance_lead(reader, request_)
    assert figure.spec == {}
    assert figure.caption == (
        "Lead time is assessable in 1 of 14 patients: fewer than 10, so only counts are given."
    )
    assert figure.rows["patients"].sum() == 14


@pytest.mark.parametrize(("n", "is_given"), [(9, False), (10, True)])
def test_the_median_stands_from_ten_assessable_patients_on(n, is_given):
    days = pd.Series([-7, 0, *range(10, 10 * (n - 1), 10)])
    assert len(days) == n
    # Lower bounds from -67 to +20: of 60, 70 and 80 days they are 0 and more.
    known = pd.DataFrame({"lead_days": days, "lower_days": days - 60, "upper_days": days + 5})
    known["is_certain"] = (days > 0) & (known["lower_days"] >= 0)
    words = lead_sentence(known, n=30, of_whom="patients", from_assessable=10)
    assert ("median" in words) == is_given
    assert ("follows their schedule" in words) == is_given
    if is_given:
        # -7, 0, 10 ... 80: the middle lies between 30 and 40.
        assert "ctDNA first in 8, same day in 1, imaging first in 1 (not certain by the bounds: 7);" in words
        assert (
            "median +35 days (lower bound −25, upper +40; range −7 to +80; minus: imaging first, "
            "never left out)"
        ) in words


@pytest.mark.parametrize(
    ("n_unknown", "lower"), [(0, "lower bound +45,"), (4, "lower bound +5,"), (5, "lower bound not known,")]
)
def test_a_bound_that_is_not_known_counts_as_the_farthest(n_unknown, lower):
    # Lower bounds 0, 10 ... 90. Of ten the median lies between the fifth and the sixth from below: with four
    # of the largest not known these are 0 and 10, with five nothing and 0.
    bounds = pd.Series([float(day) for day in range(0, 100, 10)])
    bounds[10 - n_unknown :] = None
    known = pd.DataFrame({"lead_days": range(100, 110), "lower_days": bounds, "upper_days": range(200, 210)})
    known["is_certain"] = bounds.notna()
    words = lead_sentence(known, n=10, of_whom="patients", from_assessable=10)
    assert f"median +104.5 days ({lower} upper +204.5;" in words
    assert f"(not certain by the bounds: {n_unknown})" in words


def test_the_file_has_every_drawn_patient_with_its_bounds_and_no_name(request_, reader, monkeypatch):
    monkeypatch.setattr(lead, "FROM_ASSESSABLE", 1)
    figure = clearance_lead(reader, request_)
    own = figure.rows[figure.rows["row"] == "drawn patient"]
    (mark,) = figure.spec["data"]["values"]
    (point,) = own[["place", "lead_days"]].to_dict("records")
    assert point == {"place": mark["place"], "lead_days": mark["lead"]}
    assert own["patients"].isna().all()
    assert not any(name in figure.csv() for name in lead_rows(reader, request_)["patient_id"])


def cautions(*rows):
    """Patients from (lead days, possible clonal haematopoiesis alone, one value below LoQ)."""
    columns = ["lead_days", "rests_on_other_origin", "rests_on_one_value_below_loq"]
    return pd.DataFrame(list(rows), columns=columns).assign(
        has_molecular_progression=True, is_after_change=False
    )


def test_lead_times_that_may_not_be_of_the_tumour_or_rest_on_one_value_are_counted():
    rows = cautions((1102, True, True), (None, True, False), (40, False, True), (10, False, False))
    assert caution_sentence(rows, from_assessable=2) == (
        "Of 4 molecular progressions, resting on possible clonal haematopoiesis alone: 2, on one value below "
        "the limit of quantification: 2 (on both: 1); among the assessable: 2."
    )
    rows.loc[2, "is_after_change"] = True
    assert "quantification: 2, 1 of them with treatment changed before the next sample (on both: 1)" in (
        caution_sentence(rows, from_assessable=2)
    )
    # With one more left over there are two without them: the median of 10 and 30.
    more = cautions((1102, True, True), (10, False, False), (30, False, False))
    assert caution_sentence(more, from_assessable=2).endswith(
        "(on both: 1); among the assessable: 1, median without them +20 days."
    )
    assert caution_sentence(cautions((10, False, False)), from_assessable=1) == ""


def test_a_lead_time_to_be_read_with_caution_has_a_hollow_dot_and_its_line_in_the_legend():
    rows = cautions((1102, True, False), (10, False, False)).assign(lower_days=None, upper_days=None)
    chart = lead_time_chart(rows)
    assert [mark["is_hollow"] for mark in chart["data"]["values"]] == [True, False]
    assert len(chart["title"]["text"]) == 4
    assert max(map(len, chart["title"]["text"])) <= 62
    assert len(lead_time_chart(rows[1:])["title"]["text"]) == 3


@pytest.mark.parametrize(("n", "height"), [(1, 120), (8, 120), (9, 126), (40, 560)])
def test_every_patient_has_a_row_in_which_the_dot_fits(n, height):
    rows = cautions(*[(10, False, False)] * n).assign(lower_days=None, upper_days=None)
    assert lead_time_chart(rows)["height"] == height


def test_informative_is_who_had_ctdna_detected_before_treatment(request_, reader):
    found = informative_counts(lead_rows(reader, request_))
    # C06 was not detected; C11, C12 and C13 have no valid sample before treatment.
    assert (found.detected, found.not_detected, found.not_sampled) == (10, 1, 3)


def test_a_row_named_not_informative_has_no_informative_patient():
    rows = pd.DataFrame({"rule": ["LEAD_NO_DRAW", "LEAD_NEVER_DETECTED"], "is_informative": [True, False]})
    rows["is_certain"] = None
    table = lead_table(rows).set_index("What came first")
    assert (
        table.loc["Lead time not known (progression without a sample since the start)", INFORMATIVE_COLUMN]
        == "1"
    )
    named = [name for name in table.index if name.startswith("Not informative")]
    assert table.loc[named, INFORMATIVE_COLUMN].tolist() == ["0"]


def test_a_category_says_in_how_many_the_bounds_leave_the_order_open():
    rules_ = ["LEAD_CTDNA_FIRST", "LEAD_CTDNA_FIRST", "LEAD_CTDNA_FIRST_NO_SCAN", "LEAD_NO_EVENT"]
    rows = pd.DataFrame({"rule": rules_, "is_informative": True, "is_certain": [True, False, False, None]})
    table = lead_table(rows).set_index("What came first")
    shown = table.loc[["ctDNA first", "ctDNA first, no imaging since", "No event yet", "All"], OPEN_COLUMN]
    assert shown.tolist() == ["1", "1", "0", "2"]


def test_the_drawing_says_what_its_lines_are():
    rows = pd.DataFrame({"lead_days": [12], "lower_days": [None], "upper_days": [40]})
    legend = lead_time_chart(rows)["title"]["text"]
    assert any("bounds" in line for line in legend)
    # Half of the narrowest page holds 62 characters of the legend; a longer line would be cut.
    assert max(map(len, legend)) <= 62


def test_a_category_nobody_named_is_an_error():
    with pytest.raises(ValueError, match="LEAD_OTHER"):
        lead_table(pd.DataFrame({"rule": ["LEAD_OTHER"], "is_informative": [True]}))


def test_an_unknown_bound_ends_the_line_at_the_dot():
    rows = pd.DataFrame({"lead_days": [12], "lower_days": [None], "upper_days": [40]})
    (mark,) = lead_time_chart(rows)["data"]["values"]
    assert (mark["lower"], mark["lead"], mark["upper"]) == (12, 12, 40)


def test_signs_of_days_are_written():
    assert [signed(days) for days in (-3, 0, 4, 34.5)] == ["−3", "0", "+4", "+34.5"]


def balance(request_, **more):
    study = load_study(clearance_study_folder())
    return BalanceRequest(clearance=request_, variables=baseline_variables(study), after_days=28, **more)


def test_a_group_of_few_is_not_compared(request_, reader):
    figure = clearance_balance(reader, balance(request_))
    assert figure.caption == (
        "12 patients with a ctDNA result, 2 without. Not compared: a group has fewer than 10."
    )
    assert figure.spec == {}
    paired = clearance_balance(reader, balance(request_, is_paired=True))
    assert paired.caption.startswith("4 patients in the comparison with response, 10 not in it.")


FOUND = pd.DataFrame(
    {
        "characteristic": ["Age, years", "Sex", "Stage"],
        "kind": ["number", "category", "category"],
        "n_first": [12, 12, 12],
        "n_second": [10, 10, 10],
        "difference": pd.array([-0.24, 0.2, None], dtype="Float64"),
        "is_imbalanced": pd.array([True, False, None], dtype="boolean"),
    }
)


def test_what_differs_by_more_than_the_limit_is_said():
    words = balance_sentence(FOUND, n=(12, 10), words=("with", "without"), limits=(10, 20))
    assert (
        words
        == "12 patients with, 10 without. 1 of 3 characteristics differ by more than 0.2: not a random part."
    )
    table = balance_table(FOUND, limit=0.2)
    assert table["Standardised difference"].tolist() == ["−0.24", "0.20", "–"]
    assert table["Differs"].tolist() == ["yes", "", ""]


@pytest.mark.parametrize(
    ("difference", "words"),
    [
        (0.194, "0.19"),
        (0.1961, "0.196"),
        (0.2, "0.20"),
        (0.2004, "0.2004"),
        (0.2041, "0.204"),
        (-0.2041, "−0.204"),
        (0.206, "0.21"),
    ],
)
def test_a_difference_that_would_read_as_the_limit_has_the_digits_that_part_it_from_it(difference, words):
    assert difference_words(difference, limit=0.2) == words


def test_nobody_without_ctdna_is_nobody_to_compare_with():
    words = balance_sentence(pd.DataFrame(), n=(20, 0), words=("with", "without"), limits=(10, 20))
    assert words.endswith("Nobody to compare with.")


def test_only_large_differences_are_filled_and_numbered():
    spec = standardised_difference_chart(FOUND, limit=0.2)
    marks = {mark["name"]: mark for mark in spec["data"]["values"]}
    assert list(marks) == ["Age, years", "Sex"]
    assert (marks["Age, years"]["is_large"], marks["Age, years"]["text"]) == (True, "−0.24")
    assert marks["Sex"]["is_large"] is False
    assert "NaN" not in json.dumps(spec)


@pytest.mark.parametrize(
    ("largest", "ticks"),
    [
        (0.2, [-0.4, -0.2, 0, 0.2, 0.4]),
        (0.5, [-0.6, -0.4, -0.2, 0, 0.2, 0.4, 0.6]),
        (1.16, [-1.5, -1.0, -0.5, 0, 0.5, 1.0, 1.5]),
    ],
)
def test_the_axis_has_at_most_seven_ticks_so_that_no_label_overlaps(largest, ticks):
    spec = standardised_difference_chart(FOUND.assign(difference=[largest, 0.1, None]), limit=0.2)
    axis = spec["layer"][0]["encoding"]["x"]["axis"]
    assert axis["values"] == pytest.approx(ticks, abs=1e-12)


def test_long_names_are_broken_and_never_cut():
    names = ["Treatment class at enrolment", "Sex", "Age, years"]
    spec = standardised_difference_chart(FOUND.assign(characteristic=names, kind="number"), limit=0.2)
    assert spec["data"]["values"][0]["name"] == "Treatment class at\nenrolment"
    axis = spec["layer"][1]["encoding"]["y"]["axis"]
    assert axis["labelLimit"] == 0
    assert spec["height"] == 2 * (24 + 14)


def test_the_number_stands_beyond_its_dot_in_its_own_row():
    spec = standardised_difference_chart(FOUND, limit=0.2)
    numbers = [part for part in spec["layer"] if part["mark"]["type"] == "text"]
    assert [(part["mark"]["align"], part["mark"]["dx"]) for part in numbers] == [("left", 8), ("right", -8)]
    assert all("dy" not in part["mark"] for part in numbers)


def lead_times(*days):
    return pd.DataFrame({"lead_days": list(days), "lower_days": None, "upper_days": None}, dtype="Int64")


# The middle half is 20 days wide: three times that beyond it is 30 + 60, or 0 − 60 days.
@pytest.mark.parametrize(
    ("others", "far", "is_out"),
    [
        ((10, 10, 30, 30), 89, False),
        ((10, 10, 30, 30), 90, False),
        ((10, 10, 30, 30), 91, True),
        ((0, 0, 20, 20), -59, False),
        ((0, 0, 20, 20), -60, False),
        ((0, 0, 20, 20), -61, True),
    ],
)
def test_a_lead_time_far_out_is_beyond_the_axis(others, far, is_out):
    assert list(is_beyond(lead_times(*others, far))) == [False] * 4 + [is_out]


@pytest.mark.parametrize(("upper", "is_out"), [(90, True), (91, False)])
def test_nothing_is_beyond_an_axis_that_the_bounds_of_another_need(upper, is_out):
    rows = lead_times(10, 10, 30, 30, 91)
    rows.loc[0, "upper_days"] = upper
    assert is_beyond(rows).iloc[-1] == is_out


@pytest.mark.parametrize(
    ("others", "far", "is_out"),
    [
        # The axis begins at zero: 20 and 0 stand on it, −1 does not.
        ((300, 306, 312, 318), 20, False),
        ((300, 306, 312, 318), 0, False),
        ((300, 306, 312, 318), -1, True),
        # It ends at zero where imaging came first in all others.
        ((-318, -312, -306, -300), -20, False),
        ((-318, -312, -306, -300), 0, False),
        ((-318, -312, -306, -300), 1, True),
    ],
)
def test_what_lies_between_zero_and_the_others_is_on_the_axis(others, far, is_out):
    rows = lead_times(*others, far)
    assert list(is_beyond(rows)) == [False] * 4 + [is_out]
    mark = lead_time_chart(rows.assign(is_beyond=is_beyond(rows)))["data"]["values"][-1]
    assert mark["arrow"] == ((("triangle-left", "triangle-right")[far > 0]) if is_out else None)


@pytest.mark.parametrize(("ninth", "is_out"), [((0, 0), False), ((0, 1), True)])
def test_where_the_middle_half_are_one_number_nobody_is_far_out(ninth, is_out):
    # With 1 in a quarter of them the upper quartile is above 0.
    rows = lead_times(0, 0, 0, 0, 0, *ninth, *ninth, 5)
    assert is_beyond(rows).iloc[-1] == is_out
    assert not is_beyond(rows).iloc[:-1].any()


@pytest.mark.parametrize(("upper", "is_out"), [(199, True), (200, False)])
def test_whose_low_value_is_on_the_axis_has_the_bounds_there_too(upper, is_out):
    # 0 is far out and stands at the end of the axis, its upper bound with it; 200 is far out as well.
    rows = lead_times(100, 102, 104, 106, 108, 0, 200)
    rows.loc[5, "upper_days"] = upper
    assert list(is_beyond(rows)) == [False] * 6 + [is_out]


def test_a_lead_time_beyond_the_axis_is_an_arrow_with_its_days_and_keeps_them():
    rows = lead_times(-5, 10, 30, 1102)
    chart = lead_time_chart(rows.assign(is_beyond=[False, False, False, True]))
    marks = chart["data"]["values"]
    assert [mark["lead"] for mark in marks] == [-5, 10, 30, 1102]
    assert [mark["arrow"] for mark in marks] == [None, None, None, "triangle-right"]
    scales = [layer["encoding"]["x"]["scale"] for layer in chart["layer"]]
    assert all(scale == {"domain": [-5, 30], "clamp": True, "nice": False} for scale in scales)
    assert BEYOND in chart["title"]["text"]
    plain = lead_time_chart(rows)
    assert not any("scale" in layer["encoding"]["x"] for layer in plain["layer"])
    assert BEYOND not in plain["title"]["text"]


def test_what_is_beyond_the_axis_is_said_with_its_days():
    assert beyond_words(pd.Series([], dtype="int64")) == ""
    assert beyond_words(pd.Series([1102])).startswith("1 lead time lies beyond the axis (+1102 days)")
    assert "(−400 days, +1102 days)" in beyond_words(pd.Series([-400, 1102]))
