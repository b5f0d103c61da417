"""Treated lesions on the timeline: the diameters under the marks, and what they are not."""

import pytest

from tests.unit.charts.timeline_events import event, mark_of, rows, spec, words, x_of


def seen(on, mm, code="CONTROLLED", lesion="L1"):
    where = {"label": lesion, "lesion_id": lesion, "organ": "left_upper_lobe", "panel": "LOCAL"}
    key = f"lesion {lesion} {on}"
    return event("LESION", on, code=code, event_key=key, value_sum=mm and mm * 10, value_n=10, **where)


def treated(on, kind="RADIOTHERAPY", lesion="L1"):
    return event(kind, on, panel="LOCAL", lesion_id=lesion, organ="lung", event_key=f"{kind} {on}")


def diameters(part):
    """Text, place in time and height of each number in the rows of lesions."""
    texts = [row for row in rows(part, mark="text") if "text" in row and "x" in row]
    marks = [row["y"] for row in rows(part, mark="point") if "Treated lesion" in row.get("what", "")]
    # Halo and word are two layers with the same row.
    found = {row["text"]: row for row in texts if row["text"].isdigit() and 0 < row["y"] - marks[0] < 20}
    return list(found.values())


def test_each_diameter_stands_under_its_mark():
    scans = [seen(-5, 17), seen(100, 15), seen(300, 6)]
    part = spec(treated(0), *scans)
    found = {row["text"]: row for row in diameters(part)}
    for scan, text in zip(scans, ("17", "15", "6"), strict=True):
        mark = mark_of(part, scan)
        assert found[text]["x"] == pytest.approx(mark["x"], rel=1e-6)
        assert 8 < found[text]["y"] - mark["y"] < 20


def test_the_words_name_the_lesion_what_was_done_and_the_course_and_say_it_is_not_recist():
    drawn = words(spec(treated(0), seen(-5, 17), seen(300, 6)))
    assert {"L1 left upper lobe: Radiotherapy, 17 → 6 mm", "mm, by lesion", "not RECIST"} <= drawn


def test_a_lesion_not_seen_has_no_diameter_and_without_any_the_note_is_only_by_lesion():
    part = spec(treated(0), seen(60, 0, "ABSENT"), seen(120, None))
    assert diameters(part) == []
    assert "by lesion" in words(spec(treated(0)))
    assert "not RECIST" not in words(spec(treated(0)))


@pytest.mark.parametrize(
    ("code", "named"),
    [
        ("CONTROLLED", "lesion controlled"),
        ("EQUIVOCAL", "equivocal (treatment change?)"),
        ("LOCAL_PROGRESSION", "local progression"),
        ("ABSENT", "lesion not seen"),
        ("MEASURED", "lesion measured"),
        ("NOT_ASSESSED", "lesion not assessed"),
        # There, without a mark of its own.
        ("PRESENT", "lesion measured"),
    ],
)
def test_the_legend_names_the_state_drawn_and_no_other(code, named):
    states = {"lesion controlled", "equivocal (treatment change?)", "local progression", "lesion not seen"}
    states |= {"lesion measured", "lesion not assessed"}
    assert words(spec(treated(0), seen(60, None, code))) & states == {named}


def test_diameters_that_would_touch_leave_out_the_middle_one():
    part = spec(treated(0), seen(100, 15), seen(115, 12), seen(130, 11))
    assert {row["text"] for row in diameters(part)} == {"15", "11"}


def test_words_too_long_for_the_row_become_shorter_and_never_run_off_the_picture():
    course = [treated(on, "ABLATION") for on in (0, 150, 300, 450)]
    scans = [seen(on, 20 + on // 100) for on in (-5, 70, 220, 380, 560)]
    text = next(one for one in words(spec(*course, *scans)) if one.startswith("L1 left upper lobe"))
    assert text == "L1 left upper lobe: … Ablation, 23 mm, zone 25 mm"
    # With two treatments there is room for both, but not for the words on the missing CT.
    two = next(one for one in words(spec(*course[:2], *scans[:3])) if one.startswith("L1 left upper lobe"))
    assert two == "L1 left upper lobe: Ablation, 19 mm, zone 20 mm; Ablation, 20 mm, zone 22 mm"


@pytest.mark.parametrize("least_px", [0, 11, 16, 22, 26])
def test_the_words_of_a_lesion_stand_clear_of_the_diameters_above_at_any_size_of_type(least_px):
    lesions = [one for name in ("L1", "L2") for one in (treated(0, lesion=name), seen(-5, 17, lesion=name))]
    part = spec(*lesions, width_px=1600, least_text_px=least_px)
    size = max(11, least_px)
    (upper,) = {row["y"] for row in rows(part, mark="text") if str(row.get("text")).startswith("L2 left")}
    diameters = sorted({row["y"] for row in rows(part, mark="text") if row.get("text") == "17"})
    # Capitals and digits reach 0.42 of the type over its middle and 0.35 under it.
    assert diameters[0] + 0.35 * size < upper - 0.42 * size


def test_a_diameter_stands_off_the_line_of_enrolment_where_it_can():
    part = spec(event("ENROLMENT", 3), treated(10), seen(0, 8), width_px=1600, least_text_px=22)
    (diameter,) = {row["x"] for row in rows(part, mark="text") if row.get("text") == "8"}
    assert diameter < x_of(0)
