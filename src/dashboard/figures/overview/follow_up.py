"""How long patients are followed: reverse Kaplan-Meier, and who was last seen long before the data cut."""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from dashboard.stats import DAYS_PER_MONTH, follow_up, risk_table
from dashboard.store.reader import Reader
from dashboard.studies.schema import Study
from dashboard.studies.vocabulary import DEPARTURES
from dashboard.tables.overview_words import FollowUpNumbers

SQL = (Path(__file__).parent / "follow_up.sql").read_text(encoding="utf-8")
FOLLOWED = ("EVENT", "CENSORED")


@dataclass(frozen=True, kw_only=True)
class FollowUpRequest:
    """Endpoint whose clock counts. `stale_days`: last seen more days before the data cut is stale."""

    endpoint_id: str
    endpoint_label: str
    stale_days: int
    median_min_events: int
    is_study_time: bool = False


@dataclass(frozen=True, kw_only=True)
class FollowUp:
    """Follow-up of the enrolled patients on the clock of one endpoint.

    `stale` has one row per patient followed without event whose last day lies too long before the data cut:
    patient_id, site_id, ended_on, days_before, standing (a departure, else the vital status). None
    in a study without calendar dates.
    """

    label: str
    numbers: FollowUpNumbers
    n_not_counted: int
    stale: pd.DataFrame | None


def follow_up_request(study: Study) -> FollowUpRequest | None:
    """The request of a study: its endpoint OS, else the first that death alone ends; None without."""
    deaths = [
        endpoint
        for endpoint in study.endpoints
        if endpoint.per == "patient"
        and {rule.milestone for rule in endpoint.events} == {"death"}
        and not any(rule.is_shifted for rule in endpoint.origin)
    ]
    chosen = sorted(deaths, key=lambda endpoint: endpoint.endpoint_id != "OS")
    if not chosen:
        return None
    return FollowUpRequest(
        endpoint_id=chosen[0].endpoint_id,
        endpoint_label=chosen[0].label,
        stale_days=study.follow_up.contact_stale_on_treatment_days,
        median_min_events=study.display.median_min_events,
        is_study_time=study.calendar == "relative",
    )


def overview_follow_up(reader: Reader, request: FollowUpRequest) -> FollowUp:
    """Follow-up of the patients at the reader's sites, from the same clock as the endpoint."""
    rows = reader.rows(SQL, {"endpoint_id": request.endpoint_id})
    return derive_follow_up(rows, request=request, cut_off=pd.Timestamp(reader.snapshot.cut_off))


def derive_follow_up(rows: pd.DataFrame, *, request: FollowUpRequest, cut_off: pd.Timestamp) -> FollowUp:
    """Follow-up from one row per patient. Median by reverse Kaplan-Meier (Schemper and Smith 1996).

    Withheld where fewer than `median_min_events` are followed without event: being censored is the event.
    """
    counted = rows[rows["status"].isin(FOLLOWED)].assign(is_dead=lambda frame: frame["status"] == "EVENT")
    followed = counted[~counted["is_dead"]]
    months = counted["duration_days"].astype("float64") / DAYS_PER_MONTH
    median = _median(counted) if len(followed) >= request.median_min_events else (None, None, None)
    numbers = FollowUpNumbers(
        n=len(counted),
        n_died=int(counted["is_dead"].sum()),
        n_followed=len(followed),
        median=median[0],
        lower=median[1],
        upper=median[2],
        shortest=float(months.min()) if len(months) else None,
        longest=float(months.max()) if len(months) else None,
        left={code: n for code in DEPARTURES if (n := int((followed["standing"] == code).sum()))},
    )
    return FollowUp(
        label=request.endpoint_label,
        numbers=numbers,
        n_not_counted=len(rows) - len(counted),
        stale=None if request.is_study_time else _stale(followed, days=request.stale_days, cut_off=cut_off),
    )


def _median(counted: pd.DataFrame) -> tuple[float | None, float | None, float | None]:
    frame = pd.DataFrame(
        {
            "months": counted["duration_days"].astype("float64") / DAYS_PER_MONTH,
            "entry": counted["entry_days"].astype("float64") / DAYS_PER_MONTH,
            "is_dead": counted["is_dead"],
        }
    )
    found = next(iter(follow_up(risk_table(frame, time="months", event="is_dead", entry="entry")).values()))
    return found.time, found.lower, found.upper


def _stale(followed: pd.DataFrame, *, days: int, cut_off: pd.Timestamp) -> pd.DataFrame:
    before = (cut_off - pd.to_datetime(followed["ended_on"])).dt.days
    late = followed.assign(days_before=before)[before > days]
    return late.sort_values(["days_before", "patient_id"], ascending=[False, True])[
        ["patient_id", "site_id", "ended_on", "days_before", "standing"]
    ].reset_index(drop=True)
