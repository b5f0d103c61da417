"""What the timeline shows besides draws and scans: stops, lesions, admissions, biopsies, markers."""

import pytest

from dashboard.charts.theme import theme_of
from dashboard.charts.timeline_frame import TimelineOptions, event_rows, make_canvas
from dashboard.charts.timeline_labels import name_px
from tests.builders import day
from tests.unit.charts.timeline_events import event, frame, mark_of, rows, sample, spec, variant, words, x_of

THEME = theme_of("light")
STOP = event("CLINICAL_PROGRESSION", 60, detail="treatment_stop")
CNS = event("RESPONSE", 90, code="PD", basis="imaging", label="treating_physician", detail="cns")
# Height of the ctDNA panel on a sheet, and where the name of a window stands while nothing else is there.
PRINTED_PX, TOP_PX = 150, 73
STOPPED_WORDS = "treatment stopped for progression, no assessment recorded"


def canvas_of(*events, cut=600):
    return make_canvas(event_rows(frame(*events, cut=cut)), options=TimelineOptions())


def lesion(on, code, **columns):
    place = {"label": "L1", "lesion_id": "L1", "organ": "left upper lobe", "panel": "LOCAL"}
    return event("LESION", on, code=code, event_key=f"lesion {on} {code}", **{**place, **columns})


def local(on, kind="ABLATION", **columns):
    return event(kind, on, panel="LOCAL", lesion_id="L1", organ="lung", **columns)


def adverse(on, kind="SERIOUS_EVENT", **columns):
    return event(kind, on, **{"label": "pneumonia", "grade": 3, **columns})


def test_a_treatment_stopped_for_progression_is_an_open_triangle_and_the_words_say_what_is_missing():
    part = spec(STOP)
    drawn = mark_of(part, STOP)
    assert (drawn["shape"], drawn["fill"]) == ("triangle-up", THEME.page)
    assert drawn["result"] == STOPPED_WORDS
    assert STOPPED_WORDS in words(part)


def test_a_clinical_progression_that_was_assessed_is_drawn_once_with_its_assessment():
    assessed = event("CLINICAL_PROGRESSION", 60, detail="other")
    assert assessed["event_key"] not in {row.get("key") for row in rows(spec(assessed), mark="point")}


def test_radiological_progression_is_filled_and_clinical_progression_is_not():
    part = spec(STOP, CNS)
    assert mark_of(part, CNS)["fill"] != mark_of(part, STOP)["fill"]


@pytest.mark.parametrize(("columns", "n_rings"), [({}, 1), ({"detail": "growth"}, 0), ({"code": "SD"}, 0)])
def test_a_progression_in_the_brain_has_a_ring(columns, n_rings):
    part = spec({**CNS, **columns})
    rings = [
        row
        for row in rows(part, mark="point")
        if row.get("stroke") == THEME.action and row.get("fill") == "transparent" and row["y"] > 300
    ]
    assert len(rings) == n_rings
    assert ("in the central nervous system" in words(part)) is bool(n_rings)


@pytest.mark.parametrize(
    ("row", "look"),
    [
        (adverse(10, "EVENT"), ("square", THEME.page)),
        (adverse(10, code="life_threatening"), ("square", THEME.text)),
        (adverse(10, code="hospitalisation"), ("diamond", THEME.text)),
    ],
)
def test_severe_serious_and_admitted_have_three_marks(row, look):
    drawn = mark_of(spec(row), row)
    assert (drawn["shape"], drawn["fill"]) == look


def test_each_state_of_a_treated_lesion_has_its_own_mark_and_words():
    states = ("CONTROLLED", "EQUIVOCAL", "LOCAL_PROGRESSION", "ABSENT", "MEASURED")
    seen = [lesion(60 + 60 * place, code) for place, code in enumerate(states)]
    part = spec(local(0), *seen)
    looks = {(mark_of(part, row)["shape"], mark_of(part, row)["fill"]) for row in seen}
    assert len(looks) == len(states)
    assert mark_of(part, seen[1])["result"] == "equivocal (treatment change?)"


def test_a_local_progression_names_its_basis_and_a_diameter_is_never_called_recist():
    row = lesion(90, "LOCAL_PROGRESSION", detail="ct_growth", value_sum=180, value_n=10)
    said = mark_of(spec(local(0), row), row)["result"]
    assert said.startswith("local progression (growth on CT), 18 mm. ")
    assert said.endswith("is not RECIST.")


def test_a_lesion_treated_twice_keeps_one_row():
    part = spec(local(0), local(90, "RADIOTHERAPY", modality="sbrt", value_sum=50, fractions=5))
    heights = {
        row["y"] for row in rows(part, mark="point") if row.get("what") in {"Ablation", "Radiotherapy"}
    }
    assert len(heights) <= 1
    assert any(text.startswith("L1 lung: Ablation; SBRT 50 Gy/5") for text in words(part))


def test_tissue_with_genes_tested_is_a_filled_cross_and_names_them():
    plain = event("BIOPSY", 10, label="primary")
    tested = event("BIOPSY", 100, label="metastasis", code="GENES_TESTED", detail="BRAF, KRAS")
    part = spec(plain, tested)
    assert mark_of(part, plain)["fill"] == THEME.page
    assert mark_of(part, tested)["fill"] != THEME.page
    assert mark_of(part, tested)["result"] == "genes tested: BRAF, KRAS"


def test_afp_and_pivka_have_a_panel_each():
    afp = event("MARKER", 10, label="afp", code="=", value_sum=40, value_n=1, detail="ng/mL")
    pivka = event("SECOND_MARKER", 10, label="pivka_ii", code="=", value_sum=90, value_n=1, detail="mAU/mL")
    part = spec(afp, pivka)
    assert {"AFP", "PIVKA-II"} <= words(part)
    assert mark_of(part, afp)["result"] == "40.0 ng/mL"
    assert mark_of(part, pivka)["result"] == "90.0 mAU/mL"


@pytest.mark.parametrize(
    ("kind", "modality", "days", "text"),
    [
        ("SURGERY", None, 28, "≤ 28 days after surgery: cfDNA from trauma, result unreliable"),
        ("ABLATION", "rfa", 14, "≤ 14 days after ablation: cfDNA from trauma, result unreliable"),
        ("RADIOTHERAPY", None, 14, "≤ 14 days after radiotherapy: cfDNA from trauma, result unreliable"),
        ("RADIOTHERAPY", "sbrt", 14, "≤ 14 days after SBRT: cfDNA from trauma, result unreliable"),
    ],
)
def test_the_days_after_a_local_treatment_are_shaded_and_named(kind, modality, days, text):
    zone = event("UNRELIABLE", 10, code=kind, modality=modality, ended_on=day(10 + days))
    part = spec(zone)
    drawn = next(row for row in rows(part, mark="rect") if row.get("key") == zone["event_key"])
    assert drawn["fill"] == THEME.unreliable
    assert text in words(part)


@pytest.mark.parametrize("last_day", [250, 260, 290, 330, 400, 600])
def test_the_name_of_a_window_never_exceeds_it(last_day):
    window = event("DRAW_WINDOW", 120, code="DONE_IN_WINDOW", label="second draw", ended_on=day(last_day))
    draws = (sample(0, "DETECTED", percent=1), sample(130, "DETECTED", percent=0.4))
    names = {"second draw window", "second draw", "planned window", "window"} & words(
        spec(*draws, window, cut=800)
    )
    axis = canvas_of(*draws, window, cut=800).axis
    room = axis.px(day(last_day)) - axis.px(day(120))
    fitting = [name for name in ("second draw window", "second draw", "window") if name_px(name) <= room]
    assert names - {"planned window"} == {fitting[0]}


@pytest.mark.parametrize(("last", "is_at_top"), [((4.7, 9.4), False), (None, True)])
def test_the_name_of_a_window_gives_way_to_the_words_of_a_draw_and_to_the_line_at_the_lod(last, is_at_top):
    """The variant of the second draw stands at the top of the panel, or nothing was detected in that draw."""
    window = event("DRAW_WINDOW", 120, code="DONE_IN_WINDOW", label="Second blood draw", ended_on=day(330))
    draws = [sample(0, "DETECTED", percent=0.7), variant(0, "TP53 p.R248W", percent=1.3)]
    if last is None:
        draws += [sample(150, "NOT_DETECTED"), variant(150, "TP53 p.R248W")]
    else:
        draws += [sample(150, "DETECTED", percent=last[0]), variant(150, "TP53 p.R248W", percent=last[1])]
    part = spec(*draws, window, cut=800, panel_px=PRINTED_PX)
    drawn = [row for row in rows(part, mark="text") if "x" in row and "y" in row]
    name = next(row for row in drawn if str(row["text"]).startswith("Second blood draw"))
    assert (name["y"] == TOP_PX) is is_at_top
    near = [row for row in drawn if x_of(100) < row["x"] < x_of(330) and row["text"] != name["text"]]
    assert len(near) > 1
    assert [row["text"] for row in near if abs(row["y"] - name["y"]) < 11] == []
    lines = [row["y"] for row in rows(part, mark="rule") if row.get("y") == row.get("y2") and row["dash"]]
    assert lines
    assert min(abs(name["y"] - y) for y in lines) > 6


def test_small_print_is_measured_generously():
    assert name_px("second blood draw window") > 24 * 5


def test_only_failed_samples_are_said_to_have_failed():
    assert "No ctDNA result: every sample failed" in words(spec(sample(0, "FAILED"), sample(60, "FAILED")))
    assert "No ctDNA result yet" in words(spec(sample(0, "FAILED"), sample(60, "PENDING")))


def test_a_patient_who_withdrew_has_the_withdrawal_at_the_end_of_the_axis():
    withdrew = spec(event("OBSERVED_UNTIL", 600, code="WITHDREW", event_key="again"))
    assert any(text.startswith("consent withdrawn") for text in words(withdrew))


def test_a_transfer_of_care_is_named_before_the_data_cut():
    moved = event("OBSERVED_UNTIL", 600, code="TRANSFERRED", event_key="again", detail="2024-07-19")
    drawn = words(spec(moved))
    assert any(text.startswith("care transferred 19 Jul 2024 · data cut ") for text in drawn)
    assert not any("care transferred" in text for text in words(spec(moved, event("DEATH", 500))))


def test_everything_on_one_day_still_stands():
    part = spec(
        event("ENROLMENT", 0),
        sample(0, "DETECTED", percent=1),
        event("RESPONSE", 0, code="SD", basis="imaging", label="treating_physician"),
        event("SYSTEMIC", 0, label="drug", line=1, ended_on=day(0)),
        event("DEATH", 0),
        cut=0,
    )
    assert {"enrolled", "died 1 Jan 2024"} <= words(part)


def test_a_stop_reason_stands_only_where_the_end_of_the_bar_is_shown():
    bar = event("SYSTEMIC", 0, label="drug", line=1, ended_on=day(300), detail="toxicity")
    assert "stopped: toxicity" in words(spec(bar))
    assert "stopped: toxicity" not in words(spec(bar, last=day(200)))


def test_what_was_done_outside_its_window_looks_like_no_other_mark():
    window = event("SCAN_WINDOW", 40, code="DONE_IN_WINDOW", ended_on=day(70))
    baseline = event("BASELINE", -5, label="investigator", basis="imaging")
    inside, outside = event("SCAN", 50, code="IN_WINDOW"), event("SCAN", 150, code="OUTSIDE_WINDOW")
    drawn = spec(
        window,
        baseline,
        inside,
        outside,
        event("DRAW_WINDOW", 40, code="DONE_IN_WINDOW", ended_on=day(70)),
        event("DRAW", 150, code="OUTSIDE_WINDOW"),
    )
    shapes = [mark_of(drawn, one)["shape"] for one in (baseline, inside, outside)]
    assert shapes[:2] == ["square", "square"]
    assert shapes[2].startswith("M")
    # Without colour: the one is hollow, the other filled.
    fills = [mark_of(drawn, one)["fill"] for one in (baseline, inside)]
    assert fills == [theme_of("light").page, theme_of("light").summary]
    assert {"scan outside a window", "draw outside a window", "baseline scan"} <= words(drawn)


def test_an_overdue_window_has_its_own_entry_in_the_legend_and_only_where_one_is_overdue():
    window = {"ended_on": day(70)}
    overdue = spec(event("DRAW_WINDOW", 40, code="OVERDUE", **window))
    done = spec(event("DRAW_WINDOW", 40, code="DONE_IN_WINDOW", **window))
    assert "overdue" in words(overdue)
    assert not {"overdue", "draw outside a window", "scan outside a window"} & words(done)


@pytest.mark.parametrize(("second", "is_apart"), [(4, True), (60, False)])
def test_scans_a_few_days_apart_stand_one_above_the_other(second, is_apart):
    scans = [event("SCAN", on, code="OUTSIDE_WINDOW") for on in (1, second)]
    window = event("SCAN_WINDOW", 100, code="DONE_IN_WINDOW", ended_on=day(130))
    part = spec(*scans, window)
    heights = [mark_of(part, scan)["y"] for scan in scans]
    assert (heights[0] < heights[1]) is is_apart


@pytest.mark.parametrize("least_px", [0, 14, 18])
def test_adverse_events_close_to_each_other_have_their_names_at_any_size_of_type(least_px):
    part = spec(
        event("EVENT", 60, label="neutrophil count decreased", grade=3),
        event("EVENT", 130, label="nausea", grade=3),
        least_text_px=least_px,
        width_px=1000,
    )
    assert {"neutrophil count decreased", "nausea"} <= words(part)
