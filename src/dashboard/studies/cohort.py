"""A cohort: which patients a figure counts, as an SQL predicate with bound values, chips and a hash."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from dashboard.studies.vocabulary.labels import DRUG_CLASSES, TUMOUR_TYPES


@dataclass(frozen=True)
class Predicate:
    """SQL condition on a column patient_id, with its values in the order of the question marks."""

    sql: str
    values: tuple[Any, ...]


@dataclass(frozen=True)
class Chip:
    """One choice as the page shows it above a figure."""

    key: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Cohort:
    """Choices that narrow the enrolled patients; an empty choice narrows nothing, several are joined by and.

    `lines` and `drug_classes` speak of the index line; `characteristics` are pairs of a name and its values.
    """

    site_ids: tuple[str, ...] = ()
    tumour_types: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()
    lines: tuple[int, ...] = ()
    drug_classes: tuple[str, ...] = ()
    characteristics: tuple[tuple[str, tuple[str, ...]], ...] = ()
    is_ctdna_tested: bool | None = None

    def predicate(self) -> Predicate:
        """Condition for a query with a column patient_id; `true` where nothing is chosen."""
        parts = list(self._parts())
        if not parts:
            return Predicate("true", ())
        return Predicate(
            " and ".join(part.sql for part in parts), tuple(value for part in parts for value in part.values)
        )

    def chips(self, characteristic_labels: Mapping[str, str] | None = None) -> tuple[Chip, ...]:
        """One chip per choice, in a fixed order."""
        labels = characteristic_labels or {}
        chosen = [
            Chip("site_ids", _named("Site", self.site_ids)),
            Chip("tumour_types", ", ".join(TUMOUR_TYPES.get(name, name) for name in self.tumour_types)),
            Chip("stages", _named("Stage", self.stages)),
            Chip("lines", _named("Line", self.lines)),
            Chip("drug_classes", ", ".join(DRUG_CLASSES.get(name, name) for name in self.drug_classes)),
            *(
                Chip(name, f"{labels.get(name, name)}: {', '.join(values)}" if values else "")
                for name, values in self.characteristics
            ),
        ]
        if self.is_ctdna_tested is not None:
            text = "ctDNA tested" if self.is_ctdna_tested else "no ctDNA test"
            chosen.append(Chip("is_ctdna_tested", text))
        return tuple(chip for chip in chosen if chip.text)

    def hash(self) -> str:
        """Twelve hexadecimal digits, the same for the same choices in any order."""
        choices = {
            key: sorted(value) if isinstance(value, tuple) else value
            for key, value in asdict(self).items()
            if key != "characteristics"
        }
        choices["characteristics"] = sorted(
            (name, sorted(values)) for name, values in self.characteristics if values
        )
        return hashlib.sha256(json.dumps(choices, sort_keys=True).encode()).hexdigest()[:12]

    def _parts(self) -> Iterator[Predicate]:
        for column, values in (
            ("site_id", self.site_ids),
            ("tumour_type", self.tumour_types),
            ("stage", self.stages),
        ):
            if values:
                yield _among("usable_patient", f"{column} in ({_marks(values)})", values)
        if self.lines or self.drug_classes:
            yield self._index_line()
        for name, values in self.characteristics:
            if values:
                condition = f"name = ? and value in ({_marks(values)})"
                yield _among("usable_characteristic", condition, (name, *values))
        if self.is_ctdna_tested is not None:
            word = "in" if self.is_ctdna_tested else "not in"
            yield Predicate(f"patient_id {word} (select patient_id from ctdna_level where is_valid)", ())

    def _index_line(self) -> Predicate:
        """Line and classes of one index line; a class counts where it is one of several joined by " + "."""
        conditions = ["kind = 'index_treatment_start'"]
        if self.lines:
            conditions.append(f"line in ({_marks(self.lines)})")
        if self.drug_classes:
            contained = " or ".join("contains(' + ' || detail || ' + ', ?)" for _ in self.drug_classes)
            conditions.append(f"({contained})")
        values = (*self.lines, *(f" + {name} + " for name in self.drug_classes))
        return _among("milestone", " and ".join(conditions), values)


def _among(table: str, condition: str, values: tuple[Any, ...]) -> Predicate:
    return Predicate(f"patient_id in (select patient_id from {table} where {condition})", values)


def _marks(values: tuple[Any, ...]) -> str:
    return ", ".join("?" for _ in values)


def _named(word: str, values: tuple[Any, ...]) -> str:
    return f"{word} {', '.join(str(value) for value in values)}" if values else ""
