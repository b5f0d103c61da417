"""Problems the shape of study.toml does not show: inside one table, and between tables."""

from collections.abc import Iterator

from dashboard.studies.choices import Display
from dashboard.studies.milestones import MILESTONES
from dashboard.studies.problems import Problem, listed, shown
from dashboard.studies.schema import Assay, MolecularRule, Recruitment, Study, VisitItem


def study_problems(study: Study) -> Iterator[Problem]:
    """Names that point nowhere, and two defaults where one page can open."""
    yield from _reference_problems(study)
    yield from _default_problems(study)


def recruitment_problems(recruitment: Recruitment) -> Iterator[Problem]:
    """Dates the wrong way round, a site or month twice, a plan that does not add up to the target."""
    if recruitment.closes and recruitment.closes < recruitment.opens:
        yield Problem(
            "[recruitment]", "closes", str(recruitment.closes), f"a date from {recruitment.opens} on"
        )
    sites = [site.site_id for site in recruitment.sites]
    if len(set(sites)) < len(sites):
        yield Problem("[recruitment]", "sites", listed(sites), "each site_id once")
    months = [plan.month for plan in recruitment.month_plan]
    if months != sorted(set(months)):
        yield Problem("[recruitment]", "month_plan", listed(months), "each month once, in order")
    planned = sum(plan.planned for plan in recruitment.month_plan)
    if months and planned != recruitment.target:
        yield Problem(
            "[recruitment]", "month_plan", f"{planned} planned in all", f"the target {recruitment.target}"
        )


def display_problems(display: Display) -> Iterator[Problem]:
    """Limits of dimming the wrong way round."""
    if display.dim_at_risk_min > display.dim_at_risk_max:
        found = f"{display.dim_at_risk_min} over {display.dim_at_risk_max}"
        yield Problem("[display]", "dim_at_risk_min", found, "dim_at_risk_min not over dim_at_risk_max")


def visit_problems(item: VisitItem) -> Iterator[Problem]:
    """An unknown anchor, or not exactly one kind of window."""
    table = f"[[visit_plan]] {item.item}"
    if item.anchor not in MILESTONES:
        yield Problem(table, "anchor", shown(item.anchor), listed(sorted(MILESTONES)))
    elif item.line_scope == "line" and not MILESTONES[item.anchor].has_line:
        yield Problem(
            table, "anchor", shown(item.anchor), "a milestone that carries a line, because line_scope is line"
        )
    if item.is_over_at_next_line and (item.line_scope != "line" or item.repeat_days is not None):
        allowed = 'is_over_at_next_line of an item planned once, together with line_scope = "line"'
        yield Problem(table, "is_over_at_next_line", "true", allowed)
    by_months = item.opens_months is not None and item.closes_months is not None
    by_days = item.opens_days is not None and item.closes_days is not None
    if [by_months, by_days, item.repeat_days is not None].count(True) != 1:
        allowed = (
            "one of opens_months and closes_months, opens_days and closes_days, repeat_days and window_days"
        )
        yield Problem(table, "", "no window, or more than one", allowed)
    if item.repeat_from == "last_done" and item.repeat_days is None:
        yield Problem(table, "repeat_from", shown(item.repeat_from), "repeat_from together with repeat_days")
    if item.repeat_days is not None and (item.window_days or 0) * 2 >= item.repeat_days:
        allowed = "under half of repeat_days, so that windows do not meet"
        yield Problem(table, "window_days", shown(item.window_days), allowed)
    if (item.repeat_days is None) != (item.window_days is None):
        yield Problem(table, "window_days", shown(item.window_days), "window_days together with repeat_days")
    if by_months and (item.opens_months or 0) > (item.closes_months or 0):
        yield Problem(table, "closes_months", shown(item.closes_months), f"at least {item.opens_months}")
    if by_days and (item.opens_days or 0) > (item.closes_days or 0):
        yield Problem(table, "closes_days", shown(item.closes_days), f"at least {item.opens_days}")
    yield from _outside_problems(item, table=table)


def _outside_problems(item: VisitItem, *, table: str) -> Iterator[Problem]:
    """Days outside the window of a repeated item, or fewer of them than the grace."""
    outside = {"early_days": item.early_days, "late_days": item.late_days}
    for field, days in outside.items():
        if item.repeat_days is not None and days is not None:
            yield Problem(table, field, shown(days), f"no {field} together with repeat_days")
    if isinstance(item.late_days, int) and item.late_days < item.grace_days:
        yield Problem(table, "late_days", shown(item.late_days), f"at least grace_days {item.grace_days}")


def assay_problems(assay: Assay) -> Iterator[Problem]:
    """A fixed panel without genes, or limits the wrong way round."""
    table = f"[[assay]] {assay.panel}"
    if assay.tracks == "fixed_panel" and not assay.sequence:
        yield Problem(table, "sequence", "nothing", "the genes a fixed panel covers")
    if assay.lod_ppm and assay.loq_ppm and assay.loq_ppm < assay.lod_ppm:
        yield Problem(table, "loq_ppm", shown(assay.loq_ppm), f"at least lod_ppm {assay.lod_ppm}")


def scheme_problems(rule: MolecularRule) -> Iterator[Problem]:
    """A fall or categories without numbers, a clearance with them."""
    table = f"[[molecular_rule]] {rule.scheme}"
    has_numbers = rule.numerator is not None and rule.denominator is not None
    if rule.kind in ("fall", "categories") and not has_numbers:
        yield Problem(
            table, "numerator", "nothing", f"numerator and denominator, because kind is {rule.kind}"
        )
    if rule.kind == "clearance" and (rule.numerator or rule.denominator):
        yield Problem(
            table, "numerator", shown(rule.numerator), "no numbers: clearance is detected, then not detected"
        )


def _reference_problems(study: Study) -> Iterator[Problem]:
    endpoints = [endpoint.endpoint_id for endpoint in study.endpoints]
    settings = [setting.setting_id for setting in study.response_settings]
    for endpoint in study.endpoints:
        table = f"[[endpoint]] {endpoint.endpoint_id}"
        if endpoint.sensitivity_of and endpoint.sensitivity_of not in endpoints:
            yield Problem(table, "sensitivity_of", shown(endpoint.sensitivity_of), listed(endpoints))
        for role, rules in endpoint.rules_by_role:
            for rule in rules:
                if rule.milestone == "objective_response" and rule.detail not in settings:
                    yield Problem(
                        table, f"{role} {rule.milestone}.detail", shown(rule.detail), listed(settings)
                    )
    for setting in study.response_settings:
        is_own = setting.assessor in (None, study.response.response_assessor)
        if setting.source == "reported_else_calculated" and not is_own:
            yield Problem(
                f"[[response_setting]] {setting.setting_id}",
                "assessor",
                shown(setting.assessor),
                "the response_assessor of [response], for whom alone the calculation stands in",
            )
    columns = [endpoint.csv_column for endpoint in (*study.endpoints, *study.reported_endpoints)]
    for column in sorted({column for column in columns if columns.count(column) > 1}):
        yield Problem(
            "[[endpoint]]", "column", f"{shown(column)} more than once", "a column of its own per endpoint"
        )
    yield from _reported_problems(study)
    yield from _criterion_problems(study)


def _reported_problems(study: Study) -> Iterator[Problem]:
    """Reported endpoints under the id of a derived one, or split by a group that is not a characteristic."""
    derived = [endpoint.endpoint_id for endpoint in study.endpoints]
    groups = [group.name for group in study.groups if group.source == "characteristic"]
    for endpoint in study.reported_endpoints:
        table = f"[[reported_endpoint]] {endpoint.endpoint_id}"
        if endpoint.endpoint_id in derived:
            yield Problem(table, "id", shown(endpoint.endpoint_id), "an id that no [[endpoint]] has")
        for name in endpoint.known_groups:
            if name not in groups:
                allowed = f"groups that are characteristics: {listed(groups)}"
                yield Problem(table, "known_groups", shown(name), allowed)


def _criterion_problems(study: Study) -> Iterator[Problem]:
    """Criteria of a question that is not there, or with other readings than the question."""
    questions = {
        question.question_id: [reading.reading for reading in question.readings]
        for question in study.open_questions
    }
    for criterion in study.criteria:
        table = f"[[criterion]] {criterion.criterion}"
        if criterion.question and criterion.question not in questions:
            yield Problem(table, "question", shown(criterion.question), listed(list(questions)))
        named = sorted(reading.reading for reading in criterion.readings if reading.reading)
        known = sorted(questions.get(criterion.question or "", named))
        if named and named != known:
            yield Problem(table, "readings", listed(named), f"the readings of the question: {listed(known)}")


def _default_problems(study: Study) -> Iterator[Problem]:
    """At most one scheme, setting or group opens a page."""
    chosen = {
        "[[molecular_rule]] is_default": [r.scheme for r in study.molecular_rules if r.is_default],
        "[[response_setting]] is_headline": [s.setting_id for s in study.response_settings if s.is_headline],
        "[[group]] is_default": [g.name for g in study.groups if g.is_default],
    }
    for place, names in chosen.items():
        if len(names) > 1:
            table, key = place.split(" ")
            yield Problem(table, key, listed(names), "at most one")
