"""Planted patients of k4care: what is arranged before the course, what is altered in the finished records."""

from dashboard.demo.course import end_by_death, write_loss, write_withdrawal
from dashboard.demo.k4care_plan import K4CarePlan
from dashboard.demo.person import Person
from dashboard.demo.shown import enlarge_target
from dashboard.demo.truth import StudyTruth
from dashboard.demo.workdays import ordinal, weekday


def arrange(person: Person, plan: K4CarePlan) -> None:
    """Write early ends of the file, and note what is planted in this patient."""
    for name in plan.special:
        person.truth.plant(name, plan.patient_id)
    if "withdrawn_consent" in plan.special:
        day = weekday(plan.enrolled_on + person.wobble(95, 150))
        write_withdrawal(person, day)
        person.until = day
    elif "lost_to_follow_up" in plan.special:
        write_loss(person, weekday(plan.enrolled_on + person.wobble(110, 160)))
    elif "transferred" in plan.special:
        day = weekday(plan.enrolled_on + person.wobble(70, 150))
        person.write(
            "disposition", day, kind="transfer", happened_on=day, reason="care moved to another hospital"
        )
        person.until = day
    elif "dead_before_first_draw" in plan.special:
        end_by_death(person, plan.enrolled_on + 9)
    elif "everything_on_one_day" in plan.special:
        person.until = plan.enrolled_on
    elif "no_ctdna" in plan.special:
        person.write(
            "disposition",
            plan.enrolled_on,
            kind="ctdna_declined",
            happened_on=plan.enrolled_on,
            reason="no blood drawn",
        )
    elif "draw_soon_after_surgery" in plan.special:
        _write_operation(person, plan)


def _write_operation(person: Person, plan: K4CarePlan) -> None:
    day = weekday(plan.enrolled_on - person.wobble(9, 20))
    person.write(
        "treatment",
        day,
        treatment_id=f"SX{person.number('surgery')}",
        kind="surgery",
        intent="palliative",
        regimen="Resection of an obstructing tumour",
        started_on=day,
        ended_on=day,
        modality="other",
        organ="colon",
    )


def finish(truth: StudyTruth) -> None:
    """Alter finished records: identifiers without a link, a response that differs, what no form asks for."""
    for patient_id in list(truth.planted.get("unlinked_laboratory_id", [])):
        _unlink(truth, patient_id)
    for patient_id in list(truth.planted.get("response_differs", [])):
        enlarge_target(truth, patient_id)
    for patient_id in truth.planted.get("same_line_after_progression", []):
        _leave_out_doses(truth, patient_id)
    samples = [r for r in truth.records if r.table == "ctdna_sample" and r.values["draw"] == "draw 1"]
    first, last = ordinal(2025, 5, 1), ordinal(2025, 5, 31)
    for record in samples:
        if first <= record.values["collected_on"] <= last:
            truth.plant("allele_fraction_as_fraction_batch", record.values["sample_id"])


def _leave_out_doses(truth: StudyTruth, patient_id: str) -> None:
    """The treatment form of this study asks for neither lesion nor dose."""
    for record in truth.of("treatment", patient_id=patient_id, kind="radiotherapy"):
        for name in ("lesion_id", "total_dose_gy", "fractions", "dose_per_fraction_gy"):
            del record.values[name]


def _unlink(truth: StudyTruth, patient_id: str) -> None:
    links = truth.of("sample_link", patient_id=patient_id)
    truth.records.remove(links[-1])
    truth.plant("unlinked_samples", links[-1].values["laboratory_id"])
