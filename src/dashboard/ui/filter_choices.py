"""What the cohort filter offers in a study, and how the choices become a cohort."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dashboard.store.reader import Reader
from dashboard.studies import vocabulary
from dashboard.studies.cohort import PATIENT_COLUMNS, YES_OR_NO, Cohort, cohort_labels
from dashboard.studies.schema import Study
from dashboard.ui.caching import remembered

SQL = (Path(__file__).parent / "filter_options.sql").read_text(encoding="utf-8")
CHARACTERISTIC = "characteristic."
ANSWERS = {"yes": True, "no": False}
# Label and words of the answers to a question of YES_OR_NO.
ASKED = {
    "is_ctdna_tested": ("ctDNA", {"yes": "Valid ctDNA result", "no": "No valid ctDNA result"}),
    "is_after_induction": (
        "Maintenance after chemotherapy",
        {"yes": "On line 1", "no": "Not on line 1"},
    ),
}
# Names of the query, parts of a cohort and words, in the order of the filter.
COMMON = (
    ("tumour_type", "tumour_types", "Tumour type"),
    ("stage", "stages", "Stage"),
    ("line", "lines", "Line at enrolment"),
    ("drug_class", "drug_classes", "Treatment class at enrolment"),
    ("group_code", "local_groups", "First local therapy"),
    ("sex", "sex", "Sex"),
)


@dataclass(frozen=True)
class Choice:
    """One question of the filter: part of the cohort, words, and per value its words with the number."""

    key: str
    label: str
    options: Mapping[str, str]


@remembered(entries=50)
def _counted(reader: Reader) -> dict[str, dict[str, int]]:
    """Values by name of the query, each with its number of enrolled patients."""
    found: dict[str, dict[str, int]] = {}
    for row in reader.records(SQL):
        found.setdefault(str(row["name"]), {})[str(row["value"])] = int(row["n"])
    return found


def choices(reader: Reader, study: Study) -> list[Choice]:
    """The questions that divide the enrolled at the reader's sites: common ones, then the study's."""
    counted = _counted(reader)
    words = _words(study)
    has_lines = study.about.index_origin == "line"
    offered = [
        Choice(key, label, _options(counted.get(name, {}), words.get(name, {})))
        for name, key, label in COMMON
        if has_lines or name not in ("line", "drug_class")
    ]
    for group in study.groups:
        if group.is_later:
            continue
        if group.name != "sex" and (group.source == "characteristic" or group.name in PATIENT_COLUMNS):
            name = f"{CHARACTERISTIC}{group.name}" if group.source == "characteristic" else group.name
            offered.append(
                Choice(name, group.label, _options(counted.get(name, {}), words.get(group.name, {})))
            )
    offered += [
        Choice(name, label, _options(counted.get(name, {}), said)) for name, (label, said) in ASKED.items()
    ]
    offered.append(Choice("site_ids", "Site", _options(counted.get("site_id", {}), words["site_id"])))
    return [choice for choice in offered if len(choice.options) > 1]


def _words(study: Study) -> dict[str, Mapping[str, str]]:
    own = cohort_labels(study).values
    return {
        "tumour_type": vocabulary.TUMOUR_TYPES,
        "drug_class": vocabulary.DRUG_CLASSES,
        "group_code": vocabulary.LOCAL_GROUPS,
        **own,
    }


def _options(counted: Mapping[str, int], words: Mapping[str, str]) -> dict[str, str]:
    """Values in the order of their words, others behind, each as "Lung (43)"."""
    ordered = [value for value in words if value in counted]
    ordered += [value for value in counted if value not in words]
    return {value: f"{words.get(value, value)} ({counted[value]})" for value in ordered}


def chosen_values(cohort: Cohort, key: str) -> list[str]:
    """The values of a question that a cohort has chosen."""
    if key in YES_OR_NO:
        return [word for word, meaning in ANSWERS.items() if getattr(cohort, key) is meaning]
    if hasattr(cohort, key):
        return [str(value) for value in getattr(cohort, key)]
    pairs = dict(cohort.characteristics) if key.startswith(CHARACTERISTIC) else dict(cohort.patient_values)
    return list(pairs.get(key.removeprefix(CHARACTERISTIC), ()))


def cohort_from(answers: Mapping[str, list[str]]) -> Cohort:
    """The cohort of the answers by question; one of yes or no with both or neither narrows nothing."""
    parts: dict[str, Any] = {}
    pairs: dict[str, list[tuple[str, tuple[str, ...]]]] = {"patient_values": [], "characteristics": []}
    for key, values in answers.items():
        if not values:
            continue
        if key in YES_OR_NO:
            parts[key] = ANSWERS[values[0]] if len(values) == 1 else None
        elif key in PATIENT_COLUMNS:
            pairs["patient_values"].append((key, tuple(values)))
        elif key.startswith(CHARACTERISTIC):
            pairs["characteristics"].append((key.removeprefix(CHARACTERISTIC), tuple(values)))
        else:
            parts[key] = tuple(int(value) for value in values) if key == "lines" else tuple(values)
    parts |= {name: tuple(found) for name, found in pairs.items()}
    return Cohort(**parts)
