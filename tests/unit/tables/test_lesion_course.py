"""The course of a treated lesion in words: its diameters between the treatments, never a response."""

from dashboard.tables.patient_timeline_lesion import lesion_course
from tests.unit.charts.timeline_events import event

DAYS = (28, 56)


def seen(on, mm, code="CONTROLLED", **columns):
    return event(
        "LESION", on, code=code, lesion_id="L1", value_sum=None if mm is None else mm * 10, **columns
    )


def reference(on, mm, of):
    """The CT from which the zone of the ablation of day `of` is followed."""
    return seen(on, mm, reference_of=f"ABLATION {of}")


def sbrt(on):
    return event("RADIOTHERAPY", on, modality="sbrt", value_sum=60, fractions=8, lesion_id="L1")


def rfa(on, **columns):
    return event("ABLATION", on, modality="rfa", lesion_id="L1", **columns)


def wedge(on):
    return event("SURGERY", on, modality="wedge", lesion_id="L1")


def course(treated, *rows, **options):
    return lesion_course(treated, rows, **{"reference_days": DAYS, **options})


def test_after_radiotherapy_from_the_last_diameter_before_to_the_last_one_after():
    assert course([sbrt(0)], seen(-30, 20), seen(-10, 17), seen(42, 15), seen(126, 6)) == (
        "SBRT 60 Gy/8, 17 → 6 mm"
    )


def test_the_zone_of_an_ablation_begins_with_its_reference_and_a_missing_one_is_said():
    assert course([rfa(0)], seen(-10, 9), reference(40, 22, 0), seen(200, 15)) == "RFA, 9 mm, zone 22 → 15 mm"
    assert course([rfa(0)], seen(-10, 9), seen(40, 22), seen(200, 15)) == (
        "RFA, 9 mm, zone 15 mm, no CT 4–8 weeks after"
    )
    assert course([rfa(0)], reference(40, 22, 0)) == "RFA, zone 22 mm"


def test_the_reference_of_one_ablation_is_none_of_the_next():
    rows = (reference(40, 22, 0), seen(140, 30))
    assert course([rfa(0), rfa(100)], *rows) == (
        "RFA, zone 22 mm; RFA, 22 mm, zone 30 mm, no CT 4–8 weeks after"
    )


def test_what_is_missing_is_left_out_on_request():
    assert course([rfa(0)], seen(200, 15), says_missing=False) == "RFA, zone 15 mm"


def test_a_lesion_resected_is_not_seen_and_one_that_came_back_says_both():
    gone = seen(28, 0, "ABSENT")
    assert course([wedge(0)], seen(-10, 16), gone) == "Wedge resection, 16 mm → not seen"
    back = seen(200, 25, "LOCAL_PROGRESSION")
    assert course([wedge(0)], seen(-10, 16), gone, back) == "Wedge resection, 16 mm → not seen → 25 mm"


def test_each_treatment_has_the_diameters_up_to_the_next_one():
    rows = (seen(-10, 11), reference(30, 23, 0), seen(220, 20, "LOCAL_PROGRESSION"), seen(300, 12))
    # The scan on the day of the second treatment is before it.
    assert course([rfa(0), sbrt(220)], *rows) == "RFA, 11 mm, zone 23 → 20 mm; SBRT 60 Gy/8, 20 → 12 mm"


def test_without_a_diameter_only_the_treatment_stands():
    assert course([sbrt(0)], seen(42, None, "CONTROLLED")) == "SBRT 60 Gy/8"
    assert course([sbrt(0)]) == "SBRT 60 Gy/8"
    assert course([], seen(0, 9), seen(50, 7)) == "9 → 7 mm"
    assert course([]) == ""
