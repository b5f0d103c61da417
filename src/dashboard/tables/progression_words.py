"""Where and how a disease progressed, in words: the same in the header and among the statements."""

from collections.abc import Mapping
from typing import Any

from dashboard.studies import vocabulary

Row = Mapping[str, Any]
GROWTH = ("growth", "non_target", "in_field")


def pattern_words(row: Row) -> str:
    """Where and how the disease progressed, for instance "new lesion: liver; target lesions grew too"."""
    is_new = row["code"] not in GROWTH
    grew = "target lesions grew too" if is_new and row["response"] == "PD" else ""
    non_target = (
        "non-target lesions grew too" if row["code"] != "non_target" and row["other_response"] == "PD" else ""
    )
    new = "" if is_new or not row["is_recorded"] else f"new lesion too{_at(row.get('new_sites'))}"
    return "; ".join(part for part in (_kind_words(row, is_new=is_new), grew, non_target, new) if part)


def _kind_words(row: Row, *, is_new: bool) -> str:
    """The pattern and its site; of new lesions where they lie, as far as the lesion records tell."""
    pattern = vocabulary.PATTERNS.get(str(row["code"]), "")
    site = str(row["label"] or "").replace("_", " ")
    if is_new and row["is_recorded"]:
        named = [pattern] if "new" in pattern else [pattern, "new lesion"]
        site = row.get("new_sites") or site
        # "New lung lesions" has named the organ.
        site = site.replace("lung, ", "") if pattern.startswith("new lung") else site
        return ", ".join(part for part in named if part) + ("" if site in pattern else _at(site))
    return f"{pattern}{_at(site)}" if pattern and site not in pattern else pattern or site


def _at(sites: str | None) -> str:
    return f": {sites}" if sites else ""
