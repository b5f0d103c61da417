"""The baseline table: who is in the study. Missing values are a row of their own."""

import math
from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from dashboard.studies import vocabulary
from dashboard.tables.shares import count_words

MISSING = "Not recorded"
# The column of all patients, which comes first.
ALL = "All"
MISSING_VALUES = {"unknown", ""}


@dataclass(frozen=True)
class Variable:
    """One characteristic: where its values come from, its name on screen, and the words for its values.

    Values in `words` come in that order; others after them, sorted where `is_ordered`, else by frequency.
    `missing` is the word where there is no value; `is_treatment` says that a physician chose it.
    """

    source: str
    name: str
    label: str
    words: Mapping[str, str] = field(default_factory=dict)
    is_ordered: bool = False
    missing: str = MISSING
    is_treatment: bool = False

    @property
    def by(self) -> str:
        """What the groups of a figure are of, for its title and files: "by CDK4/6 inhibitor of line 1"."""
        return f"by {self.label}"

    @property
    def caution(self) -> str:
        """What every figure by a treatment says (clinical-decisions A42); empty for other groups."""
        return vocabulary.WORDS["no_comparison"] if self.is_treatment else ""


@dataclass(frozen=True)
class Column:
    """One column of the table: its name and the patients it counts."""

    name: str
    patient_ids: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Recorded:
    """Characteristics of patients by source and name, one value a patient.

    `codes` has for each patient of `patient_ids` the place of the value among `values`; -1 for none recorded.
    """

    patient_ids: pd.Index
    values: Mapping[Hashable, Sequence[str]]
    codes: Mapping[Hashable, np.ndarray]

    def of_patients(self, patient_ids: Sequence[str]) -> np.ndarray:
        """Which of the patients these are, as truth values."""
        found = np.zeros(len(self.patient_ids), dtype=bool)
        places = self.patient_ids.get_indexer(pd.Index(patient_ids, dtype=object))
        found[places[places >= 0]] = True
        return found


def recorded_of(rows: pd.DataFrame) -> Recorded:
    """From rows with patient_id, source, name and value, one per patient and recorded characteristic."""
    places, patient_ids = pd.factorize(pd.Index(rows["patient_id"], dtype=object))
    written = rows["value"].to_numpy()
    values: dict[Hashable, Sequence[str]] = {}
    codes: dict[Hashable, np.ndarray] = {}
    for key, own in rows.groupby(["source", "name"]).indices.items():
        found, distinct = pd.factorize(written[own])
        values[key] = distinct.tolist()
        codes[key] = np.full(len(patient_ids), -1)
        codes[key][places[own]] = found
    return Recorded(patient_ids, values, codes)


def baseline_table(
    recorded: Recorded, *, variables: Sequence[Variable], columns: Sequence[Column], counts_only_below: int
) -> pd.DataFrame:
    """One row per characteristic and value: count and per cent of all patients of the column.

    Headings say n; per cents are left out where a column has fewer than `counts_only_below` patients. What is
    recorded of patients of no column is left out.
    """
    lines: list[dict[str, str]] = []
    inside = {heading(column): recorded.of_patients(column.patient_ids) for column in columns}
    nobody = np.full(len(recorded.patient_ids), -1)
    for variable in variables:
        key = (variable.source, variable.name)
        values, codes = recorded.values.get(key, ()), recorded.codes.get(key, nobody)
        known = {name: codes[own & (codes >= 0)] for name, own in inside.items()}
        if variable.source == "number":
            own_lines = _number_lines(values, known, variable=variable, columns=columns)
        else:
            own_lines = _count_lines(
                values, known, variable=variable, columns=columns, counts_only_below=counts_only_below
            )
        lines += _told_once(own_lines, columns=columns)
    return pd.DataFrame(lines, columns=["Characteristic", "Value", *inside])


def _told_once(lines: list[dict[str, str]], *, columns: Sequence[Column]) -> list[dict[str, str]]:
    """The lines of one characteristic; where none is missing, the first line says so and the last goes."""
    if any(lines[-1][heading(column)] != "0" for column in columns) or len(lines) == 1:
        return lines
    lines[0]["Characteristic"] += " (none missing)"
    return lines[:-1]


def heading(column: Column) -> str:
    """Name of a column with its number of patients."""
    return f"{column.name}, n = {len(column.patient_ids)}"


def _number_lines(
    values: Sequence[str], known: Mapping[str, np.ndarray], *, variable: Variable, columns: Sequence[Column]
) -> list[dict[str, str]]:
    titles = ("Median (quartiles)", "Range", MISSING)
    lines = [
        {"Characteristic": variable.label if not place else "", "Value": title}
        for place, title in enumerate(titles)
    ]
    numbers = np.asarray(values, dtype=float)
    for column in columns:
        own = numbers[known[heading(column)]]
        for line, text in zip(lines, _number_words(own, n=len(column.patient_ids)), strict=True):
            line[heading(column)] = text
    return lines


def _number_words(known: np.ndarray, *, n: int) -> tuple[str, str, str]:
    missing = str(n - len(known))
    if not len(known):
        return "not recorded", "not recorded", missing
    quartiles = np.quantile(known, [0.25, 0.5, 0.75])
    is_whole = bool((known == known.round()).all())
    low, middle, high = (_whole(value) if is_whole else f"{value:.1f}" for value in quartiles)
    return f"{middle} ({low}–{high})", f"{known.min().round(1):g}–{known.max().round(1):g}", missing


def _whole(value: float) -> str:
    """A quartile of whole numbers, such as completed years, as a whole number; halves go up."""
    return f"{math.floor(value + 0.5)}"


def _count_lines(
    values: Sequence[str],
    known: Mapping[str, np.ndarray],
    *,
    variable: Variable,
    columns: Sequence[Column],
    counts_only_below: int,
) -> list[dict[str, str]]:
    words = [value_words(str(value), variable=variable) for value in values]
    counted = {heading(column): _counts(known[heading(column)], words) for column in columns}
    # The column of all comes first; without one the columns share out the patients.
    everybody = counted[heading(columns[0])] if columns[0].name == ALL else sum(counted.values(), Counter())
    order = _order(everybody, variable=variable)
    for column in columns:
        # Without a value a patient counts as missing.
        counted[heading(column)][variable.missing] += len(column.patient_ids) - len(known[heading(column)])
    lines: list[dict[str, str]] = []
    for value in [*order, variable.missing]:
        line = {"Characteristic": variable.label if not lines else "", "Value": value}
        for column in columns:
            line[heading(column)] = count_words(
                counted[heading(column)][value],
                n=len(column.patient_ids),
                counts_only_below=counts_only_below,
            )
        lines.append(line)
    return lines


def _counts(codes: np.ndarray, words: Sequence[str]) -> Counter[str]:
    """Patients by the words of their value; a word that several values have counts them together."""
    found: Counter[str] = Counter()
    for word, n in zip(words, np.bincount(codes, minlength=len(words)), strict=True):
        found[word] += int(n)
    # Only words that somebody has.
    return +found


def value_words(value: str, *, variable: Variable) -> str:
    """The words for one value; a value that says nothing is missing."""
    if value.strip().lower() in MISSING_VALUES:
        return variable.missing
    parts = [variable.words.get(part, part.replace("_", " ")) for part in value.split(" + ")]
    return " + ".join(
        [parts[0], *[part[:1].lower() + part[1:] if part[1:2].islower() else part for part in parts[1:]]]
    )


def _order(counts: Counter[str], *, variable: Variable) -> list[str]:
    listed = [words for words in dict.fromkeys(variable.words.values()) if words != variable.missing]
    others = [words for words in counts if words not in listed and words != variable.missing]
    in_order = sorted(others) if variable.is_ordered else sorted(others, key=lambda words: -counts[words])
    return [words for words in listed if words in counts] + in_order
