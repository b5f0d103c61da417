"""Forest plot: the hazard ratio between two groups, in all patients and within subgroups."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pandas as pd

from dashboard.charts.forest import ForestOptions, forest_chart
from dashboard.figures.figure import Figure
from dashboard.figures.registry import registered
from dashboard.figures.survival.of_line import line_column
from dashboard.figures.survival.request import ALL, SurvivalRequest, followed, survival_rows
from dashboard.rules import sentence
from dashboard.stats import GroupComparison, compare_hazards
from dashboard.store.reader import Reader
from dashboard.tables.overview_baseline import Variable
from dashboard.tables.survival import TOO_SMALL

MOST_LEVELS = 6
REST = "All others"
COLUMNS = [
    "subgroup", "level", "group", "reference", "n", "events", "n_reference", "events_reference",
    "hazard_ratio", "lower", "upper", "withheld",
]  # fmt: skip
METHOD = (
    "{label}: one Cox model (Efron) per row, of {group} and {reference} alone, not adjusted, patients at "
    "risk from the day they join. With more than two groups the hazard ratio of the page comes from one "
    "model of all of them and may differ a little. Subgroups are as known when a patient joins, at most "
    "{days} days later. Squares grow with the number of events; the dashed line is the ratio of all patients."
)
DESCRIPTIVE = (
    "Descriptive: subgroups were not planned as comparisons, nothing is tested or adjusted, and with many "
    "rows some differ by chance."
)
NOT_ASSIGNED = "Groups were not assigned: not a comparison of efficacy."
HIDDEN = "{n} of {all} rows without a ratio. {why}"
AXIS = "◀ lower hazard with {group} · hazard ratio · lower hazard with {reference} ▶"
NO_GROUPS = "A forest plot compares two groups: choose a characteristic under Group by."
FEW = f"{TOO_SMALL} {{n}} are followed; at least {{least}} are needed."
COMPETES = "No hazard ratio here: another event competes with this endpoint."


@dataclass(frozen=True, kw_only=True)
class ForestRequest:
    """`survival` names endpoint, group and reference; `compared` the other group; `subgroups` the rows."""

    survival: SurvivalRequest
    compared: str
    reference: str
    subgroups: tuple[Variable, ...]


def forest_groups(kept: pd.DataFrame, *, group: Variable) -> list[str]:
    """The groups that may be compared, the largest first; not recorded is none."""
    sizes = kept["group"].astype(str).value_counts()
    return [str(name) for name in sizes.index if name != group.missing]


def why_no_forest(kept: pd.DataFrame, request: SurvivalRequest) -> str | None:
    """The sentence that stands in place of the plot; None where it may be drawn."""
    if request.endpoint.competing:
        return COMPETES
    if len(kept) < request.guards.small_analysis_below:
        return FEW.format(n=len(kept), least=request.guards.small_analysis_below)
    if request.group is None or len(forest_groups(kept, group=request.group)) < 2:
        return NO_GROUPS
    return None


@registered("survival_forest", writes_rows=True, key=("subgroup", "level"))
def survival_forest(reader: Reader, request: ForestRequest) -> Figure | None:
    """One row for all patients, then one per level of each subgroup; None where `why_no_forest` says why."""
    own = request.survival
    kept = followed(survival_rows(reader, own), group=own.group)
    if why_no_forest(kept, own) is not None:
        return None
    rows = pd.DataFrame(_rows(reader, request, kept), columns=COLUMNS)
    options = ForestOptions(
        group=request.compared,
        reference=request.reference,
        x_title=AXIS.format(group=request.compared, reference=request.reference),
        theme=own.theme,
    )
    return Figure(
        rows=line_column(rows, own.line_words),
        spec=forest_chart(rows, options=options),
        table=_table(rows, own),
        caption=_caption(rows, own),
        method=METHOD.format(
            label=own.title,
            group=request.compared,
            reference=request.reference,
            days=own.grace_days,
        ),
        footer=f"{own.footer(reader)} · {request.compared} against {request.reference}",
        alt=f"{own.title}: hazard ratios of {request.compared} against {request.reference}, {len(rows)} rows",
    )


def _rows(reader: Reader, request: ForestRequest, kept: pd.DataFrame) -> Iterator[dict[str, object]]:
    keys = ["patient_id", "origin_no"]
    yield _row(kept, request, subgroup=ALL, level="")
    for variable in request.subgroups:
        if request.survival.group is not None and variable.name == request.survival.group.name:
            continue
        found = survival_rows(reader, replace(request.survival, group=variable))
        known = kept[keys].merge(found[[*keys, "group"]], on=keys, how="left")["group"].astype(str)
        levels = _with_rest(known, missing=variable.missing)
        names = _in_order(levels, variable)
        if len(names) < 2:
            continue
        for name in names:
            yield _row(kept[(levels == name).to_numpy()], request, subgroup=variable.label, level=name)


def _with_rest(levels: pd.Series, *, missing: str) -> pd.Series:
    """The largest levels under their names, the rest as one; not recorded stays by itself."""
    sizes = levels[levels != missing].value_counts()
    if len(sizes) <= MOST_LEVELS:
        return levels
    return levels.where(levels.isin({*sizes.index[: MOST_LEVELS - 1], missing}), REST)


def _in_order(levels: pd.Series, variable: Variable) -> list[str]:
    """Levels in the study's order, others after them by size or sorted, not recorded last."""
    found = [str(name) for name in levels.value_counts().index]
    listed = [name for name in dict.fromkeys(variable.words.values()) if name in found]
    last = [name for name in (REST, variable.missing) if name in found]
    rest = [name for name in found if name not in listed and name not in last]
    return [
        *(name for name in listed if name not in last),
        *(sorted(rest) if variable.is_ordered else rest),
        *last,
    ]


def _row(rows: pd.DataFrame, request: ForestRequest, *, subgroup: str, level: str) -> dict[str, object]:
    """One comparison of the two groups among these patients, by the guards of the study (A29)."""
    pair = [request.reference, request.compared]
    own = rows[rows["group"].isin(pair)].assign(group=lambda frame: frame["group"].astype(str))
    comparison = GroupComparison(
        time="months", event="is_event", group="group", reference=request.reference, entry="entry_months"
    )
    sizes, events = Counter(own["group"]), Counter(own.loc[own["is_event"], "group"])
    found = (
        compare_hazards(own, comparison=comparison, guards=request.survival.guards)[request.compared]
        if all(sizes[name] for name in pair)
        else None
    )
    return {
        "subgroup": subgroup,
        "level": level,
        "group": request.compared,
        "reference": request.reference,
        "n": sizes[request.compared],
        "events": events[request.compared],
        "n_reference": sizes[request.reference],
        "events_reference": events[request.reference],
        "hazard_ratio": None if found is None else found.estimate,
        "lower": None if found is None else found.lower,
        "upper": None if found is None else found.upper,
        "withheld": "HAZARD_RATIO_WITHHELD" if found is None else found.withheld,
    }


def _why(code: str, request: SurvivalRequest) -> str:
    guards = request.guards
    limits = {
        "hazard_ratio_min_events": guards.hazard_ratio_min_events,
        "hazard_ratio_min_events_per_group": guards.hazard_ratio_min_events_per_group,
    }
    return sentence(code, limits)


def _table(rows: pd.DataFrame, request: SurvivalRequest) -> pd.DataFrame:
    names = ("group", "reference")
    own, other = (str(rows[name].iloc[0]) for name in names)
    return pd.DataFrame(
        [
            {
                "Subgroup": row["subgroup"],
                "Level": row["level"],
                f"{own}: patients": int(row["n"]),
                f"{own}: events": int(row["events"]),
                f"{other}: patients": int(row["n_reference"]),
                f"{other}: events": int(row["events_reference"]),
                "Hazard ratio (95 % CI)": _why(str(row["withheld"]), request)
                if row["withheld"]
                else f"{row['hazard_ratio']:.2f} ({row['lower']:.2f}–{row['upper']:.2f})",
            }
            for row in rows.to_dict("records")
        ]
    )


def _caption(rows: pd.DataFrame, request: SurvivalRequest) -> str:
    hidden = rows[rows["withheld"].notna()]
    why = " ".join(dict.fromkeys(_why(str(code), request) for code in hidden["withheld"]))
    said = HIDDEN.format(n=len(hidden), all=len(rows), why=why) if len(hidden) else ""
    return " ".join(part for part in (said, DESCRIPTIVE, request.caution or NOT_ASSIGNED) if part)
