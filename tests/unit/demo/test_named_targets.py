"""Targets of the sample studies that are one share each (clinical-decisions F, A24), for the committed seed.

Each line has the target, of how many it is counted and what the committed studies give, as counts. A share
is met where it lies within two standard errors of the target at that number; what is missed stands in
docs/decisions/0019, with its reason.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd
import pytest

from dashboard.demo.parameters_cdk46 import INHIBITORS
from dashboard.demo.studies import CUT_OFFS
from dashboard.demo.truth import extract_at
from tests.unit.demo.measures import VALID, Study, best, median_months, share_at
from tests.unit.demo.test_cdk46_targets import class_starts, draws, group
from tests.unit.demo.test_k4care_targets import index_lines
from tests.unit.demo.test_oligomets_targets import starts

CUT_OFF = CUT_OFFS[-1]
Count = tuple[int, int]


@dataclass(frozen=True)
class Target:
    """One share: its study, how it is counted, the target, and how many of how many there are."""

    name: str
    study: str
    measure: Callable[[Study], Count]
    wanted: float
    held: Count
    is_met: bool = True


def carriers(study: Study, gene: str) -> set[str]:
    rows = study.frames["variant"]
    return set(rows[(rows["gene"] == gene) & (rows["status"] != "not_detected")]["sample_id"])


def at_baseline(gene: str) -> Callable[[Study], Count]:
    """Of baseline draws in which ctDNA is detected: a panel names what it finds and nothing else."""

    def measure(study: Study) -> Count:
        rows = draws(study, "baseline")
        rows = rows[rows["status"] != "not_detected"]
        return int(rows["sample_id"].isin(carriers(study, gene)).sum()), len(rows)

    return measure


def acquired(gene: str) -> Callable[[Study], Count]:
    """Of patients with a result at baseline and at progression on line 1: found at the second only."""

    def measure(study: Study) -> Count:
        before, after = draws(study, "baseline")["sample_id"], draws(study, "progression 1")["sample_id"]
        both = before.index.intersection(after.index)
        found = carriers(study, gene)
        return sum(after[p] in found and before[p] not in found for p in both), len(both)

    return measure


def stopped_for_toxicity(inhibitor: str) -> Callable[[Study], Count]:
    def measure(study: Study) -> Count:
        rows, under = study.frames["treatment"], group(study, "cdk46_inhibitor", inhibitor)
        stops = rows[(rows["line"] == 1) & (rows["stop_reason"] == "toxicity")]
        stops = stops[stops["agents"].str.contains("ciclib", na=False)]
        return len(under & set(stops["patient_id"])), len(under)

    return measure


def febrile_neutropenia(study: Study) -> Count:
    events = study.frames["adverse_event"]
    had = events[events["term"].str.contains("febrile", case=False)]["patient_id"]
    return had.nunique(), len(study.patients)


def clinical_benefit(study: Study, *, from_start_only: bool = False) -> Count:
    """CR, PR, or no progression seen for 24 weeks, of all who started the inhibitor.

    `from_start_only` leaves out who was enrolled more than a week after the first dose.
    """
    had = []
    for patient_id, start in class_starts(study).items():
        if from_start_only and (study.patients["enrolled_on"][patient_id] - start).days > 7:
            continue
        scans = study.assessments(1, patient_id)
        held = [day - start.toordinal() for day, overall in scans if overall != "pd"]
        had.append(best(overall for _, overall in scans) in ("cr", "pr") or max(held, default=0) >= 168)
    return sum(had), len(had)


def benefit_from_start(study: Study) -> Count:
    return clinical_benefit(study, from_start_only=True)


def drawn_around_progression(study: Study) -> Count:
    """Of second draws: at most 14 days from a progression."""
    rows = study.frames["response"]
    progressed = rows[rows["overall"] == "pd"].groupby("patient_id")["assessed_on"].apply(list)
    second = study.samples[study.samples["draw"] == "draw 2"]
    near = [
        any(abs((day - drawn).days) <= 14 for day in progressed.get(patient_id, ()))
        for patient_id, drawn in zip(second["patient_id"], second["collected_on"], strict=True)
    ]
    return sum(near), len(near)


def lung_relapses(study: Study) -> pd.DataFrame:
    """The first progression of each patient in whom it was seen in the lung."""
    rows = study.frames["response"]
    firsts = rows[rows["overall"] == "pd"].sort_values("assessed_on").groupby("patient_id").first()
    return firsts[firsts["progression_pattern"] != "extrathoracic"]


def treated_locally_again(study: Study) -> Count:
    rows, relapses = study.frames["treatment"], lung_relapses(study)
    local = rows[rows["treatment_id"].str.startswith("LT")].groupby("patient_id")["started_on"].max()
    return sum(local[p] > day for p, day in relapses["assessed_on"].items()), len(relapses)


def seen_first(study: Study) -> tuple[int, int]:
    """Relapsers at the last data cut without ctDNA before local therapy: imaging first, ctDNA first."""
    frames, begun = extract_at(study.truth, CUT_OFF), starts(study)
    samples, response = frames["ctdna_sample"], frames["response"]
    before = samples[(samples["draw"] == "before local therapy") & (samples["status"] == "not_detected")]
    relapsed = response[response["overall"] == "pd"].groupby("patient_id")["assessed_on"].min()
    imaging, newly = 0, 0
    for patient_id in set(before["patient_id"]) & set(relapsed.index):
        own = samples[(samples["patient_id"] == patient_id) & (samples["status"] == "detected")]
        first = min((day for day in own["collected_on"] if day > begun[patient_id]), default=None)
        is_first = first is not None and first < relapsed[patient_id]
        imaging, newly = imaging + (not is_first), newly + is_first
    return imaging, newly


def above_thirty_per_cent(study: Study) -> Count:
    """Of samples with a result: highest allele fraction above 30 %."""
    valid = study.samples[study.samples["status"].isin(VALID)]["sample_id"]
    return int((study.highest_ppm.reindex(valid) > 300_000).sum()), len(valid)


CDK46 = [
    Target("PIK3CA at baseline", "cdk46", at_baseline("PIK3CA"), 0.36, (34, 77)),
    Target("TP53 at baseline", "cdk46", at_baseline("TP53"), 0.24, (24, 77)),
    Target("PTEN at baseline", "cdk46", at_baseline("PTEN"), 0.06, (5, 77)),
    Target("FGFR1 amplified at baseline", "cdk46", at_baseline("FGFR1"), 0.09, (11, 77)),
    Target("PIK3CA acquired", "cdk46", acquired("PIK3CA"), 0.04, (5, 66)),
    Target("TP53 acquired", "cdk46", acquired("TP53"), 0.06, (6, 66)),
    Target("PTEN acquired", "cdk46", acquired("PTEN"), 0.03, (4, 66)),
    Target("FGFR1 acquired", "cdk46", acquired("FGFR1"), 0.03, (3, 66)),
    Target("RB1 acquired", "cdk46", acquired("RB1"), 0.04, (0, 66)),
    Target("stopped palbociclib", "cdk46", stopped_for_toxicity("palbociclib"), 0.05, (3, 144)),
    Target("stopped ribociclib", "cdk46", stopped_for_toxicity("ribociclib"), 0.08, (1, 35)),
    Target("stopped abemaciclib", "cdk46", stopped_for_toxicity("abemaciclib"), 0.12, (8, 70)),
    Target("stopped dalpiciclib", "cdk46", stopped_for_toxicity("dalpiciclib"), 0.04, (1, 71)),
    Target("clinical benefit", "cdk46", clinical_benefit, 0.75, (267, 320), is_met=False),
    Target("clinical benefit, followed from the start", "cdk46", benefit_from_start, 0.75, (148, 192)),
]
OTHERS = [
    Target("second draw around progression", "k4care", drawn_around_progression, 0.20, (26, 122)),
    Target("above 30 %", "k4care", above_thirty_per_cent, 0.03, (23, 307), is_met=False),
    Target("local treatment of a relapse in the lung", "oligomets", treated_locally_again, 0.50, (7, 12)),
]


@pytest.mark.parametrize("target", [*CDK46, *OTHERS], ids=lambda target: target.name)
def test_the_committed_seed_gives_this_many(request, target):
    assert target.measure(request.getfixturevalue(target.study)) == target.held


@pytest.mark.parametrize("target", [*CDK46, *OTHERS], ids=lambda target: target.name)
def test_a_share_is_within_two_standard_errors_of_its_target_or_named_as_missed(target):
    found, n = target.held
    error = math.sqrt(target.wanted * (1 - target.wanted) / n)
    assert (abs(found / n - target.wanted) <= 2 * error) is target.is_met


def test_stops_for_toxicity_of_all_inhibitors_together(cdk46):
    counts = [stopped_for_toxicity(name)(cdk46) for name in INHIBITORS]
    assert (sum(n for n, _ in counts), sum(n for _, n in counts)) == (13, 320)


def test_febrile_neutropenia_is_rarer_than_one_in_fifty(cdk46):
    assert febrile_neutropenia(cdk46) == (0, 320)


def on_an_egfr_inhibitor(study: Study) -> set[str]:
    rows, lines = study.frames["treatment"], index_lines(study)
    rows = rows[rows["agents"].str.contains("osimertinib|erlotinib|afatinib", na=False)]
    return {p for p, line in zip(rows["patient_id"], rows["line"], strict=True) if lines[p][0] == line}


def with_liver_cancer(study: Study) -> set[str]:
    return set(study.patients.index[study.patients["tumour_type"] == "liver"])


@pytest.mark.parametrize(
    ("patients", "n_patients", "months"), [(on_an_egfr_inhibitor, 13, 8.3), (with_liver_cancer, 14, 6.3)]
)
def test_progression_free_survival_on_the_line_of_enrolment(k4care, patients, n_patients, months):
    """Targets: 15 months on an EGFR inhibitor (docs/decisions/0019), 6 in liver cancer."""
    times, wanted = [], patients(k4care)
    for line in (1, 2, 3):
        begun = {p: start for p, (of, start) in index_lines(k4care).items() if of == line and p in wanted}
        times += k4care.progression_free(begun, line)
    assert (len(times), median_months(times)) == (n_patients, pytest.approx(months, abs=0.05))


def local_control(study: Study, kind: str) -> list[tuple[float, bool, float]]:
    """Days from the first treatment of each lesion of the enrolment to its growth, else to its last scan."""
    treatments, lesions = study.frames["treatment"], study.frames["lesion"]
    treated = treatments[treatments["treatment_id"].str.startswith("LT")].sort_values("started_on")
    treated = treated.groupby(["patient_id", "lesion_id"]).first()
    times = []
    for (patient_id, lesion_id), row in treated[treated["kind"] == kind].iterrows():
        if lesion_id.startswith("L"):
            seen = lesions[(lesions["patient_id"] == patient_id) & (lesions["lesion_id"] == lesion_id)]
            grown = seen[seen["state"] == "local_progression"]["assessed_on"]
            end = min(grown) if len(grown) else max(seen["assessed_on"])
            times.append(((end - row["started_on"]).days, bool(len(grown)), -1.0))
    return times


@pytest.mark.parametrize(
    ("kind", "n_lesions", "at_12_months", "n_at_risk_at_24_months"),
    [("radiotherapy", 23, 0.955, 1), ("ablation", 6, 0.833, 0), ("surgery", 10, 0.800, 0)],
)
def test_local_control_by_lesion(oligomets, kind, n_lesions, at_12_months, n_at_risk_at_24_months):
    """Targets at 12 and 24 months: radiotherapy 84 and 70 %, ablation 88 and 78 %, surgery 97 and 94 %.

    One lesion of each grew; at 24 months nobody is left to say it of (docs/decisions/0019).
    """
    times = local_control(oligomets, kind)
    assert (len(times), sum(has_grown for _, has_grown, _ in times)) == (n_lesions, 1)
    assert share_at(times, 365) == pytest.approx(at_12_months, abs=0.0005)
    assert sum(days >= 730 for days, _, _ in times) == n_at_risk_at_24_months


def test_relapsers_without_ctdna_before_local_therapy_are_seen_by_imaging_first_but_one(oligomets):
    assert seen_first(oligomets) == (5, 1)


def second_draws_at_the_data_cut(study: Study) -> dict[str, int]:
    """Second draws still owed: window of calendar months 3 to 6 after enrolment, 30 days of grace (A23)."""
    frames = extract_at(study.truth, CUT_OFF)
    patients, contact, left = frames["patient"], frames["contact"], frames["disposition"]
    gone = set(contact[contact["vital_status"] == "dead"]["patient_id"]) | set(
        left[left["kind"].isin(["withdrawal_of_consent", "transfer", "lost_to_follow_up"])]["patient_id"]
    )
    samples = frames["ctdna_sample"]
    gone |= set(samples[samples["draw"] == "draw 2"]["patient_id"])
    owed = patients[patients["enrolled_on"].notna() & (patients["tumour_type"] != "other")]
    counts = dict.fromkeys(("open", "closing", "overdue"), 0)
    for enrolled in owed[~owed["patient_id"].isin(gone)]["enrolled_on"]:
        opens, closes = ((pd.Timestamp(enrolled) + pd.DateOffset(months=m)).date() for m in (3, 6))
        counts["open"] += opens <= CUT_OFF <= closes
        counts["closing"] += closes >= CUT_OFF and (closes - CUT_OFF).days <= 30
        counts["overdue"] += (CUT_OFF - closes).days > 30
    return counts


def test_windows_of_the_second_draw_at_the_last_data_cut(k4care):
    """A24 asks for about 55 open, 15 closing, 20 overdue; fewer are owed (docs/decisions/0019)."""
    assert second_draws_at_the_data_cut(k4care) == {"open": 40, "closing": 9, "overdue": 14}
    # Enough of each for every state of the follow-up list to be seen.
    assert min(second_draws_at_the_data_cut(k4care).values()) >= 5
