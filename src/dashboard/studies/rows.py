"""A study definition as rows: the tables of model/definition.yaml that marts join."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from dashboard.studies.criteria import NEEDS_RULING, Reading
from dashboard.studies.endpoints import Endpoint, MilestoneRule
from dashboard.studies.milestones import MILESTONES, PROGRESSIONS
from dashboard.studies.schema import Assay, Study, VisitItem

Row = dict[str, Any]
REFERENCE = Path(__file__).parents[3] / "data" / "reference"
PICKED_ROLES = ("origin", "anchor", "entry")


def definition_rows(study: Study, *, reference: Path = REFERENCE) -> dict[str, list[Row]]:
    """Rows of every table of the study definition, by table.

    Drug classes are the reference list with the study's own drugs in place of those of the same name.
    """
    return {
        "study": [_study_row(study)],
        "low_shedding_site": [{"site": site} for site in study.about.low_shedding_sites],
        "known_alive_source": [{"source_table": name} for name in study.about.known_alive_sources],
        "endpoint": [_endpoint_row(endpoint) for endpoint in study.endpoints],
        "endpoint_rule": [row for endpoint in study.endpoints for row in endpoint_rule_rows(endpoint)],
        "endpoint_gap": [row for endpoint in study.endpoints for row in _gap_rows(endpoint)],
        "visit_plan": [_visit_row(item) for item in study.visit_plan],
        "response_setting": [
            setting.model_dump(exclude={"is_headline"}) for setting in study.response_settings
        ],
        "molecular_rule": [rule.model_dump(exclude={"is_offered"}) for rule in study.molecular_rules],
        "criterion": list(_criterion_rows(study)),
        "definition_panel_gene": [row for assay in study.assays for row in _gene_rows(assay)],
        "assay_panel": [_assay_row(assay) for assay in study.assays],
        "tracked_tumour_type": [
            {"panel": assay.panel, "tumour_type": name}
            for assay in study.assays
            for name in assay.tracked_tumour_types
        ],
        "drug_class": _drug_rows(study, reference=reference),
        "adverse_event_synonym": [
            _adverse_event_term(row) for row in _reference_rows(reference / "adverse_event_terms.csv")
        ],
        "ctcae_laboratory": [
            {**row, "is_inclusive": row["is_inclusive"] == "true"}
            for row in _reference_rows(reference / "ctcae_laboratory.csv")
        ],
        "chip_gene": [{"gene": row["gene"]} for row in _reference_rows(reference / "chip_genes.csv")],
        "primary_organ": list(_reference_rows(reference / "primary_organs.csv")),
        "metastasis_organ": list(_reference_rows(reference / "metastasis_organs.csv")),
        "watched_gene": [{"gene": gene} for gene in study.follow_up.watched_genes],
    }


def _visit_row(item: VisitItem) -> Row:
    days = {"early_days": item.early_days, "late_days": item.late_days}
    outside = {name: item.grace_days if found is None else found for name, found in days.items()}
    limits = {name: None if found == "any" else found for name, found in outside.items()}
    return {
        **item.model_dump(exclude={"note"}),
        **limits,
        "is_at_progression": item.anchor in PROGRESSIONS,
    }


def _study_row(study: Study) -> Row:
    return {
        "study_id": study.study_id,
        "calendar": study.calendar,
        "index_origin": study.about.index_origin,
        **study.ctdna.model_dump(),
        **study.response.model_dump(),
        **study.lines.model_dump(),
        **study.follow_up.model_dump(exclude={"watched_genes"}),
        **study.local_therapy.model_dump(),
        **study.safety.model_dump(exclude={"is_collected_when_known"}),
    }


def _endpoint_row(endpoint: Endpoint) -> Row:
    return {
        "endpoint_id": endpoint.endpoint_id,
        "label": endpoint.label,
        "per": endpoint.per,
        "has_anchor": bool(endpoint.anchor) or any(rule.is_shifted for rule in endpoint.origin),
        "if_required_missing": endpoint.if_required_missing,
        "horizon_months": endpoint.horizon_months,
        "censor_at_horizon": endpoint.censor_at_horizon,
        "count_first_day": endpoint.count_first_day,
    }


def endpoint_rule_rows(endpoint: Endpoint) -> list[Row]:
    """One row per rule of the endpoint, in the order of roles and TOML, with the defaults written."""
    rules = [(role, rule) for role, written in endpoint.rules_by_role for rule in written]
    return [
        {
            "endpoint_id": endpoint.endpoint_id,
            "rule_no": number,
            "role": role,
            "milestone": rule.milestone,
            "detail": rule.detail,
            "line": rule.absolute_line,
            "line_match": rule.line_match,
            "pick": (rule.pick or "first") if role in PICKED_ROLES else None,
            "from_day": _from_day(rule, role),
            "to_day": rule.to_day,
            "grace_days": rule.grace_days,
            "plus_days": rule.plus_days,
            "plus_months": rule.plus_months,
        }
        for number, (role, rule) in enumerate(rules, start=1)
    ]


def _from_day(rule: MilestoneRule, role: str) -> int | None:
    """Default of docs/endpoints.md: 1 after the origin, none for a terminal kind, 0 for censoring."""
    if rule.from_day is not None:
        return rule.from_day
    if role == "censor":
        return 0
    if role in ("event", "competing", "stop") and not MILESTONES[rule.milestone].is_terminal:
        return 1
    return None


def _gap_rows(endpoint: Endpoint) -> Iterator[Row]:
    gaps = endpoint.max_gap_days
    for position, gap in enumerate(gaps):
        following = gaps[position + 1].from_day - 1 if position + 1 < len(gaps) else None
        yield {
            "endpoint_id": endpoint.endpoint_id,
            "from_day": gap.from_day,
            "to_day": following if gap.to_day is None else gap.to_day,
            "max_gap_days": gap.days,
        }


def _criterion_rows(study: Study) -> Iterator[Row]:
    in_force = {question.question_id: question.in_force for question in study.open_questions}
    for number, criterion in enumerate(study.criteria, start=1):
        for reading in criterion.readings:
            yield {
                "criterion_no": number,
                **criterion.model_dump(exclude={"readings"}),
                **reading.model_dump(),
                "is_in_force": _is_in_force(reading, in_force.get(criterion.question or "")),
            }


def _is_in_force(reading: Reading, in_force: str | None) -> bool:
    """A reading counts where the question has no ruling yet, or where it is the one ruled or chosen."""
    return not reading.reading or in_force in (None, NEEDS_RULING, reading.reading)


def _gene_rows(assay: Assay) -> Iterator[Row]:
    for alteration, genes in (("sequence", assay.sequence), ("copy_number", assay.copy_number)):
        for gene in genes:
            yield {"panel": assay.panel, "gene": gene, "alteration": alteration}


def _assay_row(assay: Assay) -> Row:
    return assay.model_dump(
        include={"panel", "assay", "tracks", "lod_ppm", "loq_ppm", "is_white_cell_filtered"}
    )


def _drug_rows(study: Study, *, reference: Path) -> list[Row]:
    listed = _reference_rows(reference / "drug_classes.csv")
    drugs: dict[str, Row] = {row["agent"]: _reference_drug(row) for row in listed}
    drugs |= {drug.agent: drug.model_dump() for drug in study.drugs}
    return [drugs[agent] for agent in sorted(drugs)]


def _reference_rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _reference_drug(row: dict[str, str]) -> Row:
    return {
        "agent": row["agent"],
        "drug_class": row["drug_class"],
        "opens_line": row["opens_line"] == "true",
        "is_oral": row["is_oral"] == "true",
        "substitution_group": row["substitution_group"] or None,
    }


def _adverse_event_term(row: dict[str, str]) -> Row:
    return {
        "written": row["written"],
        "preferred_term": row["preferred_term"],
        "organ_class": row["organ_class"],
        "is_gradable": row["is_gradable"] == "true",
    }
