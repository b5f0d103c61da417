"""Local treatment: groups, doses against the protocol, control of each lesion (A5, A31, A32)."""

import pandas as pd

from dashboard.figures.figure import Figure
from dashboard.figures.registry import registered
from dashboard.figures.survival.incidence import survival_incidence, why_no_incidence
from dashboard.figures.survival.request import followed, survival_rows
from dashboard.figures.treatment.outcomes import survival_request
from dashboard.figures.treatment.request import (
    TreatmentRequest,
    ask,
    enrolled_patients,
    treatment_figure,
)
from dashboard.store.reader import Reader
from dashboard.studies import vocabulary
from dashboard.tables.formats import format_count
from dashboard.tables.treatment_local import (
    ABOVE,
    BELOW,
    LesionRow,
    dose_counts,
    dose_table,
    groups_table,
    lesion_table,
    local_groups,
)

NOT_RECIST = vocabulary.WORDS["not_recist"]
GROUPS_METHOD = (
    "Radiotherapy, ablation and surgery of metastatic disease; sessions close together are one course. The "
    "group is that of the first course, several kinds in it are a group of their own. Adjuvant and "
    "neoadjuvant treatment, and treatment before metastatic disease, is left out: {before}. "
    "Repeat local therapy: a later course."
)
DOSES_METHOD = (
    "BED10 = n × d × (1 + d / 10), alpha/beta 10 Gy, n fractions of d Gy. One treatment is one lesion or "
    "session as recorded. The window is the protocol's; both ends belong to it."
)
LESIONS_METHOD = (
    "Each treated lesion counts from its first session. Local progression is the investigator's, never "
    "calculated from a diameter: {not_recist} Lesions of one patient are not independent."
)
LESIONS = "Not applicable: the study definition names no local control per lesion."


def local_sessions(reader: Reader, request: TreatmentRequest) -> pd.DataFrame:
    """One row per session of treatment_local.sql, of metastatic disease alone."""
    sessions = ask(reader, request, "local")
    return sessions[sessions["is_metastatic"].astype(bool)].reset_index(drop=True)


@registered("treatment_local_groups", writes_rows=True, key=("group_code",))
def treatment_local_groups(reader: Reader, request: TreatmentRequest) -> Figure | None:
    """Groups of local therapy; None where nobody of the cohort had any. `rows` are the counts."""
    everything = ask(reader, request, "local")
    sessions = everything[everything["is_metastatic"].astype(bool)]
    if sessions.empty:
        return None
    n = enrolled_patients(reader, request)
    groups = local_groups(sessions)
    treated, repeated = int(groups["n_patients"].sum()), int(groups["n_repeat"].sum())
    return treatment_figure(
        reader,
        request,
        rows=groups,
        table=groups_table(groups, n_cohort=n, counts_only_below=request.counts_only_below),
        caption=(
            f"{treated} of {format_count(n, 'patient')} had local therapy of metastatic disease; {repeated} "
            f"of {treated} had repeat local therapy (a later course)."
        ),
        method=GROUPS_METHOD.format(before=format_count(len(everything) - len(sessions), "session")),
        alt="Groups of local therapy",
    )


@registered("treatment_doses", writes_rows=True, key=("modality", "total_dose_gy", "fractions"))
def treatment_doses(reader: Reader, request: TreatmentRequest) -> Figure | None:
    """Radiation schedules with BED10 (A32); None without radiotherapy. `caption`: how many lie outside."""
    sessions = local_sessions(reader, request)
    counts = dose_counts(sessions, from_gy=request.bed_from_gy, to_gy=request.bed_to_gy)
    if counts.empty:
        return None
    return treatment_figure(
        reader,
        request,
        rows=counts,
        table=dose_table(counts),
        caption=_window_words(counts, request),
        method=DOSES_METHOD,
        alt="Radiation schedules with BED10",
    )


def _window_words(counts: pd.DataFrame, request: TreatmentRequest) -> str:
    if request.bed_from_gy is None or request.bed_to_gy is None:
        return "The protocol gives no window for BED10."
    n = int(counts["n_treatments"].sum())
    above = int(counts.loc[counts["window"] == ABOVE, "n_treatments"].sum())
    below = n_below(counts)
    return (
        f"BED10, protocol {request.bed_from_gy:g}–{request.bed_to_gy:g} Gy: of {n} radiation treatments "
        f"{below} below, {above} above (often clinically intended)."
    )


def n_below(counts: pd.DataFrame) -> int:
    """Radiation treatments below the window: the only ones that are a warning."""
    return int(counts.loc[counts["window"] == BELOW, "n_treatments"].sum())


@registered("treatment_lesions", writes_rows=True, key=("kind",))
def treatment_lesions(reader: Reader, request: TreatmentRequest) -> Figure | None:
    """Local control per treated lesion; None where the study measures none or nobody was treated.

    `rows` are the counts by first treatment of the lesion, `caption` the sentence of all.
    """
    if request.local_control is None:
        return None
    sessions = local_sessions(reader, request)
    lesions = sessions.dropna(subset=["lesion_id"]).drop_duplicates(["patient_id", "lesion_id"])
    times = followed(survival_rows(reader, survival_request(request, request.local_control, line=None)))
    merged = lesions.merge(times, on=["patient_id", "lesion_id"], how="inner")
    if merged.empty:
        return None
    kinds = [kind for kind in ("radiotherapy", "ablation", "surgery") if (merged["kind"] == kind).any()]
    rows = [_lesion_row(kind, merged[merged["kind"] == kind]) for kind in kinds]
    everything = _lesion_row("all", merged)
    return treatment_figure(
        reader,
        request,
        rows=pd.DataFrame([vars(one) for one in (*rows, everything)]),
        table=lesion_table([*rows, everything]),
        caption=_lesion_words(everything),
        method=LESIONS_METHOD.format(not_recist=NOT_RECIST),
        alt="Local control of treated lesions",
    )


def _lesion_row(kind: str, lesions: pd.DataFrame) -> LesionRow:
    progressed = lesions[lesions["is_event"].astype(bool)]
    seen = lesions[lesions["rule"] != "NO_FOLLOW_UP"]
    return LesionRow(
        kind=kind,
        n_lesions=len(lesions),
        n_patients=int(lesions["patient_id"].nunique()),
        n_followed=len(seen),
        n_progressed=len(progressed),
        n_progressed_patients=int(progressed["patient_id"].nunique()),
        n_equivocal=int((seen["last_state"] == "equivocal").sum()),
        longest_months=float(seen["months"].max()) if len(seen) else None,
    )


def _lesion_words(row: LesionRow) -> str:
    treated = format_count(row.n_lesions, "treated lesion")
    return (
        f"Local progression in {row.n_progressed} of {treated} "
        f"({row.n_progressed_patients} of {format_count(row.n_patients, 'patient')}). {NOT_RECIST}"
    )


def local_control_curve(reader: Reader, request: TreatmentRequest) -> tuple[Figure | None, str]:
    """The incidence of local progression as on Survival; where that draws none, why."""
    if request.local_control is None:
        return None, LESIONS
    asked = survival_request(request, request.local_control, line=None)
    why_not = why_no_incidence(followed(survival_rows(reader, asked)), asked)
    return (None, why_not) if why_not else (survival_incidence(reader, asked), "")
