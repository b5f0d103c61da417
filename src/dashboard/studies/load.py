"""study.toml to Study: strict, and every error at once."""

import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from dashboard.errors import StudyDefinitionError
from dashboard.studies import schema
from dashboard.studies.consistency import (
    assay_problems,
    display_problems,
    recruitment_problems,
    scheme_problems,
    study_problems,
    visit_problems,
)
from dashboard.studies.criteria import Criterion, OpenQuestion, criterion_problems, question_problems
from dashboard.studies.endpoints import Endpoint, endpoint_problems
from dashboard.studies.problems import Problem, listed, shape_problems, shown
from dashboard.studies.reported import ReportedEndpoint, reported_problems
from dashboard.studies.schema import Study

FILE_NAME = "study.toml"

TABLES: dict[str, type[BaseModel]] = {
    "study": schema.About,
    "recruitment": schema.Recruitment,
    "ctdna": schema.CtdnaRules,
    "response": schema.ResponseRules,
    "lines": schema.LineRules,
    "follow_up": schema.FollowUpRules,
    "local_therapy": schema.LocalTherapyRules,
    "safety": schema.SafetyRules,
    "conduct": schema.ConductRules,
    "display": schema.Display,
    "identifying": schema.Identifying,
}
REQUIRED_TABLES = ("study", "recruitment")
# Lists of tables: the model, and the key that names one of them in a message.
LISTS: dict[str, tuple[type[BaseModel], str]] = {
    "assay": (schema.Assay, "panel"),
    "visit_plan": (schema.VisitItem, "item"),
    "endpoint": (Endpoint, "id"),
    "reported_endpoint": (ReportedEndpoint, "id"),
    "response_setting": (schema.ResponseSetting, "id"),
    "molecular_rule": (schema.MolecularRule, "scheme"),
    "criterion": (Criterion, "id"),
    "open_question": (OpenQuestion, "id"),
    "group": (schema.Group, "name"),
    "drug": (schema.Drug, "agent"),
}

# What the shape alone does not show.
CHECKS: dict[type[BaseModel], Callable[[Any], Iterator[Problem]]] = {
    schema.Recruitment: recruitment_problems,
    schema.Display: display_problems,
    schema.Assay: assay_problems,
    schema.VisitItem: visit_problems,
    schema.MolecularRule: scheme_problems,
    Endpoint: endpoint_problems,
    ReportedEndpoint: reported_problems,
    Criterion: criterion_problems,
    OpenQuestion: question_problems,
}


def load_study(folder: Path) -> Study:
    """The study defined by study.toml in this folder.

    Raises StudyDefinitionError with every problem of the file: table, key, what was found, what is allowed.
    """
    path = folder / FILE_NAME
    raw = _read(path)
    problems = [*_unknown_tables(raw), *_table_problems(raw), *_list_problems(raw)]
    try:
        study = Study.model_validate(raw)
    except ValidationError:
        # Each wrong key is among the problems already; references are checked once the shape is right.
        raise StudyDefinitionError(_message(path, problems)) from None
    problems += study_problems(study)
    if problems:
        raise StudyDefinitionError(_message(path, problems))
    return study


def _read(path: Path) -> dict[str, Any]:
    if not path.is_file():
        raise StudyDefinitionError(f"{path}: found no such file; a study folder has a {FILE_NAME}")
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
    except UnicodeDecodeError as error:
        raise StudyDefinitionError(f"{path}: found text that is not UTF-8; save the file as UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        raise StudyDefinitionError(f"{path}: is not valid TOML: {error}") from error


def _message(path: Path, problems: Iterable[Problem]) -> str:
    lines = [str(problem) for problem in problems]
    head = f"{path}: {len(lines)} problem{'s' if len(lines) > 1 else ''}"
    return "\n".join([head, *(f"  {line}" for line in lines)])


def _unknown_tables(raw: Mapping[str, Any]) -> Iterator[Problem]:
    allowed = listed([*TABLES, *LISTS])
    for name in raw:
        if name not in TABLES and name not in LISTS:
            yield Problem(f"[{name}]", "", "a table that is not known", allowed)


def _table_problems(raw: Mapping[str, Any]) -> Iterator[Problem]:
    for name, model in TABLES.items():
        if name not in raw and name in REQUIRED_TABLES:
            yield Problem(f"[{name}]", "", "nothing", "this table is required")
        if name in raw:
            yield from _problems_of(model, raw[name], table=f"[{name}]")


def _list_problems(raw: Mapping[str, Any]) -> Iterator[Problem]:
    for name, (model, key) in LISTS.items():
        items = raw.get(name, [])
        if not isinstance(items, list):
            yield Problem(f"[{name}]", "", "a single table", f"a list of tables, [[{name}]]")
            continue
        seen: set[str] = set()
        for number, item in enumerate(items, start=1):
            label = str(item.get(key, f"number {number}"))
            table = f"[[{name}]] {label}"
            if label in seen:
                yield Problem(table, key, f"{shown(label)} a second time", f"each {key} once")
            seen.add(label)
            yield from _problems_of(model, item, table=table)


def _problems_of(model: type[BaseModel], item: Any, *, table: str) -> Iterator[Problem]:
    try:
        value = model.model_validate(item)
    except ValidationError as error:
        yield from shape_problems(error, table=table, model=model)
        return
    if model in CHECKS:
        yield from CHECKS[model](value)
