"""A cohort: which patients a figure counts, as an SQL condition with bound values, chips and a hash."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from dashboard.errors import DashboardError
from dashboard.studies.schema import Group, Study
from dashboard.studies.vocabulary.labels import DRUG_CLASSES, LOCAL_GROUPS, TUMOUR_TYPES

EVERYBODY = "All enrolled"
# Where a query gives the enrolled patients, this comment stands behind its condition; it needs patient_id.
PLACE = "/* and cohort */"
# Columns of a patient that a group of a study may name.
PATIENT_COLUMNS = ("sex", "diagnosis", "histology", "icd10", "ned_basis")
SEXES = {"female": "Female", "male": "Male"}
# Questions answered by yes or no: the words of both answers.
YES_OR_NO: dict[str, dict[bool, str]] = {
    "is_ctdna_tested": {True: "ctDNA tested", False: "no ctDNA test"},
    "is_after_induction": {
        True: "maintenance after chemotherapy on line 1",
        False: "no maintenance after chemotherapy on line 1",
    },
}
Pairs = tuple[tuple[str, tuple[str, ...]], ...]


class CohortError(DashboardError):
    """A cohort that cannot be read or applied: names the part, what was found and what is allowed."""


@dataclass(frozen=True)
class Predicate:
    """SQL condition on a column patient_id, with its values in the order of the question marks."""

    sql: str
    values: tuple[Any, ...]


@dataclass(frozen=True)
class Narrowed:
    """A query that counts the cohort only, with the values of its placeholders by name."""

    sql: str
    values: dict[str, Any]


@dataclass(frozen=True)
class Chip:
    """One choice as the page shows it above a figure."""

    key: str
    text: str


@dataclass(frozen=True, kw_only=True)
class CohortLabels:
    """Words of a study: names of its groups, of their values (by group), of its sites."""

    groups: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def value(self, name: str, value: str) -> str:
        """The words for a value of a group; the value itself where there are none."""
        return self.values.get(name, {}).get(value, value)


NO_LABELS = CohortLabels()
AFTER_INDUCTION = "line_of_therapy where is_after_induction"


@dataclass(frozen=True, kw_only=True)
class Cohort:
    """Choices that narrow the enrolled patients; an empty choice narrows nothing, several are joined by and.

    `lines` and `drug_classes` speak of the index line, `local_groups` of the first local treatment;
    `patient_values` and `characteristics` are pairs of a name and its values. `is_after_induction`: on line 1
    the drug class the study follows as maintenance after chemotherapy (clinical-decisions A14.2).
    """

    site_ids: tuple[str, ...] = ()
    tumour_types: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()
    lines: tuple[int, ...] = ()
    drug_classes: tuple[str, ...] = ()
    local_groups: tuple[str, ...] = ()
    patient_values: Pairs = ()
    characteristics: Pairs = ()
    is_ctdna_tested: bool | None = None
    is_after_induction: bool | None = None

    def __post_init__(self) -> None:
        # Names of columns cannot be bound as values are.
        unknown = [name for name, _ in self.patient_values if name not in PATIENT_COLUMNS]
        if unknown:
            raise CohortError(f"A cohort asks for {unknown[0]}; allowed are {', '.join(PATIENT_COLUMNS)}")

    @property
    def is_everybody(self) -> bool:
        """Whether nothing is chosen, so that all enrolled patients count."""
        return not list(self._parts())

    def predicate(self) -> Predicate:
        """Condition for a query with a column patient_id; `true` where nothing is chosen."""
        parts = list(self._parts())
        if not parts:
            return Predicate("true", ())
        return Predicate(
            " and ".join(part.sql for part in parts), tuple(value for part in parts for value in part.values)
        )

    def narrow(self, sql: str) -> Narrowed:
        """The query for this cohort alone: its condition stands where the query says `/* and cohort */`.

        Raises CohortError for a query without that place.
        """
        if PLACE not in sql:
            raise CohortError(f"The query has no {PLACE}, so that no cohort can be applied to it")
        found = self.predicate()
        values = {f"cohort_{number}": value for number, value in enumerate(found.values, start=1)}
        pieces = found.sql.split("?")
        named = pieces[0] + "".join(f"${name}{piece}" for name, piece in zip(values, pieces[1:], strict=True))
        return Narrowed(sql.replace(PLACE, "" if self.is_everybody else f"and {named}"), values)

    def chips(self, labels: CohortLabels = NO_LABELS) -> tuple[Chip, ...]:
        """One chip per choice, in a fixed order."""
        chosen = [
            Chip("site_ids", _named("Site", [labels.value("site_id", one) for one in self.site_ids])),
            Chip("tumour_types", ", ".join(TUMOUR_TYPES.get(name, name) for name in self.tumour_types)),
            Chip("stages", _named("Stage", self.stages)),
            Chip("lines", _named("Line", self.lines)),
            Chip("drug_classes", ", ".join(DRUG_CLASSES.get(name, name) for name in self.drug_classes)),
            Chip("local_groups", ", ".join(self._local_words(labels))),
            *_pair_chips(self.patient_values, labels),
            *_pair_chips(self.characteristics, labels),
        ]
        for name, words in YES_OR_NO.items():
            answer = getattr(self, name)
            chosen += [] if answer is None else [Chip(name, words[answer])]
        return tuple(chip for chip in chosen if chip.text)

    def words(self, labels: CohortLabels = NO_LABELS) -> str:
        """The chips in one line, for the footer of a figure and its files."""
        return " · ".join(chip.text for chip in self.chips(labels)) or EVERYBODY

    def without(self, key: str) -> "Cohort":
        """The cohort without the choice of one chip."""
        kept = {
            name: tuple(pair for pair in getattr(self, name) if pair[0] != key)
            for name in ("patient_values", "characteristics")
        }
        own: dict[str, Any] = {} if key not in self.definition() else {key: None if key in YES_OR_NO else ()}
        parts: dict[str, Any] = {**kept, **own}
        return replace(self, **parts)

    def definition(self) -> dict[str, Any]:
        """The choices as they are kept under a name."""
        return asdict(self)

    def hash(self) -> str:
        """Twelve hexadecimal digits, the same for the same choices in any order."""
        pairs = {
            name: sorted((one, sorted(values)) for one, values in getattr(self, name) if values)
            for name in ("patient_values", "characteristics")
        }
        plain = {
            name: sorted(value) if isinstance(value, tuple) else value
            for name, value in self.definition().items()
            if name not in pairs
        }
        return hashlib.sha256(json.dumps(plain | pairs, sort_keys=True).encode()).hexdigest()[:12]

    def _local_words(self, labels: CohortLabels) -> list[str]:
        return [
            labels.value("group_code", one)
            if one in labels.values.get("group_code", {})
            else LOCAL_GROUPS.get(one, one)
            for one in self.local_groups
        ]

    def _parts(self) -> Iterator[Predicate]:
        for column, values in (
            ("site_id", self.site_ids),
            ("tumour_type", self.tumour_types),
            ("stage", self.stages),
            *self.patient_values,
        ):
            if values:
                yield _among("usable_patient", f"{column} in ({_marks(values)})", values)
        if self.lines or self.drug_classes:
            yield self._enrolment_line()
        if self.local_groups:
            condition = f"course = 1 and group_code in ({_marks(self.local_groups)})"
            yield _among("local_course", condition, self.local_groups)
        for name, values in self.characteristics:
            if values:
                yield _characteristic(name, values)
        if self.is_ctdna_tested is not None:
            yield _has("ctdna_level where is_valid", answer=self.is_ctdna_tested)
        if self.is_after_induction is not None:
            yield _has(AFTER_INDUCTION, answer=self.is_after_induction)

    def _enrolment_line(self) -> Predicate:
        """Line at enrolment and its classes; a class counts where it is one of several joined by " + "."""
        conditions = []
        if self.lines:
            conditions.append(f"enrolment_line in ({_marks(self.lines)})")
        if self.drug_classes:
            within = "contains(' + ' || enrolment_drug_class || ' + ', ?)"
            contained = " or ".join(within for _ in self.drug_classes)
            conditions.append(f"({contained})")
        values = (*self.lines, *(f" + {name} + " for name in self.drug_classes))
        return _among("patient_summary", " and ".join(conditions), values)


def cohort_of(definition: Mapping[str, Any]) -> Cohort:
    """The cohort of a kept definition; lists of a JSON file become tuples. Raises CohortError."""
    known = Cohort().definition()
    unknown = sorted(set(definition) - set(known))
    if unknown:
        raise CohortError(f"A saved cohort names {', '.join(unknown)}; known are {', '.join(known)}")
    return Cohort(**{name: _tuples(value) for name, value in definition.items()})


def cohort_labels(study: Study) -> CohortLabels:
    """The words of a study for its groups, their values and its sites."""
    values = {_key(group): {one.value: one.label for one in group.values} for group in study.groups}
    sites = {site.site_id: site.name.removeprefix("Site ") for site in study.recruitment.sites}
    return CohortLabels(
        groups={"sex": "Sex", **{_key(group): group.label for group in study.groups}},
        values={"sex": SEXES, **{name: words for name, words in values.items() if words}, "site_id": sites},
    )


def _key(group: Group) -> str:
    return "group_code" if group.source == "local_course" else group.name


def _tuples(value: Any) -> Any:
    return tuple(_tuples(one) for one in value) if isinstance(value, list | tuple) else value


def _pair_chips(pairs: Pairs, labels: CohortLabels) -> Iterator[Chip]:
    for name, values in pairs:
        group, named = labels.groups.get(name, name), [labels.value(name, value) for value in values]
        words = ", ".join(named)
        # A value may be named as its characteristic is: "Liver metastases", of which the other is "No …".
        said = words if group in named else f"{group}: {words}"
        yield Chip(name, said if values else "")


def _characteristic(name: str, values: tuple[str, ...]) -> Predicate:
    """Patients of whom a characteristic is known to have one of the values."""
    condition = f"kind = 'CHARACTERISTIC' and name = ? and code in ({_marks(values)})"
    return _among("header_fact", condition, (name, *values))


def _among(table: str, condition: str, values: tuple[Any, ...]) -> Predicate:
    return Predicate(f"patient_id in (select patient_id from {table} where {condition})", values)


def _has(rows: str, *, answer: bool) -> Predicate:
    """Patients with such a row, or those without."""
    return Predicate(f"patient_id {'in' if answer else 'not in'} (select patient_id from {rows})", ())


def _marks(values: tuple[Any, ...]) -> str:
    return ", ".join("?" for _ in values)


def _named(word: str, values: tuple[Any, ...] | list[str]) -> str:
    return f"{word} {', '.join(str(value) for value in values)}" if values else ""
